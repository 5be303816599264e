import Files
import Templates

/// A pattern for the URLs of pages, in Hugo's notation: `/:year/:month/:day/:slug/`.
struct Permalink: Sendable {
  enum Token: String, Sendable, CaseIterable {
    case year, month, day, hour, minute, second, yearday, weekday, section, sections, slug, title, filename
    case monthName = "monthname"
    case contentBaseName = "contentbasename"
    case slugOrFileName = "slugorfilename"
    case slugOrContentBaseName = "slugorcontentbasename"
  }

  private enum Part: Sendable {
    case text(String)
    case token(Token)
  }

  struct Mistake: Error {
    let message: String
    let hint: String?
  }

  private var parts: [Part] = []

  init(_ pattern: String) throws(Mistake) {
    var rest = Substring(pattern)
    while let colon = rest.firstIndex(of: ":") {
      parts.append(.text(String(rest[..<colon])))
      rest = rest[rest.index(after: colon)...]
      let name = String(rest.prefix { $0.isLetter })
      guard let token = Token(rawValue: name.lowercased()) else {
        throw Mistake(
          message: ":\(name) means nothing in a permalink",
          hint: suggestion(for: name, among: Token.allCases.map(\.rawValue)).map { "did you mean :\($0)?" }
            ?? "tokens: \(Token.allCases.map { ":" + $0.rawValue }.joined(separator: ", "))")
      }
      parts.append(.token(token))
      rest = rest.dropFirst(name.count)
    }
    parts.append(.text(String(rest)))
  }

  /// Whether a page of another title may have another URL.
  var usesTitle: Bool {
    parts.contains { part in if case .token(let token) = part { token == .title || token == .slug } else { false } }
  }

  var needsDate: Bool {
    parts.contains { part in
      if case .token(let token) = part {
        [.year, .month, .monthName, .day, .hour, .minute, .second, .yearday, .weekday].contains(token)
      } else {
        false
      }
    }
  }

  /// What a pattern is filled from.
  struct Page {
    var date: TemplateDate?
    /// Folders below `content/`, as parts of URLs.
    var sections: [String]
    /// The name of the page's file (of its folder, for a bundle), as a part of a URL.
    var name: String
    var slug: String?
    var title: String
  }

  /// Nil where the pattern needs a date and the page has none.
  func url(of page: Page) -> String? {
    var url = ""
    for part in parts {
      switch part {
      case .text(let text): url += text
      case .token(let token):
        guard let value = value(token, page) else { return nil }
        url += value
      }
    }
    return url
  }

  private func value(_ token: Token, _ page: Page) -> String? {
    switch token {
    case .section: page.sections.first ?? ""
    case .sections: page.sections.joined(separator: "/")
    case .title: SiteBuilder.slug(page.title)
    case .slug: page.slug ?? SiteBuilder.slug(page.title)
    case .filename, .contentBaseName: page.name
    case .slugOrFileName, .slugOrContentBaseName: page.slug ?? page.name
    case .year: page.date?.formatted("%Y")
    case .month: page.date?.formatted("%m")
    case .monthName: page.date?.formatted("%B").lowercased()
    case .day: page.date?.formatted("%d")
    case .hour: page.date?.formatted("%H")
    case .minute: page.date?.formatted("%M")
    case .second: page.date?.formatted("%S")
    case .yearday: page.date.map { String($0.dayOfYear) }
    case .weekday: page.date?.formatted("%A").lowercased()
    }
  }
}
