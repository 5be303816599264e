// C and the languages that took its comments, strings and preprocessor.
extension Grammar {
  private static let cRules: [Rule] = [
    .line("//"), .block("/*", "*/"), .string("\""), .form(.characterOrLabel, "'", .character, [.notAfterValue]),
    .form(.preprocessor, "#", .preprocessor, .atLineStart),
  ]
  private static let cKeywords = """
    alignas alignof asm break case const continue default do else extern for goto if inline register restrict return sizeof static \
    static_assert switch volatile while thread_local _Alignas _Alignof _Atomic _Generic _Noreturn _Static_assert _Thread_local typeof
    """
  private static let cTypes = """
    bool char double float int long short signed unsigned void _Bool _Complex size_t ssize_t ptrdiff_t intptr_t uintptr_t wchar_t \
    int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intmax_t uintmax_t off_t time_t FILE va_list
    """

  static let c = Grammar(
    [.calls, .members, .quoteInNumbers, .trailingDot],
    words: [
      .keyword: cKeywords + " struct union enum typedef auto", .type: cTypes, .constant: "NULL true false nullptr",
    ],
    introducing: [.typeName: "struct union enum"],
    rules: cRules, prefixed: [("L u8 u U", .string("\"")), ("L u8 u U", .string("'", nil, .character))])

  static let cpp = Grammar(
    [.calls, .members, .quoteInNumbers, .trailingDot],
    words: [
      .keyword: cKeywords + """
         auto catch class concept const_cast consteval constexpr constinit co_await co_return co_yield decltype delete dynamic_cast enum \
        explicit export friend mutable new noexcept operator private protected public reinterpret_cast requires static_cast struct \
        template throw try typedef typeid typename union using virtual final override import module namespace
        """,
      .wordOperator: "and and_eq bitand bitor compl not not_eq or or_eq xor xor_eq",
      .type: cTypes + " char8_t char16_t char32_t",
      .constant: "NULL nullptr true false", .thisKeyword: "this",
    ],
    introducing: [.typeName: "class struct union enum concept", .namespace: "namespace"],
    rules: cRules,
    prefixed: [
      ("R LR uR UR u8R", .form(.rawParentheses, "\"", .string)), ("L u8 u U", .string("\"")),
      ("L u8 u U", .string("'", nil, .character)),
    ])

  static let objectiveC = Grammar(
    [.calls, .members, .trailingDot],
    words: [
      .keyword: cKeywords + """
         struct union enum typedef in out inout bycopy byref oneway @private @protected @public @package @end @selector @try @catch \
        @finally @throw @synchronized @autoreleasepool @property @synthesize @dynamic @optional @required @encode @compatibility_alias \
        @available nonatomic atomic strong weak copy assign retain readonly readwrite getter setter nullable nonnull __weak __strong \
        __block __autoreleasing __unsafe_unretained __bridge
        """,
      .declaration: "@interface @implementation @protocol @class @import",
      .type: cTypes + " id instancetype SEL IMP Class BOOL NSInteger NSUInteger CGFloat unichar",
      .constant: "NULL nil Nil YES NO @YES @NO true false", .thisKeyword: "self super",
    ],
    introducing: [.typeName: "struct union enum @interface @implementation @protocol @class", .namespace: "@import"],
    rules: cRules + [.string("@\"", "\""), .name(after: "@", .decorator)])

