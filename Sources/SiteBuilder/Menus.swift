import Files

/// The menus of a site: those of the configuration, with what pages add to them.
struct MenuBuilder {
  let configuration: Configuration
  let pages: [Page]
  let outputs: [TreePath: OutputFile]
  let outputOfSource: [TreePath: TreePath]
  let outputOfTranslation: [[TreePath: TreePath]]

  func menus(in language: LanguageID) -> [(name: String, items: [MenuItem])] {
    var menus = configuration.languages[language].menus ?? configuration.menus
    let isShared = configuration.languages[language].menus == nil && language != configuration.defaultLanguage
    menus = menus.map { ($0.name, resolved($0.items, in: language, isShared: isShared)) }
    for page in pages where page.language == language {
      for (menu, item) in page.source?.frontMatter.menus ?? [] {
        var item = item
        item.url = page.url
        if item.name.isEmpty { item.name = page.title }
        if let index = menus.firstIndex(where: { $0.name == menu }) {
          menus[index].items.append(item)
        } else {
          menus.append((menu, [item]))
        }
      }
    }
    return menus.map { menu in
      let sorted = menu.items.enumerated().sorted { ($0.element.weight, $0.offset) < ($1.element.weight, $1.offset) }
      return (menu.name, sorted.map(\.element))
    }
  }

  /// - Parameter isShared: the menu is that of another language: entries that lead to a page lead to its translation, where there is one.
  private func resolved(_ items: [MenuItem], in language: LanguageID, isShared: Bool) -> [MenuItem] {
    items.map { item in
      var item = item
      item.children = resolved(item.children, in: language, isShared: isShared)
      if let url = url(ofContent: item.url, in: language) { item.url = url }
      if isShared, let output = Resolver.outputFile(for: item.url), case .page(let id, number: 1)? = outputs[output],
        let translation = pages[id].translations.first(where: { pages[$0].language == language })
      {
        item.url = pages[translation].url
      }
      return item
    }
  }

  /// The URL of the file of `content/` that an entry names, with or without that folder and the extension: `posts/hello.md`, `/posts/hello`.
  /// Nil where it names none, or a URL of the site as it stands.
  private func url(ofContent url: String, in language: LanguageID) -> String? {
    let path = url.prefix { $0 != "?" && $0 != "#" }
    guard !path.isEmpty, !path.hasPrefix("//"), Resolver.outputFile(for: String(path)).flatMap({ outputs[$0] }) == nil,
      let name = percentDecoded(String(path)),
      let file = TreePath(name.pathParts.joined(separator: "/"))
    else { return nil }
    let content: TreePath = "content"
    let folders = file.components.first == "content" ? [file] : [content.appending(file), file]
    for folder in folders {
      for source in folder.contentFiles {
        guard let output = output(of: source, in: language) else { continue }
        return siteURL(of: output) + url[path.endIndex...]
      }
    }
    return nil
  }

  private func output(of source: TreePath, in language: LanguageID) -> TreePath? {
    if let output = outputOfSource[source] { return output }
    guard !outputOfTranslation.isEmpty else { return nil }
    return outputOfTranslation[language][source] ?? outputOfTranslation[configuration.defaultLanguage][source]
  }
}
