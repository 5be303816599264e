import ArgumentParser
import Files
import Scaffold

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a site that is ready to write in, or move one in from Hugo, Zola or Jekyll.",
    discussion: """
      With --from, configuration and content of the other site are converted, and what is lost is listed with its place. The other site \
      stays as it is. No file that is there already is ever replaced.
      """)

  @Argument(help: "The new site's folder.", completion: .directory)
  var folder: String

  @Option(name: .long, help: "The folder of a Hugo, Zola or Jekyll site to move in.", completion: .directory)
  var from: String?

  @Option(name: .long, help: "The site's title (default: that of the other site, or made of the folder's name).")
  var title: String?

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func run() async throws {
    try await reportingFailure(json: json, folder: from ?? folder) {
      if let from { try moveIn(from) } else { try begin() }
    }
  }

  private func begin() throws {
    let facts = SiteFacts(title: title ?? siteTitle, date: rfc3339(try editionTime()))
    let written = try writeNew(initialSite(facts), to: folder)
    if json { return try printJSON(InitJSON(folder: folder, files: written.map(\.string), notes: [])) }
    let terminal = Terminal.output
    terminal.print("\(terminal.styled("Made", .bold, .green)) a site in \(folder)")
    for path in written { terminal.print("  " + path.string) }
    terminal.print("Next: colophon serve --open \(folder)")
  }

  private func moveIn(_ from: String) throws {
    let migration = try migrate(from: from, title: title)
    let written = try writeNew(migration.files, to: folder)
    if json {
      return try printJSON(
        InitJSON(folder: folder, files: written.map(\.string), notes: migration.notes.map { NoteJSON($0) }))
    }
    let terminal = Terminal.output
    terminal.print(
      "\(terminal.styled("Moved", .bold, .green)) a \(migration.generator.name) site into \(folder): "
        + "\(counted(migration.pages, "page")), \(counted(migration.assets, "asset"))")
    for note in migration.notes { tell(note, from, terminal) }
    terminal.print("Next: colophon build \(folder)")
  }

  private func tell(_ note: MigrationNote, _ from: String, _ terminal: Terminal) {
    let place = "\(from)/\(note.location)"
    let style: Terminal.Style = note.severity == .lost ? .yellow : .dim
    let times = note.count > 1 ? " (\(note.count) times)" : ""
    terminal.print(
      "\(printable(place)): \(terminal.styled(note.severity.rawValue, style)): \(printable(note.what))\(times)")
    if let hint = note.hint { terminal.print("  " + terminal.styled("hint:", .cyan) + " " + printable(hint)) }
  }

  private var siteTitle: String {
    // `.` and `..` are folders of some name, too.
    let name = (realPath(folder) ?? folder).pathParts.last ?? ""
    let words = name.map { $0 == "-" || $0 == "_" ? " " : $0 }
    guard let first = words.first else { return "My site" }
    return first.uppercased() + String(words.dropFirst())
  }
}

private struct InitJSON: Encodable {
  let folder: String
  let files: [String]
  let notes: [NoteJSON]
}

private struct NoteJSON: Encodable {
  let severity: String
  let path: String
  let line: Int?
  let what: String
  let hint: String?
  let count: Int

  init(_ note: MigrationNote) {
    severity = note.severity.rawValue
    path = note.location.path
    line = note.location.line == 0 ? nil : note.location.line
    what = note.what
    hint = note.hint
    count = note.count
  }
}
