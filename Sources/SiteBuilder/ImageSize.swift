import Files
import Glibc
import Synchronization

/// The size in pixels that an image file gives itself; nil for other files and damaged ones.
///
/// PNG (W3C PNG, section 11.2.1), GIF (89a, section 18), JPEG (ITU T.81, B.2.2), WebP (RFC 9649, section 2).
func imageSize(ofFileAt path: String) -> (width: Int, height: Int)? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  // A JPEG's frame header follows its metadata, an embedded thumbnail included.
  var head = [UInt8](repeating: 0, count: 256 * 1024)
  let count = read(descriptor, &head, head.count)
  return imageSize(of: head.prefix(max(count, 0)))
}

func imageSize(of head: ArraySlice<UInt8>) -> (width: Int, height: Int)? {
  let bytes = Array(head)
  func big(_ at: Int, _ count: Int) -> Int { bytes[at..<at + count].reduce(0) { $0 << 8 | Int($1) } }
  func little(_ at: Int, _ count: Int) -> Int { bytes[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) } }
  func begins(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
  if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]), bytes.count >= 24 { return (big(16, 4), big(20, 4)) }
  if begins("GIF8"), bytes.count >= 10 { return (little(6, 2), little(8, 2)) }
  if begins("RIFF"), begins("WEBP", at: 8), bytes.count >= 30 {
    if begins("VP8X", at: 12) { return (little(24, 3) + 1, little(27, 3) + 1) }
    if begins("VP8L", at: 12) {
      let bits = little(21, 4)
      return (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
    }
    if begins("VP8 ", at: 12) { return (little(26, 2) & 0x3FFF, little(28, 2) & 0x3FFF) }
    return nil
  }
  guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
  var index = 2
  while index + 9 < bytes.count, bytes[index] == 0xFF {
    let marker = bytes[index + 1]
    if marker == 0xFF {
      index += 1
      continue
    }
    // SOF0 to SOF15 without DHT, JPG and DAC.
    if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
      return (big(index + 7, 2), big(index + 5, 2))
    }
    index += 2 + big(index + 2, 2)
  }
  return nil
}

/// The sizes of the site's images, each read once.
final class ImageSizes: Sendable {
  private struct Size {
    var known: (width: Int, height: Int)?
  }

  private let sizes = Mutex<[TreePath: Size]>([:])

  func size(of file: Inventory.File) -> (width: Int, height: Int)? {
    Dependencies.current?.add(.file(file.path.fingerprint))
    if let size = sizes.withLock({ $0[file.path] }) { return size.known }
    let size = Size(known: imageSize(ofFileAt: file.diskPath))
    sizes.withLock { $0[file.path] = size }
    return size.known
  }
}
