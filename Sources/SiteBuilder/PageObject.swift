import Files
import Synchronization
import Templates

/// What templates see of a page. One for each page of the site, made once; all members follow from the site.
final class PageObject: TemplateObject {
  let id: PageID
  /// The site's objects own each other; they live as long as the build.
  unowned(unsafe) let objects: SiteObjects
  /// The site's, which goes with these objects.
  private let pages: PageTable
  /// Found when the page's text is first rendered, and kept: lists show it, the text itself is not held.
  private let facts = Mutex<PageFacts?>(nil)

  /// The same page has the same in every build: the digest of its output path.
  let identity: UInt64

  init(_ id: PageID, _ objects: SiteObjects) {
    self.id = id
    self.objects = objects
    pages = objects.site.pages
    identity = objects.fingerprints.identities[id]
  }

  /// Yielded, not copied: a page has many fields, and templates ask for one at a time.
  var page: Page { _read { yield pages[id] } }

  var memberNames: [String] { PageMember.names }

  func member(_ name: String) -> Value {
    if let member = PageMember(named: name) { return self.member(member) }
    // That there is no such member follows from the page's record as much as what it says.
    Dependencies.current?.add(.page(identity, PageMember.record))
    return .undefined
  }

  func member(_ member: PageMember) -> Value {
    // What texts link to is known once all of them are rendered.
    if member == .backlinks, ContentRenderer.isRenderingText { return .list([]) }
    let value = value(of: member)
    if let dependencies = Dependencies.current {
      let column = member.column
      dependencies.add(.page(identity, column))
      if column != PageMember.record { objects.note(value, in: id, column) }
    }
    return value
  }

  private var site: Site { objects.site }

  /// The member, without a note that it was read.
  func value(of member: PageMember) -> Value {
    // The site is asked for where it is needed: all threads would count their references to it.
    switch member {
    case .title: return .string(page.title)
    case .titleID: return text(page.source?.heading?.id)
    case .url: return .string(page.url)
    case .permalink: return .string(site.configuration.url + page.url)
    case .kind: return .string(page.kind.rawValue)
    case .date: return page.date.map { .date($0) } ?? .undefined
    case .updated: return page.source?.frontMatter.updated.map { .date($0) } ?? .undefined
    case .description: return text(page.source?.frontMatter.description)
    case .summary: return .safe(knownFacts().summary)
    case .content: return .safe(objects.content(of: id).html)
    case .toc: return objects.content(of: id).toc
    case .wordCount: return .int(knownFacts().wordCount)
    case .readingTime: return .int(knownFacts().readingTime)
    case .pages: return page.kind == .page ? .list([]) : objects.sequence(page.listed)
    case .sections: return objects.sequence(page.kind == .taxonomy ? [] : page.subsections)
    case .terms: return page.kind == .taxonomy ? objects.sequence(page.subsections) : .undefined
    case .count: return .int(page.listed.count)
    case .name: return .string(page.name)
    case .slug: return .string(page.output.parent?.name ?? "")
    case .section:
      return page.parent.map { site.pages[$0].kind == .home ? .undefined : .object(objects.pages[$0]) } ?? .undefined
    case .ancestors: return .list(ancestors)
    case .prev: return page.previous.map { .object(objects.pages[$0]) } ?? .undefined
    case .next: return page.next.map { .object(objects.pages[$0]) } ?? .undefined
    case .tags:
      return page.terms.first { site.pages[$0.taxonomy].name == "tags" }.map { objects.sequence($0.terms) } ?? .list([])
    case .taxonomies:
      return .map(ValueMap(page.terms.map { (site.pages[$0.taxonomy].name, objects.sequence($0.terms)) }))
    case .feeds: return objects.feeds(of: page)
    case .card: return objects.card(of: page)
    case .backlinks: return objects.sequence(objects.backlinks(to: id))
    case .series: return objects.series(of: id)
    case .related: return .list(objects.related(to: id).map { .object(objects.pages[$0]) })
    case .language:
      return .string(page.source?.frontMatter.language ?? site.languages[page.language].language.tag)
    case .translations: return objects.sequence(page.translations)
    case .source: return page.source.map { .string($0.file.path.string) } ?? .undefined
    // Only the page that is rendered just now shows a part of its list.
    case .paginator: return .undefined
    case .params, .draft, .weight, .authors, .aliases, .cover:
      guard let matter = page.source?.frontMatter else { return member == .params ? .map([:]) : .undefined }
      return value(of: member, in: matter)
    }
  }

  private func value(of member: PageMember, in matter: FrontMatter) -> Value {
    switch member {
    case .params: return .map(ValueMap(matter.params.map { ($0.key, Value($0.datum)) }))
    case .draft: return .bool(matter.isDraft)
    case .weight: return matter.weight.map { .int($0) } ?? .undefined
    case .authors:
      let authors = matter.authors
      return authors.isEmpty ? .undefined : .list(authors.map { .string($0) })
    case .aliases: return .list(matter.aliases.map { .string($0) })
    case .cover: return matter.cover.map { objects.cover($0, of: page) } ?? .undefined
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
  private let kept = Mutex<[(member: PageMember, value: Value)]>([])

  init(_ base: PageObject, content: PageContent, paginator: Value) {
    self.base = base
    self.content = content
    self.paginator = paginator
  }

  var memberNames: [String] { PageMember.names }
  var equality: ObjectIdentifier { base.equality }

  func member(_ name: String) -> Value {
    guard let member = PageMember(named: name) else { return base.member(name) }
    return switch member {
    case .content: .safe(content.html)
    case .toc: kept(member) { content.toc }
    case .related, .feeds, .ancestors, .tags: kept(member) { base.member(member) }
    case .summary: .safe(content.facts.summary)
    case .wordCount: .int(content.facts.wordCount)
    case .readingTime: .int(content.facts.readingTime)
    case .paginator: paginator
    default: base.member(member)
    }
  }

  private func kept(_ member: PageMember, _ find: () -> Value) -> Value {
    if let known = kept.withLock({ $0.first { $0.member == member }?.value }) { return known }
    let value = find()
    kept.withLock { $0.append((member, value)) }
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

  var memberNames: [String] { PageMember.names }
  var equality: ObjectIdentifier { base.equality }

  func member(_ name: String) -> Value {
    guard let member = PageMember(named: name) else { return base.member(name) }
    switch (member, base.member(member)) {
    case (.content, .safe(let html)), (.summary, .safe(let html)):
      return .safe(base.objects.portable(html, in: feed))
    case (.permalink, _): return .string(base.objects.portable(url: base.page.url, in: feed))
    case (_, let value): return value
    }
  }
}

/// Pages by their ids, made into values one at a time.
final class PageSequence: TemplateSequence {
  private let ids: [PageID]
  /// They own values with such sequences in them: see `PageObject.objects`.
  private unowned(unsafe) let objects: SiteObjects

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
  private let asked = Mutex<[String]>([])

  init(_ base: PageObject) { self.base = base }

  /// What has been asked for since the last time and is not there.
  func takeAsked() -> [String] {
    asked.withLock { asked in
      defer { asked = [] }
      return asked
    }
  }

  var memberNames: [String] { PageMember.allCases.filter { !$0.followsFromText }.map(\.rawValue) }
  var equality: ObjectIdentifier { base.equality }

  func member(_ name: String) -> Value {
    guard let member = PageMember(named: name) else { return base.member(name) }
    guard member.followsFromText else { return base.member(member) }
    asked.withLock { if !$0.contains(name) { $0.append(name) } }
    return .undefined
  }
}
