import Files

extension Setting {
  /// Sets a text; nothing where it is nil or empty.
  mutating func setText(_ key: String, _ text: String?) {
    if let text, !text.isEmpty { set(key, .text(text)) }
  }

  /// The site's address, where it is one; examples and paths are none.
  mutating func setURL(_ given: Setting?) {
    guard var url = given?.text, !url.isEmpty, url != "/" else { return }
    if url.hasPrefix("//") { url = "https:" + url }
    guard url.hasPrefix("https://") || url.hasPrefix("http://") else { return }
    while url.hasSuffix("/") { url.removeLast() }
    set("url", .text(url))
  }
}

extension Draft {
  /// Sets the title of the site, in its default language where it has several.
  mutating func setTitle(_ title: String) {
    site.set("title", .text(title))
    guard var languages = site["languages"], let standard = site["language"]?.text,
      var language = languages[standard], language["title"] != nil
    else { return }
    language.set("title", .text(title))
    languages.set(standard, language)
    site.set("languages", languages)
  }

  /// Free values. A few names mean something to the built-in theme: those must fit, or they get another name.
  ///
  /// - Parameters:
  ///   - config: the file of the old site that says them.
  ///   - statics: folders of `old` whose files are published at the root.
  mutating func setParams(
    _ given: Setting, from config: String, copyright: String? = nil, _ old: FileTree, statics: [String]
  ) {
    guard case .map(let entries) = given.value else { return }
    var params = SettingMap()
    for entry in entries where !entry.setting.isNull {
      let key = entry.key.lowercased()
      guard ["icon", "logo", "card", "stylesheets", "imprint", "date_format", "scripts"].contains(key) else {
        params.set(entry.key, entry.setting)
        continue
      }
      let isFile = entry.setting.text.map { text in
        statics.contains { folder in
          TreePath(folder + text.drop { $0 == "/" }).map { old.contains($0) } ?? false
        }
      }
      if let text = entry.setting.text, isFile == true, ["icon", "logo", "card"].contains(key) {
        params.set(key, .text(siteURL(text)))
      } else {
        params.set("old_" + entry.key, entry.setting)
        tally(
          .converted, at: SourceLocation(path: config, line: entry.line, column: entry.line > 0 ? 1 : 0),
          "params.\(entry.key) means something else to the built-in theme",
          hint: "it is params.old_\(entry.key) now")
      }
    }
    if let copyright, !copyright.isEmpty { params.set("imprint", .text(copyright)) }
    if !params.entries.isEmpty { site.set("params", params.setting) }
  }
}
