import FoundationEssentials

extension Receipt {
  /// Sorted keys, two spaces, a line end at the end: the same receipt gives the same bytes.
  public func json() throws -> [UInt8] {
    var bytes: [UInt8] = []
    try ReceiptText(self).write(files) { bytes += $0 }
    return bytes
  }
}

/// A receipt on its way into a file: of a hundred thousand files nobody needs all at once.
struct ReceiptText {
  private let before: ArraySlice<UInt8>
  /// Between the brackets where there are no files.
  private let nothing: ArraySlice<UInt8>
  private let behind: ArraySlice<UInt8>

  /// - Parameter receipt: its files are left out.
  init(_ receipt: Receipt) throws {
    var head = receipt
    head.files = []
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let bytes = Array(try encoder.encode(head)) + [UInt8(ascii: "\n")]
    let key = Array("\n  \"files\" : [".utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: key) }).map({ $0 + key.count }),
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "]"))
    else { preconditionFailure("bug: a receipt without files") }
    (before, nothing, behind) = (bytes[..<start], bytes[start..<end], bytes[end...])
  }

  /// - Parameter take: gets the bytes in pieces of some 64 KiB.
  func write<Problem>(
    _ files: some Collection<Receipt.File>, to take: ([UInt8]) throws(Problem) -> Void
  ) throws(Problem) {
    var writer = ReceiptFileWriter(before)
    for file in files {
      writer.write(file)
      if writer.bytes.count >= 1 << 16 { try take(writer.removeAll()) }
    }
    try take(writer.bytes + (files.isEmpty ? nothing : Array("\n  ".utf8)[...]) + behind)
  }
}

/// Writes what `JSONEncoder` would, without an object for each value in between.
private struct ReceiptFileWriter {
  private(set) var bytes: [UInt8]
  private var isFirst = true

  init(_ start: ArraySlice<UInt8>) { bytes = Array(start) }

  mutating func removeAll() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  mutating func write(_ file: Receipt.File) {
    append(isFirst ? "\n    {\n" : ",\n    {\n")
    isFirst = false
    if let answer = file.answer {
      append("      \"answer\" : {\n        \"hash\" : ")
      appendQuoted(answer.hash)
      append(",\n        \"name\" : ")
      appendQuoted(answer.name)
      if let size = answer.size { append(",\n        \"size\" : \(size)") }
      append("\n      },\n")
    }
    append("      \"cid\" : ")
    appendQuoted(file.cid)
    append(",\n      \"kind\" : ")
    appendQuoted(file.kind)
    append(",\n      \"path\" : ")
    appendQuoted(file.path)
    append(",\n      \"sent\" : \(file.sent),\n      \"size\" : \(file.size)")
    if let source = file.source {
      append(",\n      \"source\" : ")
      appendQuoted(source)
    }
    append(",\n      \"url\" : ")
    appendQuoted(file.url)
    append("\n    }")
  }

  private mutating func append(_ text: String) { bytes += text.utf8 }

  /// RFC 8259, section 7, with the short escapes where there are some.
  private mutating func appendQuoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0A: append("\\n")
      case 0x0C: append("\\f")
      case 0x0D: append("\\r")
      case 0..<0x20:
        let hex = Array("0123456789abcdef".utf8)
        bytes += Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
