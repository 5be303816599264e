// Swift, Rust, Go, Zig, Kotlin, Scala.
extension Grammar {
  static let swift = Grammar(
    [.calls, .members],
    words: [
      .softKeyword:
        "actor any borrowing consume consuming copy discard distributed each indirect infix lazy left macro open operator optional package postfix prefix required right some then unowned weak dynamic final",
      .keyword: """
      as await break case catch continue default defer do else fallthrough for guard if in is \
      repeat rethrows return sending switch throw throws try unsafe where while async borrow
      """,
      .declaration: """
      associatedtype class convenience deinit didSet enum extension fileprivate func get init \
      inout internal isolated let mutating nonisolated nonmutating override precedencegroup \
      private protocol public set static struct subscript typealias var willSet
      """,
      .importing: "import",
      .constant: "true false nil",
      .thisKeyword: "self super Self",
      .builtin: """
      Any AnyObject Array ArraySlice AnyHashable Bool Character ClosedRange Codable CodingKey Collection Comparable Copyable Data Date Decodable \
      Dictionary Double Duration Encodable Equatable Error Escapable Float Float16 Float80 Hashable Identifiable Int Int8 Int16 Int32 Int64 Int128 \
      InlineArray Iterator IteratorProtocol KeyPath Mirror Never Optional OptionSet Range RawRepresentable Result Sendable Sequence Set Span \
      StaticString String Substring Task TaskGroup UInt UInt8 UInt16 UInt32 UInt64 UInt128 Unicode URL UUID Void UnsafePointer \
      UnsafeMutablePointer UnsafeRawPointer UnsafeBufferPointer abs assert assertionFailure dump fatalError max min precondition \
      preconditionFailure print readLine stride swap withUnsafeBytes zip
      """,
    ],
    introducing: [
      .function: "func macro", .typeName: "class struct enum protocol extension actor typealias associatedtype",
      .namespace: "import",
    ],
    rules: [
      .line("//"), .block("/*", "*/", .blockComment, .nested),
      .string("\"\"\"", nil, .string, [.multiline, .backslash, .backslashParenthesis]),
      .string("\"", nil, .string, [.backslash, .backslashParenthesis]),
      .string("#", "\"\"\"", .string, [.multiline, .hashes, .backslash, .backslashParenthesis]),
      .string("#", "\"", .string, [.hashes, .backslash, .backslashParenthesis]),
      .string("`", nil, .plain, []),
      .name(after: "@", .decorator), .name(after: "#", .preprocessor), .name(after: "$", .variable),
    ] + "0123456789".map { .form(.fixed, Literal("$\($0)"), .variable) })

  static let rust = Grammar(
    [.calls, .macros],
    words: [
      .softKeyword: "union raw",
      .keyword: """
      as async await box break const continue crate default do dyn else extern for if impl in loop macro_rules match move mut priv pub \
      ref return safe static super try unsafe use virtual where while yield type
      """,
      .declaration: "enum fn let mod struct trait",
      .type: "bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize",
      .constant: "true false", .thisKeyword: "self Self",
      .builtin: """
      Box Option Some None Result Ok Err String Vec Rc Arc Cell RefCell HashMap HashSet BTreeMap BTreeSet Copy Send Sized Sync Drop Fn FnMut FnOnce \
      drop ToOwned Clone PartialEq PartialOrd Eq Ord AsRef AsMut Into From Default Iterator Extend IntoIterator DoubleEndedIterator \
      ExactSizeIterator ToString Debug Display
      """,
    ],
    introducing: [.function: "fn", .typeName: "struct enum trait union type", .namespace: "mod"],
    rules: [
      .line("//"), .line("///", .docstring), .line("//!", .docstring), .line("////"),
      .block("/*", "*/", .blockComment, .nested),
      .block("/**", "*/", .docstring, .nested), .block("/*!", "*/", .docstring, .nested),
      .form(.fixed, "/**/", .blockComment),
      .string("\"", nil, .string, [.multiline, .backslash]), .form(.characterOrLabel, "'", .character),
      .form(.bracketed, "#[", .preprocessor), .form(.bracketed, "#![", .preprocessor),
    ],
    prefixed: [
      ("r br cr", .string("#", "\"", .string, [.multiline, .hashes])),
      ("b c", .string("\"", nil, .string, [.multiline, .backslash])),
      ("b", .string("'", nil, .character)),
    ])

