import DStor
import Files
import LocalNode
import Transport

/// Whether a node answers on the port.
func isNodeRunning(port: Int) async throws -> Bool {
  do {
    let request = HTTPRequest(
      "GET", "http://127.0.0.1:\(port)/healthz", timeouts: HTTPRequest.Timeouts(connect: 2, stall: 5))
    let answer = try await network(maxConnections: 1).send(request)
    guard answer.status == 200 else { throw otherProgram(port) }
    return true
  } catch let error as TransportError {
    switch error.kind {
    case .couldNotConnect: return false
    case .notHTTP: throw otherProgram(port)
    default: throw error
    }
  }
}

/// A node of this process; nil where another process has one that answers at the same address by now.
///
/// - Throws: `NodeError`; `NodeElsewhere` where another process keeps the folder, and no node comes to answer.
func openNode(_ configuration: NodeConfiguration) async throws -> Node? {
  // Long enough for one that was started at the same moment.
  for _ in 0..<50 {
    do throws(NodeError) {
      return try Node(configuration: configuration)
    } catch {
      guard case .inUse = error else { throw error }
    }
    if try await isNodeRunning(port: configuration.port) { return nil }
    try await Task.sleep(for: .milliseconds(100))
  }
  throw NodeElsewhere(folder: configuration.folder, port: configuration.port)
}

/// The local node's folder is in use, by a node that does not answer where it was looked for.
struct NodeElsewhere: Error {
  let folder: String
  let port: Int

  var message: String { "another node uses \(folder), and none answers on port \(port)" }
  var hint: String { "name the port of that node with --port, or stop it" }
}

private func otherProgram(_ port: Int) -> UsageError {
  UsageError(
    message: "another program listens on port \(port)", hint: "name another port with --port, or stop that program")
}

/// The API key of the node whose data is in `folder`.
func runningNodeKey(_ folder: String, port: Int) throws -> String {
  if let key = environment("COLOPHON_NODE_KEY") { return key }
  guard let bytes = try? readFile(folder + "/api-key") else {
    throw UsageError(
      message: "a node listens on port \(port), its key is not in \(folder)",
      hint: "set COLOPHON_NODE_DATA to its folder, or COLOPHON_API and DSTOR_API_KEY for a node of somebody else")
  }
  return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
}

/// The API key of a node of this process.
func nodeKey(_ node: Node) throws -> String {
  guard let key = node.ownerAPIKey ?? environment("COLOPHON_NODE_KEY") else {
    throw UsageError(message: "the local node has no API key", hint: "set COLOPHON_NODE_KEY")
  }
  return key
}
