import Glibc

/// The place of a file in a tree: relative, `/` between components, never empty, no `.`, `..`, empty component, NUL or backslash.
///
/// Two paths are equal when their UTF-8 bytes are, and sort by those bytes (as UnixFS sorts links), not by Swift's rules for text.
public struct TreePath: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let string: String

  /// - Returns: nil where `string` is no path inside a tree. A slash at either end is an error, not removed.
  public init?(_ string: String) {
    var string = string
    let isValid = string.withUTF8 { bytes in
      guard !bytes.isEmpty, bytes[bytes.count - 1] != UInt8(ascii: "/") else { return false }
      var start = 0
      for index in 0...bytes.count {
        if index < bytes.count, bytes[index] != UInt8(ascii: "/") {
          if bytes[index] == 0 || bytes[index] == UInt8(ascii: "\\") { return false }
          continue
        }
        let length = index - start
        let dot = UInt8(ascii: ".")
        if length == 0 || (length == 1 && bytes[start] == dot) { return false }
        if length == 2, bytes[start] == dot, bytes[start + 1] == dot { return false }
        start = index + 1
      }
      return true
    }
    guard isValid else { return nil }
    self.string = string
  }

  /// For paths put together from parts that are known to be valid.
  init(unchecked string: String) {
    self.string = string
  }

  public var description: String { string }

  public var components: [Substring] { string.pathParts }

  /// The last component: `index.html` of `posts/hello/index.html`.
  public var name: String {
    guard let slash = string.lastIndex(ofByte: "/") else { return string }
    return String(string[string.utf8.index(after: slash)...])
  }

  /// The path of the folder that holds this file; nil at the root of the tree.
  public var parent: TreePath? {
    guard let slash = string.lastIndex(ofByte: "/") else { return nil }
    return TreePath(unchecked: String(string[..<slash]))
  }

  /// What follows the last dot of the name, as written; empty where there is none or the name only begins with a dot.
  public var fileExtension: String {
    let name = name
    guard let dot = name.lastIndex(ofByte: "."), dot != name.startIndex else { return "" }
    return String(name[name.utf8.index(after: dot)...])
  }

  /// The name without its extension.
  public var stem: String {
    let name = name
    guard let dot = name.lastIndex(ofByte: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// - Returns: nil where `suffix` is no path inside a tree.
  public func appending(_ suffix: String) -> TreePath? {
    TreePath(suffix).map { appending($0) }
  }

  public func appending(_ suffix: TreePath) -> TreePath {
    TreePath(unchecked: string + "/" + suffix.string)
  }

  /// Whether the file lies in `folder` or deeper; a path is not inside itself.
  public func isInside(_ folder: TreePath) -> Bool {
    let mine = string.utf8
    let its = folder.string.utf8
    return mine.count > its.count && mine.starts(with: its)
      && mine[mine.index(mine.startIndex, offsetBy: its.count)] == UInt8(ascii: "/")
  }

  /// Whether any component begins with a dot (`.env`, `.git/config`).
  public var isHidden: Bool {
    components.contains { $0.utf8.first == UInt8(ascii: ".") }
  }

  public static func == (left: TreePath, right: TreePath) -> Bool {
    withBytes(left.string, right.string) { $0.count == $1.count && compare($0, $1) == 0 }
      ?? left.string.utf8.elementsEqual(right.string.utf8)
  }

  public static func < (left: TreePath, right: TreePath) -> Bool { precedes(left.string, right.string) }

  public func hash(into hasher: inout Hasher) {
    var string = string
    string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// Whether `left` comes before `right` by their bytes.
func precedes(_ left: String, _ right: String) -> Bool {
  withBytes(left, right) { left, right in
    let order = compare(left, right)
    return order == 0 ? left.count < right.count : order < 0
  } ?? left.utf8.lexicographicallyPrecedes(right.utf8)
}

/// Sites are sorted and looked up by their paths: whole words are compared at a time, not byte after byte. Nil where a string is not in
/// one piece.
private func withBytes(
  _ left: String, _ right: String, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
) -> Bool? {
  let result = left.utf8.withContiguousStorageIfAvailable { left in
    right.utf8.withContiguousStorageIfAvailable { right in body(left, right) }
  }
  return result ?? nil
}

private func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int32 {
  guard let first = left.baseAddress, let second = right.baseAddress else { return 0 }
  return memcmp(first, second, min(left.count, right.count))
}

// By bytes: a slash and a combining mark behind it are one `Character`, and no slash.
extension Substring {
  /// The parts of a path, a URL's or a disk's, between slashes; empty ones are left out.
  public var pathParts: [Substring] { utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) } }

  /// Where its last slash is.
  public var lastSlash: Index? { utf8.lastIndex(of: UInt8(ascii: "/")) }
}

extension String {
  /// Paths are taken apart a hundred thousand times a build: their bytes are looked at where they lie, not one by one through the string.
  fileprivate func lastIndex(ofByte byte: Unicode.Scalar) -> Index? {
    let byte = UInt8(ascii: byte)
    guard let offset = utf8.withContiguousStorageIfAvailable({ $0.lastIndex(of: byte) }) else {
      return utf8.lastIndex(of: byte)
    }
    return offset.map { utf8.index(utf8.startIndex, offsetBy: $0) }
  }

  /// The parts of a path, a URL's or a disk's, between slashes; empty ones are left out.
  public var pathParts: [Substring] { self[...].pathParts }

  /// Where its last slash is.
  public var lastSlash: Index? { lastIndex(ofByte: "/") }
}

extension TreePath: ExpressibleByStringLiteral {
  /// A literal that is no path inside a tree is a bug of ours.
  public init(stringLiteral value: String) {
    guard let path = TreePath(value) else { preconditionFailure("bug: \"\(value)\" is no path inside a tree") }
    self = path
  }
}