  static let go = Grammar(
    [.calls, .members],
    words: [
      .keyword: "break case continue default defer else fallthrough for go goto if range return select switch",
      .declaration: "chan const func interface map struct type var", .importing: "import package",
      .type: """
      any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 \
      uintptr
      """,
      .constant: "true false iota nil",
      .builtin: "append cap clear close complex copy delete imag len make max min new panic print println real recover",
    ],
    introducing: [.function: "func", .typeName: "type", .namespace: "package"],
    rules: [
      .line("//"), .block("/*", "*/"), .string("\"", nil, .string), .string("`", nil, .string, .multiline),
      .form(.characterOrLabel, "'", .character, .notAfterValue),
    ])

  static let zig = Grammar(
    [.calls, .members],
    words: [
      .keyword: """
      addrspace align allowzero and asm async await break callconv catch comptime const continue defer else errdefer export extern fn for if inline \
      linksection noalias noinline nosuspend or orelse packed pub resume return suspend switch test threadlocal try unreachable usingnamespace \
      var volatile while enum error opaque struct union anyframe
      """,
      .type: """
      anyerror anyopaque anytype bool c_char c_int c_long c_longlong c_short c_uint c_ulong c_ulonglong c_ushort comptime_float comptime_int f16 \
      f32 f64 f80 f128 i8 i16 i32 i64 i128 isize noreturn type u1 u8 u16 u32 u64 u128 usize void
      """,
      .constant: "true false null undefined",
    ],
    introducing: [.function: "fn"],
    rules: [
      .line("//"), .string("\"", nil, .string), .line("\\\\", .string),
      .form(.characterOrLabel, "'", .character, .notAfterValue),
      .name(after: "@", .builtin), .string("@\"", "\"", .plain),
    ])

  static let kotlin = Grammar(
    [.calls, .members],
    words: [
      .softKeyword:
        "actual annotation by catch companion data dynamic expect external get infix inner inline open operator out set value",
      .keyword: """
      abstract as break class const constructor continue crossinline do else enum \
      final finally for fun if import in init interface internal is lateinit noinline object override \
      package private protected public reified return sealed suspend tailrec throw try typealias typeof val var vararg when where while
      """,
      .type: """
      Any Array Boolean Byte Char Double Float Int List Long Map MutableList MutableMap MutableSet Nothing Sequence Set Short String UByte UInt \
      ULong UShort Unit
      """,
      .constant: "true false null", .thisKeyword: "this super it",
    ],
    introducing: [.function: "fun", .typeName: "class interface object typealias", .namespace: "import package"],
    rules: [
      .line("//"), .block("/*", "*/", .blockComment, .nested),
      .string("\"\"\"", nil, .string, [.multiline, .dollarBrace, .dollarName]),
      .string("\"", nil, .string, [.backslash, .dollarBrace, .dollarName]),
      .form(.characterOrLabel, "'", .character, .notAfterValue),
      .name(after: "@", .decorator, .dotted), .string("`", nil, .plain, []),
    ])

  static let scala = Grammar(
    [.calls, .members, .capitalTypes],
    words: [
      .keyword: """
      abstract case catch class def derives do else end enum export extends extension final finally for forSome given if implicit infix inline \
      lazy macro match new object opaque open override private protected return sealed super then throw trait transparent try type using val \
      var while with yield
      """,
      .importing: "import package",
      .type: "Any AnyRef AnyVal Boolean Byte Char Double Float Int Long Nothing Null Short String Unit",
      .constant: "true false null", .thisKeyword: "this",
    ],
    introducing: [.function: "def", .typeName: "class trait object enum type", .namespace: "import package"],
    rules: [
      .line("//"), .block("/*", "*/", .blockComment, .nested), .string("\"\"\"", nil, .string, .multiline),
      .string("\"", nil, .string),
      .form(.characterOrLabel, "'", .character, .notAfterValue), .name(after: "@", .decorator, .dotted),
      .string("`", nil, .plain, []),
    ],
    prefixed: [
      ("s f raw", .string("\"\"\"", nil, .string, [.multiline, .dollarBrace, .dollarName])),
      ("s f raw", .string("\"", nil, .string, [.backslash, .dollarBrace, .dollarName])),
    ])
}
