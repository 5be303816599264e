import Templates

/// The site as templates see it: `site`, in the language of the page that is rendered.
final class SiteObject: TemplateObject {
  let localized: LocalizedSite
  let language: LanguageID
  /// What the members say, in the order of their names: every page asks for them, and none can change.
  private let values: [Value]
  /// They own this object, and live as long as the build.
  private unowned(unsafe) let objects: SiteObjects

  init(_ localized: LocalizedSite, language: LanguageID, _ objects: SiteObjects) {
    self.localized = localized
    self.language = language
    self.objects = objects
    values = Self.names.map { Self.value(of: $0, localized, objects) }
  }

  static let names = [
    "author", "data", "description", "direction", "feeds", "home", "language", "languages", "manifest_url", "menus",
    "pages", "params", "posts", "search_url", "sections", "taxonomies", "title", "url",
  ]
  private static let table = MemberTable(names)

  /// Follow from the configuration and the data files: when one of those changes, everything is made anew.
  private static let fixedMembers: Set<String> = [
    "author", "data", "description", "direction", "language", "manifest_url", "params", "search_url", "title", "url",
  ]
  /// Whether the next build compares what the member said; its place among the names is its column of `MemberDigests`.
  private static let isCompared = names.map { !fixedMembers.contains($0) }

  var memberNames: [String] { Self.names }

  func member(_ name: String) -> Value {
    guard let place = Self.table[name] else { return .undefined }
    if Self.isCompared[place], let dependencies = Dependencies.current {
      dependencies.add(.site(language, place))
      objects.note(values[place], in: row, place)
    }
    return values[place]
  }

  /// Of `MemberDigests`.
  var row: Int { objects.pages.count + language }

  /// What the member of a column says.
  func value(in column: Int) -> Value { values[column] }

  private static func value(of name: String, _ localized: LocalizedSite, _ objects: SiteObjects) -> Value {
    let site = objects.site
    let language = localized.language
    switch name {
    case "title": return .string(language.title)
    case "description": return .string(language.description)
    case "language": return .string(language.tag)
    case "direction": return .string(language.direction)
    case "languages": return .list(site.languages.map { described($0, site) })
    case "url": return .string(site.configuration.url)
    case "author": return .string(language.author)
    case "params": return Value(language.params)
    case "data": return site.data
    case "home": return .object(objects.pages[localized.home])
    case "pages": return objects.sequence(localized.regularPages)
    case "posts": return objects.sequence(localized.posts)
    case "sections":
      return objects.sequence(site.pages[localized.home].subsections.filter { site.pages[$0].kind == .section })
    case "taxonomies": return objects.sequence(localized.taxonomies)
    case "menus": return .map(ValueMap(localized.menus.map { ($0.name, Value($0.items)) }))
    case "search_url": return site.configuration.search ? .string(siteURL(of: language.searchPage)) : .undefined
    case "manifest_url":
      return site.configuration.manifest == nil ? .undefined : .string(siteURL(of: Resolver.manifest))
    case "feeds": return objects.feeds(of: site.pages[localized.home])
    default: preconditionFailure("bug: `site` has no \(name)")
    }
  }

  /// `{code, default, language, name, title, direction, url}`; `url` is that of its front page.
  private static func described(_ other: LocalizedSite, _ site: Site) -> Value {
    let language = other.language
    return .map([
      "code": .string(language.code), "default": .bool(other.home == Site.home), "language": .string(language.tag),
      "name": .string(language.name),
      "title": .string(language.title), "direction": .string(language.direction),
      "url": .string(site.pages[other.home].url),
    ])
  }
}

extension TemplateCall {
  /// The phrases of the language of the page that is rendered; nil outside of pages.
  var phrases: PhraseBook? { siteObject?.localized.phrases }

  /// What that language calls months and days: many dates are written, so nothing else is taken along.
  var dateNames: DateNames? { siteObject?.localized.phrases.dateNames }

  private var siteObject: SiteObject? {
    if case .object(let object) = given("site") { object as? SiteObject } else { nil }
  }
}

/// Filters that know the language of the page.
///
/// `key | t(count=3, name="x")` is the phrase with that key; its `{count}` and `{name}` are replaced. A key that no table has is an error.
func languageFilters(_ phrases: [PhraseBook], standard: LanguageID) -> [String: TemplateFunction] {
  let main = phrases[standard]
  return [
    "date": dateFilter { call in call.dateNames ?? main.dateNames },
    "t": { call, arguments in
      guard let key = try arguments.string(0, "key") else { throw TemplateError("`t` needs the key of a phrase") }
      let book = call.phrases ?? main
      guard let text = book.text(key, arguments.named) else { throw noPhrase(key, book) }
      return .string(text)
    },
  ]
}
