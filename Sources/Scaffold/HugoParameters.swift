import Files

/// Where Hugo's `param` finds a value for one page: its front matter, that of the sections above it, then the configuration; keys in any case.
struct HugoParameters {
  /// The page's own, and what it has from the sections above it, nearest first.
  var page: [Setting] = []
  /// `params` of the new site.
  var site = Setting(.map([]))

  struct Found {
    var value: Setting
    /// The name with its keys as they are written.
    var path: String
    /// Whether the new site knows the value under this name.
    var isKept: Bool
  }

  /// - Parameter name: keys with dots.
  func find(_ name: String) -> Found? {
    let keys = name.split(separator: ".").map(String.init)
    guard !keys.isEmpty, keys.count < 16 else { return nil }
    for settings in page {
      if let found = Self.find(keys, in: settings["params"]) {
        return Found(value: found.value, path: found.path, isKept: true)
      }
      if let found = Self.find(keys, in: settings) {
        return Found(value: found.value, path: found.path, isKept: !Self.ownKeys.contains(keys[0].lowercased()))
      }
    }
    return Self.find(keys, in: site).map { Found(value: $0.value, path: $0.path, isKept: true) }
  }

  private static func find(_ keys: [String], in setting: Setting?) -> (value: Setting, path: String)? {
    guard var setting else { return nil }
    var path: [String] = []
    for key in keys {
      guard let entry = setting.entry(key) else { return nil }
      path.append(entry.key)
      setting = entry.setting
    }
    return (setting, path.joined(separator: "."))
  }

  /// In lower case: keys of front matter that are no parameters here.
  private static let ownKeys: Set<String> = [
    "title", "description", "summary", "date", "lastmod", "updated", "publishdate", "expirydate", "draft", "slug",
    "url",
    "aliases", "tags", "categories", "series", "author", "authors", "weight", "cover", "image", "menu", "menus",
    "layout",
    "template", "lang", "language", "orphan", "search", "path", "permalink", "taxonomies", "extra",
  ]
}
