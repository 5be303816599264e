// Haskell, Elixir, Nix.
extension Grammar {
  static let haskell = Grammar(
    [.capitalKeywordTypes],
    words: [
      .keyword: """
      case class data default deriving do else family forall foreign if import in infix infixl infixr instance let mdo module newtype of pattern \
      proc qualified rec role then type where hiding as
      """,
      .exception: "error undefined", .builtin: "otherwise",
    ],
    introducing: [.namespace: "module import qualified as"],
    rules: [
      .line("--", .lineComment, .notOperator), .block("{-", "-}", .blockComment, .nested),
      .block("{-#", "#-}", .preprocessor),
      .string("\"", nil, .string), .form(.characterOrLabel, "'", .character, .atWordStart),
    ], operators: "+-*/%=<>!&|^~?:.\\@$#", nameRest: "'")

  static let elixir = Grammar(
    [.calls, .members, .capitalTypes, .colonSymbols],
    words: [
      .keyword:
        "after case catch cond do else end fn for if quote raise receive reraise rescue super throw try unless unquote use when with",
      .declaration: """
      def defdelegate defexception defguard defguardp defimpl defmacro defmacrop defmodule defoverridable defp defprotocol defstruct
      """,
      .importing: "alias import require", .wordOperator: "and in not or", .constant: "true false nil",
      .selfName: "__MODULE__ __DIR__ __ENV__ __CALLER__",
    ],
    introducing: [
      .function: "def defp defmacro defmacrop defguard defdelegate", .typeName: "defmodule defprotocol defimpl",
    ],
    rules: [
      .line("#"), .string("\"\"\"", nil, .heredoc, [.multiline, .backslash, .hashBrace]),
      .string("'''", nil, .heredoc, [.multiline, .backslash, .hashBrace]),
      .string("\"", nil, .double, [.multiline, .backslash, .hashBrace]),
      .string("'", nil, .single, [.multiline, .backslash, .hashBrace]),
      .name(after: "@", .attribute), .name(after: ":", .symbol, .afterBlank),
      .string(":\"", "\"", .symbol, [.backslash, .hashBrace, .afterBlank]), .form(.sigil, "~", .otherString),
      .form(.questionCharacter, "?", .character),
    ], nameRest: "?!")

  static let nix = Grammar(
    [],
    words: [
      .keyword: "assert else if in inherit let rec then with or",
      .builtin: """
      abort baseNameOf builtins derivation dirOf fetchGit fetchTarball fetchurl fromJSON import isNull map removeAttrs throw toJSON toString toFile
      """,
      .constant: "true false null",
    ],
    rules: [
      .line("#"), .block("/*", "*/"), .string("\"", nil, .double, [.multiline, .backslash, .dollarBrace]),
      .string("''", nil, .single, [.multiline, .dollarBrace, .quoteEscape]),
    ], nameRest: "-'")
}
