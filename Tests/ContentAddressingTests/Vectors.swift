import ContentAddressing
import Files
import Foundation
import TestSupport
import Testing

/// `cid-vectors.json`: what Kubo 0.40.1 answered for files and directories, in three profiles.
struct Vectors: Decodable {
  struct Expected: Decodable {
    let cid: String
    let size: Int
    /// Distinct ones.
    let blocks: Int?
    let uniqueBytes: Int?
    /// The root block.
    let blockHex: String?
    /// "basic" or "hamt".
    let root: String?
    /// With Kubo before 0.40, where a directory at the threshold is sharded.
    let cidWithOldThreshold: String?

    enum CodingKeys: String, CodingKey {
      case cid, size, blocks, root
      case uniqueBytes = "unique_bytes"
      case blockHex = "block_hex"
      case cidWithOldThreshold = "cid_with_ge_threshold"
    }
  }

  struct ByProfile: Decodable {
    let v0: Expected
    let v1: Expected
    let latest: Expected

    enum CodingKeys: String, CodingKey {
      case v0, v1
      case latest = "v1_2025"
    }

    subscript(profile: UnixFSProfile) -> Expected {
      switch profile {
      case .v0: v0
      case .v1: v1
      default: latest
      }
    }
  }

  struct File: Decodable, CustomTestStringConvertible {
    let sizeBytes: Int
    let sha256: String
    let expected: ByProfile

    enum CodingKeys: String, CodingKey {
      case sha256
      case sizeBytes = "size_bytes"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      sizeBytes = try values.decode(Int.self, forKey: .sizeBytes)
      sha256 = try values.decode(String.self, forKey: .sha256)
      expected = try ByProfile(from: decoder)
    }

    var testDescription: String { "\(sizeBytes) bytes" }
  }

  struct Entry: Decodable {
    let path: String
    let isDirectory: Bool
    let contents: [UInt8]
    let expected: ByProfile

    enum CodingKeys: String, CodingKey {
      case path, type
      case text = "content_utf8"
      case sizeBytes = "size_bytes"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      path = try values.decode(String.self, forKey: .path)
      isDirectory = try values.decode(String.self, forKey: .type) == "directory"
      if let text = try values.decodeIfPresent(String.self, forKey: .text) {
        contents = Array(text.utf8)
      } else {
        contents = pattern(try values.decodeIfPresent(Int.self, forKey: .sizeBytes) ?? 0)
      }
      expected = try ByProfile(from: decoder)
    }
  }

  struct Directory: Decodable, CustomTestStringConvertible {
    let name: String
    let entries: [Entry]
    let expected: ByProfile

    enum CodingKeys: String, CodingKey { case name, entries }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      name = try values.decode(String.self, forKey: .name)
      entries = try values.decodeIfPresent([Entry].self, forKey: .entries) ?? []
      expected = try ByProfile(from: decoder)
    }

    var testDescription: String { name }
  }

  struct Murmur: Decodable {
    let name: String
    let hex: String

    enum CodingKeys: String, CodingKey {
      case name
      case hex = "hash_hex"
    }
  }

  struct HAMTExample: Decodable {
    let root: String
    let size: Int
    let rootBlockHex: String
    let names: [String: String]

    enum CodingKeys: String, CodingKey {
      case root, size, names
      case rootBlockHex = "root_block_hex"
    }
  }

  struct RootBlock: Decodable {
    let sizeBytes: Int
    let cid: String
    let hex: String

    enum CodingKeys: String, CodingKey {
      case cid, hex
      case sizeBytes = "size_bytes"
    }
  }

  let files: [File]
  let directories: [Directory]
  let murmur: [Murmur]
  let hamtExample: HAMTExample
  let twoLeafRoot: RootBlock

  enum CodingKeys: String, CodingKey {
    case files, directories
    case murmur = "murmur3_64"
    case hamtExample = "hamt_example"
    case twoLeafRoot = "two_leaf_root_block_hex"
  }

  static func load() throws -> Vectors {
    let file = testsFolder + "/ContentAddressingTests/cid-vectors.json"
    return try JSONDecoder().decode(Vectors.self, from: Data(try readFile(file)))
  }
}

let profiles: [UnixFSProfile] = [.v0, .v1, .v1_2025]

extension UnixFSProfile: CustomTestStringConvertible {
  public var testDescription: String { name ?? "own" }
}

/// One period of the vectors' content, repeated: byte i is (i * 31 + 7) mod 251.
private let periods: [UInt8] = {
  let period = (0..<251).map { UInt8(($0 * 31 + 7) % 251) }
  return Array(repeatElement(period, count: 1000).joined())
}()

/// The first `count` bytes of the vectors' content.
func pattern(_ count: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count)
  forEachPiece(of: count) { bytes.append(contentsOf: $0) }
  return bytes
}

/// The first `count` bytes of the vectors' content, in pieces.
func forEachPiece(of count: Int, _ body: (ArraySlice<UInt8>) throws -> Void) rethrows {
  var rest = count
  while rest > 0 {
    let piece = periods.prefix(rest)
    try body(piece)
    rest -= piece.count
  }
}

/// Blocks by CID, as a node would hold them.
final class BlockStore {
  private(set) var blocks: [CID: [UInt8]] = [:]
  /// In order of arrival, each once.
  private(set) var cids: [CID] = []
  /// How many blocks were looked up.
  private(set) var reads = 0

  func put(_ cid: CID, _ block: [UInt8]) {
    if blocks.updateValue(block, forKey: cid) == nil { cids.append(cid) }
  }

  func get(_ cid: CID) -> [UInt8]? {
    reads += 1
    return blocks[cid]
  }

  func remove(_ cid: CID) { blocks[cid] = nil }

  /// A dag-pb block of version 1 put together by hand.
  func put(dagPB block: [UInt8]) -> CID {
    let cid = CID.v1(.dagPB, SHA256Digest(of: block))
    put(cid, block)
    return cid
  }

  func read(_ cid: CID, range: Range<Int>? = nil) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try readFile(cid, range: range, from: get) { bytes += $0 }
    return bytes
  }
}
