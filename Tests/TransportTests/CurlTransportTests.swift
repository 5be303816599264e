import CCurl
import Files
import Glibc
import TestSupport
import Testing

@testable import Transport

@Suite struct CurlTransportTests {
  let transport = CurlTransport(maxConnections: 2, userAgent: "test/1")
  let quick = HTTPRequest.Timeouts(connect: 5, stall: 1, stallBytesPerSecond: 10_000, total: 10)

  func answer(_ status: String, _ fields: String = "", _ body: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
  }

  /// Against a server that answers so.
  func sending(
    _ reply: SocketServer.Reply, _ change: (inout HTTPRequest) -> Void = { _ in }
  ) async throws -> (Result<HTTPResponse, TransportError>, [String]) {
    let server = try SocketServer { _, _ in reply }
    defer { server.stop() }
    var request = HTTPRequest("GET", server.url + "/x", timeouts: quick)
    change(&request)
    let result = await result(request)
    return (result, server.requests)
  }

  func result(_ request: HTTPRequest) async -> Result<HTTPResponse, TransportError> {
    do throws(TransportError) { return .success(try await transport.send(request)) } catch { return .failure(error) }
  }

  func kind(_ result: Result<HTTPResponse, TransportError>) -> TransportError.Kind? {
    if case .failure(let error) = result { error.kind } else { nil }
  }

  @Test func answersComeWhole() async throws {
    let reply = "HTTP/1.1 100 Continue\r\nX-Old: 1\r\n\r\n" + answer("418 Teapot", "X-A:  b \r\nx-a: c\r\n", "body")
    let (result, requests) = try await sending(.keep(reply)) { $0.headers = ["X-Empty": "", "Y": "z"] }
    let response = try result.get()
    #expect(response.status == 418 && response.body == Array("body".utf8) && response.bodyBytes == 4)
    #expect(response.headers["X-A"] == "b" && response.headers.fields.count == 3 && response.headers["X-Old"] == nil)
    #expect(requests.count == 1)
    let lines = Set(requests[0].split(separator: "\r\n").map(String.init))
    #expect(lines.isSuperset(of: ["GET /x HTTP/1.1", "User-Agent: test/1", "X-Empty:", "Y: z"]))
  }

