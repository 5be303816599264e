import Files

/// Reads XML 1.0 as data (https://www.w3.org/TR/xml/), in the shape in which Hugo gives it to templates.
///
/// The root element is the value. An element with nothing but text is that text, without white space at its ends; any other is a map of its
/// attributes (`-name`), its elements by name, and its text (`#text`). An element that comes several times is a list. Names lose their
/// prefixes, comments and processing instructions are left out.
///
/// Strict: what is not well formed is refused, and so is a document type that declares anything, because entities of one's own can
/// name other files, or grow without bound.
///
/// - Throws: a `Diagnostic` at the first place that is no XML.
func readXML(_ source: SourceText) throws(Diagnostic) -> Datum {
  if let problem = source.encodingProblem { throw problem }
  var reader = XMLReader(source)
  return try reader.document()
}

private struct XMLReader {
  /// An element that is not closed yet.
  private struct Element {
    let name: String
    let offset: Int
    /// What stands in it, by name and in the order of the names' first places.
    var members: [(key: String, data: [Datum])] = []
    var text: [UInt8] = []
    private var places: [String: Int] = [:]

    init(name: String, offset: Int) {
      self.name = name
      self.offset = offset
    }

    mutating func add(_ datum: Datum, as key: String) {
      if let index = places[key] {
        members[index].data.append(datum)
      } else {
        places[key] = members.count
        members.append((key, [datum]))
      }
    }
  }

  private let source: SourceText
  private var index = 0
  private var open: [Element] = []
  private var count = 0
  private var bytes: [UInt8] { source.bytes }

