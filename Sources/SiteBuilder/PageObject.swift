import Files
import Synchronization
import Templates

/// What templates see of a page. One for each page of the site, made once; all members follow from the site.
final class PageObject: TemplateObject {
  let id: PageID
  /// The site's objects own each other; they live as long as the build.
  unowned(unsafe) let objects: SiteObjects
  /// Found when the page's text is first rendered, and kept: lists show it, the text itself is not held.
  private let facts = Mutex<PageFacts?>(nil)

  /// The same page has the same in every build: the digest of its output path.
  let identity: UInt64

  init(_ id: PageID, _ objects: SiteObjects) {
    self.id = id
    self.objects = objects
    identity = objects.fingerprints.identities[id]
  }

  /// Yielded, not copied: a page has many fields, and templates ask for one at a time.
  var page: Page { _read { yield objects.site.pages[id] } }

  static let names = [
    "aliases", "ancestors", "authors", "backlinks", "card", "content", "count", "cover", "date", "description", "draft",
    "feeds", "kind",
    "language",
    "name", "next", "pages", "paginator", "params", "permalink", "prev", "reading_time", "related", "section", "series",
    "sections", "slug",
    "source", "summary", "tags", "taxonomies", "terms", "title", "toc", "translations", "updated", "url", "weight",
    "word_count",
  ]

  var memberNames: [String] { Self.names }

  func member(_ name: String) -> Value {
    let value = value(of: name)
    if let dependencies = Dependencies.current {
      let column = Self.column(of: name)
      // What texts link to is known once all of them are rendered.
      if column == Self.backlinksColumn, ContentRenderer.isRenderingText { return .list([]) }
      dependencies.add(.page(identity, column))
      if column != Self.record { objects.note(value, in: id, column) }
    }
    return value
  }

  /// The member, without a note that it was read.
  func value(of name: String) -> Value {
    let site = objects.site
    switch name {
    case "title": return .string(page.title)
    case "url": return .string(page.url)
    case "permalink": return .string(site.configuration.url + page.url)
    case "kind": return .string(page.kind.rawValue)
    case "date": return page.date.map { .date($0) } ?? .undefined
    case "updated": return page.source?.frontMatter.updated.map { .date($0) } ?? .undefined
    case "description": return text(page.source?.frontMatter.description)
    case "summary": return .safe(knownFacts().summary)
    case "content": return .safe(objects.content(of: id).html)
    case "toc": return objects.content(of: id).toc
    case "word_count": return .int(knownFacts().wordCount)
    case "reading_time": return .int(knownFacts().readingTime)
    case "pages": return page.kind == .page ? .list([]) : objects.sequence(page.listed)
    case "sections": return objects.sequence(page.kind == .taxonomy ? [] : page.subsections)
    case "terms": return page.kind == .taxonomy ? objects.sequence(page.subsections) : .undefined
    case "count": return .int(page.listed.count)
    case "name": return .string(page.name)
    case "slug": return .string(page.output.parent?.name ?? "")
    case "section":
      return page.parent.map { site.pages[$0].kind == .home ? .undefined : .object(objects.pages[$0]) } ?? .undefined
    case "ancestors": return .list(ancestors)
    case "prev": return page.previous.map { .object(objects.pages[$0]) } ?? .undefined
    case "next": return page.next.map { .object(objects.pages[$0]) } ?? .undefined
    case "tags":
      return page.terms.first { site.pages[$0.taxonomy].name == "tags" }.map { objects.sequence($0.terms) } ?? .list([])
    case "taxonomies":
      return .map(ValueMap(page.terms.map { (site.pages[$0.taxonomy].name, objects.sequence($0.terms)) }))
    case "feeds": return objects.feeds(of: page)
    case "card": return objects.card(of: page)
    case "backlinks": return objects.sequence(objects.backlinks(to: id))
    case "series": return objects.series(of: id)
    case "related": return .list(objects.related(to: id).map { .object(objects.pages[$0]) })
    case "language":
      return .string(page.source?.frontMatter.language ?? site.languages[page.language].language.tag)
    case "translations": return objects.sequence(page.translations)
    case "source": return page.source.map { .string($0.file.path.string) } ?? .undefined
    default: return frontMatterMember(name)
    }
  }

  private func frontMatterMember(_ name: String) -> Value {
    guard let matter = page.source?.frontMatter else { return name == "params" ? .map([:]) : .undefined }
    switch name {
    case "params": return .map(ValueMap(matter.params.map { ($0.key, Value($0.datum)) }))
    case "draft": return .bool(matter.isDraft)
    case "weight": return matter.weight.map { .int($0) } ?? .undefined
    case "authors":
      let authors = matter.authors
      return authors.isEmpty ? .undefined : .list(authors.map { .string($0) })
    case "aliases": return .list(matter.aliases.map { .string($0) })
    case "cover": return matter.cover.map { objects.cover($0, of: page) } ?? .undefined
    default: return .undefined
    }
  }

