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

/// Whether a path matches a pattern of a shell: `*` is anything without a slash, `**` anything, `?` any byte but a slash.
func matches(_ path: ArraySlice<UInt8>, glob: ArraySlice<UInt8>) -> Bool {
  let star = UInt8(ascii: "*")
  let slash = UInt8(ascii: "/")
  // Where to go on from when what follows the last star does not match: the star takes one byte more.
  var (path, glob) = (path, glob)
  var retry: (path: ArraySlice<UInt8>, glob: ArraySlice<UInt8>, crossesFolders: Bool)?
  while true {
    if glob.first == star {
      let rest = glob.drop { $0 == star }
      let isDeep = rest.startIndex - glob.startIndex > 1
      // `**/` is no folder, too.
      let next = isDeep && rest.first == slash ? rest.dropFirst() : rest
      retry = (path, next, isDeep)
      glob = next
    } else if let byte = path.first, let wanted = glob.first,
      byte == wanted || wanted == UInt8(ascii: "?") && byte != slash
    {
      path.removeFirst()
      glob.removeFirst()
    } else if path.isEmpty, glob.isEmpty {
      return true
    } else if let last = retry, let byte = last.path.first, last.crossesFolders || byte != slash {
      retry = (last.path.dropFirst(), last.glob, last.crossesFolders)
      (path, glob) = (last.path.dropFirst(), last.glob)
    } else {
      return false
    }
  }
}
