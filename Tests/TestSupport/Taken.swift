import Synchronization
import Transport

/// A sink that keeps what it is given.
public final class Taken: Sendable {
  private let bytes = Mutex<[UInt8]>([])
  private let limit: Int

  /// - Parameter limit: of more bytes it takes none.
  public init(limit: Int = .max) {
    self.limit = limit
  }

  public var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

  public var sink: BodySink {
    BodySink(
      restart: { self.bytes.withLock { $0 = [] } },
      write: { new in
        self.bytes.withLock {
          $0 += Array(new)
          return $0.count <= self.limit
        }
      })
  }
}
