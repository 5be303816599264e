// CAR version 1: https://ipld.io/specs/transport/car/carv1/

/// Writes a CAR, a block at a time.
public struct CARWriter {
  private let sink: ([UInt8]) throws -> Void
  private var written: Set<CID> = []

  /// Writes the header.
  /// - Parameter sink: takes the bytes of the file in order.
  /// - Throws: what the sink throws.
  public init(roots: [CID], to sink: @escaping ([UInt8]) throws -> Void) throws {
    self.sink = sink
    let header = CARHeader(roots: roots).encoded
    var bytes: [UInt8] = []
    bytes.appendUvarint(header.count)
    try sink(bytes + header)
  }

  /// Writes a block, unless it has been written before.
  /// - Throws: what the sink throws.
  public mutating func write(_ cid: CID, _ block: [UInt8]) throws {
    guard written.insert(cid).inserted else { return }
    var bytes: [UInt8] = []
    bytes.appendUvarint(cid.byteCount + block.count)
    cid.append(to: &bytes)
    try sink(bytes)
    if !block.isEmpty { try sink(block) }
  }
}

/// Writes a whole DAG: the root first, depth first, each block once (Kubo's `order=dfs; dups=n`).
/// - Throws: `UnixFSError` where a block is missing or cannot be read, and what lookup and sink throw.
public func writeCAR(root: CID, from lookup: BlockLookup, to sink: @escaping ([UInt8]) throws -> Void) throws {
  try writeCAR(roots: [root], from: lookup, to: sink)
}

/// Writes several DAGs in the order of their roots, each as `writeCAR(root:from:to:)` does; what they share is there once.
/// - Throws: as that.
public func writeCAR(roots: [CID], from lookup: BlockLookup, to sink: @escaping ([UInt8]) throws -> Void) throws {
  var writer = try CARWriter(roots: roots, to: sink)
  for root in roots { try forEachBlock(under: root, from: lookup) { cid, block in try writer.write(cid, block) } }
}

/// The header of a CAR: dag-cbor of `{"roots": [CID], "version": 1}`.
struct CARHeader {
  var roots: [CID]

  /// Keys in dag-cbor's order, the shorter one first.
  var encoded: [UInt8] {
    var bytes: [UInt8] = [0xa2, 0x65]
    bytes += "roots".utf8
    bytes.appendCBORHead(major: 4, roots.count)
    for root in roots {
      // Tag 42: a CID, as a byte string with a leading 0 (the multibase of binary).
      bytes += [0xd8, 42]
      bytes.appendCBORHead(major: 2, root.byteCount + 1)
      bytes.append(0)
      root.append(to: &bytes)
    }
    bytes.append(0x67)
    bytes += "version".utf8
    bytes.append(1)
    return bytes
  }
}

extension CARHeader {
  /// Either order of the keys is taken, nothing else is.
  /// - Throws: `FormatError`, or `CARError.unsupportedVersion`.
  init(_ bytes: [UInt8]) throws {
    var reader = ByteReader(bytes)
    let count = try reader.cborHead(major: 5)
    var roots: [CID]?
    var version: Int?
    // A map of more pairs than two repeats a key or has an unknown one, so this ends.
    for _ in 0..<count {
      let length = try reader.cborHead(major: 3)
      switch String(decoding: bytes[try reader.take(length)], as: UTF8.self) {
      case "version" where version == nil: version = try reader.cborHead(major: 0)
      case "roots" where roots == nil: roots = try CARHeader.roots(&reader)
      case let key: throw reader.failure("the key \(quoted(key))")
      }
    }
    guard let version else { throw reader.failure("no version") }
    guard version == 1 else { throw CARError.unsupportedVersion(version) }
    guard let roots else { throw reader.failure("no roots") }
    guard reader.isAtEnd else { throw reader.failure("\(reader.remaining) bytes too many") }
    self.init(roots: roots)
  }

  private static func roots(_ reader: inout ByteReader) throws -> [CID] {
    var roots: [CID] = []
    for _ in 0..<(try reader.cborHead(major: 4)) {
      guard try reader.cborHead(major: 6) == 42 else { throw reader.failure("a root that is no CID") }
      let length = try reader.cborHead(major: 2)
      let range = try reader.take(length)
      guard let first = range.first, reader.bytes[first] == 0 else { throw reader.failure("a root that is no CID") }
      roots.append(try CID(bytes: Array(reader.bytes[range.dropFirst()])))
    }
    return roots
  }
}

extension [UInt8] {
  /// The head of a CBOR item (RFC 8949, section 3), in its shortest form.
  fileprivate mutating func appendCBORHead(major: UInt8, _ value: Int) {
    let width = value < 24 ? 0 : value < 1 << 8 ? 1 : value < 1 << 16 ? 2 : value < 1 << 32 ? 4 : 8
    let information: [Int: UInt8] = [1: 24, 2: 25, 4: 26, 8: 27]
    append(major << 5 | (information[width] ?? UInt8(truncatingIfNeeded: value)))
    for index in (0..<width).reversed() { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}

extension ByteReader {
  /// The number in the head of a CBOR item of that major type; longer forms than need be are refused, as dag-cbor does.
  fileprivate mutating func cborHead(major: UInt8) throws(FormatError) -> Int {
    let first = try byte()
    guard first >> 5 == major else { throw failure("a CBOR item of major type \(first >> 5) instead of \(major)") }
    let information = first & 31
    if information < 24 { return Int(information) }
    guard information < 28 else { throw failure("a CBOR item of indefinite length") }
    let width = 1 << Int(information - 24)
    var value: UInt64 = 0
    for _ in 0..<width { value = value << 8 | UInt64(try byte()) }
    let smallest: UInt64 = width == 1 ? 24 : 1 << UInt64(4 * width)
    guard value >= smallest, let number = Int(exactly: value) else { throw failure("a CBOR number out of form") }
    return number
  }
}
