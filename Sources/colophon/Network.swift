import Transport

/// The way to servers, as this machine has it: certificates of `SSL_CERT_FILE` (OpenSSL's own variable) where it is set, else the system's.
func network(maxConnections: Int = 16, userAgent: String = "colophon") -> CurlTransport {
  CurlTransport(
    maxConnections: maxConnections, userAgent: userAgent, certificates: environment("SSL_CERT_FILE"))
}
