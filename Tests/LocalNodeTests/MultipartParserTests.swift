import TestSupport
import Testing

@testable import LocalNode

/// Events with the pieces of data put together.
private struct ParsedPart: Equatable {
  var name: String?
  var file: String?
  var type: String?
  var bytes: [UInt8] = []
}

private func parse(_ pieces: [ArraySlice<UInt8>], boundary: String = "b") throws -> [ParsedPart] {
  var parser = try MultipartParser(boundary: boundary)
  var parts: [ParsedPart] = []
  var isOpen = false
  for piece in pieces {
    piece.withUnsafeBytes { parser.append($0) }
    while let event = try parser.next() {
      switch event {
      case .part(let part):
        #expect(!isOpen)
        isOpen = true
        parts.append(ParsedPart(name: part.name, file: part.fileName, type: part.contentType))
      case .data(let bytes):
        #expect(!bytes.isEmpty && isOpen)
        parts[parts.count - 1].bytes += bytes
      case .endOfPart: isOpen = false
      }
    }
  }
  try parser.finish()
  return parts
}

private func parse(_ text: String) throws -> [ParsedPart] { try parse([Array(text.utf8)[...]]) }

@Suite struct MultipartParserTests {
  static let head = "Content-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\r\n"
  static let samples: [(body: String, contents: [String])] = [
    ("--b\r\n\(head)hello\r\n--b--\r\n", ["hello"]),
    ("--b\r\n\(head)\r\n--b--", [""]),
    ("--b\r\n\(head)--b--", [""]),
    ("preamble\r\nof two lines\r\n--b\r\n\(head)x\r\n--b \t\r\n\(head)y\r\n--b--\r\nepilogue\r\n--b\r\n", ["x", "y"]),
    (
      "--b\r\n\(head)\r\n\r\n--bc\r\n--b-x\r\n--\r\n-\r\n\r\r\n\n--b\r\r\n--b--",
      ["\r\n\r\n--bc\r\n--b-x\r\n--\r\n-\r\n\r\r\n\n--b\r"]
    ),
    ("--b\r\n\(head)--bb\r\n--b--", ["--bb"]),
    ("--b--\r\n", []),
  ]

  @Test(arguments: samples.indices)
  func everyCut(index: Int) throws {
    let (body, contents) = Self.samples[index]
    let bytes = Array(body.utf8)
    let expected = contents.map { ParsedPart(name: "f", file: "a.txt", type: nil, bytes: Array($0.utf8)) }
    for first in 0...bytes.count {
      #expect(try parse([bytes[..<first], bytes[first...]]) == expected, "cut at \(first)")
    }
    #expect(try parse(bytes.indices.map { bytes[$0...$0] }) == expected)
    for first in 0...min(bytes.count, 40) {
      for second in first...bytes.count {
        #expect(try parse([bytes[..<first], bytes[first..<second], bytes[second...]]) == expected)
      }
    }
  }

