import CCurl
import Glibc

/// A file on disk as a part of a body: opened at the first read, closed at the end.
final class FilePart {
  private let path: String
  private let size: Int
  private var descriptor: Int32 = -1
  private var offset = 0
  private(set) var problem: TransportError?

  init(path: String, size: Int) {
    self.path = path
    self.size = size
  }

  deinit {
    closeFile()
  }

  private func closeFile() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// Before anything is sent: what is wrong then need not cost a request.
  func check() throws(TransportError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw TransportError(.badFile, "\(path): \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw TransportError(.badFile, "\(path) is no regular file") }
    guard Int(status.st_size) == size else { throw changed }
  }

  private var changed: TransportError { TransportError(.badFile, "\(path) is not \(size) bytes long any more") }

  /// libcurl asks for no more than `size` bytes in all, then for one read more or none.
  func read(_ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int) -> Int {
    if descriptor < 0, problem == nil, offset < size {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      if descriptor < 0 { problem = TransportError(.badFile, "\(path): \(String(cString: strerror(errno)))") }
    }
    guard problem == nil else { return colophon_readfunc_abort }
    let wanted = min(capacity, size - offset)
    guard wanted > 0 else { return 0 }
    var count = pread(descriptor, buffer, wanted, off_t(offset))
    while count < 0, errno == EINTR { count = pread(descriptor, buffer, wanted, off_t(offset)) }
    guard count > 0 else {
      problem = count == 0 ? changed : TransportError(.badFile, "\(path): \(String(cString: strerror(errno)))")
      return colophon_readfunc_abort
    }
    offset += count
    if offset == size {
      var status = stat()
      if fstat(descriptor, &status) == 0, Int(status.st_size) != size {
        problem = changed
        return colophon_readfunc_abort
      }
      closeFile()
    }
    return count
  }

  func rewind(to offset: Int) {
    self.offset = min(max(offset, 0), size)
  }
}
