import ContentAddressing
import Files
import Images
import Search

// What the tables of a cache hold, as bytes and back.

extension ByteWriter {
  mutating func add(_ stamp: FileStamp) {
    add(stamp.size)
    add(stamp.modified)
    add(stamp.changed)
    add(stamp.inode)
  }

  mutating func add(_ entry: (key: TreePath, value: BuildCache.Input)) {
    add(entry.key.string)
    add(entry.value.stamp)
    add(entry.value.isSettled)
    add(optional: entry.value.head) { writer, head in
      writer.add(head.digest)
      writer.add(head.bytes)
    }
  }

  mutating func add(_ entry: (key: TreePath, value: FileStamp)) {
    add(entry.key.string)
    add(entry.value)
  }

  mutating func add(_ entry: (key: TreePath?, value: FileStamp)) {
    add(optional: entry.key) { $0.add($1.string) }
    add(entry.value)
  }

  mutating func add(_ entry: (key: UInt64, value: UInt64)) {
    add(entry.key)
    add(entry.value)
  }

  mutating func add(_ entry: (key: UInt64, value: SiteMemory.Page)) {
    add(entry.key)
    add(entry.value.record)
    add(each: entry.value.members) { $0.add($1) }
    add(optional: entry.value.text) { $0.add($1) }
  }

  mutating func add(_ member: SiteMemory.Member) {
    add(count: member.column)
    add(member.digest)
  }

  private mutating func add(_ dependencies: TextDependencies) {
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

  mutating func add(_ file: WrittenFile) {
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

  private mutating func add(_ diagnostic: Diagnostic) {
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

  mutating func add(_ report: BuildReport) {
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
  mutating func stamp() throws(Damaged) -> FileStamp {
    FileStamp(size: try signedWord(), modified: try signedWord(), changed: try signedWord(), inode: try word())
  }

  mutating func input() throws(Damaged) -> BuildCache.Input {
    BuildCache.Input(
      stamp: try stamp(), isSettled: try flag(),
      head: try optional { reader throws(Damaged) in
        PageHead(digest: try reader.word(), bytes: try reader.array())
      })
  }

  mutating func rememberedPage() throws(Damaged) -> SiteMemory.Page {
    let page = SiteMemory.Page(
      record: try word(), members: try list { reader throws(Damaged) in try reader.member() },
      text: try optional { reader throws(Damaged) in try reader.dependencies() })
    guard page.members.allSatisfy({ 1...PageMember.ofColumn.count ~= $0.column }) else { throw Damaged() }
    return page
  }

  /// Of the site in one language.
  mutating func siteMembers() throws(Damaged) -> [SiteMemory.Member] {
    let members = try list { reader throws(Damaged) in try reader.member() }
    guard members.allSatisfy({ SiteObject.names.indices.contains($0.column) }) else { throw Damaged() }
    return members
  }

  private mutating func member() throws(Damaged) -> SiteMemory.Member {
    SiteMemory.Member(column: try number(), digest: try word())
  }

  private mutating func dependencies() throws(Damaged) -> TextDependencies {
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

  mutating func writtenFile() throws(Damaged) -> WrittenFile {
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

  mutating func optionalText() throws(Damaged) -> String? {
    try optional { reader throws(Damaged) in try reader.text() }
  }

  private mutating func diagnostic() throws(Damaged) -> Diagnostic {
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

  mutating func report(_ configuration: Configuration) throws(Damaged) -> BuildReport {
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