  @Test(arguments: [
    ("", "ends before its last boundary"),
    ("--b\r\n\(head)hello", "ends before its last boundary"),
    ("--b\r\n\(head)hello\r\n--b", "ends before its last boundary"),
    ("--b\r\n\(head)hello\r\n--b-", "ends before its last boundary"),
    ("--b\r\n\(head)hello\n--b--", "ends before its last boundary"),
    ("--b\n\(head)", "ends before its last boundary"),
    ("--b\r\n\(head)x\r\n--b x\r\n", "text after it"),
    ("--b\r\n\(head)x\r\n--b" + String(repeating: " ", count: 300) + "\r\n", "too much white space"),
    ("--b\r\n\r\nx\r\n--b--", "without a Content-Disposition"),
    ("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--", "without a Content-Disposition"),
    ("--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n--b--", "must be form-data"),
    ("--b\r\nContent-Disposition: form-data\r\nContent-Disposition: form-data\r\n\r\n", "two Content-Dispositions"),
    ("--b\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n", "twice"),
    ("--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\n", "closing quote"),
    ("--b\r\nContent-Disposition: form-data; name=\"a\"x\r\n\r\n", "text after its value"),
    ("--b\r\nContent-Disposition: form-data; =\r\n\r\n", "without a name"),
    ("--b\r\nContent-Disposition: form-data; filename*=latin1''a\r\n\r\n", "must be UTF-8"),
    ("--b\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\n", "folded"),
    ("--b\r\nno colon\r\n\r\n", "without a name and a colon"),
    ("--b\r\nX: a\u{1}\r\n\r\n", "control character"),
    ("--b\r\nX: a\nY: b\r\n\r\n", "control character"),
    ("--b\r\nContent-Disposition: form-data\r\nContent-Transfer-Encoding: base64\r\n\r\n", "not taken"),
    ("--b\r\nX: " + String(repeating: "a", count: 9000) + "\r\n\r\n", "longer than"),
    ("--b\r\n" + String(repeating: "X: a\r\n", count: 33) + "\r\n", "more than 32 header lines"),
    (String(repeating: "p", count: 5000), "not found at the start"),
  ])
  func malformed(body: String, reason: String) {
    let error = #expect(throws: MultipartError.self) { try parse(body) }
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "no error")")
  }

  @Test func headersThatNeverEnd() throws {
    var parser = try MultipartParser(boundary: "b")
    Array("--b\r\nX: ".utf8).withUnsafeBytes { parser.append($0) }
    #expect(throws: MultipartError.self) {
      for _ in 0..<10_000 {
        [UInt8(ascii: "a")].withUnsafeBytes { parser.append($0) }
        _ = try parser.next()
      }
    }
  }

  @Test(arguments: [
    (#"filename="a b.txt""#, "a b.txt"), (#"filename=a.txt"#, "a.txt"), (#"filename="a\"b""#, "a\"b"),
    (#"filename="a%22b%0D%0A""#, "a\"b\r\n"), (#"filename="c:\dir\a""#, #"c:\dir\a"#), (#"filename="a\\b""#, #"a\b"#),
    (#"filename="a+b%20c""#, "a+b c"), (#"filename="100%.txt""#, "100%.txt"), (#"filename="%ff""#, "%ff"),
    (#"filename="posts%2Fé.html""#, "posts/é.html"), (#"filename="é""#, "é"), (#"filename="""#, ""),
    (#"filename="x"; filename*=UTF-8''%e2%82%ac"#, "€"), (#"FileName = "x""#, nil), (#"filename="a;b=c""#, "a;b=c"),
  ])
  func fileNames(parameter: String, name: String?) throws {
    let text = "--b\r\ncontent-disposition:form-data ;name=\"\"; \(parameter)\r\n\r\n\r\n--b--"
    if let name {
      #expect(try parse(text).map(\.file) == [name])
    } else {
      #expect(throws: MultipartError.self) { try parse(text) }
    }
  }

  @Test(arguments: ["", " ", "a ", "ä", "a\"b", String(repeating: "x", count: 71)])
  func badBoundaries(boundary: String) {
    #expect(throws: MultipartError.self) { try MultipartParser(boundary: boundary) }
  }

  /// Content made of what boundaries are made of comes out as it went in, however it is cut.
  @Test func contentLikeBoundaries() throws {
    var generator = SeededGenerator(seed: 1)
    let alphabet = Array("\r\n-b x".utf8)
    for _ in 0..<300 {
      let content = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      let boundary = "bound"
      let body = Array("--bound\r\n\(Self.head)".utf8) + content + Array("\r\n--bound--\r\n".utf8)
      var pieces: [ArraySlice<UInt8>] = []
      var rest = body[...]
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...9, using: &generator))
        pieces.append(piece)
        rest = rest.dropFirst(piece.count)
      }
      #expect(try parse(pieces, boundary: boundary).map(\.bytes) == [content])
    }
  }

  /// Damaged bodies give parts or an error, and the same however they are cut.
  @Test func damagedBodies() throws {
    var generator = SeededGenerator(seed: 2)
    for sample in Self.samples {
      for _ in 0..<200 {
        var body = Array(sample.body.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<body.count, using: &generator)
          body[place] = Array("\r\n-b:;\"= \u{0}".utf8).randomElement(using: &generator) ?? 0
        }
        let whole = Result { try parse([body[...]]) }.mapError { MultipartError("\($0)") }
        let cut = Result { try parse(body.indices.map { body[$0...$0] }) }.mapError { MultipartError("\($0)") }
        #expect(whole == cut)
      }
    }
  }
}
