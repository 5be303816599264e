import ContentAddressing
import Files
import Images
import Templates

/// What `social_cards` of the configuration says.
struct SocialCardSettings: Sendable {
  var isOn = false
  /// The paper, the ink and the accent of the theme, by day.
  var background = "#fcfaf6"
  var text = "#211e1a"
  var accent = "#a8321a"
  /// A font of the site, relative to its folder; nil takes what the machine has.
  var font: String?
  /// Where `social_cards` was written, and `font` in it.
  var place = Datum.Place.unknown
  var fontPlace = Datum.Place.unknown

  /// `social_cards: true`, or a map of colours and a font.
  mutating func read(_ datum: Datum, _ reader: inout KeyReader) {
    place = datum.place
    if case .bool(let flag) = datum.value {
      isOn = flag
      return
    }
    guard case .map = datum.value else {
      reader.report(
        at: datum.place, "social_cards is true, false or a map, not \(datum.text ?? datum.kind)",
        hint: "social_cards: {accent: \"#a8321a\"}")
      return
    }
    isOn = true
    var map = KeyReader(datum, in: reader.source, name: "social_cards")
    readColor("background", &background, &map)
    readColor("text", &text, &map)
    readColor("accent", &accent, &map)
    font = map.string("font")
    fontPlace = datum["font"]?.place ?? place
    map.refuseRest()
    reader.take(map)
  }

  private func readColor(_ key: String, _ color: inout String, _ map: inout KeyReader) {
    guard let text = map.string(key) else { return }
    if SocialCard.Color(text) == nil {
      map.report(
        at: map.datum[key]?.place ?? place, "\(key) is a color in hexadecimal digits, not \(text)",
        hint: "\(key): \"#a8321a\"")
    }
    color = text
  }
}

/// Draws the social cards of a site: a picture for every page that a file stands behind and that has no cover.
struct SocialCards: Sendable {
  private let library: ImageLibrary
  private let colors: SocialCard.Colors
  private let font: SocialCard.Font?
  private let fontDigest: String

  /// Nil where the configuration wants none, or the machine can't draw them.
  ///
  /// - Throws: `Diagnostics` where the font is none.
  init?(_ configuration: Configuration, _ inventory: Inventory) throws {
    let settings = configuration.socialCards
    var font: Inventory.File?
    if settings.isOn, let name = settings.font {
      font = inventory.assets.first { $0.path.string == name }
      if font == nil { throw Self.noFont("\(name) is no file of the site's assets", configuration, inventory) }
    }
    guard settings.isOn, let library = configuration.images.library, ImageLibrary.drawsText,
      let background = SocialCard.Color(settings.background), let text = SocialCard.Color(settings.text),
      let accent = SocialCard.Color(settings.accent)
    else { return nil }
    self.library = library
    colors = SocialCard.Colors(background: background, text: text, accent: accent)
    guard let font else {
      self.font = nil
      fontDigest = ""
      return
    }
    fontDigest = SHA256Digest(of: try readFile(font.diskPath)).hex
    do throws(ImageError) {
      self.font = try SocialCard.Font(path: font.diskPath, library)
    } catch {
      throw Self.noFont("\(font.path) is no font: \(error)", configuration, inventory)
    }
  }

  private static func noFont(_ message: String, _ configuration: Configuration, _ inventory: Inventory) -> Diagnostics {
    let fonts = inventory.assets.map(\.path.string).filter { path in
      ["ttf", "otf", "woff", "woff2"].contains { path.hasSuffix("." + $0) }
    }
    let hint =
      suggestion(
        for: configuration.socialCards.font ?? "", among: fonts.filter { $0 != configuration.socialCards.font }
      ).map { "did you mean \($0)?" }
      ?? "font: assets/fonts/my-font.ttf"
    return Diagnostics([
      configuration.diagnostic(id: "missing-font", message, at: configuration.socialCards.fontPlace, hint)
    ])
  }

