import ContentAddressing
import Files
import Foundation
import Testing

@testable import LocalNode

/// A client that shares no code with the node: a socket and what is said over it.
private struct RawClient: ~Copyable {
  private let socket: Int32

  init(port: Int) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var timeout = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let done = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard done == 0 else { throw FileError("connect to", "port \(port)") }
  }

  deinit {
    close(socket)
  }

  func send(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  /// Reads until `isEnough` or the end.
  func receive(until isEnough: ([UInt8]) -> Bool = { _ in false }) -> [UInt8] {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while !isEnough(received) {
      let count = recv(socket, &buffer, buffer.count, 0)
      if count <= 0 { break }
      received += buffer[..<count]
    }
    return received
  }

  func receive(untilText text: String) -> String {
    String(decoding: receive { String(decoding: $0, as: UTF8.self).contains(text) }, as: UTF8.self)
  }
}

@Suite struct ServingTests {
  private struct Served: Sendable {
    let fixture: NodeFixture
    let address: NodeAddress
    let token: String
  }

  /// Runs a node over a socket for as long as `body` takes, on a thread that may wait.
  private func serving(
    _ change: (inout NodeConfiguration) -> Void = { _ in }, _ body: @Sendable @escaping (Served) throws -> Void
  ) async throws {
    let fixture = try NodeFixture {
      $0.port = 0
      change(&$0)
    }
    let token = try await fixture.token()
    let (addresses, addressFound) = AsyncStream<NodeAddress>.makeStream()
    let running = Task {
      defer { addressFound.finish() }
      try await fixture.node.run { addressFound.yield($0) }
    }
    var iterator = addresses.makeAsyncIterator()
    let address = try #require(await iterator.next())
    let result = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(
          returning: Result { try body(Served(fixture: fixture, address: address, token: token)) })
      }
    }
    running.cancel()
    try await running.value
    try result.get()
  }

  @Test func requestsOverOneConnection() async throws {
    try await serving { served in
      #expect(served.address.port > 0)
      #expect(served.address.url == "http://127.0.0.1:\(served.address.port)")
      let body = multipart([Upload("a.css", "p{}")], "b")
      let client = try RawClient(port: served.address.port)
      for _ in 0..<3 {
        client.send(
          """
          POST /api/v0/add HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(served.token)\r\nContent-Length: \(body.count)\r
          Content-Type: multipart/form-data; boundary=b\r\n\r\n
          """.utf8)
        client.send(body)
        #expect(client.receive(untilText: "Size").hasPrefix("HTTP/1.1 200 OK\r\n"))
      }
      let cid = try #require(try served.fixture.node.uploads().first?.cid)
      client.send("HEAD /ipfs/\(cid)?filename=a.css HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
      let head = client.receive(untilText: "\r\n\r\n").lowercased()
      #expect(head.contains("content-length: 3\r\n"))
      #expect(head.contains("content-type: text/css; charset=utf-8\r\n"))
      #expect(head.contains("date: tue, 14 nov 2023 22:13:20 gmt\r\n"))
      client.send("GET /ipfs/\(cid) HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n".utf8)
      let unchanged = client.receive(untilText: "\r\n\r\n").lowercased()
      #expect(unchanged.hasPrefix("http/1.1 304 "))
      #expect(!unchanged.contains("\r\ncontent-length:"))
      #expect(!unchanged.contains("\r\ntransfer-encoding:"))
      client.send("GET /ipfs/\(cid) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
      #expect(String(decoding: client.receive(), as: UTF8.self).hasSuffix("\r\n\r\np{}"))
    }
  }

  @Test func expectations() async throws {
    try await serving { served in
      let body = multipart([Upload("a", "1")], "b")
      let client = try RawClient(port: served.address.port)
      let head = """
        POST /api/v0/add HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\nExpect: 100-continue\r
        Content-Type: multipart/form-data; boundary=b\r\n
        """
      client.send("\(head)Authorization: Bearer \(served.token)\r\n\r\n".utf8)
      #expect(client.receive(untilText: "\r\n\r\n").hasPrefix("HTTP/1.1 100 Continue\r\n"))
      client.send(body)
      #expect(client.receive(untilText: "Size").hasPrefix("HTTP/1.1 200 OK\r\n"))
      let stranger = try RawClient(port: served.address.port)
      stranger.send("\(head)\r\n".utf8)
      let refused = stranger.receive(untilText: "}")
      #expect(refused.hasPrefix("HTTP/1.1 401 "))
      #expect(refused.lowercased().contains("connection: close\r\n"))
      // And it is: what comes next is the end.
      let start = Date()
      #expect(stranger.receive().isEmpty)
      #expect(Date().timeIntervalSince(start) < 5)
    }
  }

  /// RFC 9112, section 6.1: no chunks for HTTP/1.0.
  @Test func oldClients() async throws {
    try await serving { served in
      let client = try RawClient(port: served.address.port)
      // The empty directory, inside its CID.
      client.send("GET /ipfs/bafyaabakaieac?format=car HTTP/1.0\r\nConnection: close\r\n\r\n".utf8)
      let answer = String(decoding: client.receive(), as: UTF8.self)
      let head = answer.components(separatedBy: "\r\n\r\n")[0].lowercased()
      #expect(head.contains(" 200 ") && head.contains("content-length: ") && !head.contains("transfer-encoding"))
    }
  }

  @Test(arguments: [
    "garbage\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "X: a\r\n", count: 5000) + "\r\n",
    "POST /api/v0/add HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "GET /\u{0} HTTP/1.1\r\nHost: x\r\n\r\n",
  ])
  func requestsThatAreNone(text: String) async throws {
    try await serving { served in
      let client = try RawClient(port: served.address.port)
      client.send(text.utf8)
      let answer = String(decoding: client.receive(), as: UTF8.self)
      #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer.prefix(200))")
      // The node still answers others.
      let other = try RawClient(port: served.address.port)
      other.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
      #expect(other.receive(untilText: "ok\n").hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test func silentConnectionsAreClosed() async throws {
    try await serving({ $0.idleTimeout = 1 }) { served in
      let start = Date()
      let silent = try RawClient(port: served.address.port)
      let stalled = try RawClient(port: served.address.port)
      stalled.send("POST /api/v0/add HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc".utf8)
      #expect(silent.receive().isEmpty)
      // On a busy machine the connection may be closed before the answer is written; that it is closed is what counts.
      let answer = String(decoding: stalled.receive(), as: UTF8.self)
      #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 401"))
      #expect(Date().timeIntervalSince(start) < 30)
    }
  }

  @Test func aPortThatIsTaken() async throws {
    let first = try NodeFixture { $0.port = 0 }
    let (addresses, addressFound) = AsyncStream<NodeAddress>.makeStream()
    let running = Task { try await first.node.run { addressFound.yield($0) } }
    var iterator = addresses.makeAsyncIterator()
    let address = try #require(await iterator.next())
    let second = try NodeFixture { $0.port = address.port }
    let error = await #expect(throws: NodeError.self) { try await second.node.run() }
    #expect(error?.description.contains("port \(address.port) is in use") == true)
    running.cancel()
    try await running.value
  }

  /// Stopped at any moment, also before it listens, a node ends and says nothing.
  @Test func stopping() async throws {
    for milliseconds in [0, 0, 1, 3, 20] {
      let fixture = try NodeFixture { $0.port = 0 }
      let running = Task { try await fixture.node.run() }
      if milliseconds > 0 { try await Task.sleep(for: .milliseconds(milliseconds)) }
      running.cancel()
      try await running.value
    }
  }

  /// A request that is half sent when the node stops is answered.
  @Test func requestsInFlight() async throws {
    let fixture = try NodeFixture { $0.port = 0 }
    let token = try await fixture.token()
    let (addresses, addressFound) = AsyncStream<NodeAddress>.makeStream()
    let running = Task { try await fixture.node.run { addressFound.yield($0) } }
    var iterator = addresses.makeAsyncIterator()
    let port = try #require(await iterator.next()).port
    let answer = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        guard let client = try? RawClient(port: port) else { return continuation.resume(returning: "") }
        let body = multipart([Upload("a", "1")], "b")
        client.send(
          """
          POST /api/v0/add HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\nContent-Length: \(body.count)\r
          Content-Type: multipart/form-data; boundary=b\r\nExpect: 100-continue\r\n\r\n
          """.utf8)
        _ = client.receive(untilText: "\r\n\r\n")
        client.send(body.prefix(20))
        running.cancel()
        usleep(50_000)
        client.send(body.dropFirst(20))
        continuation.resume(returning: client.receive(untilText: "Size"))
      }
    }
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
    try await running.value
    #expect(try fixture.node.uploads().count == 1)
  }

  /// An upload that is cut off leaves nothing, and the node goes on.
  @Test func lostConnections() async throws {
    try await serving { served in
      do {
        let client = try RawClient(port: served.address.port)
        client.send(
          """
          POST /api/v0/add HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(served.token)\r\nContent-Length: 100000\r
          Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n
          """.utf8)
      }
      let other = try RawClient(port: served.address.port)
      other.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
      #expect(other.receive(untilText: "ok\n").hasPrefix("HTTP/1.1 200"))
      #expect(try served.fixture.node.uploads().isEmpty)
    }
  }
}
