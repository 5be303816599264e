import ContentAddressing
import Files
import Foundation
import Hummingbird
import HummingbirdCore
import NIOCore
import TestSupport

@testable import LocalNode

/// A clock that tests set.
final class TestClock: @unchecked Sendable {
  private let lock = NSLock()
  private var seconds: Double

  init(_ seconds: Double) {
    self.seconds = seconds
  }

  var now: Double {
    get { lock.withLock { seconds } }
    set { lock.withLock { seconds = newValue } }
  }
}

/// An answer, its body collected.
struct Answer {
  let status: Int
  let headers: HTTPFields
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  var json: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
  }

  subscript(header: String) -> String? { headers.value(header) }
}

private final class Collected: ResponseBodyWriter, @unchecked Sendable {
  var bytes: [UInt8] = []

  func write(_ buffer: ByteBuffer) async throws { bytes += buffer.readableBytesView }
  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// A node in a folder of its own, asked without a socket.
struct NodeFixture {
  static let start = 1_700_000_000.0

  let scratch: TemporaryFolder
  let clock: TestClock
  let node: Node

  init(in scratch: TemporaryFolder? = nil, _ change: (inout NodeConfiguration) -> Void = { _ in }) throws {
    let scratch = try scratch ?? TemporaryFolder()
    let clock = TestClock(Self.start)
    var configuration = NodeConfiguration(folder: scratch.path + "/node")
    configuration.now = { clock.now }
    change(&configuration)
    self.scratch = scratch
    self.clock = clock
    node = try Node(configuration: configuration)
  }

  func send(
    _ method: String, _ path: String, _ headers: [String: String] = [:], pieces: [[UInt8]] = []
  ) async throws -> Answer {
    var fields = HTTPFields()
    for (name, value) in headers { fields.set(name, value) }
    let head = HTTPRequest(
      method: .init(rawValue: method) ?? .get, scheme: "http", authority: "127.0.0.1", path: path, headerFields: fields)
    let stream = AsyncStream<ByteBuffer> { continuation in
      for piece in pieces { continuation.yield(ByteBuffer(bytes: piece)) }
      continuation.finish()
    }
    let response = await node.respond(to: Request(head: head, body: RequestBody(asyncSequence: stream)))
    let collected = Collected()
    try await response.body.write(collected)
    return Answer(status: response.status.code, headers: response.headers, body: collected.bytes)
  }

  func token() async throws -> String {
    let answer = try await send("GET", "/v1/dev/temp-token", ["api-key": node.ownerAPIKey ?? ""])
    return answer.json["access_token"] as? String ?? ""
  }

  func post(
    _ path: String, _ files: [Upload], _ headers: [String: String] = [:]
  ) async throws -> Answer {
    let boundary = "a-boundary"
    var headers = headers
    headers["Content-Type"] = "multipart/form-data; boundary=\(boundary)"
    if headers["Authorization"] == nil { headers["Authorization"] = "Bearer \(try await token())" }
    return try await send("POST", path, headers, pieces: pieces(of: multipart(files, boundary)))
  }

  func add(_ name: String, _ bytes: [UInt8], _ headers: [String: String] = [:]) async throws -> Answer {
    try await post("/api/v0/add", [Upload(name, bytes)], headers)
  }

  /// Uploads a folder in one chunk; its root.
  func folder(_ files: [(String, String)], at path: String = "site") async throws -> CID {
    let token = try await openSession(path, chunks: 1)
    _ = try await post("/v1/upload/", files.map { Upload($0.0, $0.1) }, ["x-dstor-upload-token": token])
    let data = try await status(token).json["data"] as? [[String: String]] ?? []
    return try CID(data.last?["Hash"] ?? "")
  }

  func openSession(_ path: String, chunks: Int) async throws -> String {
    let body = #"{"chunks_number": \#(chunks), "folder_path": "\#(path)"}"#
    let answer = try await send(
      "POST", "/v1/upload/get-token/", ["Authorization": "Bearer \(try await token())"], pieces: [Array(body.utf8)])
    return answer.json["token"] as? String ?? ""
  }

  func status(_ token: String) async throws -> Answer {
    try await send(
      "GET", "/v1/upload/get-status/",
      ["Authorization": "Bearer \(try await self.token())", "x-dstor-upload-token": token])
  }
}

/// A file to be sent.
struct Upload {
  var name: String
  var bytes: [UInt8]
  var type = "application/octet-stream"

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  init(_ name: String, _ text: String) {
    self.init(name, Array(text.utf8))
  }
}

func multipart(_ files: [Upload], _ boundary: String) -> [UInt8] {
  var body: [UInt8] = []
  for file in files {
    body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\n".utf8
    body += "Content-Type: \(file.type)\r\n\r\n".utf8
    body += file.bytes
    body += "\r\n".utf8
  }
  return body + "--\(boundary)--\r\n".utf8
}

/// Cut as a network might, at lengths that are no round numbers.
func pieces(of bytes: [UInt8]) -> [[UInt8]] {
  var pieces: [[UInt8]] = []
  var rest = bytes[...]
  let lengths = [1, 2, 3, 61, 1000, 65537]
  while !rest.isEmpty {
    let piece = rest.prefix(lengths[pieces.count % lengths.count])
    pieces.append(Array(piece))
    rest = rest.dropFirst(piece.count)
  }
  return pieces
}
