import ContentAddressing
import Files
import Images
import Search

extension BuildCache {
  /// Changes whenever the bytes come to mean something else. (Another program is another `premise`.)
  private static let format = "colophon build cache 6\n"
  /// The files of the output are written and read in so many pieces, for several workers.
  private static let outputPieces = 8
  private static let pieces = 3 + outputPieces

  /// Hands the cache on as bytes, part after part: pieces that are written and read by themselves; then a line with the format, what is known of the
  /// whole, a digest of each piece and one of that; and how many bytes those are. Of a large site it is many megabytes, and never held as a whole.
  func encode(workers: Int, to write: ([UInt8]) throws -> Void) async throws {
    let files = outputs.files
    let step = (files.count + Self.outputPieces - 1) / Self.outputPieces
    var pieces: [(count: Int, digest: UInt64)] = []
    while pieces.count < Self.pieces {
      let first = pieces.count
      let parts = try await inParallel(min(workers, Self.pieces - first), workers: workers, largest: 1) { range in
        var writer = ByteWriter(capacity: 1 << 20)
        switch first + range.lowerBound {
        case 0: self.writeInputs(to: &writer)
        case 1: writer.add(site)
        case 2: self.writeStamps(to: &writer)
        case let piece:
          let start = min((piece - 3) * step, files.count)
          writer.add(each: files[start..<min(start + step, files.count)]) { $0.add($1) }
        }
        return (bytes: writer.bytes, digest: Fingerprint.of(writer.bytes))
      }
      for part in parts {
        try write(part.bytes)
        pieces.append((part.bytes.count, part.digest))
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
    end.add(report)
    end.add(each: pieces) { writer, piece in
      writer.add(count: piece.count)
      writer.add(piece.digest)
    }
    end.add(Fingerprint.of(end.bytes))
    end.add(UInt64(end.bytes.count))
    try write(end.bytes)
  }

  private func writeInputs(to writer: inout ByteWriter) {
    writer.add(each: inputs) { writer, entry in
      writer.add(entry.key.string)
      writer.add(entry.value.stamp)
      writer.add(entry.value.isSettled)
      writer.add(optional: entry.value.head) { writer, head in
        writer.add(head.digest)
        writer.add(head.bytes)
      }
    }
  }

  private func writeStamps(to writer: inout ByteWriter) {
    writer.add(each: stamps.files) { writer, entry in
      writer.add(entry.key.string)
      writer.add(entry.value)
    }
    writer.add(each: stamps.folders) { writer, entry in
      writer.add(optional: entry.key) { $0.add($1.string) }
      writer.add(entry.value)
    }
  }

  /// What one piece holds.
  private enum Piece {
    case inputs([TreePath: Input])
    case site(SiteMemory)
    case stamps(OutputStamps)
    case outputs([WrittenFile])
  }

  /// - Returns: nil where the bytes are damaged, or of another format.
  /// - Throws: `CancellationError`.
  init?(_ bytes: [UInt8], configuration: Configuration, workers: Int) async throws {
    guard let end = Self.end(of: bytes) else { return nil }
    var reader = ByteReader(bytes, end)
    var pieces: [(range: Range<Int>, digest: UInt64)] = []
    do throws(ByteReader.Damaged) {
      guard try reader.text() == Self.format else { return nil }
      premise = try reader.word()
      opening = try reader.word()
      imageLibrary = try reader.optionalText()
      time = try reader.optional { reader throws(ByteReader.Damaged) in try reader.number() }
      wasStrict = try reader.flag()
      nextChange = try reader.optional { reader throws(ByteReader.Damaged) in try reader.number() }
      report = try reader.report(configuration)
      let sizes = try reader.list { reader throws(ByteReader.Damaged) in (try reader.number(), try reader.word()) }
      let digest = Fingerprint.of(bytes[end.lowerBound..<reader.position])
      guard try reader.word() == digest, reader.isAtEnd else { return nil }
      reader = ByteReader(bytes, 0..<end.lowerBound)
      for (size, digest) in sizes { pieces.append((try reader.skip(size), digest)) }
    } catch {
      return nil
    }
    guard reader.isAtEnd, pieces.count == Self.pieces else { return nil }
    let read = try await inParallel(pieces.count, workers: workers, largest: 1) { [pieces] range in
      let (place, digest) = pieces[range.lowerBound]
      guard Fingerprint.of(bytes[place]) == digest else { return Piece?.none }
      var reader = ByteReader(bytes, place)
      guard let piece = try? Self.piece(range.lowerBound, &reader), reader.isAtEnd else { return nil }
      return piece
    }
    guard case .inputs(let inputs)? = read[0], case .site(let site)? = read[1], case .stamps(let stamps)? = read[2]
    else { return nil }
    (self.inputs, self.site, self.stamps) = (inputs, site, stamps)
    var files: [WrittenFile] = []
    files.reserveCapacity(stamps.files.count)
    for piece in read.dropFirst(3) {
      guard case .outputs(let some)? = piece else { return nil }
      files += some
    }
    outputs = WrittenFiles(files)
  }

  /// Where what is known of the whole lies.
  private static func end(of bytes: [UInt8]) -> Range<Int>? {
    let end = bytes.count - 8
    var reader = ByteReader(bytes, max(0, end)..<bytes.count)
    guard let word = try? reader.word(), let count = Int(exactly: word), count <= end else { return nil }
    return end - count..<end
  }

  private static func piece(_ number: Int, _ reader: inout ByteReader) throws(ByteReader.Damaged) -> Piece {
    switch number {
    case 0:
      let inputs = try reader.list { reader throws(ByteReader.Damaged) in
        (
          try reader.path(),
          Input(
            stamp: try reader.stamp(), isSettled: try reader.flag(),
            head: try reader.optional { reader throws(ByteReader.Damaged) in
              PageHead(digest: try reader.word(), bytes: try reader.array())
            })
        )
      }
      return .inputs(Dictionary(inputs, uniquingKeysWith: { $1 }))
    case 1: return .site(try reader.siteMemory())
    case 2:
      let files = try reader.list { reader throws(ByteReader.Damaged) in (try reader.path(), try reader.stamp()) }
      let folders = try reader.list { reader throws(ByteReader.Damaged) in
        (try reader.optional { reader throws(ByteReader.Damaged) in try reader.path() }, try reader.stamp())
      }
      return .stamps(
        OutputStamps(
          files: Dictionary(files, uniquingKeysWith: { $1 }), folders: Dictionary(folders, uniquingKeysWith: { $1 })))
    default:
      return .outputs(try reader.list { reader throws(ByteReader.Damaged) in try reader.writtenFile() })
    }
  }
}

// MARK: Parts

extension ByteWriter {
  fileprivate mutating func add(_ stamp: FileStamp) {
    add(stamp.size)
    add(stamp.modified)
    add(stamp.changed)
    add(stamp.inode)
  }

  fileprivate mutating func add(_ site: SiteMemory) {
    add(site.structure)
    add(site.everything)
    add(each: site.pages) { writer, entry in
      writer.add(entry.key)
      writer.add(entry.value.record)
      writer.add(each: entry.value.members) { $0.add($1) }
      writer.add(optional: entry.value.text) { $0.add($1) }
    }
    add(each: site.members) { writer, members in writer.add(each: members) { $0.add($1) } }
    for table in [site.outputs, site.sources] {
      add(each: table) { writer, entry in
        writer.add(entry.key)
        writer.add(entry.value)
      }
    }
  }

  fileprivate mutating func add(_ member: SiteMemory.Member) {
    add(count: member.column)
    add(member.digest)
  }

  fileprivate mutating func add(_ dependencies: TextDependencies) {
    add(dependencies.all)
    add(dependencies.isUnknown)
    add(dependencies.links)
    add(each: dependencies.variants) { writer, variant in
      writer.add(variant.source.string)
      writer.add(variant.output.string)
      writer.add(variant.sourceDigest.bytes)
      let operation = variant.operation
      writer.add(operation.format.rawValue)
      for number in [operation.quality, operation.scaledWidth, operation.scaledHeight] { writer.add(count: number) }
      writer.add(optional: operation.crop) { writer, crop in
        for number in [crop.left, crop.top, crop.width, crop.height] { writer.add(count: number) }
      }
    }
  }

  fileprivate mutating func add(_ file: WrittenFile) {
    add(file.path.string)
    add(count: file.size)
    add(optional: file.anchors) { $0.add($1) }
    add(each: file.fragments) { writer, link in
      writer.add(link.target.string)
      writer.add(link.fragment)
    }
    add(each: file.contentProblems) { writer, problem in
      writer.add(problem.url)
      writer.add(problem.diagnostic)
    }
    add(each: file.pageProblems) { writer, problem in
      for text in [problem.url, problem.id, problem.message] { writer.add(text) }
      writer.add(optional: problem.hint) { $0.add($1) }
    }
    add(optional: file.searchPage) { writer, page in
      for text in [page.url, page.title, page.excerpt, page.date] { writer.add(text) }
      writer.add(page.words)
    }
    add(file.recipe)
    add(file.dependencies)
  }

  fileprivate mutating func add(_ diagnostic: Diagnostic) {
    add(diagnostic.severity == .error)
    add(diagnostic.id)
    add(diagnostic.message)
    add(optional: diagnostic.location) { writer, location in
      writer.add(location.path)
      for number in [location.line, location.column, location.length] { writer.add(count: number) }
    }
    for text in [diagnostic.sourceLine, diagnostic.hint] { add(optional: text) { $0.add($1) } }
    add(each: diagnostic.notes) { $0.add($1) }
  }

  fileprivate mutating func add(_ report: BuildReport) {
    add(report.output)
    add(each: report.pages) { writer, page in
      writer.add(page.path.string)
      writer.add(page.title)
      writer.add(optional: page.source) { $0.add($1) }
      writer.add(page.isList)
    }
    add(count: report.otherFiles)
    add(count: report.bytes)
    add(each: report.warnings) { $0.add($1) }
  }
}

extension ByteReader {
  fileprivate mutating func stamp() throws(Damaged) -> FileStamp {
    FileStamp(size: try signedWord(), modified: try signedWord(), changed: try signedWord(), inode: try word())
  }

  fileprivate mutating func siteMemory() throws(Damaged) -> SiteMemory {
    let structure = try word()
    let everything = try word()
    let pages = try list { reader throws(Damaged) in
      (
        try reader.word(),
        SiteMemory.Page(
          record: try reader.word(), members: try reader.list { reader throws(Damaged) in try reader.member() },
          text: try reader.optional { reader throws(Damaged) in try reader.dependencies() })
      )
    }
    let members = try list { reader throws(Damaged) in try reader.list { reader throws(Damaged) in try reader.member() }
    }
    func table(_ reader: inout ByteReader) throws(Damaged) -> [UInt64: UInt64] {
      Dictionary(
        try reader.list { reader throws(Damaged) in (try reader.word(), try reader.word()) },
        uniquingKeysWith: { $1 })
    }
    guard members.joined().allSatisfy({ SiteObject.names.indices.contains($0.column) }),
      pages.allSatisfy({ $0.1.members.allSatisfy { 1...PageMember.ofColumn.count ~= $0.column } })
    else { throw Damaged() }
    return SiteMemory(
      structure: structure, everything: everything, pages: Dictionary(pages, uniquingKeysWith: { $1 }),
      members: members, outputs: try table(&self), sources: try table(&self))
  }

  fileprivate mutating func member() throws(Damaged) -> SiteMemory.Member {
    SiteMemory.Member(column: try number(), digest: try word())
  }

  fileprivate mutating func dependencies() throws(Damaged) -> TextDependencies {
    let all = try halfWords()
    let isUnknown = try flag()
    let links = try words()
    return TextDependencies(
      all: all, isUnknown: isUnknown, variants: try list { reader throws(Damaged) in try reader.variant() },
      links: links)
  }

  private mutating func variant() throws(Damaged) -> ImageVariant {
    let source = try path()
    let output = try path()
    guard let digest = SHA256Digest(bytes: try array()), let format = ImageOperation.Format(rawValue: try text()) else {
      throw Damaged()
    }
    let quality = try number()
    let operation = ImageOperation(
      scaledWidth: try number(), scaledHeight: try number(),
      crop: try optional { reader throws(Damaged) in
        ImageOperation.Crop(
          left: try reader.number(), top: try reader.number(), width: try reader.number(), height: try reader.number())
      }, format: format, quality: quality)
    return ImageVariant(source: source, operation: operation, output: output, sourceDigest: digest)
  }

  fileprivate mutating func writtenFile() throws(Damaged) -> WrittenFile {
    var file = WrittenFile(path: try path(), size: try number())
    file.anchors = try optional { reader throws(Damaged) in try reader.words() }
    file.fragments = try list { reader throws(Damaged) in
      WrittenFile.FragmentLink(target: try reader.path(), fragment: try reader.text())
    }
    file.contentProblems = try list { reader throws(Damaged) in
      LinkProblem(url: try reader.text(), diagnostic: try reader.diagnostic())
    }
    file.pageProblems = try list { reader throws(Damaged) in
      WrittenFile.PageProblem(
        url: try reader.text(), id: try reader.text(), message: try reader.text(), hint: try reader.optionalText())
    }
    file.searchPage = try optional { reader throws(Damaged) in
      SearchPage(
        url: try reader.text(), title: try reader.text(), excerpt: try reader.text(), date: try reader.text(),
        words: try reader.array())
    }
    file.recipe = try word()
    file.dependencies = try dependencies()
    return file
  }

  fileprivate mutating func optionalText() throws(Damaged) -> String? {
    try optional { reader throws(Damaged) in try reader.text() }
  }

  fileprivate mutating func diagnostic() throws(Damaged) -> Diagnostic {
    Diagnostic(
      try flag() ? .error : .warning, id: try text(), try text(),
      at: try optional { reader throws(Damaged) in
        SourceLocation(
          path: try reader.text(), line: try reader.number(), column: try reader.number(),
          length: try reader.number())
      },
      sourceLine: try optionalText(), hint: try optionalText(),
      notes: try list { reader throws(Damaged) in try reader.text() })
  }

  fileprivate mutating func report(_ configuration: Configuration) throws(Damaged) -> BuildReport {
    BuildReport(
      output: try text(), configuration: configuration,
      pages: try list { reader throws(Damaged) in
        BuiltPage(
          path: try reader.path(), title: try reader.text(), source: try reader.optionalText(),
          isList: try reader.flag())
      },
      otherFiles: try number(), bytes: try number(),
      warnings: try list { reader throws(Damaged) in try reader.diagnostic() }, changedFiles: 0)
  }
}
