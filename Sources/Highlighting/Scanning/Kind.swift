/// What a token is. Each kind has the short class name that Pygments gives it, so that any Pygments or Chroma style sheet fits.
/// Source of the names: `STANDARD_TYPES` at https://pygments.org/docs/tokens/.
enum Kind: UInt8, CaseIterable, Sendable {
  case plain
  case comment, lineComment, blockComment, hashbang, preprocessor, includedFile
  /// A keyword only where something to govern follows on its line: `match x:`, not `match = 1` or `match(x)`.
  case softKeyword
  case keyword, constant, declaration, importing, type
  case builtin, selfName, thisKeyword, function, magicFunction, typeName, namespace, decorator, tag, attribute,
    exception
  case variable, instanceVariable, globalVariable, label, entity, constantName
  case string, single, double, backtick, character, docstring, escape, heredoc, interpolation, regex, symbol,
    otherString, affix
  case integer, float, hexadecimal, binary, octal, number
  case symbolOperator, wordOperator
  case date, deleted, inserted, heading, subheading, prompt, output, emphasis, strong

  /// The class of the span around such a token; empty for what gets no span.
  var className: String {
    switch self {
    case .plain: ""
    case .comment: "c"
    case .lineComment: "c1"
    case .blockComment: "cm"
    case .hashbang: "ch"
    case .preprocessor: "cp"
    case .includedFile: "cpf"
    case .keyword, .softKeyword, .thisKeyword: "k"
    case .constant: "kc"
    case .declaration: "kd"
    case .importing: "kn"
    case .type: "kt"
    case .builtin: "nb"
    case .selfName: "bp"
    case .function: "nf"
    case .magicFunction: "fm"
    case .typeName: "nc"
    case .namespace: "nn"
    case .decorator: "nd"
    case .tag: "nt"
    case .attribute: "na"
    case .exception: "ne"
    case .variable: "nv"
    case .instanceVariable: "vi"
    case .globalVariable: "vg"
    case .label: "nl"
    case .entity: "ni"
    case .constantName: "no"
    case .string: "s"
    case .single: "s1"
    case .double: "s2"
    case .backtick: "sb"
    case .character: "sc"
    case .docstring: "sd"
    case .escape: "se"
    case .heredoc: "sh"
    case .interpolation: "si"
    case .regex: "sr"
    case .symbol: "ss"
    case .otherString: "sx"
    case .affix: "sa"
    case .integer: "mi"
    case .float: "mf"
    case .hexadecimal: "mh"
    case .binary: "mb"
    case .octal: "mo"
    case .number: "m"
    case .symbolOperator: "o"
    case .wordOperator: "ow"
    case .date: "ld"
    case .deleted: "gd"
    case .inserted: "gi"
    case .heading: "gh"
    case .subheading: "gu"
    case .prompt: "gp"
    case .output: "go"
    case .emphasis: "ge"
    case .strong: "gs"
    }
  }
}

/// A stretch of the source that gets a span, by byte offsets. What lies between tokens is plain.
struct Token: Sendable, Equatable {
  var kind: Kind
  var start: Int
  var end: Int
}