  static let csharp = Grammar(
    [.calls, .members, .trailingDot],
    words: [
      .softKeyword:
        "add alias and ascending by descending equals field file from global group into join let managed not on or orderby partial record remove required scoped select value when where with",
      .keyword: """
      abstract as async await base break case catch checked const continue default delegate do \
      else enum event explicit extern finally fixed for foreach get goto if implicit in init \
      interface internal is lock nameof new operator out override params private \
      protected public readonly ref return sealed set sizeof stackalloc static switch throw \
      try typeof unchecked unmanaged unsafe virtual volatile while yield class struct namespace using
      """,
      .type:
        "bool byte char decimal double dynamic float int long nint nuint object sbyte short string uint ulong ushort var void",
      .constant: "null true false", .thisKeyword: "this",
    ],
    introducing: [.typeName: "class struct interface enum record", .namespace: "namespace using"],
    rules: [
      .line("//"), .block("/*", "*/"), .string("\"\"\"", nil, .string, .multiline), .string("\""),
      .string("@\"", "\"", .string, [.multiline, .doubled]), .string("$\"", "\"", .string, [.backslash, .brace]),
      .string("$@\"", "\"", .string, [.multiline, .doubled, .brace]),
      .string("@$\"", "\"", .string, [.multiline, .doubled, .brace]),
      .string("$\"\"\"", "\"\"\"", .string, [.multiline, .brace]),
      .form(.characterOrLabel, "'", .character, .notAfterValue),
      .form(.preprocessor, "#", .preprocessor, .atLineStart),
    ])

  static let java = Grammar(
    [.calls, .members, .trailingDot],
    words: [
      .softKeyword:
        "exports module open opens permits provides record requires sealed transitive uses with yield when var",
      .keyword: """
      assert break case catch continue default do else finally for if instanceof new return switch throw try while super
      """,
      .declaration: """
      abstract class const enum extends final implements interface native non-sealed private \
      protected public static strictfp synchronized throws transient volatile 
      """,
      .importing: "import package", .type: "boolean byte char double float int long short void",
      .constant: "true false null",
      .thisKeyword: "this",
    ],
    introducing: [.typeName: "class enum interface record @interface", .namespace: "import package"],
    rules: [
      .line("//"), .block("/*", "*/"), .string("\"\"\"", nil, .string, [.multiline, .backslash]),
      .string("\"", nil, .string),
      .form(.characterOrLabel, "'", .character, .notAfterValue), .name(after: "@", .decorator, .dotted),
    ])

  static let dart = Grammar(
    [.calls, .members],
    words: [
      .softKeyword:
        "covariant external factory get hide library mixin on part required sealed set show sync when with base interface",
      .keyword: """
      assert async await break case catch continue default do else finally for if in is new rethrow return super switch throw \
      try while yield deferred
      """,
      .declaration: """
      abstract as class const enum extends extension final implements late \
      operator static typedef var
      """,
      .importing: "import export ",
      .type: "bool double dynamic int num void Never Object String List Map Set Future Stream Iterable Function Null",
      .constant: "true false null", .thisKeyword: "this",
    ],
    introducing: [.typeName: "class enum mixin extension typedef"],
    rules: [
      .line("//"), .block("/*", "*/", .blockComment, .nested), .name(after: "@", .decorator, .dotted),
      .string("\"\"\"", nil, .double, [.multiline, .backslash, .dollarBrace, .dollarName]),
      .string("'''", nil, .single, [.multiline, .backslash, .dollarBrace, .dollarName]),
      .string("\"", nil, .double, [.backslash, .dollarBrace, .dollarName]),
      .string("'", nil, .single, [.backslash, .dollarBrace, .dollarName]),
    ],
    prefixed: [
      ("r", .string("\"\"\"", nil, .double, .multiline)), ("r", .string("'''", nil, .single, .multiline)),
      ("r", .string("\"", nil, .double, [])), ("r", .string("'", nil, .single, [])),
    ], nameStart: "$")

  static let protobuf = Grammar(
    [.calls, .members],
    words: [
      .softKeyword:
        "default extensions group max message oneof option optional package public repeated required reserved returns rpc service stream to weak",
      .keyword: "edition enum extend import map syntax",
      .type: "int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 float double bool string bytes",
      .constant: "true false",
    ],
    introducing: [.typeName: "message extend enum service", .namespace: "package", .function: "rpc"],
    rules: [.line("//"), .block("/*", "*/"), .string("\""), .string("'", nil, .single)])
}
