import ContentAddressing
import Files
import Glibc
import Images

/// The pictures that pages asked for → the output. Those of one file are made by one worker, so that the file is read once and as many are
/// in memory as there are workers.
///
/// - Throws: `FileError`.
func makeImages(
  _ site: Site, _ plan: Plan, _ cache: ImageCache?, into output: some Output, workers: Int
) async throws -> [WrittenFile] {
  for file in plan.kept.values {
    for variant in file.dependencies.variants { site.images.note(variant) }
  }
  let variants = site.images.variants
  guard !variants.isEmpty, let library = site.images.library else { return [] }
  let groups = Dictionary(grouping: variants, by: \.source).values.sorted { $0[0].source < $1[0].source }
  let progress = PictureProgress.begin(variants.count { plan.pictures[$0.output] == nil })
  let written = try await inParallel(groups.count, workers: workers, largest: 1) { range in
    try groups[range].flatMap { group in
      var source = SourceImage(try site.diskPath(of: group[0].source), group[0].source, library)
      return try group.map { variant in
        try Task.checkCancellation()
        let key = ImageVariant.key(variant.sourceDigest, variant.operation, library)
        // Its name says all that decides its bytes.
        if let before = plan.pictures[variant.output] {
          cache?.use(key)
          try output.keep(variant.output)
          return before
        }
        var file = WrittenFile(path: variant.output, size: 0)
        let known = cache?.picture(key)
        if let picture = try known ?? source.picture(variant, &file.contentProblems) {
          if known == nil, file.contentProblems.isEmpty { cache?.keep(picture, for: key) }
          try output.write(picture, to: variant.output)
          file.size = picture.count
        }
        progress?.made(variant.output)
        return file
      }
    }
  }
  return written.flatMap(\.self)
}

extension Site {
  /// Where a file that a page has read lies on disk.
  fileprivate func diskPath(of source: TreePath) throws -> String {
    guard let output = outputOfSource[source], case .asset(let file)? = outputs[output] else {
      throw FileError("read", source.string, code: ENOENT)
    }
    return file.diskPath
  }
}

/// A file that pictures are made of, read when the first is not in the cache.
private struct SourceImage {
  let path: String
  let diskPath: String
  let library: ImageLibrary
  private var bytes: [UInt8]?
  private var isDamaged = false

  init(_ diskPath: String, _ path: TreePath, _ library: ImageLibrary) {
    self.path = path.string
    self.diskPath = diskPath
    self.library = library
  }

  /// - Returns: nil where the file is no picture; `problems` says so.
  /// - Throws: `FileError`.
  mutating func picture(_ variant: ImageVariant, _ problems: inout [LinkProblem]) throws(FileError) -> [UInt8]? {
    if bytes == nil { bytes = try readFile(diskPath) }
    let bytes = bytes ?? []
    do throws(ImageError) {
      if !isDamaged, let picture = try? library.resize(bytes, variant.operation, refusesDamage: true) { return picture }
      // Browsers show what there is of a damaged file, so it is no error; but somebody should know.
      let picture = try library.resize(bytes, variant.operation, refusesDamage: false)
      isDamaged = true
      problems.append(problem(.warning, id: "damaged-image", "\(path) is damaged, a part of it is missing"))
      return picture
    } catch {
      problems.append(problem(.error, id: "unreadable-image", "\(path) is no picture that can be decoded"))
      return nil
    }
  }

  private func problem(_ severity: Diagnostic.Severity, id: String, _ message: String) -> LinkProblem {
    let diagnostic = Diagnostic(
      severity, id: id, message, at: SourceLocation(path: path), hint: "export it again, or replace it")
    return LinkProblem(url: path, diagnostic: diagnostic)
  }
}
