/// Carries one request to a server and its answer back.
public protocol HTTPTransport: Sendable {
  /// Follows no redirect and repeats nothing: what the server said is what comes back.
  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

/// Fields of a request or an answer, names compared without case (RFC 9110, section 5.1).
public struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
  public private(set) var fields: [(name: String, value: String)] = []

  public init() {}

  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { (name: $0.0, value: $0.1) }
  }

  /// The first field of that name; setting replaces all of them, nil removes them.
  public subscript(name: String) -> String? {
    get { fields.first { isEqualIgnoringCase($0.name, name) }?.value }
    set {
      fields.removeAll { isEqualIgnoringCase($0.name, name) }
      if let newValue { fields.append((name, newValue)) }
    }
  }

  public mutating func add(_ name: String, _ value: String) {
    fields.append((name, value))
  }
}

/// One request. Printing or reflecting it shows method and address, never fields, body or query: they may hold secrets.
public struct HTTPRequest: Sendable {
  public var method: String
  public var url: String
  public var headers: HTTPHeaders
  public var body: Body
  public var timeouts: Timeouts
  /// More bytes of body than this are an error (`TransportError.Kind.tooLarge`), with a sink too.
  public var maxAnswerBytes: Int
  /// Gets the body of an answer whose status is 2xx; that of any other answer goes to `HTTPResponse.body`.
  public var sink: BodySink?

  public enum Body: Sendable {
    case none
    case bytes([UInt8])
    /// `multipart/form-data` (RFC 7578), with a boundary that the transport chooses.
    case multipart([Part])
  }

  public struct Part: Sendable {
    public var field: String
    public var filename: String?
    public var contentType: String?
    public var content: Content

    public enum Content: Sendable {
      case bytes([UInt8])
      /// Read from disk while it is sent. A file that has another size than `size` bytes is an error (`badFile`).
      case file(path: String, size: Int)
    }

    public init(field: String, filename: String?, contentType: String?, content: Content) {
      self.field = field
      self.filename = filename
      self.contentType = contentType
      self.content = content
    }
  }

  /// All in seconds.
  public struct Timeouts: Sendable, Hashable {
    public var connect: Double
    /// How long the transfer, waiting for the answer included, may stay below `stallBytesPerSecond`; whole seconds.
    public var stall: Int
    public var stallBytesPerSecond: Int
    public var total: Double?

    /// With an end, for calls that move next to nothing.
    public var forSmallAnswers: Timeouts {
      Timeouts(connect: connect, stall: stall, stallBytesPerSecond: stallBytesPerSecond, total: total ?? 300)
    }

    public init(connect: Double = 15, stall: Int = 120, stallBytesPerSecond: Int = 100, total: Double? = nil) {
      self.connect = connect
      self.stall = stall
      self.stallBytesPerSecond = stallBytesPerSecond
      self.total = total
    }
  }

  public init(
    _ method: String, _ url: String, headers: HTTPHeaders = [:], body: Body = .none, timeouts: Timeouts = Timeouts(),
    maxAnswerBytes: Int = 1 << 20, sink: BodySink? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeouts = timeouts
    self.maxAnswerBytes = maxAnswerBytes
    self.sink = sink
  }
}

/// Where a body goes that is too large to hold.
public struct BodySink: Sendable {
  /// Called before the first byte of each attempt: what came before is void.
  public var restart: @Sendable () -> Void
  /// The next bytes, valid during the call only; false stops the transfer. Called from a thread of the transport, never two at once.
  public var write: @Sendable (UnsafeRawBufferPointer) -> Bool

  public init(restart: @escaping @Sendable () -> Void, write: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool) {
    self.restart = restart
    self.write = write
  }
}

/// An answer, whatever its status. Printing or reflecting it shows the status and sizes only.
public struct HTTPResponse: Sendable {
  public var status: Int
  public var headers: HTTPHeaders
  /// Empty where the body went to the request's sink.
  public var body: [UInt8]
  /// The size of the body, wherever it went.
  public var bodyBytes: Int

  public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = [], bodyBytes: Int? = nil) {
    self.status = status
    self.headers = headers
    self.body = body
    self.bodyBytes = bodyBytes ?? body.count
  }

  public var isSuccess: Bool { (200...299).contains(status) }
}

extension HTTPHeaders: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(fields.count) header fields" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(method) \(withoutSecrets(url: url))" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HTTPRequest.Body: CustomStringConvertible, CustomReflectable {
  public var description: String {
    switch self {
    case .none: "no body"
    case .bytes(let bytes): "\(bytes.count) bytes"
    case .multipart(let parts): "\(parts.count) parts"
    }
  }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HTTPResponse: CustomStringConvertible, CustomReflectable {
  public var description: String { "status \(status), \(bodyBytes) bytes" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

func isEqualIgnoringCase(_ left: String, _ right: String) -> Bool {
  func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
  return left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { folded($0) == folded($1) }
}
