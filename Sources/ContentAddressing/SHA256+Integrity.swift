extension SHA256Digest {
  /// As pages give it to browsers, which use no other bytes: `sha256-` and base64 with padding
  /// (<https://www.w3.org/TR/sri-1/>, section 3.1; RFC 4648, section 4).
  public var integrity: String {
    let text = String(decoding: Multibase.base64url.encode(bytes), as: UTF8.self)
    return "sha256-" + text.replacing("-", with: "+").replacing("_", with: "/") + "="
  }
}
