/// Filters that change text; markup stays markup where Jinja2 keeps it.
let textFilters: [String: TemplateFunction] = [
  "upper": plain { $0.map { $0.uppercased() } },
  "lower": plain { $0.map { $0.lowercased() } },
  "capitalize": plain { $0.map { $0.pythonCapitalized } },
  "title": plain { .string(titled($0.text)) },
  "trim": { _, arguments in
    try arguments.check(["chars"])
    let drop = try arguments.string(1, "chars").map { Set($0.unicodeScalars) }
    return arguments[0].map { $0.stripped { drop?.contains($0) ?? $0.isSpace } }
  },
  "center": { _, arguments in
    try arguments.check(["width"])
    let width = try arguments.int(1, "width") ?? 80
    if width > 100_000 { throw TemplateError.limit("width above 100000") }
    return arguments[0].map { $0.centered(width) }
  },
  "replace": replaced,
  "string": plain { $0.isMarkup ? $0 : .string($0.text) },
  "format": { _, arguments in
    let named = arguments.named
    if !named.isEmpty, arguments.count > 1 {
      throw TemplateError("positional and named arguments can't be mixed")
    }
    let values: FormatArguments =
      named.isEmpty
      ? .values(Array(arguments.positional.dropFirst())) : .names(ValueMap(named.map { ($0.name, $0.value) }))
    let escape = arguments[0].isMarkup
    return try arguments[0].map { try percentFormat($0, values, escape: escape) }
  },
  "indent": indented,
  "truncate": truncated,
  "wordcount": plain { value in
    var count = 0
    var isInWord = false
    for scalar in value.text.unicodeScalars {
      if scalar.isWord, !isInWord { count += 1 }
      isInWord = scalar.isWord
    }
    return .int(count)
  },
  "wordwrap": wrapped,
]

private func titled(_ text: String) -> String {
  var result = ""
  var startsWord = true
  for scalar in text.unicodeScalars {
    switch scalar {
    case "-", "(", "{", "[", "<":
      result.unicodeScalars.append(scalar)
      startsWord = true
    case _ where scalar.isSpace:
      result.unicodeScalars.append(scalar)
      startsWord = true
    default:
      result += startsWord ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
      startsWord = false
    }
  }
  return result
}

private let replaced: TemplateFunction = { call, arguments in
  try arguments.check(["old", "new", "count"])
  guard let old = arguments.value(1, "old"), let new = arguments.value(2, "new") else {
    throw TemplateError("`replace` needs what to replace and by what")
  }
  let limit = try arguments.int(3, "count") ?? -1
  let subject = arguments[0]
  guard call.autoescape else { return .string(try subject.text.replacing(old.text, with: new.text, limit: limit)) }
  // As MarkupSafe has it: markup stays markup, and what is put into it is escaped.
  if old.isMarkup || new.isMarkup || subject.isMarkup {
    let text = subject.markup
    return .safe(
      try text.replacing(
        subject.isMarkup || old.isMarkup || new.isMarkup ? old.markup : old.text, with: new.markup, limit: limit))
  }
  return .string(try subject.text.replacing(old.text, with: new.text, limit: limit))
}

