import Files

/// Folders of the old site where an image that front matter names may be.
struct ImageFolders {
  /// Published at the site's root.
  var atRoot: [String]
  /// Published under their own names.
  var named: [String] = []
}

/// Mends front matter that another generator accepts and ours refuses: dates in other forms, truth values in quotes, templates that are not here.
///
/// - Parameters:
///   - target: the page in the new site.
///   - images: where images are looked for.
func normalize(
  _ page: inout SourcePage, at target: String, images: ImageFolders, _ old: FileTree, _ draft: inout Draft
) {
  for repeated in page.repeated {
    draft.tally(
      .converted, at: SourceLocation(path: page.source.path, line: repeated.line, column: 1),
      "of a key that is given twice the last value counts, the earlier one is a comment")
  }
  normalizeDates(&page, &draft)
  for key in ["draft", "published"] {
    guard let given = page.settings[key], given.bool == nil else { continue }
    switch given.text?.lowercased() {
    case "true", "yes", "1", "on": page.set(key, Setting(.bool(true)))
    case "false", "no", "0", "off": page.set(key, Setting(.bool(false)))
    default: page.remove(key)
    }
  }
  if let weight = page.settings["weight"], weight.int == nil {
    if let number = weight.text.flatMap({ Double($0) }), abs(number) < 1e9 {
      page.set("weight", Setting(.int(Int(number))))
    } else {
      lose("weight", of: &page, "weight is a whole number", &draft)
    }
  }
  for key in ["layout", "template"] {
    guard let given = page.settings[key] else { continue }
    page.remove(key)
    let name = given.text ?? ""
    let isUsual = ["post", "page", "default", "home", "single", "list", ""].contains(withoutExtension(fileName(name)))
    draft.tally(
      isUsual ? .converted : .lost, at: page.place(of: key), "\(key) \(name) was a template of the old theme",
      hint: isUsual
        ? "the built-in theme has its like"
        : "write templates/\(name.contains(".") ? name : name + ".html"), and name it again")
  }
  for key in ["author", "authors"] {
    guard let given = page.settings[key], given.texts.isEmpty || given.items.contains(where: { !$0.isScalar }) else {
      continue
    }
    let names = given["name"].map { [$0] } ?? given.items.compactMap { $0["name"] ?? ($0.isScalar ? $0 : nil) }
    if names.isEmpty {
      lose(key, of: &page, "\(key) has no name", &draft)
    } else {
      page.set(key, .list(names.compactMap(\.text)))
      draft.tally(.converted, at: page.place(of: key), "\(key) holds names only")
    }
  }
  for key in ["tags", "categories", "aliases", "redirect_from", "keywords", "series"] {
    guard let given = page.settings[key], !given.isScalar else { continue }
    let texts = given.texts
    if case .map = given.value {
      lose(key, of: &page, "\(key) is a list", &draft)
    } else if texts.count != given.items.count {
      page.set(key, .list(texts))
    }
  }
  normalizeCover(&page, at: target, images: images, old, &draft)
  setAsideOtherKinds(&page, &draft)
}

/// Keys whose values mean something of another kind here keep them under another name: a site's own `extra: yes` is no map of values.
private func setAsideOtherKinds(_ page: inout SourcePage, _ draft: inout Draft) {
  let kinds: [(keys: [String], isMeant: (Setting) -> Bool)] = [
    (
      [
        "title", "description", "summary", "excerpt", "slug", "url", "permalink", "path", "language", "lang",
        "translation_key", "translationKey", "translationkey",
      ], { $0.isScalar }
    ),
    (["params", "extra", "taxonomies", "cascade"], { if case .map = $0.value { true } else { false } }),
    (["orphan"], { $0.bool != nil }),
    (["series_order", "series_weight"], { $0.int != nil }),
  ]
  for (keys, isMeant) in kinds {
    for key in keys {
      guard let given = page.now(key), !given.isNull, !isMeant(given) else { continue }
      page.remove(key)
      page.set("old_" + key, given)
      draft.tally(
        .kept, at: page.place(of: key), "front matter key \(key) means something else here, it is old_\(key) now",
        hint: "templates find it in page.params")
    }
  }
}

private func lose(_ key: String, of page: inout SourcePage, _ what: String, _ draft: inout Draft) {
  draft.tally(.lost, at: page.place(of: key), what + ", another value is left out")
  page.remove(key)
}

private func normalizeDates(_ page: inout SourcePage, _ draft: inout Draft) {
  let keys = [
    "date", "updated", "lastmod", "last_modified_at", "modified", "publishDate", "expiryDate", "published_at",
  ]
  for key in keys {
    guard let given = page.settings[key] else { continue }
    guard let text = given.text, !text.isEmpty else {
      page.remove(key)
      continue
    }
    guard let date = normalizedDate(text) else {
      draft.note(
        .lost, at: page.place(of: key), "\(key) is a date, not \(text)",
        hint: "2026-11-22 and 2026-11-22 10:30 are dates")
      page.remove(key)
      continue
    }
    if date != text {
      page.set(key, .text(date))
      draft.tally(.converted, at: page.place(of: key), "\(key) is written as other dates are")
    }
  }
}

