// UnixFS: https://specs.ipfs.tech/unixfs/
//   message Data { required DataType Type = 1; optional bytes Data = 2; optional uint64 filesize = 3; repeated uint64 blocksizes = 4;
//                  optional uint64 hashType = 5; optional uint64 fanout = 6; optional uint32 mode = 7; optional UnixTime mtime = 8; }

/// The Data of a dag-pb node of UnixFS, read. Modes and times are passed over.
struct UnixFSData {
  enum Kind: Int { case raw, directory, file, metadata, symlink, shard }

  var kind: Kind
  /// The range of Data in the block.
  var data: Range<Int>?
  var fileSize: Int?
  var blockSizes: [Int] = []
  var hashType: Int?
  var fanout: Int?

  init(_ block: [UInt8], in range: Range<Int>) throws(FormatError) {
    var reader = ByteReader(block, in: range)
    var kind: Kind?
    while !reader.isAtEnd {
      switch try reader.uvarint() {
      case 0x08:
        let value = try reader.uvarint()
        guard kind == nil, let known = Kind(rawValue: value) else { throw reader.failure("UnixFS type \(value)") }
        kind = known
      case 0x12:
        guard data == nil else { throw reader.failure("UnixFS data twice") }
        let length = try reader.uvarint()
        data = try reader.take(length)
      case 0x18: fileSize = try UnixFSData.once(fileSize, &reader)
      case 0x20: blockSizes.append(try reader.uvarint())
      case 0x22:
        // Packed: a form that protobuf readers take for repeated numbers, though no writer is known.
        let length = try reader.uvarint()
        var packed = ByteReader(block, in: try reader.take(length))
        while !packed.isAtEnd { blockSizes.append(try packed.uvarint()) }
      case 0x28: hashType = try UnixFSData.once(hashType, &reader)
      case 0x30: fanout = try UnixFSData.once(fanout, &reader)
      case 0x38: _ = try reader.uvarint()
      case 0x42:
        let length = try reader.uvarint()
        _ = try reader.take(length)
      case let key: throw reader.failure("an unknown field (key \(key)) in UnixFS data")
      }
    }
    guard let kind else { throw reader.failure("UnixFS data without a type") }
    self.kind = kind
  }

  private static func once(_ known: Int?, _ reader: inout ByteReader) throws(FormatError) -> Int {
    guard known == nil else { throw reader.failure("a UnixFS field twice") }
    return try reader.uvarint()
  }
}

// MARK: - Writing. Fields are in the order of their numbers, and as present or absent as Kubo has them.

extension UnixFSData {
  static let directory: [UInt8] = [0x08, 0x01]

  /// What stands before and behind the bytes of a leaf in its dag-pb block.
  static func leafFrame(size: Int) -> (header: [UInt8], trailer: [UInt8]) {
    var data: [UInt8] = [0x08, 0x02]
    if size > 0 {
      data.append(0x12)
      data.appendUvarint(size)
    }
    var trailer: [UInt8] = [0x18]
    trailer.appendUvarint(size)
    var header: [UInt8] = [0x0a]
    header.appendUvarint(data.count + size + trailer.count)
    return (header + data, trailer)
  }

  /// A node of a file that has its bytes in its children.
  static func fileNode(fileSize: Int, blockSizes: some Sequence<Int>) -> [UInt8] {
    var data: [UInt8] = [0x08, 0x02, 0x18]
    data.appendUvarint(fileSize)
    for size in blockSizes {
      data.append(0x20)
      data.appendUvarint(size)
    }
    return data
  }

  /// - Parameter bitfield: big-endian, leading zero bytes trimmed.
  static func shard(bitfield: some Collection<UInt8>, fanout: Int) -> [UInt8] {
    var data: [UInt8] = [0x08, 0x05, 0x12]
    data.appendUvarint(bitfield.count)
    data += bitfield
    data.append(0x28)
    data.appendUvarint(HAMT.murmur3Code)
    data.append(0x30)
    data.appendUvarint(fanout)
    return data
  }
}
