import Files

/// What is to be published: the output of a build, and where it came from.
public struct EditionSource: Sendable {
  /// The output tree, without the files of the state folder.
  public var tree: FileTree
  /// The first component of the dated folder.
  public var name: String
  /// The stable address of the site; empty where there is none.
  public var url: String
  /// The source file of each page that has one, relative to the site's folder.
  public var sources: [TreePath: String]
  /// Pages that list other pages: sections, terms, redirects.
  public var lists: Set<TreePath> = []
  /// The dated folder, and the comment that dStor keeps with a file, where they are not the usual ones.
  public var folderPattern: FieldPattern?
  public var commentPattern: FieldPattern?
  /// The commit that the site was built from, where it is under version control.
  public var commit: Commit?
  /// The configuration that the site was built with, where it has a file.
  public var configuration: Receipt.Configuration?
  /// Seconds since 1970: names the dated folder, and stands in comments and in the receipt.
  public var time: Int
  /// The program's version.
  public var version: String

  public init(
    tree: FileTree, name: String, url: String, sources: [TreePath: String], commit: Commit?,
    configuration: Receipt.Configuration? = nil, time: Int, version: String
  ) {
    self.tree = tree
    self.name = name
    self.url = url
    self.sources = sources
    self.commit = commit
    self.configuration = configuration
    self.time = time
    self.version = version
  }
}

/// A commit, as git names it.
public struct Commit: Sendable, Hashable {
  public var hash: String
  public var branch: String?
  /// Files differ from what was committed.
  public var isDirty: Bool

  public init(hash: String, branch: String?, isDirty: Bool) {
    self.hash = hash
    self.branch = branch
    self.isDirty = isDirty
  }
}

/// Civil time in UTC, from seconds since 1970 (days by Howard Hinnant's `civil_from_days`).
public struct UTCTime: Sendable, CustomStringConvertible {
  let year, month, day, hour, minute, second: Int

  public init(_ seconds: Int) {
    let days = Int((Double(seconds) / 86400).rounded(.down))
    let rest = seconds - days * 86400
    (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// `2026-11-22T10:30:00Z`.
  public var description: String { "\(year)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))Z" }

  /// `2026/11/22`.
  var folder: String { "\(year)/\(two(month))/\(two(day))" }
}

private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

/// `{site}/{yyyy}/{MM}/{dd}/{build}`, or as configured: where the pages of an edition go. Dates are in UTC.
func editionFolder(_ source: EditionSource, build: String) -> String {
  guard let pattern = source.folderPattern else { return "\(source.name)/\(UTCTime(source.time).folder)/\(build)" }
  let text = pattern.filled { field in
    let value = fieldValue(field, source, build: build, page: nil, writtenIn: nil) ?? "none"
    return String(value.map { $0 == "/" ? "-" : $0 })
  }
  // What is configured may have slashes at its ends or in pairs.
  return text.pathParts.filter { $0 != "." && $0 != ".." }.map { percentEncoded(String($0)) }
    .joined(separator: "/")
}

/// What a field of a pattern stands for; nil where this edition or file has no such thing.
private func fieldValue(
  _ field: String, _ source: EditionSource, build: String?, page: TreePath?, writtenIn path: String?
) -> String? {
  let time = UTCTime(source.time)
  switch field {
  case "site": return source.name
  case "yyyy": return String(time.year)
  case "MM": return two(time.month)
  case "dd": return two(time.day)
  case "HH": return two(time.hour)
  case "mm": return two(time.minute)
  case "ss": return two(time.second)
  case "time": return time.description
  case "build": return build
  case "commit": return source.commit.map { $0.hash + ($0.isDirty ? "+changes" : "") }
  case "branch": return source.commit?.branch
  case "version": return source.version
  case "page": return page.map { "/" + $0.urlEncoded }
  case "source": return path
  default: preconditionFailure("bug: {\(field)} is no field")
  }
}

/// Where assets go: they are shared between editions.
func assetFolder(_ source: EditionSource) -> String { "\(source.name)/assets" }

/// The note that dStor keeps with a file: one line of printable ASCII of at most 512 bytes, `key=value` pairs, values percent-encoded.
///
/// What does not fit is left out from the end: a reader finds the rest in the receipt.
func comment(_ source: EditionSource, build: String?, page: TreePath?, writtenIn path: String?) -> String {
  if let pattern = source.commentPattern {
    return commentText(pattern.filled { fieldValue($0, source, build: build, page: page, writtenIn: path) ?? "" })
  }
  var parts = ["colophon/\(source.version)", "site=\(percentEncoded(source.name))"]
  if let build { parts.append("build=\(build)") }
  if let commit = source.commit { parts.append("commit=\(commit.hash)\(commit.isDirty ? "+changes" : "")") }
  parts.append("time=\(UTCTime(source.time))")
  if let page { parts.append("page=/\(page.urlEncoded)") }
  if let path { parts.append("source=\(percentEncoded(path))") }
  var comment = ""
  for part in parts {
    let longer = comment.isEmpty ? part : comment + " " + part
    if longer.utf8.count > 512 { break }
    comment = longer
  }
  return comment
}

/// One line of printable ASCII of 1 to 512 bytes without spaces at its ends; what is none is percent-encoded, what is too long cut.
private func commentText(_ text: String) -> String {
  let hex = Array("0123456789ABCDEF".utf8)
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    let escaped = [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
    let new = byte >= 0x20 && byte < 0x7F ? [byte] : escaped
    if bytes.count + new.count > 512 { break }
    bytes += new
  }
  while bytes.last == 0x20 { bytes.removeLast() }
  let line = String(decoding: bytes.drop { $0 == 0x20 }, as: UTF8.self)
  return line.isEmpty ? "colophon" : line
}
