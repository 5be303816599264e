import Files

/// The folder part of a path; empty at the top.
func folder(of path: String) -> String {
  path.lastSlash.map { String(path[..<$0]) } ?? ""
}

/// The last part of a path.
func fileName(_ path: String) -> String {
  path.lastSlash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
}

/// Without the extension; a leading dot begins no extension.
func withoutExtension(_ path: String) -> String {
  let name = fileName(path)
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return path }
  return String(path.dropLast(name.distance(from: dot, to: name.endIndex)))
}

func fileExtension(_ path: String) -> String { TreePath(path)?.fileExtension.lowercased() ?? "" }

/// `path` seen from `folder`, with `.` and `..` resolved; nil where it leaves the tree or is no path.
func joined(_ folder: String, _ path: String) -> String? {
  var parts = path.hasPrefix("/") ? [] : folder.pathParts
  for part in path.pathParts {
    if part == "." { continue }
    if part == ".." {
      guard parts.popLast() != nil else { return nil }
    } else {
      parts.append(part)
    }
  }
  return parts.joined(separator: "/")
}

/// How the file at `page` refers to the file at `target`, both in one tree. Percent-encoded.
func reference(to target: String, from page: String) -> String? {
  guard let target = TreePath(target), let page = TreePath(page) else { return nil }
  return target.reference(from: page)
}

/// Whether a file is the page of its folder, in whatever language: `_index.de.md`.
func isIndex(_ path: String) -> Bool { ["index", "_index"].contains(fileName(path).prefix { $0 != "." }) }

func isMarkdown(_ path: String) -> Bool { ["md", "markdown", "mkd", "mkdown"].contains(fileExtension(path)) }

/// Every word of `bytes` that may be the path of a file: what has a dot in it, without leading slashes.
func collectPaths(_ bytes: some Sequence<UInt8>, into paths: inout Set<String>) {
  var word: [UInt8] = []
  var hasDot = false
  func take() {
    if hasDot, word.count < 1024 {
      let text = String(decoding: word, as: UTF8.self)
      let path = percentDecoded(text) ?? text
      paths.insert(String(path.drop { $0 == "/" }))
    }
  }
  for byte in bytes {
    let isPart = byte >= 0x80 || isDigit(byte) || isLetter(byte) || "-_./%~+@".utf8.contains(byte)
    if isPart {
      word.append(byte)
      hasDot = hasDot || byte == UInt8(ascii: ".")
    } else if !word.isEmpty {
      take()
      word.removeAll(keepingCapacity: true)
      hasDot = false
    }
  }
  take()
}

func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

/// A name of Hugo's, Zola's or Liquid's: letters, digits, `_`, `-`.
func isNameByte(_ byte: UInt8) -> Bool {
  isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}

/// Without white space at both ends.
func trimmed(_ text: some StringProtocol) -> String {
  let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
  return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
}

/// Whether a path matches a pattern of a shell: `*` is anything without a slash, `**` anything, `?` any byte but a slash. `**/` that begins a
/// part of the pattern is no folder, too.
///
/// - Parameter starIsDeep: `*` stands for slashes as well.
func matches(_ path: ArraySlice<UInt8>, glob: ArraySlice<UInt8>, starIsDeep: Bool = false) -> Bool {
  let star = UInt8(ascii: "*")
  let slash = UInt8(ascii: "/")
  // Where to go on from when what follows the last star does not match: the star takes one byte more.
  var (path, rest) = (path, glob)
  var retry: (path: ArraySlice<UInt8>, rest: ArraySlice<UInt8>, crossesFolders: Bool)?
  while true {
    if rest.first == star {
      let stars = rest.prefix { $0 == star }
      let beginsPart = stars.startIndex == glob.startIndex || glob[stars.startIndex - 1] == slash
      rest = rest[stars.endIndex...]
      if stars.count > 1, beginsPart, rest.first == slash { rest.removeFirst() }
      retry = (path, rest, starIsDeep || stars.count > 1)
    } else if let byte = path.first, let wanted = rest.first,
      byte == wanted || wanted == UInt8(ascii: "?") && byte != slash
    {
      path.removeFirst()
      rest.removeFirst()
    } else if path.isEmpty, rest.isEmpty {
      return true
    } else if let last = retry, let byte = last.path.first, last.crossesFolders || byte != slash {
      retry = (last.path.dropFirst(), last.rest, last.crossesFolders)
      (path, rest) = (last.path.dropFirst(), last.rest)
    } else {
      return false
    }
  }
}

/// Whether a pattern, whose `*` stands for slashes too, matches a file or one of the folders that it lies in.
///
/// - Parameter byName: whether it is enough that it matches the name of one of them.
func isCovered(_ path: String, by pattern: String, byName: Bool = false) -> Bool {
  let glob = Array(pattern.utf8)[...]
  var bytes = Array(path.utf8)[...]
  while true {
    let name = bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[($0 + 1)...] } ?? bytes
    if matches(bytes, glob: glob, starIsDeep: true) || byName && matches(name, glob: glob, starIsDeep: true) {
      return true
    }
    guard name.startIndex > bytes.startIndex else { return false }
    bytes = bytes[..<(name.startIndex - 1)]
  }
}
