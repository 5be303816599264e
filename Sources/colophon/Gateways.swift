import ArgumentParser
import ContentAddressing
import DStor
import Files
import LocalNode
import Publisher
import Transport

/// Where published content is read from.
struct GatewayOption: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Read from this gateway; may be given several times (default: the edition's own).", valueName: "url"))
  var gateway: [String] = []
}

/// What an argument means: an edition that was published from here, or content that is only known by its hash.
enum PublishedContent {
  case edition(PublishedEdition)
  case cid(CID)
}

extension SiteOption {
  /// - Throws: `EditionError` where `name` is neither an edition nor a CID.
  func content(_ name: String) throws -> (content: PublishedContent, editions: Editions) {
    let editions = try editions()
    do {
      return (.edition(try editions.named(name, on: target)), editions)
    } catch {
      if let cid = try? CID(name) { return (.cid(cid), editions) }
      throw error
    }
  }
}

extension PublishedContent {
  var name: String {
    switch self {
    case .edition(let edition): edition.receipt.build
    case .cid(let cid): cid.text
    }
  }
}

/// Calls `work` with clients of the gateways. The local node, where the content is on it and it does not run, runs until `work` is done.
///
/// - Parameters:
///   - given: by the user; empty means that of the content.
///   - progress: shows retries.
func reading<Result: Sendable>(
  _ content: PublishedContent, of editions: Editions, from given: [String], _ progress: Progress,
  _ work: @escaping @Sendable ([GatewayClient]) async throws -> Result
) async throws -> Result {
  var urls = given
  if urls.isEmpty {
    switch content {
    case .edition(let edition): urls = [edition.receipt.target.gateway]
    case .cid: urls = [editions.all.last?.receipt.target.gateway ?? "http://127.0.0.1:8420/ipfs"]
    }
  }
  let gateways = try urls.map { url in
    do {
      return try BaseURL(url)
    } catch {
      let place = originForMessages(of: url).map { " at \($0)" } ?? ""
      throw UsageError(
        message: "the gateway\(place) is no base URL",
        hint: "what a hash is appended to, without user, query and fragment: https://api.dstor.cloud/ipfs")
    }
  }
  let environment = ClientEnvironment.system(observing: progress)
  let transport = network()
  let clients = gateways.map { GatewayClient($0, transport: transport, environment: environment) }
  for gateway in gateways where given.isEmpty && gateway.address.isLoopback {
    guard let node = try await localNode(at: gateway) else { continue }
    return try await running(node) { _ in try await work(clients) }
  }
  return try await work(clients)
}

/// The node of this machine, where `gateway` is its address, it has content, and does not run.
private func localNode(at gateway: BaseURL) async throws -> Node? {
  guard gateway.address.scheme == "http", fileSize(try Places.node + "/node.sqlite") != nil else { return nil }
  do {
    let request = HTTPRequest(
      "GET", gateway.address.origin + "/healthz", timeouts: HTTPRequest.Timeouts(connect: 2, stall: 5))
    _ = try await network(maxConnections: 1).send(request)
    return nil
  } catch {
    guard error.kind == .couldNotConnect else { return nil }
    return try await openNode(nodeConfiguration(folder: Places.node, port: gateway.address.port))
  }
}

/// Runs a node for as long as `work` takes, which gets its address.
func running<Result: Sendable>(
  _ node: Node, _ work: @escaping @Sendable (NodeAddress) async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Result?.self) { group in
    let (addresses, continuation) = AsyncStream<NodeAddress>.makeStream()
    group.addTask {
      defer { continuation.finish() }
      try await node.run { continuation.yield($0) }
      return nil
    }
    group.addTask {
      for await address in addresses { return try await work(address) }
      return nil
    }
    defer { group.cancelAll() }
    // Whichever ends first: the work, or a node that cannot listen.
    while let result = try await group.next() {
      if let result { return result }
    }
    throw CancellationError()
  }
}
