/// A language (or format) that can be highlighted.
public struct Language: Sendable, Hashable {
  let id: ID

  /// The name that stands in `class="language-…"`: the first of its names.
  public var name: String { id.names.prefix { $0 != " " }.description }

  /// The language of that name or alias (`swift`, `rs`, `c++`), ASCII case ignored.
  public static func named(_ name: some StringProtocol) -> Language? {
    var name = String(name)
    return name.withUTF8 { named($0) }
  }

  /// As `named(_:)`, for bytes.
  public static func named(_ name: UnsafeBufferPointer<UInt8>) -> Language? {
    guard let start = name.baseAddress else { return nil }
    let value = names.value(start, name.count, readable: name.count)
    return value == 0 ? nil : ID(rawValue: UInt8(value - 1)).map { Language(id: $0) }
  }

  /// All names and aliases, sorted.
  public static let known: [String] = ID.allCases.flatMap { $0.names.split(separator: " ").map(String.init) }.sorted()

  /// All languages with their aliases, sorted by name.
  public static let all: [(name: String, aliases: [String])] = ID.allCases.map { id in
    let names = id.names.split(separator: " ").map(String.init)
    return (names[0], Array(names.dropFirst()))
  }.sorted { $0.name < $1.name }

  private static let names: WordTable = {
    var table: [String: UInt16] = [:]
    for id in ID.allCases {
      for name in id.names.split(separator: " ") { table[String(name)] = UInt16(id.rawValue) + 1 }
    }
    return WordTable(table, ignoringCase: true)
  }()
}

extension Language {
  enum ID: UInt8, CaseIterable, Sendable {
    case bash, c, console, cpp, csharp, css, dart, diff, dockerfile, elixir, go, graphql, haskell, html, ini, java,
      javascript, jinja, json, kotlin
    case lua, makefile, markdown, nix, objectiveC, perl, php, powershell, protobuf, python, r, ruby, rust, scala, scss,
      sql, swift, text, toml
    case typescript, xml, yaml, zig, pycon

    /// Name and aliases, separated by blanks.
    var names: String {
      switch self {
      case .bash: "bash sh shell zsh ksh fish env dotenv"
      case .c: "c h"
      case .console: "console shell-session shellsession sh-session terminal"
      case .cpp: "cpp c++ cc cxx hpp hxx hh arduino cuda"
      case .csharp: "csharp cs c#"
      case .css: "css"
      case .dart: "dart"
      case .diff: "diff patch udiff"
      case .dockerfile: "dockerfile docker containerfile"
      case .elixir: "elixir ex exs"
      case .go: "go golang"
      case .graphql: "graphql gql"
      case .haskell: "haskell hs"
      case .html: "html htm xhtml vue svelte"
      case .ini: "ini cfg conf dosini properties editorconfig systemd desktop"
      case .java: "java groovy"
      case .javascript: "javascript js jsx mjs cjs node"
      case .jinja: "jinja2 html+jinja jinja j2 django htmldjango twig liquid nunjucks tera"
      case .json: "json jsonc json5 jsonl ndjson geojson webmanifest"
      case .kotlin: "kotlin kt kts"
      case .lua: "lua luau"
      case .makefile: "makefile make mk mf bsdmake"
      case .markdown: "markdown md mkd mdx"
      case .nix: "nix nixos"
      case .objectiveC: "objective-c objectivec objc obj-c"
      case .perl: "perl pl pm"
      case .php: "php php3 php4 php5 html+php"
      case .powershell: "powershell pwsh posh ps1 psm1"
      case .protobuf: "protobuf proto"
      case .pycon: "pycon python-console"
      case .python: "python py python3 py3 pyi sage starlark bazel"
      case .r: "r s splus"
      case .ruby: "ruby rb duby gemfile rake"
      case .rust: "rust rs"
      case .scala: "scala sbt"
      case .scss: "scss sass less"
      case .sql: "sql mysql postgres postgresql pgsql plpgsql sqlite sqlite3"
      case .swift: "swift"
      case .text: "text plain plaintext txt none output"
      case .toml: "toml"
      case .typescript: "typescript ts tsx mts cts"
      case .xml: "xml svg xsl xslt xsd rss atom plist mathml"
      case .yaml: "yaml yml"
      case .zig: "zig"
      }
    }
  }

  static let css = Language(id: .css)
  static let html = Language(id: .html)
  static let bash = Language(id: .bash)
  static let javascript = Language(id: .javascript)
  static let python = Language(id: .python)
  static let yaml = Language(id: .yaml)
}

extension Scanner {
  /// From `position` to `end`.
  mutating func scan(_ language: Language) {
    switch language.id {
    case .bash: scanCode(.bash)
    case .c: scanCode(.c)
    case .console: scanConsole()
    case .cpp: scanCode(.cpp)
    case .csharp: scanCode(.csharp)
    case .css: scanCSS(lineComments: false)
    case .dart: scanCode(.dart)
    case .diff: scanDiff()
    case .dockerfile: scanDockerfile()
    case .elixir: scanCode(.elixir)
    case .go: scanCode(.go)
    case .graphql: scanCode(.graphql)
    case .haskell: scanCode(.haskell)
    case .html, .xml: scanMarkup()
    case .ini: scanINI()
    case .java: scanCode(.java)
    case .javascript: scanCode(.javascript)
    case .jinja:
      templates = .jinja
      scanMarkup()
    case .json: scanCode(.json)
    case .kotlin: scanCode(.kotlin)
    case .lua: scanCode(.lua)
    case .makefile: scanMakefile()
    case .markdown: scanMarkdown()
    case .nix: scanCode(.nix)
    case .objectiveC: scanCode(.objectiveC)
    case .perl: scanCode(.perl)
    case .php: scanPHP()
    case .powershell: scanCode(.powershell)
    case .protobuf: scanCode(.protobuf)
    case .pycon: scanPythonConsole()
    case .python: scanCode(.python)
    case .r: scanCode(.r)
    case .ruby: scanCode(.ruby)
    case .rust: scanCode(.rust)
    case .scala: scanCode(.scala)
    case .scss: scanCSS(lineComments: true)
    case .sql: scanCode(.sql)
    case .swift: scanCode(.swift)
    case .text: position = end
    case .toml: scanTOML()
    case .typescript: scanCode(.typescript)
    case .yaml: scanYAML()
    case .zig: scanCode(.zig)
    }
  }
}