  init(_ source: SourceText) {
    self.source = source
    index = source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  private func problem(_ message: String, at offset: Int? = nil, hint: String? = nil) -> Diagnostic {
    source.diagnostic(id: "xml-syntax", message, at: min(offset ?? index, bytes.count), hint: hint)
  }

  private func place(_ offset: Int) -> Datum.Place {
    let location = source.location(at: offset)
    return Datum.Place(line: Int32(location.line), column: Int32(location.column))
  }

  // MARK: Structure

  mutating func document() throws(Diagnostic) -> Datum {
    var root: Datum?
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        try characters()
        continue
      }
      if starts("<?") {
        try skip(past: "?>", "a processing instruction ends with ?>")
      } else if starts("<!--") {
        try comment()
      } else if starts("<![CDATA[") {
        guard !open.isEmpty else { throw problem("text stands inside the root element") }
        let start = index + 9
        try skip(past: "]]>", "a CDATA section ends with ]]>")
        open[open.count - 1].text += bytes[start..<index - 3]
      } else if starts("<!DOCTYPE") {
        try documentType(root == nil && open.isEmpty)
      } else if starts("</") {
        if let closed = try close() { root = closed }
      } else {
        guard root == nil else { throw problem("XML has one root element, this is a second one") }
        if let closed = try openElement() { root = closed }
      }
    }
    if let unclosed = open.last {
      throw problem("<\(unclosed.name)> has no </\(unclosed.name)>", at: unclosed.offset)
    }
    guard let root else { throw problem("XML has a root element, there is none", at: 0) }
    return root
  }

  /// Text up to the next tag; outside of the root nothing but white space.
  private mutating func characters() throws(Diagnostic) {
    guard !open.isEmpty else {
      guard isSpace(bytes[index]) else { throw problem("text stands inside the root element") }
      index += 1
      return
    }
    while index < bytes.count, bytes[index] != UInt8(ascii: "<") {
      if bytes[index] == UInt8(ascii: "&") {
        open[open.count - 1].text += try reference()
      } else if starts("]]>") {
        throw problem("]]> ends a CDATA section, there is none here", hint: "]]&gt; is that text")
      } else {
        open[open.count - 1].text.append(bytes[index])
        index += 1
      }
    }
  }

  /// - Returns: the root, where this opened and closed it.
  private mutating func openElement() throws(Diagnostic) -> Datum? {
    let start = index
    index += 1
    let name = try name("a tag begins with a name")
    count += 1
    guard open.count < DataText.deepestNesting else {
      throw problem("XML nests too deeply", at: start, hint: "at most \(DataText.deepestNesting) levels are read")
    }
    guard count <= DataText.mostValues else {
      throw problem("XML has too many elements", at: start, hint: "at most \(DataText.mostValues) are read")
    }
    var element = Element(name: name, offset: start)
    var attributes: Set<String> = []
    while true {
      let hadSpace = skipSpace()
      guard index < bytes.count else { throw problem("<\(name) has no > at its end", at: start) }
      if bytes[index] == UInt8(ascii: ">") {
        index += 1
        open.append(element)
        return nil
      }
      if starts("/>") {
        index += 2
        return add(datum(of: element), named: name)
      }
      guard hadSpace else { throw problem("a space stands before an attribute") }
      let place = index
      let attribute = try self.name("an attribute begins with a name")
      guard attributes.insert(attribute).inserted else { throw problem("\(attribute) is given twice", at: place) }
      let value = try attributeValue(attribute)
      element.add(Datum(.string(value), at: self.place(place)), as: "-" + local(attribute))
    }
  }

  /// - Returns: the root, where it ends here.
  private mutating func close() throws(Diagnostic) -> Datum? {
    let start = index
    index += 2
    let name = try name("a closing tag has a name")
    _ = skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else {
      throw problem("</\(name) has no > at its end", at: start)
    }
    index += 1
    guard let element = open.popLast() else { throw problem("</\(name)> closes nothing", at: start) }
    guard element.name == name else {
      let line = source.location(at: element.offset).line
      throw problem("</\(name)> stands where <\(element.name)> of line \(line) is closed", at: start)
    }
    return add(datum(of: element), named: name)
  }

  private mutating func add(_ datum: Datum, named name: String) -> Datum? {
    guard !open.isEmpty else { return datum }
    open[open.count - 1].add(datum, as: local(name))
    return nil
  }

  private func datum(of element: Element) -> Datum {
    let trimmed = element.text.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    let text = String(decoding: Array(trimmed), as: UTF8.self)
    if element.members.isEmpty { return Datum(.string(text), at: place(element.offset)) }
    var entries = element.members.map { member in
      let isList = member.data.count > 1
      let datum = isList ? Datum(.list(member.data), at: member.data[0].place) : member.data[0]
      return Datum.Entry(key: member.key, keyPlace: datum.place, datum: datum)
    }
    if !text.isEmpty {
      entries.append(
        Datum.Entry(key: "#text", keyPlace: .unknown, datum: Datum(.string(text), at: place(element.offset))))
    }
    return Datum(.map(entries), at: place(element.offset))
  }

  // MARK: Parts

  private mutating func attributeValue(_ name: String) throws(Diagnostic) -> String {
    _ = skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
      throw problem("the attribute \(name) has a value", hint: "\(name)=\"…\"")
    }
    index += 1
    _ = skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else {
      throw problem("the value of an attribute stands in quotes", hint: "\(name)=\"…\"")
    }
    let quote = bytes[index]
    let start = index
    index += 1
    var value: [UInt8] = []
    while index < bytes.count, bytes[index] != quote {
      switch bytes[index] {
      case UInt8(ascii: "&"): value += try reference()
      case UInt8(ascii: "<"): throw problem("< in the value of an attribute is written &lt;")
      case let byte:
        value.append(isSpace(byte) ? 0x20 : byte)
        index += 1
      }
    }
    guard index < bytes.count else { throw problem("the value of \(name) has no closing quote", at: start) }
    index += 1
    return String(decoding: value, as: UTF8.self)
  }

  /// `&amp;`, `&#233;` or `&#xE9;`: section 4.1.
  private mutating func reference() throws(Diagnostic) -> [UInt8] {
    let start = index
    guard let end = bytes[index...].prefix(40).firstIndex(of: UInt8(ascii: ";")) else {
      throw problem("& begins a character reference, which ends with ;", hint: "&amp; is the character itself")
    }
    let name = String(decoding: bytes[start + 1..<end], as: UTF8.self)
    index = end + 1
    switch name {
    case "amp": return [UInt8(ascii: "&")]
    case "lt": return [UInt8(ascii: "<")]
    case "gt": return [UInt8(ascii: ">")]
    case "quot": return [UInt8(ascii: "\"")]
    case "apos": return [UInt8(ascii: "'")]
    default: break
    }
    let digits = name.hasPrefix("#x") ? name.dropFirst(2) : name.dropFirst()
    let isNumber = name.hasPrefix("#") && digits.utf8.allSatisfy { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }
    guard isNumber, let number = UInt32(digits, radix: name.hasPrefix("#x") ? 16 : 10),
      let scalar = Unicode.Scalar(number), number >= 0x20 || [0x09, 0x0A, 0x0D].contains(number)
    else {
      throw problem(
        "&\(name); is no character of XML", at: start, hint: "XML has &amp; &lt; &gt; &quot; &apos; and numbers: &#233;"
      )
    }
    return Array(String(scalar).utf8)
  }

  private mutating func comment() throws(Diagnostic) {
    let start = index
    index += 4
    try skip(past: "--", "a comment ends with -->", from: start)
    guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else {
      throw problem("-- ends a comment, > follows it")
    }
    index += 1
  }

  private mutating func documentType(_ isAllowed: Bool) throws(Diagnostic) {
    let start = index
    guard isAllowed else { throw problem("a document type stands before the root element") }
    guard let end = bytes[index...].firstIndex(where: { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "[") }) else {
      throw problem("<!DOCTYPE has no > at its end", at: start)
    }
    if bytes[end] == UInt8(ascii: "[") {
      throw problem(
        "a document type that declares anything is not read", at: end, hint: "write out what its entities stand for")
    }
    index = end + 1
  }

  private mutating func name(_ rule: String) throws(Diagnostic) -> String {
    let start = index
    while index < bytes.count, isNameByte(bytes[index]) { index += 1 }
    guard index > start, !"-.0123456789".utf8.contains(bytes[start]) else { throw problem(rule, at: start) }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// Section 2.3, by bytes: what lies beyond ASCII may be in a name.
  private func isNameByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte >= 0x80 || "-._:".utf8.contains(byte)
  }

  private func local(_ name: String) -> String {
    name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }

  private mutating func skip(past mark: StaticString, _ rule: String, from start: Int? = nil) throws(Diagnostic) {
    let start = start ?? index
    while index < bytes.count {
      if starts(mark) {
        index += mark.utf8CodeUnitCount
        return
      }
      index += 1
    }
    throw problem(rule, at: start)
  }

  /// - Returns: whether there was any.
  private mutating func skipSpace() -> Bool {
    let start = index
    while index < bytes.count, isSpace(bytes[index]) { index += 1 }
    return index > start
  }

  private func starts(_ mark: StaticString) -> Bool {
    guard index + mark.utf8CodeUnitCount <= bytes.count else { return false }
    return (0..<mark.utf8CodeUnitCount).allSatisfy { bytes[index + $0] == mark.utf8Start[$0] }
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}
