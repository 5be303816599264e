/// What the block scanner found: the source cut into pieces, and the constructs that CommonMark does not have.
struct LoweringPlan: ~Copyable {
  enum Marker: Int32 {
    case separator, footnote, definition, table, math
  }

  /// A run of lines that stay as they are, one line of inline content, or one marker in place of a construct.
  struct Piece {
    enum Kind { case verbatim, text, marker }
    var kind: Kind
    /// A prefix in `scratch` that stands for the source's own, where a container was rewritten; usually empty.
    var prefix: Range<Int>
    /// Source: what is copied before the content, then the content.
    var start: Int
    var contentStart: Int
    var end: Int
    /// 0-based, of the first line.
    var line: Int
    var lineCount = 1
    var marker = Marker.separator
    /// Which footnote, definition, table or math block.
    var payload = 0

    var content: Range<Int> { contentStart..<max(contentStart, end) }
  }

  /// A paragraph or a heading: consecutive pieces whose contents are parsed together.
  struct Unit {
    var pieces: Range<Int>
    var isHeading: Bool
    /// `# …`, on one line, rather than underlined.
    var isATXHeading = false
    /// Which alert begins with the first line, as an index into `AlertKind.allCases`.
    var alert: Int?
    /// The first line begins with a task list marker.
    var isTask = false
  }

  struct Cell {
    /// In `scratch`.
    var content: Range<Int>
    var line: Int
  }

  struct Table {
    enum Alignment: UInt8 { case none, left, center, right }
    var alignments: [Alignment]
    /// Each row's cells; a row may have fewer than the header.
    var rows: [Range<Int>]
    var line: Int
  }

  struct Footnote {
    var label: String
    /// As written, for ids.
    var rawLabel: [UInt8]
    var line: Int
  }

  var pieces: [Piece] = []
  var units: [Unit] = []
  var tables: [Table] = []
  var cells: [Cell] = []
  var footnotes: [Footnote] = []
  var definitionsAreTight: [Bool] = []
  /// In `mathText`.
  var mathBlocks: [Range<Int>] = []
  var mathText = ByteBuffer(capacity: 16)
  var scratch = ByteBuffer(capacity: 1024)
  /// Blocks of code, and where the cells of tables stand in the source, if the scanner was asked to note code.
  var code: [CodeRange] = []
  var cellSources: [Range<Int>] = []
  /// Labels of link reference definitions, normalized.
  var references: Set<String> = []
}
