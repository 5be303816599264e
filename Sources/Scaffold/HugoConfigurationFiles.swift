import Files

/// Reads `hugo.toml` and its kin, and the folder `config/_default` where each file is named after a key
/// (https://gohugo.io/configuration/introduction/#configuration-directory).
struct HugoConfigurationFiles {
  var config = Setting(.map([]))
  /// The file of each key of the top level, by the key in lower case.
  var paths: [String: String] = [:]

  mutating func read(_ site: FileTree) throws {
    let root = ["hugo", "config"].flatMap { name in ["toml", "yaml", "yml", "json"].map { name + "." + $0 } }
    if let path = root.first(where: { TreePath($0).map { site.contains($0) } ?? false }) {
      try read(path, under: [], site)
    }
    for path in site.paths.map(\.string) where path.hasPrefix("config/_default/") {
      guard SettingFormat(fileExtension: fileExtension(path)) != nil else { continue }
      // `menus.de.toml` belongs to a language, `languages.de.toml` is one.
      let parts = withoutExtension(fileName(path)).split(separator: ".").map(String.init)
      guard let name = parts.first else { continue }
      let key =
        ["hugo", "config", "languages"].contains(name) && (parts.count > 1 || name != "languages") ? [] : [name]
      try read(path, under: (parts.count > 1 ? ["languages", parts[1]] : []) + key, site)
    }
  }

  private mutating func read(_ path: String, under keys: [String], _ site: FileTree) throws {
    guard let place = TreePath(path), let bytes = try site.bytes(of: place),
      let format = SettingFormat(fileExtension: fileExtension(path))
    else { return }
    var settings = try readLeniently(SourceText(path: path, bytes: bytes), 0..<bytes.count, format).settings
    for key in keys.reversed() { settings = Setting(.map([.init(key: key, line: 1, setting: settings)])) }
    for entry in settings.entries where paths[entry.key.lowercased()] == nil { paths[entry.key.lowercased()] = path }
    config.merge(settings)
  }
}
