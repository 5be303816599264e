/// A block of UnixFS, read: a raw block, or dag-pb with UnixFS data in it (https://specs.ipfs.tech/unixfs/).
public enum UnixFSNode: Sendable {
  case file(UnixFSFile)
  /// Sorted as in the block.
  case directory([DirectoryEntry])
  /// A node of a directory that is a HAMT.
  case shard(HAMTShard)
  case symlink(target: String)

  /// - Throws: `UnixFSError.malformed` or `.unsupportedCodec`. The hash of the block is not looked at.
  public init(cid: CID, block: [UInt8]) throws(UnixFSError) {
    if cid.codec == .raw {
      self = .file(UnixFSFile(fileSize: block.count, data: block[...], children: []))
      return
    }
    guard cid.codec == .dagPB else { throw .unsupportedCodec(cid) }
    do throws(FormatError) {
      try self.init(dagPB: block)
    } catch {
      throw .malformed(cid, reason: "\(error.reason) at byte \(error.offset)")
    }
  }

  private init(dagPB block: [UInt8]) throws(FormatError) {
    let node = try PBNode(block)
    guard let range = node.data else { throw FormatError(reason: "no UnixFS data", offset: block.count) }
    let unixFS = try UnixFSData(block, in: range)
    switch unixFS.kind {
    case .file, .raw:
      self = .file(try UnixFSFile(node, unixFS, block))
    case .directory:
      self = .directory(node.links.map { DirectoryEntry(name: $0.name, link: $0.link) })
    case .shard:
      self = .shard(try HAMTShard(node, unixFS, block))
    case .symlink:
      guard let target = unixFS.data.flatMap({ String(validating: block[$0], as: UTF8.self) }) else {
        throw FormatError(reason: "a symbolic link's target that is not UTF-8", offset: range.lowerBound)
      }
      self = .symlink(target: target)
    case .metadata:
      throw FormatError(reason: "UnixFS metadata, which nothing writes", offset: range.lowerBound)
    }
  }
}

/// A file, or a part of one: bytes of its own, then those of its children.
public struct UnixFSFile: Sendable {
  public struct Child: Sendable {
    public let cid: CID
    /// How many bytes of the file are below the child.
    public let fileSize: Int
  }

  /// Bytes of this node and all below it.
  public let fileSize: Int
  public let data: ArraySlice<UInt8>
  public let children: [Child]
}

extension UnixFSFile {
  init(_ node: PBNode, _ unixFS: UnixFSData, _ block: [UInt8]) throws(FormatError) {
    guard unixFS.blockSizes.count == node.links.count else {
      throw FormatError(reason: "\(unixFS.blockSizes.count) block sizes for \(node.links.count) links", offset: 0)
    }
    data = unixFS.data.map { block[$0] } ?? []
    var total = data.count
    for size in unixFS.blockSizes {
      let (sum, overflow) = total.addingReportingOverflow(size)
      guard !overflow else { throw FormatError(reason: "a file of more than 63 bits", offset: 0) }
      total = sum
    }
    guard unixFS.fileSize == total || (unixFS.fileSize == nil && node.links.isEmpty) else {
      throw FormatError(reason: "a file size that is not the sum of its parts (\(total))", offset: 0)
    }
    fileSize = total
    children = zip(node.links, unixFS.blockSizes).map { Child(cid: $0.link.cid, fileSize: $1) }
  }
}

/// A node of a HAMT: entries and further nodes, by slot.
public struct HAMTShard: Sendable {
  public struct Child: Sendable {
    public let slot: Int
    /// The entry's name; nil where the link leads to a node of the next level.
    public let name: String?
    public let link: DAGLink
  }

  /// Slots: a power of two, 8 to 1024.
  public let fanout: Int
  /// By slot, ascending.
  public let children: [Child]

  var slots: HAMTSlots { HAMTSlots(fanout: fanout) }
}

extension HAMTShard {
  init(_ node: PBNode, _ unixFS: UnixFSData, _ block: [UInt8]) throws(FormatError) {
    guard unixFS.hashType == HAMT.murmur3Code else {
      throw FormatError(reason: "a sharded directory by another hash than murmur3", offset: 0)
    }
    guard let fanout = unixFS.fanout, (8...1024).contains(fanout), fanout & (fanout - 1) == 0 else {
      throw FormatError(reason: "a sharded directory's fanout of \(unixFS.fanout ?? 0)", offset: 0)
    }
    let bitfield = unixFS.data.map { block[$0] } ?? []
    guard bitfield.count <= fanout / 8 else { throw FormatError(reason: "a bitfield wider than its fanout", offset: 0) }
    guard bitfield.reduce(0, { $0 + $1.nonzeroBitCount }) == node.links.count else {
      throw FormatError(reason: "a bitfield that does not count its links", offset: 0)
    }
    let prefixLength = HAMTSlots(fanout: fanout).prefixLength
    var children: [Child] = []
    children.reserveCapacity(node.links.count)
    for link in node.links {
      let slot = try HAMTShard.slot(link.name, prefixLength)
      let byte = bitfield.endIndex - 1 - slot / 8
      guard slot < fanout, byte >= bitfield.startIndex, bitfield[byte] >> UInt8(slot % 8) & 1 == 1,
        slot > (children.last?.slot ?? -1)
      else { throw FormatError(reason: "the slot of \(quoted(link.name)) is not one of its node", offset: 0) }
      let name = String(decoding: link.name.utf8.dropFirst(prefixLength), as: UTF8.self)
      children.append(Child(slot: slot, name: name.isEmpty ? nil : name, link: link.link))
    }
    self.fanout = fanout
    self.children = children
  }

  private static func slot(_ name: String, _ prefixLength: Int) throws(FormatError) -> Int {
    var slot = 0
    var digits = 0
    for character in name.utf8.prefix(prefixLength) {
      guard let digit = hexadecimalDigit(character), !(UInt8(ascii: "a")...UInt8(ascii: "f")).contains(character) else {
        throw FormatError(reason: "\(quoted(name)) does not begin with its slot", offset: 0)
      }
      slot = slot << 4 | Int(digit)
      digits += 1
    }
    guard digits == prefixLength else {
      throw FormatError(reason: "\(quoted(name)) does not begin with its slot", offset: 0)
    }
    return slot
  }
}
