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

extension DStorClient {
  /// The gateway's address of `path`, `<hash>` or `<hash>/a/b.html`, not encoded yet.
  ///
  /// - Parameter filename: gives a file that is asked for by its own hash a name, and by it the right type
  ///   (`?filename=`, IPFS path gateway specification).
  public func gatewayURL(_ path: String, filename: String? = nil) -> String {
    let query = filename.map { "?filename=\(percentEncodedStrictly($0))" } ?? ""
    return "\(configuration.gateway)/\(percentEncoded(path))\(query)"
  }

  /// Reads from the gateway, as anyone could: without credentials, redirects followed wherever they lead.
  ///
  /// - Parameters:
  ///   - path: `<hash>` or `<hash>/a/b.html`, not encoded; a trailing slash stays.
  ///   - maxBytes: of the body, with a sink too.
  /// - Throws: `notFound` where the gateway has nothing there (yet).
  public func fetch(
    _ path: String, filename: String? = nil, sink: BodySink? = nil, maxBytes: Int = 64 << 20
  ) async throws(DStorError) -> Fetched {
    let request = HTTPRequest(
      "GET", gatewayURL(path, filename: filename), timeouts: configuration.timeouts, maxAnswerBytes: maxBytes,
      sink: sink)
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
