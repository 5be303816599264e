/// A key, token or password. Printing, reflecting or dumping it, or anything that holds it, shows `‹secret›`.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let value: String

  public init(_ value: String) {
    self.value = value
  }

  /// The text itself, for the one header or body that needs it.
  public func reveal() -> String { value }

  public var description: String { "‹secret›" }
  public var debugDescription: String { "‹secret›" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Takes known secrets out of text that came from elsewhere.
public struct Redactor: Sendable {
  /// Each form that a server may echo a secret in, longest first, so that a secret inside another leaves no remains.
  private var needles: [[UInt8]] = []

  public init(_ secrets: [Secret] = []) {
    for secret in secrets { insert(secret) }
  }

  public mutating func insert(_ secret: Secret) {
    let text = secret.reveal()
    guard !text.isEmpty else { return }
    for form in [text, jsonEscaped(text), percentEncodedStrictly(text)] {
      let bytes = Array(form.utf8)
      if !needles.contains(bytes) { needles.append(bytes) }
    }
    needles.sort { $0.count > $1.count }
  }

  /// `bytes` as one line of printable text, secrets and whatever looks like a JSON Web Token replaced, cut to `limit` bytes.
  ///
  /// Secrets are removed before the text is cut, so that none is left half. Only the first 16 KiB are looked at; a secret that
  /// reaches over that border lies far behind what is shown.
  public func excerpt(_ bytes: some Collection<UInt8>, limit: Int = 200) -> String {
    let source = Array(bytes.prefix(16384))
    var output: [UInt8] = []
    var index = 0
    var isSpace = true
    while index < source.count, output.count < limit {
      if let length = secretLength(source, at: index) {
        output += Array("‹secret›".utf8)
        index += length
        isSpace = false
        continue
      }
      let byte = source[index]
      index += 1
      if byte <= 0x20 || byte == 0x7F {
        if !isSpace { output.append(0x20) }
        isSpace = true
      } else {
        output.append(byte)
        isSpace = false
      }
    }
    while output.last == 0x20 { output.removeLast() }
    var text = String(decoding: output, as: UTF8.self)
    text.unicodeScalars.removeAll { $0 == "\u{FFFD}" || $0.properties.generalCategory == .control || isInvisible($0) }
    return index < source.count ? text + "…" : text
  }

  private func secretLength(_ source: [UInt8], at index: Int) -> Int? {
    for needle in needles
    where source[index] == needle[0] && source.count - index >= needle.count
      && source[index..<index + needle.count].elementsEqual(needle)
    {
      return needle.count
    }
    return tokenLength(source, at: index)
  }

  /// The length of a JSON Web Token (RFC 7519; its header, `{"`, is `eyJ` in base64url) that begins at `index`.
  private func tokenLength(_ source: [UInt8], at index: Int) -> Int? {
    guard source.count - index >= 20, source[index...].starts(with: "eyJ".utf8) else { return nil }
    let end = source[index...].firstIndex { !isBase64URL($0) && $0 != UInt8(ascii: ".") } ?? source.count
    return end - index >= 20 ? end - index : nil
  }

  /// Controls of direction and width, with which a server could make a message read as something else.
  private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .format
  }
}

private func isBase64URL(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
    true
  default: false
  }
}

/// As `encodeURIComponent` would: every byte but the unreserved ones of RFC 3986 becomes `%XX`.
public func percentEncodedStrictly(_ text: String) -> String {
  let hex = Array("0123456789ABCDEF".utf8)
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    if isBase64URL(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~") {
      bytes.append(byte)
    } else {
      bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
