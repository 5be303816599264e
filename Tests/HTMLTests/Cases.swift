import HTML
import Testing

/// One line of a table of cases: a document, and what is found in it as `kind|url` lines.
struct FindCase: Sendable, CustomTestStringConvertible {
  let document: String
  let expected: [String]

  init(_ document: String, _ expected: String...) {
    self.document = document
    self.expected = expected
  }

  var testDescription: String { document }
}

/// A document, and what it is after each URL has become `new`.
struct RewriteCase: Sendable, CustomTestStringConvertible {
  let document: String
  let new: String
  let expected: String

  init(_ document: String, _ new: String, _ expected: String) {
    self.document = document
    self.new = new
    self.expected = expected
  }

  var testDescription: String { document }
}

enum Language: Sendable, CaseIterable {
  case html, svg, css, module, feed, json

  func rewrite<Failure: Error>(
    _ bytes: [UInt8], _ replace: (FoundURL) throws(Failure) -> String?
  ) throws(Failure) -> [UInt8] {
    switch self {
    case .html: try rewriteHTML(bytes, replace)
    case .svg: try rewriteSVG(bytes, replace)
    case .css: try rewriteCSS(bytes, replace)
    case .module: try rewriteModule(bytes, replace)
    case .feed: try rewriteFeed(bytes, replace)
    case .json: try rewriteJSON(bytes, replace)
    }
  }

  func found(in bytes: [UInt8]) -> [FoundURL] {
    var found: [FoundURL] = []
    switch self {
    case .html: scanHTML(bytes) { found.append($0) }
    case .svg: scanSVG(bytes) { found.append($0) }
    case .css: scanCSS(bytes) { found.append($0) }
    case .module: scanModule(bytes) { found.append($0) }
    case .feed: scanFeed(bytes) { found.append($0) }
    case .json: scanJSON(bytes) { found.append($0) }
    }
    return found
  }

  func found(in document: String) -> [String] {
    found(in: Array(document.utf8)).map { "\($0.kind)|\($0.url)" }
  }

  func rewritten(_ document: String, _ new: String) -> String {
    String(decoding: rewrite(Array(document.utf8)) { _ in new }, as: UTF8.self)
  }
}
