import DStor
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

final class Counter: Sendable {
  private let value = Mutex(0)

  /// 0, 1, 2, …
  func next() -> Int {
    value.withLock { value in
      defer { value += 1 }
      return value
    }
  }
}
