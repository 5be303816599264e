import Glibc
import Synchronization
import Testing

/// A tiny HTTP/1.1 server on one thread: takes connections one after the other, reads a request, and lets a test write raw bytes.
final class SocketServer: Sendable {
  /// What to do after a request was read.
  enum Reply: Sendable {
    /// Raw bytes, then the next request on the same connection.
    case keep(String)
    /// Raw bytes, then close.
    case close(String)
    /// Raw bytes, then nothing until the client goes.
    case hang(String)
    /// Close with a reset, without an answer.
    case reset
  }

  let port: UInt16
  private let listener: Int32
  private let readsBodies: Bool
  private let reply: @Sendable (Int, String) -> Reply
  private let state = Mutex<(requests: [String], connections: Int, isStopped: Bool)>(([], 0, false))

  var url: String { "http://127.0.0.1:\(port)" }
  /// Head and body of each request, as they came.
  var requests: [String] { state.withLock { $0.requests } }
  var connections: Int { state.withLock { $0.connections } }

  /// - Parameter readsBodies: false answers as soon as the head of a request is there.
  init(readsBodies: Bool = true, _ reply: @escaping @Sendable (Int, String) -> Reply) throws {
    self.reply = reply
    self.readsBodies = readsBodies
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) | listen(listener, 8) | getsockname(listener, address, &length)
      }
    }
    try #require(status == 0)
    port = UInt16(bigEndian: address.sin_port)
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<SocketServer>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    pthread_detach(thread)
  }

  /// The thread ends at its next look, at most a tenth of a second later.
  func stop() {
    state.withLock { $0.isStopped = true }
  }

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  private func run() {
    defer { close(listener) }
    while !isStopped {
      guard isReadable(listener) else { continue }
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { return }
      state.withLock { $0.connections += 1 }
      serve(connection)
      close(connection)
    }
  }

  private func isReadable(_ descriptor: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 100) > 0
  }

  private func serve(_ connection: Int32) {
    while let request = readRequest(connection) {
      let index = state.withLock { state in
        state.requests.append(request)
        return state.requests.count - 1
      }
      switch reply(index, request) {
      case .keep(let text): write(text, connection)
      case .close(let text): return write(text, connection)
      case .hang(let text):
        write(text, connection)
        if readsBodies { while !isStopped, !isReadable(connection) {} }
        while !readsBodies, !isStopped { usleep(10_000) }
        return
      case .reset:
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        return
      }
    }
  }

  private func write(_ text: String, _ connection: Int32) {
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { send(connection, $0 + offset, buffer.count - offset, Int32(MSG_NOSIGNAL)) } ?? 0
      }
      guard count > 0 else { return }
      offset += count
    }
  }

  private func readRequest(_ connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var expected: Int?
    var buffer = [UInt8](repeating: 0, count: 65536)
    while !isStopped {
      if let expected, bytes.count >= expected { return String(decoding: bytes, as: UTF8.self) }
      guard isReadable(connection) else { continue }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
      if expected == nil {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { continue }
        let length = text[..<end].split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
          .flatMap { Int($0.split(separator: " ").last ?? "") }
        expected = text[..<end].utf8.count + 4 + (readsBodies ? length ?? 0 : 0)
      }
    }
    return nil
  }
}

extension String {
  /// Where `needle` begins.
  fileprivate func range(of needle: String) -> String.Index? {
    var index = utf8.startIndex
    while index < utf8.endIndex {
      if utf8[index...].starts(with: needle.utf8) { return index }
      index = utf8.index(after: index)
    }
    return nil
  }
}
