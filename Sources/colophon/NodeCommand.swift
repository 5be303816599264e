import ArgumentParser
import Files
import Glibc
import LocalNode

struct NodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node",
    abstract: "Run the local node: it takes uploads as dStor does, and serves what was published.",
    discussion: """
      The node listens on this machine only, and keeps what it is given until its folder is removed. Uploads need an API key: its own is \
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

private func nodeLogin() throws -> (email: String, password: Password)? {
  let (email, password) = (environment("COLOPHON_NODE_EMAIL"), environment("COLOPHON_NODE_PASSWORD"))
  guard (email == nil) == (password == nil) else {
    let (given, missing) = email == nil ? ("PASSWORD", "EMAIL") : ("EMAIL", "PASSWORD")
    throw UsageError(
      message: "COLOPHON_NODE_\(given) is set, and COLOPHON_NODE_\(missing) is not",
      hint: "a login takes both; leave out both to log in by key only")
  }
  guard let email, let password else { return nil }
  return (email, Password(hashing: password))
}

func nodeConfiguration(folder: String, port: Int) throws -> NodeConfiguration {
  // The data may hold what is not meant for other users of this machine.
  try makeFolder(folder)
  var configuration = NodeConfiguration(folder: realPath(folder) ?? folder)
  configuration.port = port
  configuration.report = { text in
    Terminal.error.print("\(Terminal.error.styled("warning:", .bold, .yellow)) \(text)")
  }
  let key = environment("COLOPHON_NODE_KEY")
  // What the client would refuse to send is no key.
  if let key, !key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
    throw UsageError(
      message: "COLOPHON_NODE_KEY is no API key", hint: "an API key is printable ASCII without spaces")
  }
  let login = try nodeLogin()
  if key != nil || login != nil {
    configuration.accounts = [
      NodeAccount(name: "owner", apiKeys: key.map { [$0] } ?? [], email: login?.email, password: login?.password)
    ]
  }
  return configuration
}
