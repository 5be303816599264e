import Synchronization
import Transport

/// A sink that keeps what it is given.
final class Taken: Sendable {
  private let bytes = Mutex<[UInt8]>([])
  let limit: Int

  init(limit: Int = .max) {
    self.limit = limit
  }

  var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

  var sink: BodySink {
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
