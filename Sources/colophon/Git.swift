import Glibc
import Publisher

/// The commit that the folder is at, where it is in a git checkout and git is installed.
func currentCommit(of folder: String) -> Commit? {
  guard let hash = git(["rev-parse", "--verify", "--quiet", "HEAD"], in: folder), hash.count >= 40 else { return nil }
  let branch = git(["symbolic-ref", "--quiet", "--short", "HEAD"], in: folder)
  // The state of this folder alone: what changed elsewhere in the checkout is not published.
  let changes = git(["status", "--porcelain", "--", "."], in: folder)
  return Commit(hash: hash, branch: branch, isDirty: changes?.isEmpty == false)
}

/// The first 64 KiB of git's standard output without the line end; nil where it did not succeed.
private func git(_ arguments: [String], in folder: String) -> String? {
  var ends: [Int32] = [0, 0]
  guard pipe(&ends) == 0 else { return nil }
  defer { close(ends[0]) }
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addclose(&actions, ends[0])
  var argv: [UnsafeMutablePointer<CChar>?] = (["git", "-C", folder] + arguments).map { strdup($0) }
  defer { for argument in argv { free(argument) } }
  argv.append(nil)
  var process: pid_t = 0
  let code = posix_spawnp(&process, "git", &actions, nil, argv, environ)
  close(ends[1])
  guard code == 0 else { return nil }
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = read(ends[0], &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    if count <= 0 { break }
    if output.count < 65536 { output += buffer[..<count] }
  }
  var status: Int32 = 0
  while waitpid(process, &status, 0) < 0, errno == EINTR {}
  guard status == 0 else { return nil }
  return String(decoding: output.reversed().drop { $0 == 0x0A }.reversed(), as: UTF8.self)
}