  @Test func multipartIsStreamedFromDisk() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/part"
    let large = String(repeating: "0123456789abcdef", count: 20_000)
    try writeFile(path, Array(large.utf8))
    let (result, requests) = try await sending(.keep(answer("200 OK", "", "{}"))) { request in
      request.method = "POST"
      request.body = .multipart([
        .init(
          field: "file", filename: "a \"b\" é.txt", contentType: "text/plain",
          content: .file(path: path, size: large.utf8.count)),
        .init(field: "", filename: "posts/x.html", contentType: "text/html", content: .bytes(Array("<p>".utf8))),
        .init(field: "file", filename: "empty", contentType: "text/css", content: .bytes([])),
      ])
    }
    #expect(try result.get().status == 200)
    let request = try #require(requests.first)
    #expect(!request.lowercased().contains("expect:") && !request.lowercased().contains("transfer-encoding"))
    let marker = try #require(request.split(separator: "\r\n").first { $0.contains("boundary=") })
    let boundary = "--" + (marker.split(separator: "=").last ?? "")
    let expected =
      "\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\" é.txt\"\r\n"
      + "Content-Type: text/plain\r\n\r\n\(large)\r\n"
      + "\(boundary)\r\nContent-Disposition: form-data; name=\"\"; filename=\"posts/x.html\"\r\n"
      + "Content-Type: text/html\r\n\r\n<p>\r\n"
      + "\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"empty\"\r\n"
      + "Content-Type: text/css\r\n\r\n\r\n\(boundary)--\r\n"
    #expect(request.hasSuffix("\r\n\r\n" + expected))
    #expect(request.contains("Content-Length: \(expected.utf8.count)\r\n"))
  }

  @Test(arguments: ["/no/such/file", "/tmp", "/proc/self/status"]) func filesThatAreNotAsSaid(_ path: String)
    async throws
  {
    let (result, requests) = try await sending(.keep(answer("200 OK"))) { request in
      request.method = "POST"
      request.body = .multipart([
        .init(field: "file", filename: "a", contentType: nil, content: .file(path: path, size: 10))
      ])
    }
    #expect(kind(result) == .badFile)
    #expect(requests.isEmpty)
  }

  @Test func bodiesAndMethods() async throws {
    for (method, body) in [("POST", "{\"a\": 1}"), ("PUT", "x"), ("POST", ""), ("DELETE", "")] {
      let (result, requests) = try await sending(.keep(answer("200 OK"))) { request in
        request.method = method
        request.headers = ["Content-Type": "application/json"]
        request.body = body.isEmpty && method == "POST" ? .none : .bytes(Array(body.utf8))
      }
      #expect(try result.get().status == 200)
      #expect(requests.first?.hasPrefix("\(method) /x HTTP/1.1\r\n") == true)
      #expect(requests.first?.hasSuffix("\r\n\r\n\(body)") == true)
      if method != "DELETE" {
        #expect(requests.first?.contains("Content-Length: \(body.utf8.count)\r\n") == true)
      }
    }
  }

  @Test(arguments: [
    (SocketServer.Reply.close("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), TransportError.Kind.cutShort),
    (.close("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"), .cutShort),
    (.close(""), .connectionLost), (.reset, .connectionLost),
    (.hang("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), .stalled), (.hang(""), .stalled),
    (
      .close("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + String(repeating: "x", count: 2_000_000)), .tooLarge
    ),
    (
      .close("HTTP/1.1 200 OK\r\n" + String(repeating: "X-Y: \(String(repeating: "z", count: 1000))\r\n", count: 300)),
      .tooLarge
    ),
  ])
  func answersThatBreak(_ reply: SocketServer.Reply, _ expected: TransportError.Kind) async throws {
    let (result, _) = try await sending(reply)
    #expect(kind(result) == expected)
  }

  @Test func lengthThatSaysTooLittle() async throws {
    // What lies beyond the length is not taken for a part of this answer or the next.
    let (result, _) = try await sending(.close("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nbody and more"))
    #expect(try result.get().body == Array("bo".utf8))
  }

  @Test func emptyBytesAreAnEmptyBody() async throws {
    let (result, requests) = try await sending(.keep(answer("200 OK"))) { request in
      request.method = "POST"
      request.body = .bytes([])
    }
    #expect(try result.get().status == 200)
    #expect(requests.first?.contains("Content-Length: 0\r\n") == true)
  }

  @Test func totalTime() async throws {
    let (result, _) = try await sending(.hang("")) { $0.timeouts = .init(stall: 30, total: 0.2) }
    #expect(kind(result) == .timedOut)
  }

  @Test func redirectsAreNotFollowed() async throws {
    let (result, requests) = try await sending(.keep(answer("307 Temporary", "Location: /y\r\n")))
    #expect(try result.get().status == 307)
    #expect(requests.count == 1)
  }

  @Test func sinksTakeSuccessesOnly() async throws {
    let taken = Taken()
    let (good, _) = try await sending(.keep(answer("200 OK", "", "hello"))) { $0.sink = taken.sink }
    #expect(try good.get().body.isEmpty)
    #expect(try good.get().bodyBytes == 5)
    #expect(taken.text == "hello")
    let (bad, _) = try await sending(.keep(answer("404 No", "", "gone"))) { $0.sink = taken.sink }
    #expect(try bad.get().body == Array("gone".utf8))
    #expect(taken.text == "")
    let (stopped, _) = try await sending(.keep(answer("200 OK", "", "hello"))) { $0.sink = Taken(limit: 2).sink }
    #expect(kind(stopped) == .stoppedBySink)
  }

  @Test func serverThatRefusesEarly() async throws {
    let server = try SocketServer(readsBodies: false) { _, _ in
      .hang(answer("413 Too Large", "Connection: close\r\n", "no"))
    }
    defer { server.stop() }
    var request = HTTPRequest("POST", server.url, timeouts: quick)
    request.body = .multipart([
      .init(field: "file", filename: "a", contentType: nil, content: .bytes([UInt8](repeating: 0, count: 20 << 20)))
    ])
    let response = try await result(request).get()
    #expect(response.status == 413 && response.body == Array("no".utf8))
  }

  @Test func nobodyListens() async throws {
    let server = try SocketServer { _, _ in .reset }
    server.stop()
    try await Task.sleep(nanoseconds: 300_000_000)
    let result = await result(HTTPRequest("GET", server.url, timeouts: quick))
    #expect(kind(result) == .couldNotConnect)
  }

  @Test func whatDoesNotSpeakHTTP() async throws {
    #expect(try await kind(sending(.close("SSH-2.0-OpenSSH_9\r\n")).0) == .notHTTP)
  }

  @Test func connectionsAreUsedAgain() async throws {
    let server = try SocketServer { _, _ in .keep(answer("200 OK", "", "x")) }
    defer { server.stop() }
    for _ in 0..<20 { #expect(try await transport.send(HTTPRequest("GET", server.url)).status == 200) }
    #expect(server.connections == 1 && server.requests.count == 20)
  }

  @Test func moreRequestsThanConnections() async throws {
    let server = try SocketServer { _, _ in .close(answer("200 OK", "Connection: close\r\n", "x")) }
    defer { server.stop() }
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<100 { group.addTask { try await transport.send(HTTPRequest("GET", server.url)).status } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == [Int](repeating: 200, count: 100))
  }

  @Test func cancellation() async throws {
    let server = try SocketServer { _, _ in .hang("") }
    defer { server.stop() }
    let task = Task { await result(HTTPRequest("GET", server.url)) }
    while server.requests.isEmpty { try await Task.sleep(nanoseconds: 5_000_000) }
    task.cancel()
    #expect(kind(await task.value) == .cancelled)
  }

  @Test func nothingLeavesItsPlace() async throws {
    let attempts: [(inout HTTPRequest) -> Void] = [
      { $0.headers = ["X": "a\r\nY: b"] }, { $0.headers = ["X\n": "a"] }, { $0.headers = ["X": "a\0"] },
      { $0.headers = ["": "a"] }, { $0.method = "GET /y HTTP/1.1\r\n" }, { $0.url += "/a b" },
      { $0.url = "file:///etc/passwd" }, { $0.url = "http://user:pass@127.0.0.1/" },
      { $0.body = .multipart([.init(field: "f", filename: "a\r\nb", contentType: nil, content: .bytes([]))]) },
      { $0.body = .multipart([.init(field: "f\n", filename: "a", contentType: nil, content: .bytes([]))]) },
      { $0.body = .multipart([.init(field: "f", filename: "a", contentType: "a\r\nX: y", content: .bytes([]))]) },
    ]
    for attempt in attempts {
      let (result, requests) = try await sending(.keep(answer("200 OK")), attempt)
      #expect(kind(result) == .badRequest)
      #expect(requests.isEmpty)
    }
  }

  @Test(arguments: [
    (CURLE_PEER_FAILED_VERIFICATION, 10, "", TransportError.Kind.tls(.expired)),
    (CURLE_PEER_FAILED_VERIFICATION, 9, "", .tls(.expired)), (CURLE_PEER_FAILED_VERIFICATION, 18, "", .tls(.untrusted)),
    (CURLE_PEER_FAILED_VERIFICATION, 0, "", .tls(.untrusted)), (CURLE_SSL_CONNECT_ERROR, 0, "", .tls(.other)),
    (CURLE_SSL_CONNECT_ERROR, 0, "OpenSSL/3.0.22: error:0A00010B:SSL routines::wrong version number", .tls(.notSpoken)),
    (CURLE_SSL_CACERT_BADFILE, 0, "error setting certificate file: /no/such", .tls(.certificates)),
    (CURLE_UNSUPPORTED_PROTOCOL, 0, "Received HTTP/0.9 when not allowed", .notHTTP),
    (CURLE_UNSUPPORTED_PROTOCOL, 0, "Protocol \"x\" not supported", .badRequest),
    (CURLE_OPERATION_TIMEDOUT, 0, "Operation too slow", .stalled),
    (CURLE_OPERATION_TIMEDOUT, 0, "Connection timed out", .timedOut),
    (CURLE_SEND_ERROR, 0, "", .connectionLost), (CURLE_RECV_ERROR, 0, "", .connectionLost),
    (CURLE_OUT_OF_MEMORY, 0, "", .other),
    (CURLE_COULDNT_RESOLVE_HOST, 0, "", .couldNotResolve),
  ])
  func codes(_ code: CURLcode, _ verification: Int, _ message: String, _ kind: TransportError.Kind) {
    #expect(
      TransportError.Kind(curl: code, verification: verification, message: message, hasAnswerBegun: false) == kind)
  }

  @Test func aProxyThatRefusesIsNoPassingTrouble() {
    let kind = TransportError.Kind(
      curl: CURLE_RECV_ERROR, verification: 0, message: "", hasAnswerBegun: false, proxyStatus: 407)
    #expect(kind == .proxyRefused(407))
    #expect(kind.trouble == nil)
  }
}
