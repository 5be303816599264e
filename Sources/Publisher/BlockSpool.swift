import ContentAddressing
import Files
import Glibc
import Synchronization

/// Blocks on their way from a gateway into a file, kept aside on disk: what was collected in any order can be looked up then.
///
/// Its file has no name; the system removes it however the program ends.
public final class BlockSpool: Sendable {
  private struct State {
    var places: [SHA256Digest: (offset: Int, length: Int)] = [:]
    var end = 0
  }

  private let descriptor: Int32
  private let path: String
  private let state = Mutex(State())

  /// - Parameter folder: where there is space for all the blocks.
  /// - Throws: `FileError`.
  public init(folder: String) throws(FileError) {
    path = "\(folder)/.colophon-blocks.\(getpid())"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("write", path) }
    unlink(path)
  }

  deinit { close(descriptor) }

  /// Keeps a block, unless it is here. Its hash was checked by whoever has it.
  ///
  /// - Throws: `FileError`.
  public func put(_ cid: CID, _ block: [UInt8]) throws {
    guard case .sha256(let digest) = cid.multihash else { return }
    try state.withLock { state in
      guard state.places[digest] == nil else { return }
      var written = 0
      while written < block.count {
        let count = block[written...].withUnsafeBytes {
          pwrite(descriptor, $0.baseAddress, $0.count, off_t(state.end + written))
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw FileError("write", path) }
        written += count
      }
      state.places[digest] = (state.end, block.count)
      state.end += block.count
    }
  }

  /// The block of `cid`; nil where it is not here.
  ///
  /// - Throws: `FileError`.
  public func block(_ cid: CID) throws -> [UInt8]? {
    guard case .sha256(let digest) = cid.multihash, let place = state.withLock({ $0.places[digest] }) else {
      return nil
    }
    var block = [UInt8](repeating: 0, count: place.length)
    var filled = 0
    while filled < place.length {
      let count = block[filled...].withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, $0.count, off_t(place.offset + filled))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError("read", path) }
      filled += count
    }
    return block
  }

  public var count: Int { state.withLock { $0.places.count } }
  /// Of all blocks together.
  public var bytes: Int { state.withLock { $0.end } }
}
