import Foundation
import Testing

@testable import Publisher

@Suite struct ReceiptTests {
  private static let cid = "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH"

  /// Files are written by hand; the bytes are those of `JSONEncoder`, whatever is in a name.
  @Test func bytesAreThoseOfTheEncoder() throws {
    var receipt = try Receipt.sample("a", second: 1, api: "https://one.test")
    let answer = Receipt.Answer(
      name: "a\"b\\c/\u{8}\u{9}\u{A}\u{C}\u{D}\u{1}\u{1F}\u{7F} é 日本 \u{2028}", hash: "Qm", size: nil)
    receipt.files = [
      Receipt.File(
        path: "a.html", kind: "page", cid: Self.cid, size: 0, source: nil, sent: false, answer: nil,
        url: "u"),
      Receipt.File(
        path: "a\"b/c é 日本 \u{8}\u{2028}", kind: "asset", cid: Self.cid, size: 1 << 53, source: answer.name, sent: true,
        answer: answer,
        url: "https://x.test/?filename=a%20b"),
      Receipt.File(
        path: "files\" : [", kind: "", cid: Self.cid, size: 0, source: "", sent: true,
        answer: Receipt.Answer(name: "", hash: "", size: 3), url: ""),
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let files = receipt.files
    receipt.site = "  \"files\" : ["
    for count in 0...files.count {
      receipt.files = Array(files[..<count])
      let expected = Array(try encoder.encode(receipt)) + [UInt8(ascii: "\n")]
      #expect(try receipt.json() == expected)
      // And read again, it is the same.
      #expect(try Receipt(json: expected).json() == expected)
      var read: [String] = []
      #expect(try Receipt(json: expected) { read.append($0.path) }.files.isEmpty)
      #expect(read == receipt.files.map(\.path))
    }
  }

  @Test(arguments: [
    ("\"size\" : 7", "\"size\" : \"7\"", ReceiptError.unreadable), ("\"sent\" : true,", "", .unreadable),
    ("\"hash\" : \"Qm\",", "", .unreadable), ("\"files\" : [", "\"files\" : {", .unreadable),
    ("\"build\" :", "\"other\" :", .unreadable), ("\"format\" : 2", "\"format\" : 1", .otherFormat(1)),
    // Its name is that of a file on the disk of whoever takes it in.
    (
      "\"build\" : \"fad3b4b8270e", "\"build\" : \"../../../x",
      .wrongValue("its build is not 12 hexadecimal digits: ../../../x")
    ),
    ("\"name\" : \"one\"", "\"name\" : \"../x\"", .wrongValue("its target has a name that none has: ../x")),
    (
      "\"site\" : \"site\"", "\"site\" : \"\\u001b[2J\"", .wrongValue("it holds what no line of a terminal can:  [2J")
    ),
    ("\"a.html\"", "\"../a.html\"", .wrongValue("a file's path leads out of the edition: ../a.html")),
    // Sums of it would end the program.
    (
      "\"size\" : 7", "\"size\" : 9223372036854775807",
      .wrongValue("the size of a.html is none: 9223372036854775807")
    ),
    ("\"size\" : 7", "\"size\" : -7", .wrongValue("the size of a.html is none: -7")),
    (cid, "Qm1", .wrongValue("the CID of a.html is none: Qm1")),
  ])
  func whatIsNoReceipt(_ before: String, _ after: String, _ reason: ReceiptError) throws {
    let receipt = try Receipt.sample(
      "a",
      files: [
        Receipt.File(
          path: "a.html", kind: "page", cid: Self.cid, size: 7, source: nil, sent: true,
          answer: Receipt.Answer(name: "a", hash: "Qm", size: 3), url: "u")
      ])
    let text = String(decoding: try receipt.json(), as: UTF8.self)
    let parts = text.components(separatedBy: before)
    try #require(parts.count == 2)
    #expect(throws: reason) { try Receipt(json: Array(parts.joined(separator: after).utf8)) }
  }

  @Test func allFilesTogetherHaveALargestSizeToo() throws {
    let file = Receipt.File(path: "a.html", kind: "page", cid: Self.cid, size: 1 << 53, sent: true, url: "u")
    let receipt = try Receipt.sample("a", files: [file, file, file])
    #expect(throws: ReceiptError.wrongValue("its files are larger than any disk: 18014398509481984 bytes")) {
      try Receipt(json: receipt.json())
    }
  }
}
