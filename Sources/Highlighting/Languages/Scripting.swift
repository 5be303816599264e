// Python, JavaScript, TypeScript, Ruby, PHP, Perl, Lua, R.
extension Grammar {
  private static func pythonStrings(_ more: Rule.Traits) -> [Rule] {
    [
      .string("\"\"\"", nil, .double, [.multiline, .docstring, more]),
      .string("'''", nil, .single, [.multiline, .docstring, more]),
      .string("\"", nil, .double, more), .string("'", nil, .single, more),
    ]
  }

  static let python = Grammar(
    [.calls, .members, .trailingDot],
    words: [
      .softKeyword: "match case type",
      .keyword: """
      as assert async await break class continue def del elif else except finally for global if lambda nonlocal pass raise return try while \
      with yield 
      """,
      .importing: "import from", .wordOperator: "and in is not or", .constant: "True False None",
      .builtin: """
      ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup EOFError Ellipsis Exception ExceptionGroup FileExistsError FileNotFoundError \
      ImportError IndentationError IndexError IOError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError \
      NotImplemented NotImplementedError OSError OverflowError PermissionError RecursionError RuntimeError StopAsyncIteration StopIteration \
      SyntaxError SystemExit TimeoutError TypeError UnicodeDecodeError UnicodeEncodeError UnicodeError UserWarning ValueError Warning \
      ZeroDivisionError abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr \
      dict dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter \
      len list locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted \
      staticmethod str sum super tuple vars zip __import__
      """,
      .selfName: "self cls",
      .magicFunction: """
      __init__ __new__ __del__ __repr__ __str__ __call__ __len__ __iter__ __next__ __enter__ __exit__ __eq__ __hash__ __lt__ __getitem__ \
      __setitem__ __contains__ __add__ __bool__ __getattr__ __setattr__ __post_init__
      """,
    ],
    introducing: [.function: "def", .typeName: "class", .namespace: "import from"],
    rules: [.line("#"), .name(after: "@", .decorator, [.dotted, .atLineStart])] + pythonStrings(.backslash),
    prefixed: pythonStrings([.backslash, .brace]).map { ("f F t T", $0) }
      + pythonStrings(.brace).map { ("rf fr Rf rF fR RF FR Fr", $0) }
      + pythonStrings(.backslash).map { ("b B u U", $0) }
      + pythonStrings([]).map { ("r R rb br Rb rB RB bR BR Br", $0) })

  private static let javaScriptKeywords = """
    await break case catch continue debugger default delete do else export extends finally for if import in instanceof new return static \
    super switch throw try typeof void while with yield as
    """
  private static let javaScriptDeclarations = "class const enum function let var"
  private static let javaScriptSoft = "as async from get of set"
  private static let javaScriptBuiltins = """
    Array ArrayBuffer BigInt Boolean DataView Date Error Function Infinity Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError Reflect \
    RegExp Set String Symbol SyntaxError TypeError Uint8Array URL WeakMap WeakSet console decodeURIComponent document encodeURIComponent fetch \
    globalThis isFinite isNaN parseFloat parseInt process require setInterval setTimeout window
    """
  private static let javaScriptRules: [Rule] = [
    .line("//"), .block("/*", "*/"), .string("\""), .string("'", nil, .single),
    .string("`", nil, .backtick, [.multiline, .backslash, .dollarBrace]), .form(.slashRegex, "/", .regex),
    .name(after: "@", .decorator, .dotted), .name(after: "#", .instanceVariable),
  ]

  static let javascript = Grammar(
    [.calls, .members, .trailingDot],
    words: [
      .keyword: javaScriptKeywords, .softKeyword: javaScriptSoft, .declaration: javaScriptDeclarations,
      .builtin: javaScriptBuiltins,
      .constant: "true false null undefined", .thisKeyword: "this arguments",
    ],
    introducing: [.function: "function", .typeName: "class"], rules: javaScriptRules, nameStart: "$")

  static let typescript = Grammar(
    [.calls, .members, .trailingDot],
    words: [
      .keyword: javaScriptKeywords,
      .softKeyword: javaScriptSoft
        + """
         abstract accessor asserts declare infer is keyof module namespace out override readonly satisfies type unique private protected public
        """,
      .declaration: javaScriptDeclarations + " implements interface",
      .type: "any bigint boolean never number object string symbol unknown",
      .builtin: javaScriptBuiltins
        + " Record Partial Required Readonly Pick Omit Exclude Extract Awaited ReturnType Parameters",
      .constant: "true false null undefined", .thisKeyword: "this arguments",
    ],
    introducing: [.function: "function", .typeName: "class interface enum", .namespace: "namespace module"],
    rules: javaScriptRules,
    nameStart: "$")

  static let ruby = Grammar(
    [.calls, .capitalConstants, .colonSymbols, .members],
    words: [
      .keyword: """
      BEGIN END alias begin break case class def defined do else elsif end ensure for if in module next redo rescue retry return super then \
      undef unless until when while yield raise
      """,
      .wordOperator: "and not or",
      .builtin: """
      Array Float Integer String attr attr_accessor attr_reader attr_writer binding block_given? catch define_method exit extend format freeze include \
      instance_variable_get instance_variable_set lambda loop module_function p prepend print printf private proc protected public puts rand \
      refine require require_relative send sleep sprintf throw using
      """,
      .constant: "true false nil", .selfName: "self __FILE__ __LINE__ __dir__ __method__",
    ],
    introducing: [.function: "def", .typeName: "class", .namespace: "module"],
    rules: [
      .line("#"), .form(.lineBlock, "=begin", .blockComment, close: "=end", .atLineStart),
      .string("\"", nil, .double, [.multiline, .backslash, .hashBrace]),
      .string("'", nil, .single, [.multiline, .backslash]),
      .string("`", nil, .backtick, [.multiline, .backslash, .hashBrace]), .form(.slashRegex, "/", .regex),
      .name(after: "@", .instanceVariable), .name(after: "@@", .instanceVariable), .name(after: "$", .globalVariable),
      .name(after: ":", .symbol, .afterBlank), .string(":\"", "\"", .symbol, [.backslash, .hashBrace, .afterBlank]),
      .form(.percentLiteral, "%", .otherString), .form(.heredoc, "<<", .heredoc, [.hashBrace]),
      .form(.questionCharacter, "?", .character, .notAfterValue), .line("__END__", .comment, .atLineStart),
    ], nameRest: "?!")

