import Glibc

/// Another program, run by this one: with a shell's signals, whatever this program does with its own.
struct ChildProcess {
  enum End: Equatable {
    case exited(Int32)
    case signalled(Int32)
  }

  private let id: pid_t

  /// Starts a program, which is looked for as a shell looks for it.
  ///
  /// - Parameters:
  ///   - words: its name, then its arguments.
  ///   - environment: as `NAME=value`.
  ///   - output: the descriptor that is its standard output; nil is this program's.
  ///   - isQuiet: it reads nothing from this program's standard input, and what it writes to standard error is not seen.
  init(
    _ words: [String], environment: [String] = ProgramEnvironment.withoutCredentials, output: Int32? = nil,
    isQuiet: Bool = false
  ) throws(ChildProcessError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
    if isQuiet {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of Dispatch block all signals, and `untilInterrupted` ignores some; both would be inherited.
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    // Where whoever started this program has it ignored, the system throws away how a child ended.
    signal(SIGCHLD, SIG_DFL)
    let argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var id: pid_t = 0
    let code = posix_spawnp(&id, words[0], &actions, &attributes, argv, envp)
    guard code == 0 else { throw ChildProcessError(code: code) }
    self.id = id
  }

  /// Waits until it ends.
  func wait() throws(ChildProcessError) -> End {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 {
      guard errno == EINTR else { throw ChildProcessError(code: errno) }
    }
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
  }
}

/// Why a program was not run, or how it ended is not known.
struct ChildProcessError: Error, CustomStringConvertible {
  let code: Int32

  var description: String { String(cString: strerror(code)) }
}

enum ProgramEnvironment {
  /// What names of credentials begin with, whichever target they are for.
  private static let credentials = ["DSTOR_", "KUBO_", "COLOPHON_NODE_"]

  /// What other programs get.
  static var withoutCredentials: [String] {
    all.filter { variable in !credentials.contains { variable.hasPrefix($0) } }
  }

  /// This program's environment, as `NAME=value`.
  static var all: [String] {
    var variables: [String] = []
    var pointer = environ
    while let entry = pointer.pointee {
      variables.append(String(cString: entry))
      pointer += 1
    }
    return variables
  }
}

/// Hands a URL to the desktop; where there is none, the person is told.
func openInBrowser(_ url: String) {
  do {
    // Standard output may be JSON. It is not waited for: it may be the browser itself.
    _ = try ChildProcess(["xdg-open", url], output: STDERR_FILENO)
  } catch {
    Terminal.error.print("  there is no xdg-open on this machine: open \(url)")
  }
}
