import Files

/// Shortcodes that Colophon has itself.
let builtInShortcodes: Set<String> = [
  "figure", "youtube", "gist", "details", "gallery", "audio", "video", "highlight", "ref", "relref", "param",
]

/// A shortcode in the text of a page of the new site.
struct ShortcodeUse {
  var name: String
  var location: SourceLocation
}

extension Draft {
  /// Stand-ins for the shortcodes that pages use and Colophon has not, and a note on each.
  ///
  /// - Parameters:
  ///   - used: where each is used first.
  ///   - loss: what the note says of a shortcode.
  ///   - own: the old site's file for a name.
  mutating func addStubs(
    _ used: [String: SourceLocation], _ generator: Generator, _ old: FileTree, loss: (String) -> String,
    own: (String) -> String?
  ) {
    for (name, location) in used.sorted(by: { $0.key < $1.key }) {
      let path = own(name)
      if builtInShortcodes.contains(name) {
        if let path { noteOwnShortcode(name, at: path) }
        continue
      }
      let text = path.flatMap { TreePath($0) }.flatMap { try? old.bytes(of: $0) }
      addStub(name, replacing: text, at: location, generator)
      note(.lost, at: location, loss(name), hint: "write it as a template: templates/shortcodes/\(name).html")
    }
  }

  /// A template that prints what stands between the shortcode's tags, and quotes what it replaces.
  private mutating func addStub(
    _ name: String, replacing old: [UInt8]?, at location: SourceLocation, _ generator: Generator
  ) {
    var text = "{#\n  A stand-in for \(generator.name)'s shortcode \(name): it prints what stands between its tags.\n"
    text += "  Known here: args (a list), named (a map), inner, page, site.\n"
    if let old, old.count < 8192 {
      let quoted = String(decoding: old, as: UTF8.self).split(separator: "#}", omittingEmptySubsequences: false)
      text += "  What it was:\n\n" + quoted.joined(separator: "# }") + "\n"
    }
    text += "#}\n{{ (inner or \"\") | markdownify }}\n"
    add("templates/shortcodes/\(name).html", .bytes(Array(text.utf8)), from: location.path)
  }

  /// Says that the built-in shortcode takes the place of one that the site has under the same name.
  private mutating func noteOwnShortcode(_ name: String, at path: String) {
    note(
      .lost, at: path, "shortcode \(name) of the site gives way to the built-in one",
      hint: "write templates/shortcodes/\(name).html to have your own")
  }
}