private let indented: TemplateFunction = { _, arguments in
  try arguments.check(["width", "first", "blank"])
  let indention: String
  switch arguments.value(1, "width") {
  case .string(let text)?, .safe(let text)?: indention = text
  default:
    let width = try arguments.int(1, "width") ?? 4
    if width > 1000 { throw TemplateError.limit("width above 1000") }
    indention = String(repeating: " ", count: max(0, width))
  }
  let first = arguments.bool(2, "first") ?? false
  let blank = arguments.bool(3, "blank") ?? false
  return try arguments[0].map { text in
    let lines = (text + "\n").pythonLines
    var result: [UInt8] = []
    for (index, line) in lines.enumerated() {
      if index > 0 { result.append(newline) }
      if index == 0 ? first : blank || !line.isEmpty { result.append(indention) }
      result.append(line)
      if result.count > Renderer.textLimit { throw TemplateError.limit("text is too long") }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

private let truncated: TemplateFunction = { _, arguments in
  try arguments.check(["length", "killwords", "end", "leeway"])
  let length = try arguments.int(1, "length") ?? 255
  let killsWords = arguments.bool(2, "killwords") ?? false
  let end = arguments.value(3, "end") ?? .string("...")
  let leeway = try arguments.int(4, "leeway") ?? 5
  let room = length - end.text.scalarCount
  guard room >= 0 else { throw TemplateError("length is below that of the end, \(end.text.scalarCount)") }
  guard leeway >= 0 else { throw TemplateError("leeway is negative") }
  let text = arguments[0].text
  // Text with fewer bytes has fewer characters too.
  if text.utf8.count <= length + leeway || text.scalarCount <= length + leeway { return arguments[0] }
  var kept = text.scalarPrefix(room)
  if !killsWords, let space = kept.utf8.lastIndex(of: UInt8(ascii: " ")) { kept = String(kept[..<space]) }
  if arguments[0].isMarkup { return .safe(kept + end.markup) }
  return end.isMarkup ? .safe(escaped(kept) + end.text) : .string(kept + end.text)
}

private let wrapped: TemplateFunction = { _, arguments in
  try arguments.check(["width", "break_long_words", "wrapstring", "break_on_hyphens"])
  let width = try arguments.int(1, "width") ?? 79
  guard width > 0 else { throw TemplateError("width is above zero") }
  let breaksWords = arguments.bool(2, "break_long_words") ?? true
  let separator = try arguments.string(3, "wrapstring") ?? "\n"
  let breaksAtHyphens = arguments.bool(4, "break_on_hyphens") ?? true
  let lines = arguments[0].text.pythonLines.map {
    wrap($0, width, breaksWords: breaksWords, breaksAtHyphens: breaksAtHyphens).joined(separator: separator)
  }
  return .string(lines.joined(separator: separator))
}

/// Python's `textwrap.wrap` for one line.
private func wrap(_ text: String, _ width: Int, breaksWords: Bool, breaksAtHyphens: Bool) -> [String] {
  var chunks = wrapChunks(text, breaksAtHyphens: breaksAtHyphens)[...]
  var lines: [String] = []
  while !chunks.isEmpty {
    if !lines.isEmpty, chunks.first.map({ isBlank($0) }) == true { chunks.removeFirst() }
    var line: [[Unicode.Scalar]] = []
    var length = 0
    while let chunk = chunks.first, length + chunk.count <= width {
      line.append(chunk)
      length += chunk.count
      chunks.removeFirst()
    }
    if let chunk = chunks.first, chunk.count > width {
      let room = width - length
      if breaksWords {
        var end = room
        if breaksAtHyphens, chunk.count > room, let hyphen = chunk[..<room].lastIndex(of: "-"), hyphen > 0,
          chunk[..<hyphen].contains(where: { $0 != "-" })
        {
          end = hyphen + 1
        }
        line.append(Array(chunk[..<end]))
        chunks[chunks.startIndex] = Array(chunk[end...])
      } else if line.isEmpty {
        line.append(chunk)
        chunks.removeFirst()
      }
    }
    if let last = line.last, isBlank(last) { line.removeLast() }
    if !line.isEmpty { lines.append(line.map { String(Scalars($0)) }.joined()) }
  }
  return lines
}

private func isBlank(_ chunk: [Unicode.Scalar]) -> Bool { chunk.allSatisfy { $0.isSpace } }

/// Words and the spaces between them; words end behind hyphens between letters.
private func wrapChunks(_ text: String, breaksAtHyphens: Bool) -> [[Unicode.Scalar]] {
  var chunks: [[Unicode.Scalar]] = []
  var chunk: [Unicode.Scalar] = []
  let scalars = Array(text.unicodeScalars)
  func isLetter(_ index: Int) -> Bool {
    scalars.indices.contains(index) && scalars[index].isWord && !scalars[index].isASCIIDigit
  }
  for (index, scalar) in scalars.enumerated() {
    if let last = chunk.last {
      let atHyphen = breaksAtHyphens && last == "-" && isLetter(index) && isLetter(index - 2) && isLetter(index + 1)
      if last.isSpace != scalar.isSpace || atHyphen {
        chunks.append(chunk)
        chunk = []
      }
    }
    chunk.append(scalar)
  }
  if !chunk.isEmpty { chunks.append(chunk) }
  return chunks
}
