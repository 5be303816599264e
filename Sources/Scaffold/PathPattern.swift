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
