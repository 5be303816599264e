import Files

/// The new site while it is put together.
struct Draft {
  private(set) var files = FileTree()
  private(set) var notes: [MigrationNote] = []
  private(set) var pages = 0
  private(set) var assets = 0
  /// Folders of `files`.
  private var folders: Set<String> = []
  /// What `site.yaml` will say, in this order.
  var site = Setting(.map([]))
  private var tallies: [Tally: Int] = [:]

  private struct Tally: Hashable {
    var severity: MigrationNote.Severity
    var what: String
  }

  /// A note of its own.
  mutating func note(
    _ severity: MigrationNote.Severity, at location: SourceLocation, _ what: String, hint: String? = nil
  ) {
    notes.append(MigrationNote(severity: severity, location: location, what: what, hint: hint))
  }

  mutating func note(_ severity: MigrationNote.Severity, at path: String, _ what: String, hint: String? = nil) {
    note(severity, at: SourceLocation(path: path), what, hint: hint)
  }

  /// A note that counts up where the same was said before.
  mutating func tally(
    _ severity: MigrationNote.Severity, at location: SourceLocation, _ what: String, hint: String? = nil
  ) {
    let key = Tally(severity: severity, what: what)
    if let index = tallies[key] {
      notes[index].count += 1
    } else {
      tallies[key] = notes.count
      note(severity, at: location, what, hint: hint)
    }
  }

  mutating func tally(_ severity: MigrationNote.Severity, at path: String, _ what: String, hint: String? = nil) {
    tally(severity, at: SourceLocation(path: path), what, hint: hint)
  }

  /// Mends the places of notes on files that were read under other paths than they have.
  mutating func setPlaces(_ places: [String: String]) {
    for index in notes.indices {
      if let path = places[notes[index].location.path] { notes[index].location.path = path }
    }
  }

  /// Takes notes of a text over, those about one key or construct in one line each.
  mutating func take(_ found: [MigrationNote]) {
    for note in found {
      if note.severity != .lost {
        tally(note.severity, at: note.location, note.what, hint: note.hint)
      } else {
        notes.append(note)
      }
    }
  }

  /// Puts a file into the new site; where its path is taken, the first one stays and a note says so.
  @discardableResult
  mutating func add(_ path: String, _ contents: FileContents, from old: String) -> Bool {
    guard let place = TreePath(path) else {
      note(.lost, at: old, "\(path) cannot be a path of a site", hint: "rename the file")
      return false
    }
    var above: [TreePath] = []
    while let folder = (above.last ?? place).parent { above.append(folder) }
    let isTaken = files.contains(place) || folders.contains(place.string)
    if let taken = isTaken ? path : above.first(where: { files.contains($0) })?.string {
      note(.lost, at: old, "\(taken) is there already, from another file", hint: "give one of them another name")
      return false
    }
    files[place] = contents
    for folder in above where !folders.insert(folder.string).inserted { break }
    if path.hasPrefix("content/"), path.hasSuffix(".md") || path.hasSuffix(".markdown") {
      pages += 1
    } else if path.hasPrefix("content/") || path.hasPrefix("static/") {
      assets += 1
    }
    return true
  }

  func has(_ path: String) -> Bool { TreePath(path).map { files.contains($0) } ?? false }

  /// Reads a page; one that cannot be read moves as it is, with a note.
  mutating func page(_ source: SourceText, to target: String) -> SourcePage? {
    do throws(Diagnostic) {
      return try SourcePage(source)
    } catch {
      note(
        .lost, at: error.location ?? SourceLocation(path: source.path), "front matter cannot be read: \(error.message)",
        hint: "mend it in the new site")
      add(target, .bytes(source.bytes), from: source.path)
      return nil
    }
  }

  /// Writes what every new site has: its configuration, archetypes, and what git shall not see.
  ///
  /// None of the generators looks at all links: the dead ones of years are no reason not to build.
  mutating func finish(_ generator: Generator) {
    var text = site.entries.isEmpty ? "" : site.yamlLines().joined(separator: "\n") + "\n"
    text +=
      "# \(generator.name) left dead links as they were: they are warnings until this is removed, errors from then on.\n"
    text += "check:\n  dead_links: warning\n"
    files["site.yaml"] = .bytes(Array(text.utf8))
    let fresh = initialSite(SiteFacts(title: "", date: ""))
    for path in ["archetypes/default.md", ".gitignore"] as [TreePath] where !files.contains(path) {
      files[path] = fresh[path]
    }
  }
}
