/// Where the caller takes part in rendering. All are optional, and one that is nil costs nothing.
///
/// They are called on the calling thread, in the order of the HTML. A render template returns the whole HTML of its part, or nil for the
/// default.
public struct MarkdownHooks {
  /// Another URL in place of `destination`, or nil to keep it. Called once for each link and image that Markdown makes.
  public var destination: ((_ destination: String, _ kind: MarkdownReference.Kind, _ line: Int) -> String?)?
  /// Another text of a heading, for its id and for the outline: of one that holds words which stand for something.
  public var headingText: ((_ text: String) -> String)?
  /// An id that stands elsewhere on the page: no heading of the text gets it.
  public var takenID: String?
  public var codeBlock: ((CodeBlock) -> [UInt8]?)?
  public var link: ((LinkParts) -> [UInt8]?)?
  public var image: ((ImageParts) -> [UInt8]?)?
  public var heading: ((HeadingParts) -> [UInt8]?)?
  public var blockQuote: ((BlockQuoteParts) -> [UInt8]?)?
  public var table: ((TableParts) -> [UInt8]?)?

  public init() {}
}

/// An indented or fenced code block.
public struct CodeBlock {
  /// All that follows the fence, trimmed: `swift {3,5-7} title="x"`. Empty for indented code.
  public var info: String
  /// The first word of `info`.
  public var language: String
  /// Valid during the call only; not escaped; ends with a line feed where it is not empty.
  public var code: UnsafeBufferPointer<UInt8>
  /// 1-based, of the opening fence.
  public var line: Int
}

public struct LinkParts {
  /// After the hook `destination`; not escaped.
  public var destination: String
  /// Empty where there is none; not escaped.
  public var title: String
  /// What stands between the tags.
  public var html: [UInt8]
  public var line: Int
}

public struct ImageParts {
  /// After the hook `destination`; not escaped.
  public var destination: String
  public var title: String
  /// The description as plain text, not escaped.
  public var alternative: String
  public var attributes: Attributes
  public var line: Int
}

public struct HeadingParts {
  public var level: Int
  /// Empty where headings get no ids.
  public var id: String
  public var text: String
  public var html: [UInt8]
  /// As written, without `id`.
  public var attributes: Attributes
  public var line: Int
}

/// The kinds of alerts that GitHub knows.
public enum AlertKind: String, Sendable, CaseIterable {
  case note, tip, important, warning, caution

  /// As GitHub shows it.
  public var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

public struct BlockQuoteParts {
  /// Nil for a plain quotation.
  public var alert: AlertKind?
  /// As HTML; nil for a plain quotation.
  public var title: [UInt8]?
  public var html: [UInt8]
  public var line: Int
}

public struct TableParts {
  /// `<thead>…</tbody>`, what stands inside `<table>`.
  public var html: [UInt8]
  public var line: Int
}
