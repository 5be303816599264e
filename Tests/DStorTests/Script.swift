import DStor
import Synchronization
import Transport

/// A transport whose answers a test writes: a function of the request and of how many came before it.
final class Script: HTTPTransport {
  typealias Answer = Result<HTTPResponse, TransportError>
  private let requests = Mutex<[HTTPRequest]>([])
  private let answer: @Sendable (HTTPRequest, Int) -> Answer

  init(_ answer: @escaping @Sendable (HTTPRequest, Int) -> Answer) {
    self.answer = answer
  }

  /// Answers to uploads in order, the last one for ever; tokens are given when asked for.
  convenience init(_ answers: Answer...) {
    let count = Counter()
    self.init { request, _ in
      if request.path == "/v1/dev/temp-token" { return .token("run-token") }
      return answers[min(count.next(), answers.count - 1)]
    }
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    try request.check()
    let index = requests.withLock { requests in
      requests.append(request)
      return requests.count - 1
    }
    let answer = answer(request, index)
    if let sink = request.sink, case .success(var response) = answer, response.isSuccess {
      sink.restart()
      let goesOn = response.body.withUnsafeBytes { sink.write($0) }
      if !goesOn { throw TransportError(.stoppedBySink) }
      response.body = []
      return response
    }
    return try answer.get()
  }

  var sent: [HTTPRequest] { requests.withLock { $0 } }
  func sent(to path: String) -> [HTTPRequest] { sent.filter { $0.path == path } }
}

final class Counter: Sendable {
  private let value = Mutex(0)

  /// 0, 1, 2, …
  func next() -> Int {
    value.withLock { value in
      defer { value += 1 }
      return value
    }
  }
}

extension HTTPRequest {
  var path: String {
    let rest = url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
    return String(rest.prefix { $0 != "?" })
  }

  var text: String {
    if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
  }

  var parts: [Part] {
    if case .multipart(let parts) = body { parts } else { [] }
  }

  /// What no request of the client may be.
  func check() throws(TransportError) {
    let isClean = headers.fields.allSatisfy { $0.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }
    if !isClean || url.contains("@") { throw TransportError(.badRequest, "a field or address is not clean") }
  }
}

extension Script.Answer {
  static func json(_ text: String, status: Int = 200, _ headers: HTTPHeaders = [:]) -> Self {
    .success(HTTPResponse(status: status, headers: headers, body: Array(text.utf8)))
  }

  static func status(_ status: Int, _ headers: HTTPHeaders = [:], _ body: String = "") -> Self {
    .json(body, status: status, headers)
  }

  static func token(_ token: String) -> Self { .json("{\"access_token\": \"\(token)\"}") }

  static func broken(_ kind: TransportError.Kind) -> Self { .failure(TransportError(kind)) }

  static let added = Self.json("{\"Name\": \"a.txt\", \"Hash\": \"QmHash\", \"Size\": \"12\"}")
}

/// Time that passes only when somebody sleeps; chance that is always one half.
final class FakeTime: Sendable {
  private let state = Mutex<(now: Double, sleeps: [Double], events: [DStorEvent])>((1_700_000_000, [], []))

  var sleeps: [Double] { state.withLock { $0.sleeps } }
  var events: [DStorEvent] { state.withLock { $0.events } }
  var now: Int { state.withLock { Int($0.now) } }

  func pass(_ seconds: Double) { state.withLock { $0.now += seconds } }

  var environment: ClientEnvironment {
    ClientEnvironment(
      now: { self.now },
      sleep: { seconds in
        try Task.checkCancellation()
        self.state.withLock {
          $0.now += seconds
          $0.sleeps.append(seconds)
        }
      }, random: { 0.5 }, observe: { event in self.state.withLock { $0.events.append(event) } })
  }
}

let markedKey = "MARKED-KEY-0123456789-abcdefghijklmnopqrstuvwxyz"

extension DStorClient {
  static func scripted(
    _ script: Script, _ time: FakeTime = FakeTime(), credentials: Credentials = .apiKey(Secret(markedKey)),
    tokens: any TokenStore = MemoryTokenStore(), _ configure: (inout DStorConfiguration) -> Void = { _ in }
  ) throws -> DStorClient {
    var configuration = try DStorConfiguration(api: BaseURL("https://dstor.test"), credentials: credentials)
    configure(&configuration)
    return try DStorClient(configuration, transport: script, tokens: tokens, environment: time.environment)
  }
}

/// The error that `body` throws; a test that gets none fails at the nil.
func failure(_ body: () async throws(DStorError) -> Void) async -> DStorError? {
  do {
    try await body()
    return nil
  } catch {
    return error
  }
}

let hello = UploadFile(name: "a.txt", contentType: "text/plain", contents: .bytes(Array("hello".utf8)))

/// A JSON Web Token with these claims and no signature.
func jwt(_ claims: String) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  func encoded(_ text: String) -> String {
    var output: [UInt8] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for index in 0...group.count { output.append(alphabet[Int(bits >> UInt32(18 - 6 * index)) & 63]) }
    }
    return String(decoding: output, as: UTF8.self)
  }
  return encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + encoded(claims) + ".c2lnbmF0dXJl"
}
