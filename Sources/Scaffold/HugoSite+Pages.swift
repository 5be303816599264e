import Files

extension HugoSite {
  /// Values that sections hand down, by their folder in the new site.
  func findCascades() throws -> [String: Setting] {
    var cascades: [String: Setting] = [:]
    for (path, target) in content where fileName(target).hasPrefix("_index.") {
      guard let place = TreePath(path), let bytes = try old.bytes(of: place),
        let page = try? SourcePage(SourceText(path: path, bytes: bytes)), let given = page.settings["cascade"]
      else { continue }
      var merged = Setting(.map([]))
      for item in given.items.isEmpty ? [given] : given.items { merged.merge(item) }
      if cascades[folder(of: target)] == nil { cascades[folder(of: target)] = merged }
    }
    return cascades
  }

  /// Hugo reads keys in any case; here `Title` is a key of the writer's own.
  func useKnownCase(_ page: inout SourcePage, _ draft: inout Draft) {
    for entry in page.settings.entries {
      let key = entry.key.lowercased()
      guard let known = Self.knownKeys[key], known != entry.key, key != entry.key,
        !page.settings.entries.contains(where: { $0.key == known })
      else { continue }
      page.rename(entry.key, to: known)
      draft.tally(.converted, at: page.place(of: entry.key), "keys of front matter have the case that is known here")
    }
  }

  /// By their small letters.
  private static let knownKeys: [String: String] = {
    let keys = [
      "title", "description", "summary", "date", "lastmod", "publishDate", "expiryDate", "draft", "slug", "url",
      "aliases",
      "tags", "categories", "series", "author", "authors", "weight", "menu", "menus", "layout", "params", "cascade",
      "keywords", "translationKey",
    ]
    return Dictionary(uniqueKeysWithValues: keys.map { ($0.lowercased(), $0) })
  }()

  // MARK: Addresses

  /// Writes the address out where Hugo makes another one of the names of a page's file and folders: it keeps `.`, `_`, `#`, `+`, `~`, `-` and `@`,
  /// and drops what is no letter and no digit otherwise (https://gohugo.io/content-management/urls/).
  func setAddress(_ page: inout SourcePage, at target: String, _ draft: inout Draft) {
    guard page.now("url") == nil, config["uglyURLs"] == nil else { return }
    let place = HugoPlace(target, config)
    var parts = place.folders
    let section = parts.first ?? ""
    if place.name != "_index", let slug = page.now("slug")?.text {
      if place.isIndex { _ = parts.popLast() }
      parts.append(slug)
    } else if !place.isIndex {
      parts.append(place.name)
    }
    let patterns = config["permalinks"]
    guard patterns?[section] == nil, patterns?["page"]?[section] == nil else { return }
    let keepsCase = config["disablePathToLower"]?.bool == true
    let path = parts.map { hugoPathPart($0, keepsCase: keepsCase) }
    guard path != parts.map({ plainPathPart($0) }), path.allSatisfy({ !$0.isEmpty }) else { return }
    let url = (place.prefix + path).map { replaced("#", by: "%23", in: $0) }.joined(separator: "/")
    page.set("url", .text("/" + url + "/"))
    draft.tally(
      .converted, at: page.source.path, "the address that Hugo makes of the name of a file or folder is written out")
  }

  // MARK: Text

  /// What Hugo's Markdown has beside Colophon's.
  func markdown(_ body: [UInt8], _ page: SourcePage, at target: String, _ draft: inout Draft) -> [UInt8] {
    var body = body
    if config["markup"]?["goldmark"]?["parser"]?["attribute"]?["block"]?.bool == true {
      let stripped = withoutBlockAttributes(body)
      if stripped.count > 0 {
        body = stripped.text
        draft.tally(
          .lost, at: page.source.path, "attributes {…} of a block", hint: "HTML around it can have a class")
      }
    }
    if linksAreOfAddresses, isIndex(target) { return body }
    let links = replacingLinks(in: body) {
      linksAreOfAddresses
        ? self.links.pageLink($0, from: target, at: page.now("url")?.text) : self.links.namedLink($0, from: target)
    }
    if links.count > 0 {
      draft.tally(.converted, at: page.source.path, "links to pages name the files that Hugo took them for")
    }
    return links.text
  }
}

