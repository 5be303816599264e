import Glibc
import Images
import TestSupport
import Testing

/// What is drawn depends on the fonts of the machine: what must hold with any of them.
@Suite(.enabled(if: ImageLibrary.drawsText, "libvips is not on this machine, or finds no font"))
struct SocialCardTests {
  private func card(_ title: String, site: String = "A site", description: String = "") throws -> SocialCard {
    SocialCard(
      title: title, site: site, description: description,
      colors: .init(
        background: try #require(SocialCard.Color("#fff")), text: try #require(SocialCard.Color("#000")),
        accent: try #require(SocialCard.Color("#a8321a"))), font: nil, isRightToLeft: false)
  }

  private func drawn(_ card: SocialCard) throws -> [UInt8] { try ImageLibrary.shared.get().draw(card) }

  @Test(arguments: [
    "Short", "", "  ", "<b>&amp;</b> & \"quotes\" \u{0}\u{1F}\u{FFFF}", "日本語 العربية 🎉 é\u{301}",
    String(repeating: "long words ", count: 200), String(repeating: "x", count: 5000), "a\nb\tc",
  ])
  func anyTextIsACard(_ text: String) throws {
    for card in [try card(text), try card("Title", site: text, description: text)] {
      let picture = try drawn(card)
      let info = try #require(imageInfo(of: picture))
      #expect(info.format == .png && info.width == 1200 && info.height == 630)
      #expect(try drawn(card) == picture)
    }
  }

  @Test func everyPartIsDrawn() throws {
    let whole = try card("Title", site: "Site", description: "Description")
    var others = [whole, whole, whole, whole, whole]
    others[0].title = "Other"
    others[1].site = "Other"
    others[2].description = "Other"
    others[3].colors.accent = whole.colors.text
    others[4].isRightToLeft = true
    for other in others {
      #expect(try drawn(other) != drawn(whole))
      #expect(other.fingerprint != whole.fingerprint)
    }
  }

  @Test func fontsAreFiles() throws {
    let library = try ImageLibrary.shared.get()
    let folder = testsFolder + "/../example-site/assets/fonts/"
    let font = try SocialCard.Font(path: folder + "vollkorn-semibold.woff2", library)
    #expect(font.description.hasPrefix("Vollkorn"))
    var card = try card("Title")
    let without = try drawn(card)
    card.font = font
    let first = try drawn(card)
    #expect(first != without)
    let times = try timesAdded(folder + "vollkorn-semibold.woff2")
    #expect(times > 0)
    for _ in 0..<5 { #expect(try drawn(card) == first) }
    #expect(try timesAdded(folder + "vollkorn-semibold.woff2") == times, "a font is added once")
    #expect(throws: ImageError.self) { try SocialCard.Font(path: folder + "OFL.txt", library) }
    #expect(throws: ImageError.self) { try SocialCard.Font(path: folder + "none", library) }
  }

  /// How often fontconfig was given the file: `FcConfigGetFonts` with `FcSetApplication`, of fontconfig.h. Other tests give it others meanwhile.
  private func timesAdded(_ path: String) throws -> Int {
    struct FontSet {
      var count, room: Int32
      var fonts: UnsafePointer<OpaquePointer>?
    }
    let library = try #require(dlopen("libfontconfig.so.1", RTLD_NOW | RTLD_NOLOAD))
    defer { dlclose(library) }
    let fonts = unsafeBitCast(
      try #require(dlsym(library, "FcConfigGetFonts")),
      to: (@convention(c) (OpaquePointer?, Int32) -> UnsafeRawPointer?).self)
    let text = unsafeBitCast(
      try #require(dlsym(library, "FcPatternGetString")),
      to: (@convention(c) (OpaquePointer, UnsafePointer<CChar>, Int32, UnsafeMutablePointer<UnsafePointer<CChar>?>) ->
        Int32).self)
    guard let set = fonts(nil, 1)?.load(as: FontSet.self) else { return 0 }
    return (0..<Int(set.count)).count { number in
      var file: UnsafePointer<CChar>?
      guard let font = set.fonts?[number], text(font, "file", 0, &file) == 0, let file else { return false }
      return String(cString: file) == path
    }
  }

  @Test(arguments: ["fff", "#ff", "#12345", "red", "", "#", "#ggg", "#-12345", "#+1f"])
  func otherColorsAreNone(_ text: String) { #expect(SocialCard.Color(text) == nil) }

  @Test func colorsHaveTwoForms() { #expect(SocialCard.Color("#a31") == SocialCard.Color("#aa3311")) }
}
