import Files
import Testing

@Suite struct DiagnosticOrderTests {
  /// One place of a template can be wrong on several pages: what is told of them differs in the notes alone.
  @Test func theOrderOfPrintingLeavesNothingOpen() {
    func diagnostic(_ severity: Diagnostic.Severity, _ hint: String?, _ notes: [String]) -> Diagnostic {
      var diagnostic = Diagnostic(
        severity, id: "dead-anchor", "#a is no anchor", at: SourceLocation(path: "templates/page.html"), hint: hint)
      diagnostic.notes = notes
      return diagnostic
    }
    let sorted = [
      diagnostic(.warning, nil, []), diagnostic(.error, "do", []), diagnostic(.warning, "do", []),
      diagnostic(.warning, nil, ["on /a/"]), diagnostic(.warning, nil, ["on /a/", "and more"]),
      diagnostic(.warning, nil, ["on /b/"]),
    ]
    #expect(sorted.reversed().sorted(by: Diagnostic.inOrder) == sorted)
    #expect(sorted.shuffled().sorted(by: Diagnostic.inOrder) == sorted)
  }
}
