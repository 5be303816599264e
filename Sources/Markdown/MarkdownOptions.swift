/// Which Markdown: CommonMark 0.30 and the extensions on top of it.
public struct MarkdownOptions: Sendable, Hashable {
  /// Off: raw HTML becomes `<!-- raw HTML omitted -->`, and URLs that can run code (`javascript:`, `data:` …) become empty, as in
  /// cmark's safe mode; attributes that run code (`{onclick=…}`) are left out.
  public var rawHTML = true
  /// GitHub Flavored Markdown, section 4.10: <https://github.github.com/gfm/#tables-extension->
  public var tables = false
  /// Alignment of cells as `style="text-align: right"`, as cmark-gfm's `--table-prefer-style-attributes`; else as `align="right"`, which
  /// HTML has given up: <https://html.spec.whatwg.org/multipage/obsolete.html#non-conforming-features>
  public var tableStyles = false
  /// GFM, section 6.5.
  public var strikethrough = false
  /// GFM, section 5.3.
  public var taskLists = false
  /// Bare `www.`, `https://` and e-mail addresses become links: GFM, section 6.9.
  public var autolinks = false
  /// `<script>`, `<iframe>` and seven more tags lose their `<`: GFM, section 6.11.
  public var tagFilter = false
  /// `[^label]` and `[^label]: text`, as GitHub renders them.
  public var footnotes = false
  /// An `id` on each heading, unique in the document.
  public var headingIDs = false
  /// How those ids follow from the headings' texts.
  public var headingIDStyle = HeadingIDStyle.github
  /// `{#id .class key=value}` at the end of a heading and right after an image.
  public var attributes = false
  /// Curly quotes, `--` and `---` as dashes, `...` as an ellipsis.
  public var smart = false
  /// A paragraph, then lines that begin with `: `, as in PHP Markdown Extra.
  public var definitionLists = false
  /// Block quotes that begin with `[!NOTE]`, `[!TIP]`, `[!IMPORTANT]`, `[!WARNING]` or `[!CAUTION]`.
  public var alerts = false
  /// What stands in `$…$` and `$$…$$` reaches the page untouched, between `\(…\)` and `\[…\]`, for a renderer there.
  public var math = false
  /// `:tada:` and the other common short codes.
  public var emoji = false
  /// A line `<!-- more -->` ends the summary.
  public var summaryMarker = false

  public init() {}

  /// Nothing but the specification.
  public static let commonMark = MarkdownOptions()

  /// What cmark-gfm does with its five extensions and footnotes.
  public static let gfm: MarkdownOptions = {
    var options = MarkdownOptions()
    options.tables = true
    options.strikethrough = true
    options.taskLists = true
    options.autolinks = true
    options.tagFilter = true
    options.footnotes = true
    return options
  }()

  /// What a page of a site gets: all but the tag filter and emoji.
  public static let site: MarkdownOptions = {
    var options = MarkdownOptions.gfm
    options.tagFilter = false
    options.tableStyles = true
    options.headingIDs = true
    options.attributes = true
    options.smart = true
    options.definitionLists = true
    options.alerts = true
    options.math = true
    options.summaryMarker = true
    return options
  }()

  /// Whether any extension is on that changes what the block or inline structure is.
  var hasSyntax: Bool {
    tables || strikethrough || taskLists || autolinks || footnotes || attributes || definitionLists || alerts || math
      || emoji
  }
}