  /// Nil for lists that no file stands behind, and for pages that have a cover.
  func card(of page: Page, _ configuration: Configuration) -> SocialCard? {
    guard let source = page.source, source.frontMatter.cover == nil else { return nil }
    let language = configuration.languages[page.language]
    let isHome = page.kind == .home
    let title = isHome && !language.title.isEmpty ? language.title : page.title
    guard !title.isEmpty else { return nil }
    return SocialCard(
      title: title, site: isHome ? "" : language.title,
      description: source.frontMatter.description ?? (isHome ? language.description : ""), colors: colors, font: font,
      isRightToLeft: language.direction == "rtl")
  }

  /// Beside the page; another picture has another name, since those who show it remember it by its name.
  func output(of card: SocialCard, for page: Page) -> TreePath {
    let stem = page.output.name == "index.html" ? "" : page.output.stem + "-"
    let digest = SHA256Digest(of: Array((card.fingerprint + fontDigest).utf8)).hex.prefix(12)
    guard let name = TreePath("\(stem)card-\(digest).png") else { preconditionFailure("bug: a stem begins a name") }
    return page.output.parent?.appending(name) ?? name
  }

  /// A digest of all that decides the bytes of a card.
  fileprivate func key(_ card: SocialCard) -> SHA256Digest {
    SHA256Digest(of: Array("\(card.fingerprint) \(fontDigest) libvips \(library.version)".utf8))
  }

  /// - Throws: `Diagnostic` where libvips can't draw it after all.
  fileprivate func draw(_ card: SocialCard, for path: TreePath) throws(Diagnostic) -> [UInt8] {
    do throws(ImageError) {
      return try library.draw(card)
    } catch {
      throw Diagnostic(
        id: "social-card", "\(path) is no card that libvips draws: \(error)", hint: "give the page a cover")
    }
  }
}

extension Configuration {
  fileprivate func diagnostic(
    _ severity: Diagnostic.Severity = .error, id: String, _ message: String, at place: Datum.Place, _ hint: String
  ) -> Diagnostic {
    Diagnostic(
      severity, id: id, message,
      at: SourceLocation(path: path ?? "site.yaml", line: Int(place.line), column: Int(place.column)),
      sourceLine: source?.line(Int(place.line)), hint: hint)
  }

  /// Tells where cards are wanted and nothing can draw them.
  var cardWarnings: [Diagnostic] {
    guard socialCards.isOn, cards == nil else { return [] }
    let reason =
      switch ImageLibrary.shared {
      case _ where !images.mayUseLibrary: "libvips is not used"
      case .failure(let error): "\(error)"
      case .success: "libvips finds no font on this machine"
      }
    return [
      diagnostic(
        .warning, id: "no-image-library", "social cards are not drawn, \(reason)", at: socialCards.place,
        "install libvips and a font (apt-get install libvips42 fonts-dejavu), or remove social_cards")
    ]
  }
}

extension SiteObjects {
  /// `url`, `width`, `height` and `alt` of a page's card; undefined where it has none.
  func card(of page: Page) -> Value {
    guard let cards = site.configuration.cards, let card = cards.card(of: page, site.configuration) else {
      return .undefined
    }
    return .map([
      "url": .string("/" + cards.output(of: card, for: page).urlEncoded), "width": .int(SocialCard.width),
      "height": .int(SocialCard.height), "alt": .string(card.title),
    ])
  }
}

/// The site's social cards → the output.
///
/// - Throws: `FileError`.
func drawCards(
  _ renderer: SiteRenderer, _ plan: Plan, _ cache: ImageCache?, into output: some Output, workers: Int
) async throws -> [WrittenFile] {
  guard let cards = renderer.site.configuration.cards else { return [] }
  let files = renderer.site.files.filter { _, file in
    if case .card = file { true } else { false }
  }
  for case (_, .card(let card)) in files { cache?.use(cards.key(card)) }
  let progress = PictureProgress.begin(files.count { plan.kept[$0.path] == nil })
  return try await write(files, renderer, plan, to: output, workers: workers) { path, file in
    guard case .card(let card) = file else { preconditionFailure("bug: only cards are drawn here") }
    try Task.checkCancellation()
    let key = cards.key(card)
    let known = cache?.picture(key)
    let picture = try known ?? cards.draw(card, for: path)
    if known == nil { cache?.keep(picture, for: key) }
    try output.write(picture, to: path)
    progress?.made(path)
    return WrittenFile(path: path, size: picture.count)
  }
}
