/// Scripts that are written in a page: <https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element>.
extension HTMLScanner {
  /// Notes what a module or an import map at `range` names; `attributes` are those of its tag. All other scripts are none of ours.
  mutating func visitScriptElement(_ range: Range<Int>) {
    guard let type = value(of: .type), value(of: .src) == nil else { return }
    let code = Bytes(rebasing: bytes[range])
    if bytes.isText("module", type) {
      for finding in ModuleScanner.findings(in: code) {
        // A source map is a debugger's.
        if case .url(.sourceMap, _) = finding.what { continue }
        findings.append(finding.moved(by: range.lowerBound))
      }
    } else if bytes.isText("importmap", type) {
      hasImportMap = true
      findings += ImportMapScanner.findings(in: code).map { $0.moved(by: range.lowerBound) }
    }
  }

  /// An import of what an import map explains is no import of a file of that name.
  mutating func explainImports() {
    guard hasImportMap else { return }
    var names: Set<String> = []
    for (index, finding) in findings.enumerated() {
      guard case .url(let kind, let notation) = finding.what else { continue }
      switch kind {
      case .importMapName: names.insert(text(of: finding))
      case .moduleImport where isExplained(text(of: finding), by: names):
        findings[index] = Finding(
          what: .url(.importMapName, notation), range: finding.range, decoded: finding.decoded)
      default: break
      }
    }
  }

  private func text(of finding: Finding) -> String { finding.decoded ?? bytes.text(finding.range) }

  private func isExplained(_ specifier: String, by names: Set<String>) -> Bool {
    if names.contains(specifier) { return true }
    // Names that end with a slash stand for all below them. Few URLs have more slashes.
    var start = specifier.startIndex
    for _ in 0..<32 {
      guard let slash = specifier.utf8[start...].firstIndex(of: UInt8(ascii: "/")) else { return false }
      start = specifier.utf8.index(after: slash)
      if names.contains(String(specifier[..<start])) { return true }
    }
    return false
  }
}
