import Files
import Transport

/// What the gateway gave. Where it came from after redirects is not part of it: such addresses expire.
public struct Fetched: Sendable {
  public let contentType: String?
  /// Empty where a sink took them.
  public let bytes: [UInt8]
  public let size: Int
  public let headers: HTTPHeaders
}

/// Reads from a gateway, as anyone could: without credentials, redirects followed wherever they lead. What comes is to be hashed by the caller.
public struct GatewayClient: Sendable {
  public let gateway: BaseURL
  private let session: Session
  private let timeouts: HTTPRequest.Timeouts

  /// A client with patience of its own.
  ///
  /// - Parameter gateway: what a slash and a hash are appended to.
  public init(
    _ gateway: BaseURL, transport: any HTTPTransport, environment: ClientEnvironment = .system,
    retry: RetryPolicy = RetryPolicy(), timeouts: HTTPRequest.Timeouts = HTTPRequest.Timeouts()
  ) {
    self.init(
      gateway,
      Session(
        retry: retry, concurrency: ConcurrencyLimit(starting: 4, maximum: 16), transport: transport,
        environment: environment),
      timeouts: timeouts)
  }

  init(_ gateway: BaseURL, _ session: Session, timeouts: HTTPRequest.Timeouts) {
    self.gateway = gateway
    self.session = session
    self.timeouts = timeouts
  }

  /// The address of `path`, `<hash>` or `<hash>/a/b.html`, not encoded yet.
  ///
  /// - Parameter filename: gives a file that is asked for by its own hash a name, and by it the right type
  ///   (`?filename=`, IPFS path gateway specification).
  public func url(_ path: String, filename: String? = nil) -> String {
    Self.url(gateway, path, filename: filename)
  }

  /// The same for a gateway that nobody wants to read from.
  public static func url(_ gateway: BaseURL, _ path: String, filename: String? = nil) -> String {
    let query = filename.map { "?filename=\(percentEncodedStrictly($0))" } ?? ""
    return "\(gateway)/\(percentEncoded(path))\(query)"
  }

  /// - Parameters:
  ///   - path: `<hash>` or `<hash>/a/b.html`, not encoded; a trailing slash stays.
  ///   - maxBytes: of the body, with a sink too.
  ///   - isFresh: it was uploaded just now and may take a while to show, so the gateway is asked again where it has nothing there.
  /// - Throws: `notFound` where the gateway has nothing there (yet).
  public func fetch(
    _ path: String, filename: String? = nil, sink: BodySink? = nil, maxBytes: Int = 64 << 20, isFresh: Bool = false
  ) async throws(DStorError) -> Fetched {
    let request = HTTPRequest(
      "GET", url(path, filename: filename), timeouts: timeouts, maxAnswerBytes: maxBytes, sink: sink)
    let environment = session.environment
    for (number, wait) in (isFresh ? Self.waitsForUploads : []).enumerated() {
      do throws(DStorError) {
        return try await get(request)
      } catch  where error.kind == .notFound {
        environment.observe(.retrying(error, attempt: number + 1, after: wait))
      }
      do { try await environment.sleep(wait) } catch { throw .cancelled }
    }
    return try await get(request)
  }

  /// Seconds between the questions for what was uploaded just now.
  static let waitsForUploads = [0.5, 1, 2, 4, 8]

  /// One block as it is (https://specs.ipfs.tech/http-gateways/trustless-gateway/).
  ///
  /// - Parameter cid: as text.
  /// - Returns: nil where the gateway answers with something that it does not call a block: it serves files only.
  /// - Throws: `notFound` where the gateway has no such block (yet), `tooLarge` of the transport where what it calls one is larger than any.
  public func block(_ cid: String) async throws(DStorError) -> [UInt8]? {
    let type = "application/vnd.ipld.raw"
    func isBlock(_ answer: Fetched) -> Bool { answer.contentType?.lowercased().hasPrefix(type) == true }
    var request = HTTPRequest(
      "GET", url(cid) + "?format=raw", headers: ["Accept": type], timeouts: timeouts, maxAnswerBytes: Self.largestBlock)
    do throws(DStorError) {
      let answer = try await get(request)
      return isBlock(answer) ? answer.bytes : nil
    } catch {
      switch error.kind {
      case .badRequest, .unexpectedStatus(406), .serverError(501): return nil
      case .transport(.tooLarge):
        // Files may be as large; of what was not read to its end nothing is known.
        request.method = "HEAD"
        if let head = try? await get(request), isBlock(head) { throw error }
        return nil
      default: throw error
      }
    }
  }

  /// No block of a file is larger: bitswap moves none above 2 MiB (https://specs.ipfs.tech/bitswap-protocol/).
  public static let largestBlock = 4 << 20

  private func get(_ request: HTTPRequest) async throws(DStorError) -> Fetched {
    do throws(DStorError) {
      return try await session.perform(Call(request: request, redirects: .anywhere)) { reader throws(DStorError) in
        let response = reader.response
        return Fetched(
          contentType: response.headers["Content-Type"], bytes: response.body, size: response.bodyBytes,
          headers: response.headers)
      }
    } catch  where error.kind == .notFound {
      throw error.replacing(hint: "a fresh upload may take a while to show on the gateway: ask again later")
    }
  }
}
