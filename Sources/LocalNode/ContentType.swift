import Files

/// The types that the gateway answers with.
enum ContentType {
  /// The type for a name's extension; nil where none is known.
  ///
  /// HTML goes without a charset, as Kubo sends it: stored pages may be in any, and say so themselves.
  static func forName(_ name: String) -> String? {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    let type = mediaType(ofExtension: String(name[name.utf8.index(after: dot)...]))
    if type == "application/octet-stream" { return nil }
    return type.hasPrefix("text/html;") ? "text/html" : type
  }
}
