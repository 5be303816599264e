import ContentAddressing
import Files
import Glibc

/// A file of blocks that only grows: a CAR without roots (https://ipld.io/specs/transport/car/carv1/), so any CAR tool can read it.
final class PackFile: Sendable {
  /// dag-cbor of `{"roots": [], "version": 1}` with its length before it.
  static let header: [UInt8] = [17, 0xa2, 0x65] + Array("roots".utf8) + [0x80, 0x67] + Array("version".utf8) + [1]

  let path: String
  private let descriptor: Int32

  /// Opens the pack at `path`; with `create` it must not exist yet.
  init(path: String, create: Bool = false) throws(FileError) {
    self.path = path
    let flags = create ? O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC : O_RDWR | O_CLOEXEC
    descriptor = open(path, flags, 0o600)
    guard descriptor >= 0 else { throw FileError(create ? "make" : "open", path) }
    if create { try write(Self.header, at: 0) }
  }

  deinit {
    close(descriptor)
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { pwrite(descriptor, $0 + done, bytes.count - done, off_t(offset + done)) } ?? 0
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError("write", path) }
      done += count
    }
  }

  /// - Returns: nil where the file ends before.
  func read(at offset: Int, count: Int) throws(FileError) -> [UInt8]? {
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let base = buffer.baseAddress {
        let got = pread(descriptor, base + filled, count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = FileError("read", path) }
        if got <= 0 { return }
        filled += got
      }
    }
    if let failure { throw failure }
    return bytes.count == count ? bytes : nil
  }

  /// Waits until what was written is on the disk.
  func synchronize() throws(FileError) {
    guard fdatasync(descriptor) == 0 else { throw FileError("synchronize", path) }
  }

  func truncate(to length: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(length)) == 0 else { throw FileError("shorten", path) }
  }

  var length: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }
}

/// One block as it lies in a pack or is about to.
struct PackedBlock: Sendable {
  let digest: SHA256Digest
  /// Of the block's first byte, behind its length and CID.
  var offset: Int
  let length: Int

  /// The section's bytes before the block: unsigned LEB128 of the length, then the CID.
  static func prefix(_ cid: CID, _ length: Int) -> [UInt8] {
    let name = cid.bytes
    var bytes: [UInt8] = []
    var rest = name.count + length
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes + name
  }
}
