import ArgumentParser
import Dispatch
import Files
import Glibc
import LocalNode
import Synchronization

struct NodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node",
    abstract: "Run the local node: it takes uploads as dStor does, and serves what was published.",
    discussion: """
      The node listens on this machine only, and keeps what it is given until its folder is removed. Uploads need an API key: its own is
      in the file that it names when it starts; COLOPHON_NODE_KEY sets another, COLOPHON_NODE_EMAIL and COLOPHON_NODE_PASSWORD a login.
      """)

  @Option(name: .long, help: "The port to listen on; 0 takes a free one.")
  var port = 8420

  @Option(
    name: .long, help: "The node's folder (default: colophon/node in the user's data folder).", completion: .directory)
  var data: String?

  @Flag(name: .long, help: "Print one JSON object with the address once it listens.")
  var json = false

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port is from 0 to 65535.") }
  }

  func run() async throws {
    try await reportingFailure(json: json) {
      let node = try Node(configuration: nodeConfiguration(folder: data ?? Places.node, port: port))
      // To be stopped is how a node ends.
      try await untilStopped {
        try await node.run { address in
          let terminal = Terminal.output
          if json {
            try? printJSON(["url": address.url, "gateway": address.url + "/ipfs", "api_key_file": node.apiKeyFile])
          } else {
            terminal.print("\(terminal.styled("Listening", .bold, .green)) on \(address.url)")
            if let file = node.apiKeyFile { terminal.print("  API key: in \(file)") }
            terminal.print("  Stop with Ctrl-C")
          }
        }
      }
    }
  }
}

func nodeConfiguration(folder: String, port: Int) throws -> NodeConfiguration {
  // The data may hold what is not meant for other users of this machine.
  try makeFolder(folder)
  var configuration = NodeConfiguration(folder: realPath(folder) ?? folder)
  configuration.port = port
  let key = environment("COLOPHON_NODE_KEY")
  let login = environment("COLOPHON_NODE_EMAIL").flatMap { email in
    environment("COLOPHON_NODE_PASSWORD").map { (email, Password(hashing: $0)) }
  }
  if key != nil || login != nil {
    configuration.accounts = [
      NodeAccount(name: "owner", apiKeys: key.map { [$0] } ?? [], email: login?.0, password: login?.1)
    ]
  }
  return configuration
}

func untilStopped(_ work: @escaping @Sendable () async throws -> Void) async throws {
  do {
    try await untilInterrupted(work)
  } catch is Interrupted {}
}

/// The program was asked to stop before its work was done.
struct Interrupted: Error {
  let signal: Int32
}

/// As `untilInterrupted`, with what `work` comes to.
func untilInterruptedReturning<Result: Sendable>(
  _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let result = Mutex<Result?>(nil)
  try await untilInterrupted {
    let value = try await work()
    result.withLock { $0 = value }
  }
  guard let value = result.withLock({ $0 }) else { preconditionFailure("bug: work that ended without a result") }
  return value
}

/// Runs `work` until it ends or the program is asked to stop (SIGINT, SIGTERM); then it is cancelled and waited for.
///
/// - Throws: what `work` throws, and `Interrupted`.
func untilInterrupted(_ work: @escaping @Sendable () async throws -> Void) async throws {
  let (stops, continuation) = AsyncStream<Int32>.makeStream()
  let sources = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { continuation.yield(number) }
    source.resume()
    return source
  }
  defer { for source in sources { source.cancel() } }
  let received = try await withThrowingTaskGroup(of: Int32?.self) { group in
    group.addTask {
      try await work()
      return nil
    }
    group.addTask {
      for await number in stops { return number }
      return nil
    }
    defer { group.cancelAll() }
    return try await group.next() ?? nil
  }
  if let received { throw Interrupted(signal: received) }
}
