import CCurl
import Files
import Glibc
import Testing

@testable import Transport

@Suite struct FilePartTests {
  let path: String

  init() throws {
    var template = Array("/tmp/dstor-file-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    close(descriptor)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

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
    defer { unlink(path) }
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
    defer { unlink(path) }
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