/// A date as RFC 3339 writes it; nil where `text` is none. What is fine already stays as it is.
///
/// Read are also `2019-1-5`, `2019/01/05`, times without seconds, and names of zones, which are dropped.
func normalizedDate(_ text: String) -> String? {
  let bytes = Array(trimmed(text).utf8)
  var index = 0
  func number(_ widths: ClosedRange<Int>) -> Int? {
    let digits = bytes[index...].prefix { isDigit($0) }
    guard widths.contains(digits.count) else { return nil }
    index += digits.count
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
  func skip(_ set: String) -> UInt8? {
    guard index < bytes.count, set.utf8.contains(bytes[index]) else { return nil }
    index += 1
    return bytes[index - 1]
  }
  guard let year = number(4...4), let mark = skip("-/."), let month = number(1...2),
    skip(String(UnicodeScalar(mark))) != nil,
    let day = number(1...2), (1...12).contains(month), (1...days(ofMonth: month, year)).contains(day)
  else { return nil }
  var result = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
  if index == bytes.count { return result }
  let separator = skip("Tt ")
  while skip(" ") != nil {}
  guard separator != nil, let hour = number(1...2), hour < 25, skip(":") != nil, let minute = number(2...2),
    minute < 60
  else { return nil }
  result += (separator == 0x20 ? " " : "T") + padded(hour % 24, 2) + ":" + padded(minute, 2)
  if skip(":") != nil {
    guard let second = number(2...2) else { return nil }
    result += ":" + padded(min(second, 59), 2)
    if skip(".,") != nil { _ = number(1...12) }
  }
  while skip(" ") != nil {}
  guard index < bytes.count else { return sameDate(result, text) }
  if skip("Zz") != nil, index == bytes.count { return sameDate(result + "Z", text) }
  guard let sign = skip("+-") else {
    // `EST` or `UTC`: a name says too little.
    let name = String(decoding: bytes[index...], as: UTF8.self)
    return name == "UTC" || name == "GMT" ? result + "Z" : bytes[index...].allSatisfy { isLetter($0) } ? result : nil
  }
  let digits = bytes[index...].filter { isDigit($0) }
  guard digits.count == 4 || digits.count == 2, bytes[index...].allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ":") })
  else { return nil }
  let all = digits + (digits.count == 2 ? [0x30, 0x30] : [])
  let zone = String(decoding: [sign] + all[..<2] + [UInt8(ascii: ":")] + all[2...], as: UTF8.self)
  return sameDate(result + zone, text)
}

func days(ofMonth month: Int, _ year: Int) -> Int {
  let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
  return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
}

/// `text` itself where it differs only in what every reader of dates accepts.
private func sameDate(_ result: String, _ text: String) -> String {
  let hasUsualForm = text.utf8.count >= 16 && text.prefix(16) == result.prefix(16)
  return hasUsualForm && !text.hasSuffix("UTC") ? text : result
}

/// An image that the front matter names must be there: beside the page, or among the site's files.
private func normalizeCover(
  _ page: inout SourcePage, at target: String, images: ImageFolders, _ old: FileTree, _ draft: inout Draft
) {
  for key in ["cover", "image"] {
    guard let given = page.settings[key] else { continue }
    let inner = ["image", "url", "src", "path", "feature"].first { given[$0]?.text != nil }
    guard let url = given.text ?? inner.flatMap({ given[$0]?.text }), !url.isEmpty else {
      page.remove(key)
      if !given.isScalar { draft.tally(.lost, at: page.place(of: key), "\(key) names no image") }
      continue
    }
    let resolved = resolvedImage(url, beside: page.source.path, images, old)
    if resolved == url, inner == nil || ["image", "url", "src"].contains(inner) { continue }
    guard let resolved else {
      draft.note(.lost, at: page.place(of: key), "\(key) \(url) is no file of the site")
      page.remove(key)
      continue
    }
    var cover = Setting(.map([]))
    cover.set("image", .text(resolved))
    if let alt = (given["alt"] ?? given["caption"])?.text { cover.set("alt", .text(alt)) }
    page.set(key, given.isScalar ? .text(resolved) : cover)
    draft.tally(.converted, at: page.place(of: key), "\(key) is a path from the site's root")
  }
}

private func resolvedImage(_ url: String, beside page: String, _ folders: ImageFolders, _ old: FileTree) -> String? {
  if url.hasPrefix("//") || url.hasPrefix("data:") || url.contains("://") { return url }
  func isFile(_ path: String?) -> Bool { path.flatMap { TreePath($0) }.map { old.contains($0) } ?? false }
  let decoded = percentDecoded(url) ?? url
  if !url.hasPrefix("/"), isFile(joined(folder(of: page), decoded)) { return url }
  let path = String(decoded.drop { $0 == "/" })
  if folders.atRoot.contains(where: { isFile($0.isEmpty ? path : $0 + "/" + path) }) { return "/" + path }
  return folders.named.map { $0 + "/" + path }.first(where: isFile).map { "/" + $0 }
}
