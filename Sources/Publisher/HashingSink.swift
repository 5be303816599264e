import ContentAddressing
import DStor
import Files
import Synchronization
import Transport

/// Hashes what arrives, so that a large file is never held.
///
/// `@unchecked`: the addresser and the failure are touched under `lock` alone. (A `Mutex` around them would not take the sink's buffer.)
final class HashingSink: @unchecked Sendable {
  private let lock = Mutex(())
  private var addresser: FileAddresser
  private var failure: (any Error)?

  /// - Parameter blocks: takes the blocks of the file as they are made; of one that is begun again, they come again.
  init(blocks: (@Sendable (CID, [UInt8]) throws -> Void)? = nil) {
    addresser = FileAddresser(profile: .v0, sink: blocks)
  }

  var sink: BodySink {
    BodySink(
      restart: { self.lock.withLock { _ in self.addresser.reset() } },
      write: { part in self.lock.withLock { _ in self.append(part) } })
  }

  private func append(_ part: UnsafeRawBufferPointer) -> Bool {
    do {
      try addresser.append(part)
      return true
    } catch {
      failure = error
      return false
    }
  }

  /// Whether what takes the blocks said no.
  var sinkFailure: (any Error)? { lock.withLock { _ in failure } }

  /// - Throws: what the taker of the blocks threw.
  func finish() throws -> AddressedFile {
    try lock.withLock { _ in
      if let failure { throw failure }
      return try addresser.finish()
    }
  }
}
