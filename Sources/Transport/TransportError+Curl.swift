import CCurl

extension TransportError.Kind {
  /// - Parameters:
  ///   - verification: OpenSSL's `X509_V_ERR_…` (x509_vfy.h); 0 where the certificate was not the trouble.
  ///   - message: libcurl's own; some kinds of trouble have one code and differ only in it.
  ///   - proxyStatus: of the answer to CONNECT; 0 where there was none.
  init(curl code: CURLcode, verification: Int, message: String, hasAnswerBegun: Bool, proxyStatus: Int = 0) {
    if (400...499).contains(proxyStatus) {
      self = .proxyRefused(proxyStatus)
      return
    }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .couldNotResolve
    case CURLE_COULDNT_CONNECT: self = .couldNotConnect
    case CURLE_OPERATION_TIMEDOUT: self = message.contains("too slow") ? .stalled : .timedOut
    case CURLE_PARTIAL_FILE: self = .cutShort
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR: self = .connectionLost
    case CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
      self = hasAnswerBegun ? .cutShort : .connectionLost
    case CURLE_PEER_FAILED_VERIFICATION:
      // X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
      self = verification == 9 || verification == 10 ? .tls(.expired) : .tls(.untrusted)
    case CURLE_SSL_CACERT_BADFILE: self = .tls(.certificates)
    case CURLE_SSL_CONNECT_ERROR where Self.isOfPlainText(message): self = .tls(.notSpoken)
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED,
      CURLE_SSL_ISSUER_ERROR:
      self = .tls(.other)
    // Whatever does not begin as an answer of HTTP does is one of its first version, to libcurl.
    case CURLE_UNSUPPORTED_PROTOCOL where message.contains("HTTP/0.9"): self = .notHTTP
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: self = .badRequest
    case CURLE_ABORTED_BY_CALLBACK: self = .cancelled
    default: self = .other
    }
  }

  /// OpenSSL's words for the first bytes of an answer that are no record of TLS.
  private static func isOfPlainText(_ message: String) -> Bool {
    ["wrong version number", "packet length too long", "http request"].contains { message.contains($0) }
  }
}
