import Files

/// The headers of a part, as far as they matter (RFC 7578, section 4).
struct MultipartPart: Equatable, Sendable {
  private(set) var isFormData = false
  private(set) var name: String?
  /// As sent; see `fileName` for what is meant.
  private(set) var filename: String?
  private(set) var contentType: String?

  /// Takes a header line without its line end.
  mutating func add(headerLine line: ArraySlice<UInt8>) throws(MultipartError) {
    guard let first = line.first, first != UInt8(ascii: " "), first != UInt8(ascii: "\t") else {
      throw MultipartError("folded header line")
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(isTokenByte)
    else { throw MultipartError("header line without a name and a colon") }
    guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == UInt8(ascii: "\t") }) else {
      throw MultipartError("control character in a header line")
    }
    guard let value = String(validating: line[(colon + 1)...], as: UTF8.self) else {
      throw MultipartError("header line that is not UTF-8")
    }
    switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
    case "content-disposition":
      guard !isFormData else { throw MultipartError("part with two Content-Dispositions") }
      let disposition = try HeaderValue(value)
      guard disposition.value.lowercased() == "form-data" else {
        throw MultipartError("Content-Disposition must be form-data")
      }
      isFormData = true
      name = disposition["name"]
      filename = try disposition.extended("filename") ?? disposition["filename"]
    case "content-type":
      guard contentType == nil else { throw MultipartError("part with two Content-Types") }
      contentType = value.trimmingSpaces
    case "content-transfer-encoding":
      guard ["binary", "7bit", "8bit"].contains(value.trimmingSpaces.lowercased()) else {
        throw MultipartError("Content-Transfer-Encoding is not taken in form-data")
      }
    default: break
    }
  }

  /// The file's name: percent-decoded where every escape is well formed and gives UTF-8, else as sent. A `+` stays a `+`: browsers and curl
  /// send it so, though Kubo's own client means a space by it.
  var fileName: String? { filename.map { percentDecoded($0) ?? $0 } }
}

/// A header's value with parameters: `form-data; name="file"` (RFC 9110, section 5.6.6; RFC 8187 for `name*`).
struct HeaderValue {
  let value: String
  private var parameters: [String: String] = [:]

  init(_ text: String) throws(MultipartError) {
    var rest = Array(text.utf8)[...]
    func skipSpaces() {
      rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }
    skipSpaces()
    let end = rest.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
    value = String(decoding: rest[..<end], as: UTF8.self).trimmingSpaces
    rest = rest[end...]
    while rest.popFirst() != nil {
      skipSpaces()
      if rest.isEmpty { break }
      let name = String(decoding: rest.prefix(while: isTokenByte), as: UTF8.self).lowercased()
      rest = rest.dropFirst(name.utf8.count)
      guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "=") else {
        throw MultipartError("header parameter without a name and \"=\"")
      }
      guard parameters.count < 16 else { throw MultipartError("header with more than 16 parameters") }
      let value: [UInt8]
      if rest.first == UInt8(ascii: "\"") {
        rest = rest.dropFirst()
        value = try Self.quoted(&rest)
      } else {
        value = Array(rest.prefix { isTokenByte($0) || $0 >= 0x80 })
        rest = rest.dropFirst(value.count)
      }
      guard parameters.updateValue(String(decoding: value, as: UTF8.self), forKey: name) == nil else {
        throw MultipartError("header with the parameter \"\(name)\" twice")
      }
      skipSpaces()
      guard rest.isEmpty || rest.first == UInt8(ascii: ";") else {
        throw MultipartError("header parameter \"\(name)\" with text after its value")
      }
    }
  }

  /// Up to the closing quote. Only `\"` and `\\` are escapes: old browsers send the backslashes of a path as they are.
  private static func quoted(_ rest: inout ArraySlice<UInt8>) throws(MultipartError) -> [UInt8] {
    var value: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return value }
      if byte == UInt8(ascii: "\\"), let next = rest.first,
        next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
      {
        value.append(next)
        rest = rest.dropFirst()
      } else {
        value.append(byte)
      }
    }
    throw MultipartError("header parameter without its closing quote")
  }

  subscript(name: String) -> String? { parameters[name] }

  /// `name*=UTF-8''a%20b`: RFC 7578 forbids it in form-data, some clients send it all the same.
  func extended(_ name: String) throws(MultipartError) -> String? {
    guard let text = parameters[name + "*"] else { return nil }
    let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].lowercased() == "utf-8", let value = percentDecoded(String(parts[2])) else {
      throw MultipartError("\(name)* must be UTF-8'' and percent-encoded UTF-8")
    }
    return value
  }
}

/// RFC 9110, section 5.6.2.
func isTokenByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"):
    true
  case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
    UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
    UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
    true
  default: false
  }
}
