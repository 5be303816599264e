// dag-pb: https://ipld.io/specs/codecs/dag-pb/spec/
//   message PBLink { optional bytes Hash = 1; optional string Name = 2; optional uint64 Tsize = 3; }
//   message PBNode { repeated PBLink Links = 2; optional bytes Data = 1; }   Links are written before Data.

struct PBLink {
  var name: String
  var link: DAGLink
}

/// A dag-pb block, read.
struct PBNode {
  var links: [PBLink] = []
  /// The range of Data in the block; nil where it has none.
  var data: Range<Int>?

  /// Reads strictly: no unknown, repeated or misplaced field; of Links and Data, either may come first (as old writers did).
  init(_ block: [UInt8]) throws(FormatError) {
    var reader = ByteReader(block)
    var isPastLinks = false
    while !reader.isAtEnd {
      switch try reader.uvarint() {
      case 0x12:
        guard !isPastLinks else { throw reader.failure("links on both sides of the data") }
        let length = try reader.uvarint()
        links.append(try PBLink(block, in: try reader.take(length)))
      case 0x0a:
        guard data == nil else { throw reader.failure("data twice") }
        let length = try reader.uvarint()
        data = try reader.take(length)
        isPastLinks = !links.isEmpty
      case let key: throw reader.failure("an unknown field (key \(key)) in a dag-pb node")
      }
    }
  }
}

extension PBLink {
  init(_ block: [UInt8], in range: Range<Int>) throws(FormatError) {
    var reader = ByteReader(block, in: range)
    var cid: CID?
    var name: String?
    var size: Int?
    while !reader.isAtEnd {
      switch try reader.uvarint() {
      case 0x0a:
        guard cid == nil, name == nil, size == nil else { throw reader.failure("a link's hash in the wrong place") }
        let length = try reader.uvarint()
        let range = try reader.take(length)
        do throws(CIDError) {
          cid = try CID(bytes: Array(block[range]))
        } catch {
          throw FormatError(reason: "a link whose hash is no CID (\(error))", offset: range.lowerBound)
        }
      case 0x12:
        guard name == nil, size == nil else { throw reader.failure("a link's name in the wrong place") }
        let length = try reader.uvarint()
        guard let text = String(validating: block[try reader.take(length)], as: UTF8.self) else {
          throw reader.failure("a link's name that is not UTF-8")
        }
        name = text
      case 0x18:
        guard size == nil else { throw reader.failure("a link's size twice") }
        size = try reader.uvarint()
      case let key: throw reader.failure("an unknown field (key \(key)) in a dag-pb link")
      }
    }
    guard let cid else { throw reader.failure("a link without a hash") }
    self.init(name: name ?? "", link: DAGLink(cid: cid, size: size ?? 0))
  }

  /// Bytes of the link as a field of its node.
  static func encodedLength(nameLength: Int, link: DAGLink) -> Int {
    let content = contentLength(nameLength: nameLength, link: link)
    return 1 + uvarintLength(content) + content
  }

  private static func contentLength(nameLength: Int, link: DAGLink) -> Int {
    let cidLength = link.cid.byteCount
    return 1 + uvarintLength(cidLength) + cidLength + 1 + uvarintLength(nameLength) + nameLength
      + 1 + uvarintLength(link.size)
  }

  /// Name and Tsize are always written, even when empty or 0, as Kubo does.
  static func append(to block: inout [UInt8], name: String, link: DAGLink) {
    let nameLength = name.utf8.count
    block.append(0x12)
    block.appendUvarint(contentLength(nameLength: nameLength, link: link))
    block.append(0x0a)
    block.appendUvarint(link.cid.byteCount)
    link.cid.append(to: &block)
    block.append(0x12)
    block.appendUvarint(nameLength)
    block.append(contentsOf: name.utf8)
    block.append(0x18)
    block.appendUvarint(link.size)
  }
}

extension [UInt8] {
  /// The Data field of a dag-pb node, last in the block.
  mutating func appendPBData(_ data: [UInt8]) {
    append(0x0a)
    appendUvarint(data.count)
    self += data
  }
}
