/// Reads an import map as far as the URLs in it need it: <https://html.spec.whatwg.org/multipage/webappapis.html#import-maps>.
struct ImportMapScanner {
  private enum Section { case imports, scopes, integrity }

  private let bytes: Bytes
  private var position = 0
  private var depth = 0
  /// What the object at hand is, or is in.
  private var section: Section?
  private var findings: [Finding] = []

  static func findings(in map: Bytes) -> [Finding] {
    var scanner = ImportMapScanner(map)
    scanner.run()
    return scanner.findings
  }

  private init(_ bytes: Bytes) { self.bytes = bytes }

  private mutating func run() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""):
        guard let range = bytes.jsonString(at: position) else { return }
        position = range.upperBound + 1
        string(range)
        continue
      default: break
      }
      position += 1
    }
  }

  private mutating func string(_ range: Range<Int>) {
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    let isKey = position < bytes.count && bytes[position] == UInt8(ascii: ":")
    if depth == 1 {
      if isKey { section = section(range) }
      return
    }
    guard let section, let string = ScriptString(bytes, range, quote: UInt8(ascii: "\"")) else { return }
    switch (section, depth, isKey) {
    case (.imports, 2, true), (.scopes, 3, true): if string.isURL { findings.append(string.finding(.importMapName)) }
    case (.imports, 2, false), (.scopes, 3, false), (.integrity, 2, true):
      if string.isURL { findings.append(string.finding(.importMapURL)) }
    // It is a URL however it begins.
    case (.scopes, 2, true): findings.append(string.finding(.importMapURL))
    default: break
    }
  }

  private func section(_ name: Range<Int>) -> Section? {
    let name = bytes[name]
    if name.elementsEqual("imports".utf8) { return .imports }
    if name.elementsEqual("scopes".utf8) { return .scopes }
    return name.elementsEqual("integrity".utf8) ? .integrity : nil
  }
}