/// What the place of a page below `content/` says of it, once what names its language is taken away.
struct HugoPlace {
  /// The language, where the page's address begins with it.
  let prefix: [String]
  let folders: [String]
  /// `about` of `about.de.md`.
  let name: String

  /// Whether the page has its address from its folder.
  var isIndex: Bool { name == "index" || name == "_index" }

  init(_ target: String, _ config: Setting) {
    let languages = Set((config["languages"]?.entries ?? []).map { $0.key.lowercased() })
    let standard = config["defaultContentLanguage"]?.text?.lowercased() ?? "en"
    var language = standard
    var folders = target.pathParts.dropFirst().map(String.init)
    var name = withoutExtension(folders.popLast() ?? "")
    if let first = folders.first?.lowercased(), languages.contains(first) {
      language = first
      folders.removeFirst()
    }
    if let dot = name.lastIndex(of: "."), languages.contains(name[name.index(after: dot)...].lowercased()) {
      language = name[name.index(after: dot)...].lowercased()
      name = String(name[..<dot])
    }
    let isPrefixed =
      languages.count > 1 && (language != standard || config["defaultContentLanguageInSubdir"]?.bool == true)
    prefix = isPrefixed ? [language] : []
    self.folders = folders
    self.name = name
  }
}

/// A part of a path as Hugo makes it (`helpers/path.go`, `UnicodeSanitize`): spaces become hyphens.
func hugoPathPart(_ text: String, keepsCase: Bool) -> String {
  var result = ""
  var isGap = false
  for scalar in (keepsCase ? text : text.lowercased()).unicodeScalars {
    let properties = scalar.properties
    let isMark =
      [.nonspacingMark, .spacingMark, .enclosingMark].contains(properties.generalCategory)
      || properties.generalCategory == .decimalNumber
    if properties.isAlphabetic || isMark || "._#+~-@".unicodeScalars.contains(scalar) {
      if isGap, scalar != "-", !result.hasSuffix("-") { result += "-" }
      isGap = false
      result.unicodeScalars.append(scalar)
    } else if properties.isWhitespace, !result.isEmpty, !result.hasSuffix("-") {
      isGap = true
    }
  }
  return result
}

/// A part of a path as Colophon makes it.
private func plainPathPart(_ text: String) -> String {
  var result = ""
  var isGap = false
  for scalar in text.lowercased().unicodeScalars {
    let properties = scalar.properties
    if properties.isAlphabetic || properties.numericType != nil || scalar == "_" || scalar == "."
      || properties.generalCategory == .nonspacingMark
    {
      if isGap, !result.isEmpty { result += "-" }
      isGap = false
      result.unicodeScalars.append(scalar)
    } else if scalar != "'", scalar != "\u{2019}" {
      isGap = true
    }
  }
  return String(result.drop { $0 == "." || $0 == "-" })
}

/// Lines that are nothing but attributes of the block above them: `{.wide #id key="value"}`. Of an id an anchor stays.
func withoutBlockAttributes(_ bytes: [UInt8]) -> (text: [UInt8], count: Int) {
  var code = RangeCursor(codeRanges(bytes, from: 0))
  var result: [UInt8] = []
  var count = 0
  var line = 0
  var isBlank = true
  while line < bytes.count {
    let end = bytes[line...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
    let text = trimmed(String(decoding: bytes[line..<end], as: UTF8.self))
    if !isBlank, isAttributeList(text), code.range(at: line) == nil {
      count += 1
      let id = text.dropFirst().dropLast().split(separator: " ").first { $0.hasPrefix("#") }?.dropFirst()
      if let id { result += "\n<a id=\"\(id)\"></a>\n".utf8 }
    } else {
      result += bytes[line..<end]
      isBlank = text.isEmpty
    }
    line = end
  }
  return count == 0 ? (bytes, 0) : (result, count)
}

private func isAttributeList(_ text: String) -> Bool {
  guard text.utf8.count < 400, text.hasPrefix("{"), text.hasSuffix("}"), !text.hasPrefix("{{") else { return false }
  let words = text.dropFirst().dropLast().split(separator: " ")
  guard let first = words.first else { return false }
  let isMark = first.hasPrefix(".") || first.hasPrefix("#")
  let name = isMark ? first.dropFirst() : first.prefix { $0 != "=" }
  return !name.isEmpty && name.utf8.allSatisfy { isNameByte($0) } && (isMark || first.contains("="))
}