  static let php = Grammar(
    [.calls, .ignoringCase],
    words: [
      .keyword: """
      abstract and array as break callable case catch class clone const continue declare default do echo else elseif empty enddeclare endfor \
      endforeach endif endswitch endwhile enum exit extends final finally fn for foreach from function global goto if implements include \
      include_once instanceof insteadof interface isset list match namespace new or print private protected public readonly require require_once \
      return static switch throw trait try unset use var while xor yield die eval
      """,
      .type: "bool float int iterable mixed never object string void",
      .constant: "true false null __CLASS__ __DIR__ __FILE__ __FUNCTION__ __LINE__ __METHOD__ __NAMESPACE__",
      .thisKeyword: "self parent",
    ],
    introducing: [.function: "function", .typeName: "class interface trait enum", .namespace: "namespace"],
    rules: [
      .line("//"), .line("#"), .block("/*", "*/"), .form(.bracketed, "#[", .preprocessor),
      .string("\"", nil, .double, [.multiline, .backslash, .dollarName]),
      .string("'", nil, .single, [.multiline, .backslash]),
      .string("`", nil, .backtick, [.multiline, .backslash]), .name(after: "$", .variable),
      .form(.heredoc, "<<<", .heredoc, .dollarName),
    ], operators: "+-*/%=<>!&|^~?:.@", nameRest: "\\")

  static let perl = Grammar(
    [.calls],
    words: [
      .keyword: """
      BEGIN END case continue default do else elsif eval for foreach given if last local my next no our package print redo require return state sub \
      unless until use when while
      """,
      .wordOperator: "and cmp eq ge gt le lt ne not or x xor",
      .builtin: """
      abs bless binmode chdir chomp chop chr close closedir defined delete die each exists exit grep hex index int join keys lc lcfirst length \
      map mkdir oct open opendir ord pack pop pos printf push rand read readdir readline ref reverse rindex say scalar shift sort \
      splice split sprintf sqrt stat substr system time uc ucfirst undef unlink unpack unshift values wantarray warn write
      """,
      .constant: "__DATA__ __END__ __FILE__ __LINE__ __PACKAGE__",
    ],
    introducing: [.function: "sub", .namespace: "package use no require"],
    rules: [
      .line("#"), .form(.lineBlock, "=", .blockComment, close: "=cut", [.atLineStart, .notAfterValue]),
      .string("\"", nil, .string, [.multiline, .backslash, .dollarName]),
      .string("'", nil, .string, [.multiline, .backslash]),
      .string("`", nil, .backtick, [.multiline, .backslash]), .form(.slashRegex, "/", .regex),
      .name(after: "$", .variable), .name(after: "@", .variable), .name(after: "%", .variable, .notAfterValue),
      .name(after: "$#", .variable), .name(after: "&", .function, .notAfterValue),
      .form(.quoteLike, "q", .otherString, close: "1"), .form(.quoteLike, "qq", .otherString, close: "1"),
      .form(.quoteLike, "qw", .otherString, close: "1"), .form(.quoteLike, "qr", .regex, close: "1"),
      .form(.quoteLike, "qx", .otherString, close: "1"), .form(.quoteLike, "m", .regex, close: "1"),
      .form(.quoteLike, "s", .regex, close: "12"), .form(.quoteLike, "tr", .regex, close: "12"),
      .form(.quoteLike, "y", .regex, close: "12"), .form(.heredoc, "<<", .heredoc, .dollarName),
    ] + "0123456789!@&".map { .form(.fixed, Literal("$\($0)"), .variable) })

  static let lua = Grammar(
    [.calls, .members],
    words: [
      .keyword: "break do else elseif end for goto if in repeat return then until while",
      .declaration: "function local",
      .wordOperator: "and not or", .constant: "true false nil",
      .builtin: """
      _ENV _G _VERSION assert collectgarbage coroutine debug dofile error getmetatable io ipairs load loadfile math next os package pairs pcall print \
      rawequal rawget rawlen rawset require select setmetatable string table tonumber tostring type utf8 xpcall
      """,
      .selfName: "self",
    ],
    introducing: [.function: "function"],
    rules: [
      .line("--"), .form(.longBracket, "--[", .blockComment), .form(.longBracket, "[", .string), .string("\""),
      .string("'", nil, .single),
      .string("::", "::", .label, []),
    ], operators: "+-*/%=<>&|^~:.#")

  static let r = Grammar(
    [.calls],
    words: [
      .keyword: "break else for function if in next repeat return while",
      .constant: "FALSE TRUE T F NULL NA NA_character_ NA_complex_ NA_integer_ NA_real_ Inf NaN",
      .builtin: "library require source suppressWarnings",
    ],
    rules: [
      .line("#"), .string("\"", nil, .string, [.multiline, .backslash]),
      .string("'", nil, .string, [.multiline, .backslash]),
      .string("`", nil, .plain, []), .string("%", "%", .symbolOperator, []),
    ],
    prefixed: [("r R", .form(.rawParentheses, "\"", .string))], operators: "+-*/=<>!&|^~?:@$", nameStart: ".")
}