  private func text(_ string: String?) -> Value { string.map { .string($0) } ?? .undefined }

  private var ancestors: [Value] {
    var ancestors: [Value] = []
    var id = page.parent
    while let parent = id {
      ancestors.insert(.object(objects.pages[parent]), at: 0)
      id = objects.site.pages[parent].parent
    }
    return ancestors
  }

  /// The text has changed.
  func forget() { facts.withLock { $0 = nil } }

  func remember(_ content: PageContent) { facts.withLock { $0 = content.facts } }

  private func knownFacts() -> PageFacts {
    if ContentRenderer.isRenderingText { Dependencies.current?.showsTexts = true }
    if let known = facts.withLock({ $0 }) { return known }
    let content = objects.content(of: id)
    remember(content)
    return content.facts
  }
}

extension PageObject {
  /// The page that a template's `page` is, in whatever form it sees it.
  static func behind(_ object: any TemplateObject) -> PageObject? {
    switch object {
    case let page as PageObject: page
    case let page as CurrentPage: page.base
    case let page as PageWithoutText: page.base
    case let page as FeedEntry: page.base
    default: nil
    }
  }
}

/// What is remembered of a page's rendered text.
struct PageFacts: Sendable {
  var summary: String
  var wordCount: Int
  /// Minutes, at 213 words a minute as Hugo counts; at least one.
  var readingTime: Int { max(1, (wordCount + 212) / 213) }
}

/// The page that is being rendered: the same members, its own text at hand, and the part of its list that this file shows.
final class CurrentPage: TemplateObject {
  let base: PageObject
  private let content: PageContent
  private let paginator: Value
  /// Members that cost something to find and are asked for more than once.
  private let kept = Mutex<[(name: String, value: Value)]>([])

  init(_ base: PageObject, content: PageContent, paginator: Value) {
    self.base = base
    self.content = content
    self.paginator = paginator
  }

  var memberNames: [String] { PageObject.names }

  func member(_ name: String) -> Value {
    switch name {
    case "content": .safe(content.html)
    case "toc": kept(name) { content.toc }
    case "related", "feeds", "ancestors", "tags": kept(name) { base.member(name) }
    case "summary": .safe(content.facts.summary)
    case "word_count": .int(content.facts.wordCount)
    case "reading_time": .int(content.facts.readingTime)
    case "paginator": paginator
    default: base.member(name)
    }
  }

  private func kept(_ name: String, _ find: () -> Value) -> Value {
    if let known = kept.withLock({ $0.first { $0.name == name }?.value }) { return known }
    let value = find()
    kept.withLock { $0.append((name, value)) }
    return value
  }
}

/// A page as an entry of a feed: URLs in its text lead somewhere from wherever the feed is read.
final class FeedEntry: TemplateObject {
  let base: PageObject
  private let feed: TreePath

  init(_ base: PageObject, feed: TreePath) {
    self.base = base
    self.feed = feed
  }

  var memberNames: [String] { PageObject.names }

  func member(_ name: String) -> Value {
    switch name {
    case "content", "summary":
      if case .safe(let html) = base.member(name) { .safe(base.objects.portable(html, in: feed)) } else { .undefined }
    case "permalink":
      if case .string(let url) = base.member("url") {
        .string(base.objects.portable(url: url, in: feed))
      } else {
        .undefined
      }
    default: base.member(name)
    }
  }
}

/// Pages by their ids, made into values one at a time.
final class PageSequence: TemplateSequence {
  private let ids: [PageID]
  private let objects: SiteObjects

  init(_ ids: [PageID], _ objects: SiteObjects) {
    self.ids = ids
    self.objects = objects
  }

  var identities: some Sequence<UInt64> { ids.lazy.map { [objects] in objects.pages[$0].identity } }

  var count: Int { ids.count }
  func element(at index: Int) -> Value { .object(objects.pages[ids[index]]) }
}

/// A page as its own shortcodes see it: all but what follows from its text, which is not there yet.
final class PageWithoutText: TemplateObject {
  let base: PageObject

  init(_ base: PageObject) { self.base = base }

  private static let missing: Set<String> = ["content", "toc", "summary", "word_count", "reading_time"]

  var memberNames: [String] { base.memberNames.filter { !Self.missing.contains($0) } }

  func member(_ name: String) -> Value { Self.missing.contains(name) ? .undefined : base.member(name) }
}
