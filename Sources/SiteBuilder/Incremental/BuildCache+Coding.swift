import Files

extension BuildCache {
  /// Changes whenever the bytes come to mean something else. (Another program is another `premise`.)
  private static let format = "colophon build cache 7\n"

  /// What grows with the site. Each is written in pieces of so many entries at most, so that the bytes that are held of it do not grow.
  fileprivate enum Table: Int, CaseIterable {
    case inputs, pages, outputs, sources, stamps, folderStamps, files
    static let entriesPerPiece = 2048
  }

  /// A piece of a table, as it lies in the file.
  private struct Piece {
    let table: Table
    let place: Range<Int>
    let digest: UInt64
  }

  /// Hands the cache on as bytes, part after part: pieces of tables, which are written and read by themselves; then a line with the format, what is
  /// known of the whole, a digest of each piece and one of that; and how many bytes those are. Of a large site it is many megabytes, and never
  /// held as a whole.
  func encode(workers: Int, to write: ([UInt8]) throws -> Void) async throws {
    let parts = Table.allCases.flatMap { table in
      stride(from: 0, to: count(of: table), by: Table.entriesPerPiece).map { (table: table, start: $0) }
    }
    var pieces: [Piece] = []
    while pieces.count < parts.count {
      let next = Array(parts[pieces.count...].prefix(workers))
      let encoded = try await inParallel(next.count, workers: workers, largest: 1) { range in
        var writer = ByteWriter(capacity: 1 << 20)
        add(next[range.lowerBound].table, from: next[range.lowerBound].start, to: &writer)
        return (bytes: writer.bytes, digest: Fingerprint.of(writer.bytes))
      }
      for (part, (bytes, digest)) in zip(next, encoded) {
        try write(bytes)
        let start = pieces.last?.place.upperBound ?? 0
        pieces.append(Piece(table: part.table, place: start..<start + bytes.count, digest: digest))
      }
    }
    var end = ByteWriter(capacity: 4096 + report.pages.count * 150)
    end.add(Self.format)
    end.add(premise)
    end.add(opening)
    end.add(optional: imageLibrary) { $0.add($1) }
    end.add(optional: time) { $0.add(count: $1) }
    end.add(wasStrict)
    end.add(optional: nextChange) { $0.add(count: $1) }
    end.add(site.structure)
    end.add(site.everything)
    end.add(each: site.members) { writer, members in writer.add(each: members) { $0.add($1) } }
    end.add(report)
    end.add(each: pieces) { writer, piece in
      writer.add(count: piece.table.rawValue)
      writer.add(count: piece.place.count)
      writer.add(piece.digest)
    }
    end.add(Fingerprint.of(end.bytes))
    end.add(UInt64(end.bytes.count))
    try write(end.bytes)
  }

  private func count(of table: Table) -> Int {
    switch table {
    case .inputs: inputs.count
    case .pages: site.pages.count
    case .outputs: site.outputs.count
    case .sources: site.sources.count
    case .stamps: stamps.files.count
    case .folderStamps: stamps.folders.count
    case .files: outputs.files.count
    }
  }

  /// - Parameter start: how many entries stand in earlier pieces.
  private func add(_ table: Table, from start: Int, to writer: inout ByteWriter) {
    func add<Entries: Collection>(_ entries: Entries, _ write: (inout ByteWriter, Entries.Element) -> Void) {
      writer.add(each: entries.dropFirst(start).prefix(Table.entriesPerPiece), write)
    }
    switch table {
    case .inputs: add(inputs) { $0.add($1) }
    case .pages: add(site.pages) { $0.add($1) }
    case .outputs: add(site.outputs) { $0.add($1) }
    case .sources: add(site.sources) { $0.add($1) }
    case .stamps: add(stamps.files) { $0.add($1) }
    case .folderStamps: add(stamps.folders) { $0.add($1) }
    case .files: add(outputs.files) { $0.add($1) }
    }
  }

