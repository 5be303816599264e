extension TreePath {
  /// The path as the path of a URL: every byte that RFC 3986 does not allow in a segment is percent-encoded; `/` stays.
  public var urlEncoded: String { percentEncoded(string) }

  /// How a page at `page` refers to this file: `../style.css` for `style.css` seen from `posts/hello.html`. Percent-encoded.
  public func reference(from page: TreePath) -> String {
    let mine = components
    let its = page.components.dropLast()
    var shared = 0
    while shared < its.count, shared < mine.count - 1, mine[shared].utf8.elementsEqual(its[shared].utf8) { shared += 1 }
    let up = String(repeating: "../", count: its.count - shared)
    let rest = mine[shared...].joined(separator: "/")
    let reference = up + percentEncoded(rest)
    // "a:b" alone would read as a scheme (RFC 3986, section 4.2).
    return up.isEmpty && reference.prefix(while: { $0 != "/" }).contains(":") ? "./" + reference : reference
  }
}

/// Bytes outside RFC 3986's `pchar` and `/` become `%XX`.
public func percentEncoded(_ text: String) -> String {
  var text = text
  return text.withUTF8 { source in
    // Most paths are plain.
    guard let first = source.firstIndex(where: { !staysInPath($0) }) else { return nil }
    let hex = Array("0123456789ABCDEF".utf8)
    var bytes = Array(source[..<first])
    for byte in source[first...] {
      if staysInPath(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  } ?? text
}

@inline(__always)
private func staysInPath(_ byte: UInt8) -> Bool {
  if isPlainPathByte(byte) { return true }
  return switch byte {
  case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"),
    UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "@"):
    true
  default: false
  }
}

/// `%XX` decoded; nil where an escape is malformed or the result is no UTF-8.
public func percentDecoded(_ text: String) -> String? {
  guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
  func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else { return nil }
    bytes.append(high << 4 | low)
  }
  return String(validating: bytes, as: UTF8.self)
}

/// Letters, digits, `-`, `.`, `_` and `~` (RFC 3986, section 2.3), which mean the same whether they are percent-decoded or not, and stand for themselves in
/// every notation of a document.
@inlinable @inline(__always)
public func isUnreservedByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
    true
  default: false
  }
}

/// The same, and the slash between them.
@inlinable @inline(__always)
public func isPlainPathByte(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || isUnreservedByte(byte) }
