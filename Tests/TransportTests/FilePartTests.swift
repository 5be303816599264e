import CCurl
import Files
import Glibc
import TestSupport
import Testing

@testable import Transport

@Suite struct FilePartTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/file" }

  init() throws { folder = try TemporaryFolder() }

  /// Reads as libcurl does, `change` happening after the first read; nil where a read aborts.
  func read(_ part: FilePart, _ change: () throws -> Void = {}) throws -> String? {
    var text: [UInt8] = []
    var buffer = [CChar](repeating: 0, count: 4)
    while true {
      let isFirst = text.isEmpty
      let count = part.read(&buffer, buffer.count)
      if count == colophon_readfunc_abort { return nil }
      if count == 0 { return String(decoding: text, as: UTF8.self) }
      text += buffer[..<count].map { UInt8(bitPattern: $0) }
      if isFirst { try change() }
    }
  }

  @Test func readsAllAndAgain() throws {
    try writeFile(path, Array("0123456789".utf8))
    let part = FilePart(path: path, size: 10)
    try part.check()
    #expect(try read(part) == "0123456789")
    part.rewind(to: 0)
    #expect(try read(part) == "0123456789")
    part.rewind(to: 7)
    #expect(try read(part) == "789")
    #expect(part.problem == nil)
  }

  @Test(arguments: ["", "01234", "0123456789A"]) func fileThatChangesMeanwhile(_ later: String) throws {
    try writeFile(path, Array("0123456789".utf8))
    let part = FilePart(path: path, size: 10)
    try part.check()
    #expect(try read(part) { try writeFile(path, Array(later.utf8)) } == nil)
    #expect(part.problem?.kind == .badFile)
  }

  @Test func fileThatIsGone() throws {
    try writeFile(path, Array("0123456789".utf8))
    let part = FilePart(path: path, size: 10)
    try part.check()
    unlink(path)
    #expect(try read(part) == nil)
    #expect(throws: TransportError.self) { try part.check() }
  }
}
