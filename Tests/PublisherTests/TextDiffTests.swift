import TestSupport
import Testing

@testable import Publisher

@Suite struct TextDiffTests {
  @Test(arguments: [
    ("abc", "abc", []),
    ("abcdefgh", "abcdXfgh", ["@@ -2,7 +2,7 @@", " b", " c", " d", "-e", "+X", " f", " g", " h"]),
    ("", "a", ["@@ -0,0 +1,1 @@", "+a"]), ("a", "", ["@@ -1,1 +0,0 @@", "-a"]),
    ("ab", "abc", ["@@ -1,2 +1,3 @@", " a", " b", "+c"]),
    // Two changes near each other are one hunk, two far apart are two.
    ("abcde", "Xbcdf", ["@@ -1,5 +1,5 @@", "-a", "+X", " b", " c", " d", "-e", "+f"]),
    (
      "abcdefghij", "Xbcdefghij0",
      ["@@ -1,4 +1,4 @@", "-a", "+X", " b", " c", " d", "@@ -8,3 +8,4 @@", " h", " i", " j", "+0"]
    ),
  ])
  func lettersAsLines(_ old: String, _ new: String, _ expected: [String]) {
    #expect(unifiedDiff(from: old.map(String.init), to: new.map(String.init)) == expected)
  }

  /// Applied to the old text, a diff gives the new one.
  @Test func whatIsAppliedIsTheNewText() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<200 {
      let old = (0..<random.below(30)).map { _ in String(random.below(6)) }
      let new = (0..<random.below(30)).map { _ in String(random.below(6)) }
      var made: [String] = []
      var at = 0
      for line in unifiedDiff(from: old, to: new) {
        if line.hasPrefix("@@") {
          let numbers = line.split(whereSeparator: { !"0123456789".contains($0) }).compactMap { Int($0) }
          let start = numbers[1] == 0 ? numbers[0] : numbers[0] - 1
          made += old[at..<start]
          at = start
        } else {
          if !line.hasPrefix("+") {
            #expect(old[at] == line.dropFirst())
            at += 1
          }
          if !line.hasPrefix("-") { made.append(String(line.dropFirst())) }
        }
      }
      #expect(made + old[at...] == new)
    }
  }

  @Test func textsWithNothingInCommonTakeNoTime() {
    let diff = unifiedDiff(from: (0..<20_000).map { "a\($0)" }, to: (0..<20_000).map { "b\($0)" })
    #expect(diff.count == 40_001)
  }
}
