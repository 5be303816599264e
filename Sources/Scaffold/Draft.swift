import Files

/// The new site while it is put together.
struct Draft {
  private(set) var files = FileTree()
  private(set) var notes: [MigrationNote] = []
  private(set) var pages = 0
  private(set) var assets = 0
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

  /// Takes notes of a text over, those about one key or construct in one line each.
  mutating func take(_ found: [MigrationNote], tallied: Bool = false) {
    for note in found {
      if tallied || note.severity != .lost {
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
    guard !files.contains(place) else {
      note(.lost, at: old, "\(path) is there already, from another file", hint: "give one of them another name")
      return false
    }
    files[place] = contents
    if path.hasPrefix("content/"), path.hasSuffix(".md") || path.hasSuffix(".markdown") {
      pages += 1
    } else if path.hasPrefix("content/") || path.hasPrefix("static/") {
      assets += 1
    }
    return true
  }

  /// Replaces what was put at `path` by this migration.
  mutating func replace(_ path: String, _ bytes: [UInt8]) {
    guard let place = TreePath(path) else { return }
    files[place] = .bytes(bytes)
  }

  func has(_ path: String) -> Bool { TreePath(path).map { files.contains($0) } ?? false }

  /// A template for a shortcode that is not built in: it prints what stands between its tags, and quotes what it replaces.
  mutating func addStub(_ name: String, replacing old: [UInt8]?, at location: SourceLocation, generator: Generator) {
    let path = "templates/shortcodes/\(name).html"
    guard !has(path) else { return }
    var text = "{#\n  A stand-in for \(generator.name)'s shortcode \(name): it prints what stands between its tags.\n"
    text += "  Known here: args (a list), named (a map), inner, page, site.\n"
    if let old, old.count < 8192 {
      let quoted = String(decoding: old, as: UTF8.self).split(separator: "#}", omittingEmptySubsequences: false)
      text += "  What it was:\n\n" + quoted.joined(separator: "# }") + "\n"
    }
    text += "#}\n{{ (inner or \"\") | markdownify }}\n"
    add(path, .bytes(Array(text.utf8)), from: location.path)
  }

  /// Says that the built-in shortcode takes the place of one that the site has under the same name.
  mutating func noteOwnShortcode(_ name: String, at path: String) {
    note(
      .lost, at: path, "shortcode \(name) of the site gives way to the built-in one",
      hint: "write templates/shortcodes/\(name).html to have your own")
  }

  /// Writes what every new site has: its configuration, archetypes, and what git shall not see.
  ///
  /// None of the generators looks at all links: the dead ones of years are no reason not to build.
  mutating func finish(_ generator: Generator) {
    guard !has("site.yaml") else { return }
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
