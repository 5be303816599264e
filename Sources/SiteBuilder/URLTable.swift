import Files
import Glibc

/// The files of the output by the bytes of their site-rooted URLs, for links that are written as the site itself writes them: no escapes, no
/// query, no dots to resolve. Such a link is found without making a text of it; all others take the long way through `Reference`.
///
/// Flat memory without reference counts, so that threads do not contend for it.
final class URLTable: @unchecked Sendable {
  // Written in `init` alone.
  private let text: UnsafeMutablePointer<UInt8>
  private let entries: UnsafeMutablePointer<Entry>
  /// Indices of entries plus one, by hash; 0 where there is none.
  private let slots: UnsafeMutablePointer<UInt32>
  private let mask: Int
  /// The file of each entry.
  private let paths: [TreePath]

  private struct Entry {
    let start: Int
    let count: Int
    let hash: UInt64
    /// That a file is there.
    let dependency: Dependency
  }

  init(_ paths: some Collection<TreePath>) {
    var bytes: [UInt8] = []
    var entries: [Entry] = []
    var files: [TreePath] = []
    for path in paths {
      let url = siteURL(of: path)
      guard url.utf8.allSatisfy(isPlainURLByte) else { continue }
      let start = bytes.count
      bytes += url.utf8
      entries.append(
        Entry(
          start: start, count: bytes.count - start, hash: bytes[start...].withUnsafeBufferPointer(hash),
          dependency: .output(path.fingerprint)))
      files.append(path)
    }
    var size = 16
    while size < entries.count * 2 { size *= 2 }
    mask = size - 1
    slots = .allocate(capacity: size)
    slots.initialize(repeating: 0, count: size)
    text = .allocate(capacity: max(1, bytes.count))
    text.initialize(from: bytes, count: bytes.count)
    self.entries = .allocate(capacity: max(1, entries.count))
    self.entries.initialize(from: entries, count: entries.count)
    self.paths = files
    for (index, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(index + 1)
    }
  }

  deinit {
    text.deallocate()
    entries.deallocate()
    slots.deallocate()
  }

  subscript(file: Int) -> TreePath { paths[file] }

  /// The file whose URL is `url`; nil where it is written in another way or leads nowhere.
  func file(at url: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let start = url.baseAddress, url.count > 0 else { return nil }
    let hash = hash(url)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      let entry = entries[index]
      if entry.hash == hash, entry.count == url.count, memcmp(text + entry.start, start, url.count) == 0 {
        Dependencies.current?.add(entry.dependency)
        return index
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  func file(at url: String) -> Int? {
    var url = url
    return url.withUTF8 { file(at: $0) }
  }
}

/// A URL of a page, as far as its bytes tell.
enum PlainURL {
  /// `#part` of the page itself; never empty.
  case fragment
  /// Another host's, by `https:`, `http:` or `mailto:`.
  case elsewhere
  /// A file of the output: `/posts/hello/#part`, of which the fragment, where there is one, begins behind `fragment`.
  case file(Int, pathEnd: Int)
  case other

  init(_ url: UnsafeBufferPointer<UInt8>, _ table: URLTable) {
    self = .other
    guard let first = url.first else { return }
    switch first {
    case UInt8(ascii: "#"):
      if url.count > 1, url.dropFirst().allSatisfy(isPlainFragmentByte) { self = .fragment }
    case UInt8(ascii: "/"):
      var end = 1
      while end < url.count, url[end] != UInt8(ascii: "#") { end += 1 }
      guard let file = table.file(at: UnsafeBufferPointer(rebasing: url[..<end])),
        url[end...].dropFirst().allSatisfy(isPlainFragmentByte)
      else { return }
      self = .file(file, pathEnd: end)
    case UInt8(ascii: "h"): if url.starts(with: "https:".utf8) || url.starts(with: "http:".utf8) { self = .elsewhere }
    case UInt8(ascii: "m"): if url.starts(with: "mailto:".utf8) { self = .elsewhere }
    default: break
    }
  }
}

/// What means the same in a URL whether it is percent-decoded or not, and in every notation of a document.
@inline(__always)
private func isPlainURLByte(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || isPlainFragmentByte(byte) }

@inline(__always)
private func isPlainFragmentByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
    true
  default: false
  }
}

/// Eight bytes at a time, multiplied and folded; good enough for names that nobody chooses to collide within one site.
private func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
  let raw = UnsafeRawBufferPointer(bytes)
  var hash = UInt64(bytes.count)
  func mix(_ word: UInt64) {
    let (high, low) = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    hash = high ^ low
  }
  var index = 0
  while index + 8 <= bytes.count {
    mix(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    index += 8
  }
  var rest: UInt64 = 0
  while index < bytes.count {
    rest = rest << 8 | UInt64(bytes[index])
    index += 1
  }
  mix(rest)
  return hash
}
