// Search: the text of pages → an index that a script in the reader's browser searches, without a server.
// Imports: nothing.
// Entry: `SearchPage.init` for each page, `searchFiles(_:)` for the files of the index; `search.js` of the theme reads them.
// Promises: pure and linear; the same pages in the same order give the same bytes. Words are cut and folded as `search.js` does it.
// Tests: `Tests/SearchTests`; `Tests/Judges` searches in a real browser.

/// What is kept of a page until the index is made.
public struct SearchPage: Sendable, Hashable {
  /// As the search page links to it.
  public var url: String
  public var title: String
  /// Plain text, a line or two.
  public var excerpt: String
  /// `2026-11-22`; empty for pages without a date.
  public var date: String
  /// Each word once: a byte for its length, its UTF-8, a byte for its weight from 1 to 63.
  public var words: [UInt8]

  /// A page as it was before, from its parts.
  public init(url: String, title: String, excerpt: String, date: String, words: [UInt8]) {
    self.url = url
    self.title = title
    self.excerpt = excerpt
    self.date = date
    self.words = words
  }

  /// - Parameters:
  ///   - keywords: what describes the page beside its text: description, tags.
  ///   - html: the rendered text; words in tags, scripts and style sheets do not count.
  public init(url: String, title: String, excerpt: String, date: String, keywords: String, html: String) {
    self.url = url
    self.title = title
    self.excerpt = excerpt
    self.date = date
    var weights = WordWeights()
    weights.add(text: title, .title)
    weights.add(text: keywords, .keyword)
    weights.add(html: html)
    words = weights.encoded()
  }
}

/// One file of the index; all of them lie in one folder, beside the search page.
public struct SearchFile: Sendable {
  public let name: String
  public let bytes: [UInt8]
}

/// The files of the index: `index.js`, `words-0.js`… (words with the pages they are on, in their order), `pages-0.js`… (what is shown of a page).
///
/// Each is a script that hands its data to `colophonSearch`, because a page that is read from a disk can load scripts, and no data. A search
/// loads the one file that a word is in, and the pages that are shown, so a site of 10,000 pages takes no longer than a small one.
/// - Parameter pages: in an order that rarely changes, such as by date: pages are known by their place in it.
public func searchFiles(_ pages: [SearchPage]) -> [SearchFile] { SearchIndex(pages).files() }
