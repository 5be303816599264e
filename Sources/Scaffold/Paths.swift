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
