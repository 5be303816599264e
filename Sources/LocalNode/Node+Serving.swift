import Dispatch
import Glibc
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

extension Node {
  /// At the same time; further ones wait.
  private static let connections = 512
  /// For requests in flight when the node stops.
  private static let patience = DispatchTimeInterval.seconds(5)

  /// Listens and answers until the task is cancelled; then takes no new connection and gives requests in flight five seconds.
  ///
  /// - Parameter onReady: called once the node listens.
  /// - Throws: `NodeError.cannotListen`, `NodeError.portInUse`.
  public func run(onReady: @escaping @Sendable (NodeAddress) async -> Void = { _ in }) async throws {
    let host = configuration.host
    let channel = HTTP1Channel(
      responder: { request, writer, channel in try await self.serve(request, writer, over: channel) },
      configuration: .init(
        idleTimeout: .seconds(Int64(configuration.idleTimeout)),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 100)))
    let listening = Gate()
    let server = Server(
      childChannelSetup: channel,
      configuration: .init(
        address: .hostname(host, port: configuration.port),
        availableConnectionsDelegate: MaximumAvailableConnections(Self.connections)),
      onServerRunning: { channel in
        listening.open()
        await onReady(NodeAddress(host: host, port: channel.localAddress?.port ?? 0))
      },
      eventLoopGroup: EventLoopGroupProvider.singleton.eventLoopGroup,
      logger: changed(.init(label: "colophon.node")) { $0.logLevel = .critical })
    // A task of its own: cancelling it would cut off the requests in flight.
    let running = Task {
      defer { listening.open() }
      try await server.run()
    }
    do {
      try await withTaskCancellationHandler {
        try await running.value
      } onCancel: {
        Task {
          // A server that is told to stop before it listens would trip over itself.
          await listening.pass()
          try await server.shutdownGracefully()
        }
        // Not by a task: it is to come also where all threads of tasks are busy.
        DispatchQueue(label: "colophon.node.deadline").asyncAfter(deadline: .now() + Self.patience) { running.cancel() }
      }
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw NodeError.portInUse(configuration.port)
    } catch {
      throw NodeError.cannotListen(host: host, port: configuration.port, reason: String(describing: error))
    }
  }

  private func serve(
    _ request: Request, _ writer: consuming ResponseWriter, over channel: any Channel
  ) async throws {
    if request.headers[.expect]?.lowercased() == "100-continue" {
      // RFC 9110, section 10.1.1: a request that is refused anyway should not send its body.
      if var refused = refusal(of: request) {
        refused.headers[.connection] = "close"
        refused.headers[.date] = httpDate(configuration.now())
        try await writer.write(response: refused.head, body: refused.body)
        // The server itself goes by what the request says of the connection.
        channel.close(mode: .output, promise: nil)
        return
      }
      try await writer.writeInformationalHead(.init(status: .continue))
    }
    var response = await respond(to: request)
    response.headers[.date] = httpDate(configuration.now())
    try await writer.write(response: response.head, body: response.body)
  }
}

private func changed<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
  var value = value
  change(&value)
  return value
}

/// Closed until it is opened, once and for all.
private final class Gate: Sendable {
  private struct State: Sendable {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func open() {
    let waiting = state.withLock { state in
      defer { state = State(isOpen: true) }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}
