import Files

/// Which folders of a Hugo site hold what (https://gohugo.io/configuration/all/, https://gohugo.io/configuration/module/#mounts).
struct HugoFolders {
  let statics: [String]
  let data: String
  let archetypes: String
  let phrases: String
  let assets: String
  let layouts: String
  /// Folders of content, the longest first, and what stands for them in the new site.
  private let content: [(old: String, new: String)]

  init(_ config: Setting) {
    func folder(_ key: String, _ usual: String) -> String { Self.path(config[key]?.text ?? usual) }
    let languages = config["languages"]?.entries ?? []
    var statics = (config["staticDir"] ?? .text("static")).texts.map { Self.path($0) }
    for language in languages { statics += (language.setting["staticDir"]?.texts ?? []).map { Self.path($0) } }
    self.statics = statics + Self.mounts(config, of: "static").filter { $0.rest.isEmpty }.map(\.source)
    data = folder("dataDir", "data")
    archetypes = folder("archetypeDir", "archetypes")
    phrases = folder("i18nDir", "i18n")
    assets = folder("assetDir", "assets")
    layouts = folder("layoutDir", "layouts")

    // The default language's content is the site's, another one's stands in a folder of its name.
    let standard = config["defaultContentLanguage"]?.text ?? "en"
    var content: [(old: String, new: String)] = []
    for language in languages {
      guard let folder = language.setting["contentDir"]?.text else { continue }
      content.append((Self.path(folder), language.key == standard ? "content" : "content/" + language.key))
    }
    for mount in Self.mounts(config, of: "content") {
      let isMain = mount.language == nil || mount.language == standard
      content.append((mount.source, (isMain ? "content" : "content/" + (mount.language ?? "")) + mount.rest))
    }
    content.append((folder("contentDir", "content"), "content"))
    // `content/de` before `content`.
    self.content = content.sorted { ($0.old.utf8.count, $0.old) > ($1.old.utf8.count, $1.old) }
  }

  /// Where a content file of the old site stands in the new one; nil for any other file.
  func contentPlace(of path: String) -> String? {
    guard let folder = content.first(where: { path.hasPrefix($0.old + "/") }) else { return nil }
    return folder.new + path.dropFirst(folder.old.count)
  }

  /// A folder as the configuration names it, `./content/`, as paths of the tree begin.
  private static func path(_ text: String) -> String { joined("", text) ?? text }

  /// Folders of the site that stand for a part of it.
  private static func mounts(
    _ config: Setting, of part: String
  ) -> [(source: String, rest: String, language: String?)] {
    (config["module"]?["mounts"]?.items ?? []).compactMap { mount in
      guard let source = mount["source"]?.text, let target = (mount["target"]?.text).map({ path($0) }),
        target == part || target.hasPrefix(part + "/")
      else { return nil }
      let language = mount["lang"]?.text ?? mount["sites"]?["matrix"]?["languages"]?.texts.first
      return (path(source), String(target.dropFirst(part.count)), language)
    }
  }
}
