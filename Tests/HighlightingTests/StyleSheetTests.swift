import Glibc
import Testing

@testable import Highlighting

@Suite struct StyleSheetTests {
  /// Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
  private func luminance(_ color: String) throws -> Double {
    let value = try #require(Int(color.dropFirst(), radix: 16))
    #expect(color.count == 7)
    let parts = [value >> 16, value >> 8 & 255, value & 255].map { part in
      let share = Double(part) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  private func contrast(_ one: String, _ other: String) throws -> Double {
    let (a, b) = (try luminance(one), try luminance(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  @Test(arguments: HighlightTheme.allCases)
  func colorsCanBeRead(_ theme: HighlightTheme) throws {
    let colors = Dictionary(uniqueKeysWithValues: Palette(theme).colors)
    let backgrounds = try [#require(colors["bg"]), #require(colors["hl"])]
    for (name, color) in colors where !["bg", "hl", "ins", "del", "ins-bg", "del-bg"].contains(name) {
      for background in backgrounds {
        #expect(try contrast(color, background) >= 4.5, "\(name) \(color) on \(background)")
      }
    }
    #expect(try contrast(#require(colors["ins"]), #require(colors["ins-bg"])) >= 4.5)
    #expect(try contrast(#require(colors["del"]), #require(colors["del-bg"])) >= 4.5)
  }

  @Test func isSmallAndWhole() {
    #expect(highlightStyleSheet.utf8.count < 6 * 1024)
    for sheet in [highlightStyleSheet, styleSheet(theme: .light), styleSheet(theme: .dark)] {
      #expect(sheet.count { $0 == "{" } == sheet.count { $0 == "}" })
      for used in sheet.split(separator: "var(--").dropFirst().map({ $0.prefix { $0 != ")" } }) {
        #expect(sheet.contains("--\(used):"), "\(used)")
      }
    }
    #expect(highlightStyleSheet.contains("@media (prefers-color-scheme:dark){:root:not([data-theme=light])"))
    #expect(highlightStyleSheet.contains("[data-theme=dark]{"))
  }

  /// Operators, affixes and the like may stay in the colour of the text.
  @Test func namesEveryKind() {
    let bare: Set = ["", "o"]
    for kind in Kind.allCases where !bare.contains(kind.className) {
      let rule = ".highlight .\(kind.className)"
      #expect(highlightStyleSheet.contains(rule + ",") || highlightStyleSheet.contains(rule + "{"), "\(kind)")
    }
  }
}
