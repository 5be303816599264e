// SQL, GraphQL, JSON, shells, and the inside of template tags.
extension Grammar {
  static let sql = Grammar(
    .ignoringCase,
    words: [
      .keyword: """
      abort action add after all alter always analyze and any as asc attach authorization autoincrement before begin between both by cascade case \
      cast check cluster collate column columns commit concurrently conflict constraint copy create cross cube current current_date current_time \
      current_timestamp cursor cycle database databases deallocate declare default deferrable deferred delete desc describe detach distinct do \
      domain drop each else elsif end engine escape except exclude exclusive execute exists explain extension extract fail false fetch filter first \
      following for foreign from full function generated glob global grant group grouping groups handler having identity if ignore ilike immediate in \
      increment index indexed inherits initially inner insert instead intersect interval into is isnull join key language last lateral leading left \
      level like limit local lock loop match materialized merge minvalue maxvalue mode natural next no not nothing notnull null nulls of offset on \
      only open operator option or order others out outer over overlaps owner partial partition plan policy pragma preceding prepare primary privileges \
      procedure public raise range read recursive references refresh regexp reindex release rename repeatable replace reset restrict return \
      returning returns revoke right rollback rollup row rows savepoint schema scroll security select sequence serializable session set \
      sets share show similar some start stored strict symmetric system table tables tablesample temp temporary then ties to trailing transaction \
      trigger true truncate type unbounded union unique unknown unlock until update use user using vacuum values verbose view virtual when where while \
      window with within without work write zone avg ceil coalesce concat count date_trunc dense_rank floor greatest json_agg lag lead least lower \
      max min now nullif rank replace round row_number string_agg substr substring sum trim upper
      """,
      .builtin: """
      array bigint bigserial binary bit blob bool boolean bytea char character date datetime dec decimal double enum float int int2 int4 int8 integer \
      json jsonb longtext mediumint money nchar numeric nvarchar precision real serial smallint text time timestamp timestamptz tinyint uuid \
      varbinary varchar varying
      """,
    ],
    rules: [
      .line("--"), .line("#"), .block("/*", "*/", .blockComment, .nested),
      .string("'", nil, .single, [.multiline, .doubled]),
      .string("\"", nil, .symbol, [.multiline, .doubled]), .string("`", nil, .plain, .doubled),
      .string("$$", "$$", .string, .multiline),
      .name(after: ":", .variable, .notAfterValue), .name(after: "@", .variable), .name(after: "$", .variable),
    ])

  static let graphql = Grammar(
    [],
    words: [
      .softKeyword: """
      directive enum extend fragment implements input interface mutation on query repeatable scalar schema subscription type union
      """,
      .type: "Boolean Float ID Int String", .constant: "true false null",
    ],
    introducing: [
      .typeName: "enum input interface scalar type union on", .function: "fragment mutation query subscription",
    ],
    rules: [
      .line("#"), .string("\"\"\"", nil, .string, [.multiline, .backslash]), .string("\"", nil, .string),
      .name(after: "$", .variable),
      .name(after: "@", .decorator),
    ], operators: "!|&=:.")

  static let json = Grammar(
    .stringKeys, words: [.constant: "true false null NaN Infinity"],
    rules: [.line("//"), .block("/*", "*/"), .string("\""), .string("'", nil, .single)], operators: "-+.",
    nameStart: "$")

  static let bash = Grammar(
    [.wordNumbers, .assignments, .bareOperators],
    words: [
      .keyword:
        "case coproc do done elif else esac fi for function if in return select then time trap until while break continue",
      .builtin: """
      alias bg bind builtin caller cd command compgen complete declare dirs disown echo enable eval exec exit export false fc fg getopts hash \
      help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly set shift shopt source suspend test \
      times true type typeset ulimit umask unalias unset wait
      """,
    ],
    introducing: [.function: "function"],
    rules: [
      .line("#", .lineComment, .atWordStart),
      .string("\"", nil, .double, [.multiline, .backslash, .dollarBrace, .dollarName, .shell]),
      .string("$\"", "\"", .double, [.multiline, .backslash, .dollarBrace, .dollarName, .shell]),
      .string("'", nil, .single, .multiline),
      .string("$'", "'", .single, [.multiline, .backslash]), .form(.shellExpansion, "${", .interpolation),
      .form(.shellExpansion, "$(", .keyword), .form(.shellQuote, "`", .backtick), .name(after: "$", .variable),
      .form(.escaped, "\\", .escape), .form(.heredoc, "<<", .heredoc, [.dollarName, .shell]),
    ] + "0123456789@*#?$!-".map { .form(.fixed, Literal("$\($0)"), .variable) },
    operators: "=&|<>!", nameStart: "-./+:,@%~*?^", nameRest: "#")

  static let powershell = Grammar(
    [.ignoringCase, .members, .cmdlets],
    words: [
      .keyword: """
      begin break catch class continue data do dynamicparam else elseif end enum exit filter finally for foreach from function hidden if in \
      param process return static switch throw trap try until using while workflow
      """,
      .wordOperator: """
      -and -as -band -bnot -bor -bxor -ccontains -ceq -clike -cmatch -contains -creplace -csplit -eq -f -ge -gt -ieq -imatch -in -is -isnot \
      -join -le -like -lt -match -ne -not -notcontains -notin -notlike -notmatch -or -replace -shl -shr -split -xor
      """,
    ],
    introducing: [.function: "function filter", .typeName: "class enum"],
    rules: [
      .line("#"), .block("<#", "#>"), .string("@\"", "\"@", .heredoc, [.multiline, .backtickEscape, .dollarName]),
      .string("@'", "'@", .heredoc, .multiline),
      .string("\"", nil, .double, [.multiline, .doubled, .backtickEscape, .dollarName, .shell]),
      .string("'", nil, .single, [.multiline, .doubled]), .name(after: "$", .variable),
      .string("${", "}", .variable, []),
    ], operators: "+*/%=<>!&|^?:.", nameStart: "-", nameRest: "-")

  /// What stands between `{{` and `}}` or `{%` and `%}`.
  static let jinja = Grammar(
    [.calls, .members],
    words: [
      .keyword: """
      block break call continue do elif else embed endblock endcall endfilter endfor endif endmacro endraw endset endtrans endwith extends filter \
      for from if ignore import include macro missing pluralize raw recursive scoped set trans verbatim with without context as by
      """,
      .wordOperator: "and in is not or", .constant: "true false none True False None",
      .selfName: "loop self super caller varargs kwargs",
    ],
    introducing: [.function: "macro block"],
    rules: [.string("\"", nil, .double), .string("'", nil, .single)], operators: "+-*/%=<>!|~.")
}
