import Files

/// What a URL in a file of a tree refers to.
public enum Reference: Sendable, Hashable {
  /// Something outside the tree, by its scheme in lowercase (`https`, `data`, `mailto` …); nil for `//host/…`.
  case external(scheme: String?)
  /// A place in the same document, decoded; empty for its top (`#`, or no URL at all).
  case fragment(String)
  /// A file or folder of the tree. `path` is decoded and has no leading slash; it is empty for the root and ends with `/` for any
  /// other folder named as one. `query` is as written, without `?`; `fragment` is decoded, without `#`.
  case file(path: String, query: String?, fragment: String?)
  /// Climbs above the root of the tree.
  case outside
  /// No reference at all; the reason is a phrase fit for a message.
  case invalid(String)

  /// Resolves by RFC 3986, section 5.2, with the URL standard's trimming and its `%2e` as dot; a leading `/` is the root of the tree.
  ///
  /// Stricter than a browser where a browser guesses: a stray `%`, an escape that is no UTF-8, `%2F` and `%00` are invalid, and climbing
  /// above the root does not end at the root. A backslash is a byte like any other.
  public static func resolve(_ url: String, in page: TreePath) -> Reference {
    var url = url
    if url.utf8.contains(where: { $0 <= 0x20 }) { url = urlText(Array(url.utf8)) }
    return url.withUTF8 { resolve($0, in: page) }
  }

  private static func resolve(_ url: Bytes, in page: TreePath) -> Reference {
    if let end = endOfScheme(url) {
      return .external(scheme: String(decoding: url[..<end].map(lowercased), as: UTF8.self))
    }
    let slash = UInt8(ascii: "/")
    if url.count >= 2, url[0] == slash, url[1] == slash { return .external(scheme: nil) }
    let hash = url.firstIndex(of: UInt8(ascii: "#")) ?? url.count
    let pathEnd = url[..<hash].firstIndex(of: UInt8(ascii: "?")) ?? hash
    let query = pathEnd < hash ? url.text((pathEnd + 1)..<hash) : nil
    let fragment = hash < url.count ? url.text((hash + 1)..<url.count) : nil
    let decodedFragment = fragment.map { percentDecoded($0) ?? $0 }
    if pathEnd == 0 {
      guard let query else { return .fragment(decodedFragment ?? "") }
      return .file(path: page.string, query: query, fragment: decodedFragment)
    }
    switch path(url, before: pathEnd, in: page) {
    case .found(let path): return .file(path: path, query: query, fragment: decodedFragment)
    case .outside: return .outside
    case .invalid(let reason): return .invalid(reason)
    }
  }

  private enum Path { case found(String), outside, invalid(String) }

  private static func path(_ url: Bytes, before end: Int, in page: TreePath) -> Path {
    let slash = UInt8(ascii: "/")
    // The folder so far: empty, or ending with a slash.
    var output: [UInt8] = []
    output.reserveCapacity(page.string.utf8.count + end)
    var index = 0
    if url[0] == slash {
      index = 1
    } else {
      output += page.string.utf8
      while let last = output.last, last != slash { output.removeLast() }
    }
    while true {
      let start = output.count
      while index < end, url[index] != slash {
        let byte = url[index]
        index += 1
        guard byte == UInt8(ascii: "%") else {
          if byte == 0 { return .invalid("NUL is no part of a path") }
          output.append(byte)
          continue
        }
        guard index + 1 < end, let high = hexValue(url[index]), let low = hexValue(url[index + 1]) else {
          return .invalid("% must have two hexadecimal digits behind it; the sign itself is %25")
        }
        let decoded = high << 4 | low
        if decoded == 0 { return .invalid("%00 is no part of a path") }
        if decoded == slash { return .invalid("%2F is no part of a file's name") }
        output.append(decoded)
        index += 2
      }
      let isLast = index >= end
      switch output.count - start {
      case 1 where output[start] == UInt8(ascii: "."): output.removeLast()
      case 2 where output[start] == UInt8(ascii: ".") && output[start + 1] == UInt8(ascii: "."):
        output.removeLast(2)
        guard !output.isEmpty else { return .outside }
        output.removeLast()
        while let last = output.last, last != slash { output.removeLast() }
      default:
        if !isLast { output.append(slash) }
      }
      if isLast { break }
      index += 1
    }
    guard let path = String(validating: output, as: UTF8.self) else { return .invalid("percent-escapes must be UTF-8") }
    return .found(path)
  }

  /// The files that a server would take for this reference, in its order: `a/b` is `a/b` or `a/b/index.html`, `a/b/` is
  /// `a/b/index.html`. Empty where it is no file of the tree.
  public var indexCandidates: [TreePath] {
    guard case .file(let path, _, _) = self else { return [] }
    if path.isEmpty || path.utf8.last == UInt8(ascii: "/") { return [TreePath(path + "index.html")].compactMap { $0 } }
    return [TreePath(path), TreePath(path + "/index.html")].compactMap { $0 }
  }
}

/// The offset of the colon behind a scheme: RFC 3986, section 3.1.
func endOfScheme(_ url: Bytes) -> Int? {
  guard let first = url.first, isLetter(first) else { return nil }
  for (index, byte) in url.enumerated() {
    if byte == UInt8(ascii: ":") { return index }
    let isSchemeByte =
      isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
    if !isSchemeByte { return nil }
  }
  return nil
}
