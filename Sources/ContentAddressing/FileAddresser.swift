/// A file, addressed.
public struct AddressedFile: Hashable, Sendable {
  public var cid: CID
  /// Cumulative size of its blocks in bytes: Kubo's "Size".
  public var size: Int
  /// The file's own bytes.
  public var fileSize: Int

  public init(cid: CID, size: Int, fileSize: Int) {
    self.cid = cid
    self.size = size
    self.fileSize = fileSize
  }

  public var link: DAGLink { DAGLink(cid: cid, size: size) }
}

/// Turns the bytes of files, given in pieces of any size, into UnixFS blocks: chunks of equal size under a balanced tree
/// (boxo `ipld/unixfs/importer/balanced`), every leaf at the same depth.
///
/// It holds one chunk, and for each level of the tree at most one node's links. After `finish()` it is ready for the next file,
/// which is cheaper than a new one: one for each worker is right.
public struct FileAddresser: ~Copyable {
  public let profile: UnixFSProfile
  private let sink: BlockSink?
  private var hasher = SHA256Hasher()
  /// Bytes that fill no chunk yet.
  private let pending: ChunkBuffer
  /// From the leaves upward: the children that no node holds yet.
  private var levels: [[AddressedFile]] = []

  /// - Parameter sink: takes the blocks. Without one no block is put together in memory, only hashed.
  public init(profile: UnixFSProfile, sink: BlockSink? = nil) {
    self.profile = profile
    self.sink = sink
    pending = ChunkBuffer(capacity: profile.chunkSize)
  }

  /// Goes on with the file.
  /// - Throws: what the sink throws.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    if !pending.isEmpty {
      rest = rest.dropFirst(pending.fill(from: UnsafeRawBufferPointer(rebasing: rest)))
      try flushFullChunk()
    }
    while rest.count >= profile.chunkSize {
      try appendLeaf(UnsafeRawBufferPointer(rebasing: rest.prefix(profile.chunkSize)))
      rest = rest.dropFirst(profile.chunkSize)
    }
    if !rest.isEmpty { _ = pending.fill(from: UnsafeRawBufferPointer(rebasing: rest)) }
  }

  public mutating func append(_ bytes: some Collection<UInt8>) throws {
    let done: Void? = try bytes.withContiguousStorageIfAvailable { try append(UnsafeRawBufferPointer($0)) }
    if done == nil { try Array(bytes).withUnsafeBytes { try append($0) } }
  }

  /// Goes on with the file from where `read` puts it: it fills a part of the space given to it and says how much, 0 at the end.
  mutating func append(reading read: (UnsafeMutableRawBufferPointer) throws -> Int) throws {
    while true {
      let count = try read(pending.space)
      if count == 0 { return }
      pending.advance(by: count)
      try flushFullChunk()
    }
  }

  /// Ends the file and makes ready for the next one.
  /// - Throws: what the sink throws.
  public mutating func finish() throws -> AddressedFile {
    defer { reset() }
    if !pending.isEmpty || levels.isEmpty { try appendLeaf(pending.bytes) }
    var level = 0
    while level < levels.count - 1 || levels[level].count > 1 {
      let node = try node(over: levels[level])
      levels[level] = []
      level += 1
      try add(node, at: level)
    }
    return levels[level][0]
  }

  /// Forgets the file that was begun.
  public mutating func reset() {
    levels.removeAll(keepingCapacity: true)
    pending.clear()
  }

  private mutating func flushFullChunk() throws {
    guard pending.isFull else { return }
    try appendLeaf(pending.bytes)
    pending.clear()
  }

  private mutating func appendLeaf(_ bytes: UnsafeRawBufferPointer) throws {
    let codec: CID.Codec = profile.hasRawLeaves ? .raw : .dagPB
    let (header, trailer) = profile.hasRawLeaves ? ([], []) : UnixFSData.leafFrame(size: bytes.count)
    hasher.update(header)
    hasher.update(bytes)
    hasher.update(trailer)
    let cid = profile.cid(codec, hasher.finish())
    try sink?(cid, joined(header, bytes, trailer))
    let size = header.count + bytes.count + trailer.count
    try add(AddressedFile(cid: cid, size: size, fileSize: bytes.count), at: 0)
  }

  /// Adds to a level; one that is full becomes a node of the level above first.
  private mutating func add(_ child: AddressedFile, at level: Int) throws {
    var child = child
    var level = level
    while level < levels.count, levels[level].count == profile.maxLinks {
      let full = try node(over: levels[level])
      levels[level].removeAll(keepingCapacity: true)
      levels[level].append(child)
      child = full
      level += 1
    }
    if level == levels.count { levels.append([]) }
    levels[level].append(child)
  }

  private func node(over children: [AddressedFile]) throws -> AddressedFile {
    var block: [UInt8] = []
    var size = 0
    var fileSize = 0
    for child in children {
      PBLink.append(to: &block, name: "", link: child.link)
      size += child.size
      fileSize += child.fileSize
    }
    block.appendPBData(UnixFSData.fileNode(fileSize: fileSize, blockSizes: children.lazy.map(\.fileSize)))
    let cid = profile.cid(.dagPB, SHA256Digest(of: block))
    try sink?(cid, block)
    return AddressedFile(cid: cid, size: block.count + size, fileSize: fileSize)
  }
}

private func joined(_ header: [UInt8], _ bytes: UnsafeRawBufferPointer, _ trailer: [UInt8]) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: header.count + bytes.count + trailer.count) { buffer, count in
    let block = UnsafeMutableRawBufferPointer(buffer)
    block.copyBytes(from: header)
    UnsafeMutableRawBufferPointer(rebasing: block[header.count...]).copyMemory(from: bytes)
    UnsafeMutableRawBufferPointer(rebasing: block[(header.count + bytes.count)...]).copyBytes(from: trailer)
    count = block.count
  }
}

/// Space for one chunk, allocated once; its pages cost nothing until they are used.
/// A class, though it has one owner: Swift 6.3 miscompiles importers of a public type that holds a private `~Copyable` one.
private final class ChunkBuffer {
  private let storage: UnsafeMutableRawBufferPointer
  private var count = 0

  init(capacity: Int) {
    // On a page's border: the kernel copies into it up to five times as fast.
    storage = .allocate(byteCount: capacity, alignment: 4096)
  }

  deinit {
    storage.deallocate()
  }

  var isEmpty: Bool { count == 0 }
  var isFull: Bool { count == storage.count }
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<count]) }
  var space: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: storage[count...]) }

  func clear() { count = 0 }

  /// `space` has been filled so far.
  func advance(by count: Int) { self.count += count }

  /// - Returns: how many bytes there was space for.
  func fill(from bytes: UnsafeRawBufferPointer) -> Int {
    let taken = min(bytes.count, storage.count - count)
    space.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(taken)))
    count += taken
    return taken
  }
}