  /// - Returns: nil where the bytes are damaged, or of another format.
  /// - Throws: `CancellationError`.
  init?(_ bytes: [UInt8], configuration: Configuration, workers: Int) async throws {
    guard let end = Self.end(of: bytes) else { return nil }
    var reader = ByteReader(bytes, end)
    var pieces: [Piece] = []
    let (structure, everything): (UInt64, UInt64)
    let members: [[SiteMemory.Member]]
    do throws(ByteReader.Damaged) {
      guard try reader.text() == Self.format else { return nil }
      premise = try reader.word()
      opening = try reader.word()
      imageLibrary = try reader.optionalText()
      time = try reader.optional { reader throws(ByteReader.Damaged) in try reader.number() }
      wasStrict = try reader.flag()
      nextChange = try reader.optional { reader throws(ByteReader.Damaged) in try reader.number() }
      structure = try reader.word()
      everything = try reader.word()
      members = try reader.list { reader throws(ByteReader.Damaged) in try reader.siteMembers() }
      report = try reader.report(configuration)
      let tail = try reader.list { reader throws(ByteReader.Damaged) in
        (try reader.number(), try reader.number(), try reader.word())
      }
      let digest = Fingerprint.of(bytes[end.lowerBound..<reader.position])
      guard try reader.word() == digest, reader.isAtEnd else { return nil }
      reader = ByteReader(bytes, 0..<end.lowerBound)
      for (number, size, digest) in tail {
        guard let table = Table(rawValue: number) else { return nil }
        pieces.append(Piece(table: table, place: try reader.skip(size), digest: digest))
      }
    } catch {
      return nil
    }
    guard reader.isAtEnd else { return nil }
    // What goes into one dictionary is read by one worker.
    var groups = Dictionary(grouping: pieces.filter { $0.table != .files }, by: \.table).values.map(\.self)
    groups += pieces.filter { $0.table == .files }.map { [$0] }
    let read = try await inParallel(groups.count, workers: workers, largest: 1) { [groups] range in
      var entries = Entries()
      for piece in groups[range.lowerBound] {
        guard Fingerprint.of(bytes[piece.place]) == piece.digest else { return Entries?.none }
        var reader = ByteReader(bytes, piece.place)
        guard (try? entries.read(piece.table, &reader)) != nil, reader.isAtEnd else { return nil }
      }
      return entries
    }
    var all = Entries()
    for entries in read {
      guard let entries else { return nil }
      all.take(entries)
    }
    inputs = all.inputs
    site = SiteMemory(
      structure: structure, everything: everything, pages: all.pages, members: members, outputs: all.outputs,
      sources: all.sources)
    stamps = OutputStamps(files: all.stamps, folders: all.folderStamps)
    outputs = WrittenFiles(all.files)
  }

  /// Where what is known of the whole lies.
  private static func end(of bytes: [UInt8]) -> Range<Int>? {
    let end = bytes.count - 8
    var reader = ByteReader(bytes, max(0, end)..<bytes.count)
    guard let word = try? reader.word(), let count = Int(exactly: word), count <= end else { return nil }
    return end - count..<end
  }
}

/// What some pieces hold.
private struct Entries: Sendable {
  var inputs: [TreePath: BuildCache.Input] = [:]
  var pages: [UInt64: SiteMemory.Page] = [:]
  var outputs: [UInt64: UInt64] = [:]
  var sources: [UInt64: UInt64] = [:]
  var stamps: [TreePath: FileStamp] = [:]
  var folderStamps: [TreePath?: FileStamp] = [:]
  var files: [WrittenFile] = []

  mutating func read(_ table: BuildCache.Table, _ reader: inout ByteReader) throws(ByteReader.Damaged) {
    switch table {
    case .inputs:
      try reader.add(to: &inputs) { reader throws(ByteReader.Damaged) in (try reader.path(), try reader.input()) }
    case .pages:
      try reader.add(to: &pages) { reader throws(ByteReader.Damaged) in (try reader.word(), try reader.rememberedPage())
      }
    case .outputs:
      try reader.add(to: &outputs) { reader throws(ByteReader.Damaged) in (try reader.word(), try reader.word()) }
    case .sources:
      try reader.add(to: &sources) { reader throws(ByteReader.Damaged) in (try reader.word(), try reader.word()) }
    case .stamps:
      try reader.add(to: &stamps) { reader throws(ByteReader.Damaged) in (try reader.path(), try reader.stamp()) }
    case .folderStamps:
      try reader.add(to: &folderStamps) { reader throws(ByteReader.Damaged) in
        (try reader.optional { reader throws(ByteReader.Damaged) in try reader.path() }, try reader.stamp())
      }
    case .files: files += try reader.list { reader throws(ByteReader.Damaged) in try reader.writtenFile() }
    }
  }

  mutating func take(_ other: Entries) {
    if !other.inputs.isEmpty { inputs = other.inputs }
    if !other.pages.isEmpty { pages = other.pages }
    if !other.outputs.isEmpty { outputs = other.outputs }
    if !other.sources.isEmpty { sources = other.sources }
    if !other.stamps.isEmpty { stamps = other.stamps }
    if !other.folderStamps.isEmpty { folderStamps = other.folderStamps }
    files += other.files
  }
}

extension ByteReader {
  fileprivate mutating func add<Key: Hashable, Value>(
    to table: inout [Key: Value], _ read: (inout ByteReader) throws(Damaged) -> (Key, Value)
  ) throws(Damaged) {
    for (key, value) in try list(read) { table[key] = value }
  }
}
