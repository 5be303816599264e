/// What became of a Markdown text.
public struct RenderedMarkdown: Sendable {
  /// UTF-8.
  public var html: [UInt8] = []
  /// The offset in `html` where the summary marker stood; the marker itself is gone. The first one counts.
  public var summaryEnd: Int?
  /// The first `<p>…</p>` in `html` that is not inside another block.
  public var firstParagraph: Range<Int>?
  /// All headings, in the order of the text.
  public var outline: [OutlineHeading] = []
  /// Ids that are written in the text although something before has them: a heading or image with the same one, or a footnote.
  public var repeatedIDs: [RepeatedID] = []
  /// All links and images, in the order of the HTML; those in footnotes come last.
  public var references: [MarkdownReference] = []
  /// Whether `html` may hold URLs that the hook `destination` was not asked about: in raw HTML or attributes, or of footnotes.
  public var hasOtherURLs = false
  /// Footnotes that are referred to, and so rendered.
  public var footnoteCount = 0
  /// Words of running text and code spans; code blocks and raw HTML don't count.
  public var wordCount = 0

  /// The text alone: for a search index.
  public var plainText: [UInt8] { Markdown.plainText(ofHTML: html[...]) }
}

/// A heading, as a table of contents needs it.
public struct OutlineHeading: Sendable, Hashable {
  /// 1 to 6.
  public var level: Int
  /// Empty where headings get no ids.
  public var id: String
  /// What stands between the tags.
  public var html: String
  /// Without tags, entities resolved.
  public var text: String
  /// 1-based.
  public var line: Int
}

/// An id that `{#id}` gives to a second element of a text.
public struct RepeatedID: Sendable, Hashable {
  public var id: String
  /// 1-based.
  public var line: Int
}

/// A link or an image of the source.
public struct MarkdownReference: Sendable, Hashable {
  public enum Kind: Sendable { case link, image }
  public var kind: Kind
  /// As written, with entities and backslash escapes resolved; before any hook.
  public var destination: String
  /// 1-based: the line on which the link ends.
  public var line: Int
}
