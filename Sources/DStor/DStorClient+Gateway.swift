import Transport

extension DStorClient {
  /// See `GatewayClient.url`.
  public func gatewayURL(_ path: String, filename: String? = nil) -> String { gateway.url(path, filename: filename) }

  /// See `GatewayClient.fetch`.
  public func fetch(
    _ path: String, filename: String? = nil, sink: BodySink? = nil, maxBytes: Int = 64 << 20
  ) async throws(DStorError) -> Fetched {
    try await gateway.fetch(path, filename: filename, sink: sink, maxBytes: maxBytes)
  }
}
