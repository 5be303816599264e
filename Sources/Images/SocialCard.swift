import CVips

/// A picture that stands for a page where somebody shares it: its title and that of its site, 1200 × 630 pixels, as Open Graph wants them
/// (<https://ogp.me/>; the size is what Facebook, LinkedIn and Mastodon show without cutting anything off).
public struct SocialCard: Sendable, Hashable {
  public var title: String
  /// Above the title; may be empty.
  public var site: String
  /// Below the title; may be empty.
  public var description: String
  public var colors: Colors
  /// Nil takes what the machine has, which is another font on another machine.
  public var font: Font?
  public var isRightToLeft: Bool

  public static let width = 1200
  public static let height = 630

  public struct Colors: Sendable, Hashable {
    public var background: Color
    public var text: Color
    public var accent: Color

    public init(background: Color, text: Color, accent: Color) {
      self.background = background
      self.text = text
      self.accent = accent
    }
  }

  public struct Color: Sendable, Hashable {
    public let red: UInt8
    public let green: UInt8
    public let blue: UInt8

    /// `#a8321a` or `#a31`; nil for anything else.
    public init?(_ text: String) {
      guard text.hasPrefix("#"), text.dropFirst().allSatisfy({ $0.isASCII && $0.isHexDigit }),
        let number = UInt32(text.dropFirst(), radix: 16)
      else { return nil }
      switch text.utf8.count {
      case 7: (red, green, blue) = (UInt8(number >> 16), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF))
      case 4: (red, green, blue) = (UInt8(number >> 8) * 17, UInt8(number >> 4 & 0xF) * 17, UInt8(number & 0xF) * 17)
      default: return nil
      }
    }
  }

  /// A font that is a file.
  public struct Font: Sendable, Hashable {
    public let path: String
    /// As Pango describes it: `Vollkorn, Bold`.
    public let description: String

    /// - Throws: `ImageError` where the file is no font, or libvips knows no fonts.
    public init(path: String, _ library: ImageLibrary) throws(ImageError) {
      var description = [CChar](repeating: 0, count: 256)
      guard colophon_vips_font(path, &description, description.count) == 0 else {
        throw ImageError(String(cString: colophon_vips_reason()))
      }
      self.path = path
      self.description = String(decoding: description.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  public init(
    title: String, site: String, description: String, colors: Colors, font: Font?, isRightToLeft: Bool
  ) {
    self.title = title
    self.site = site
    self.description = description
    self.colors = colors
    self.font = font
    self.isRightToLeft = isRightToLeft
  }

  /// All that decides the picture beside the bytes of the font and the library, as text: part of a cache's key.
  public var fingerprint: String {
    "card 1 \(title.debugDescription) \(site.debugDescription) \(description.debugDescription) "
      + "\([colors.background, colors.text, colors.accent].map { "\($0.red) \($0.green) \($0.blue)" }) "
      + "\(font?.description ?? "") \(isRightToLeft)"
  }
}

extension ImageLibrary {
  /// Whether the library draws text, and finds a font to draw it with.
  public static let drawsText: Bool = {
    guard let library = try? shared.get(), let mask = try? library.text("A", "serif 40", nil, 400, false) else {
      return false
    }
    return mask.coverage.contains { $0 > 0 }
  }()

  /// Draws a card, as PNG.
  ///
  /// - Throws: `ImageError`.
  public func draw(_ card: SocialCard) throws(ImageError) -> [UInt8] {
    var canvas = Canvas(card.colors.background)
    let margin = 80
    let room = SocialCard.width - 2 * margin
    canvas.fill(x: 0, y: 0, width: SocialCard.width, height: 16, card.colors.accent)
    func place(_ mask: TextMask, _ y: Int, _ color: SocialCard.Color, opacity: Int = 255) {
      canvas.blend(
        mask, x: card.isRightToLeft ? SocialCard.width - margin - mask.width : margin, y: y, color, opacity: opacity)
    }
    func drawn(_ text: String, _ font: String, rows: Int) throws(ImageError) -> TextMask? {
      let text = text.prefix(400)
      if text.allSatisfy(\.isWhitespace) { return nil }
      var mask = try self.text(String(text), font, card.font?.path, room, card.isRightToLeft)
      mask.crop(rows: rows)
      return mask
    }
    if let site = try drawn(card.site, card.face("sans-serif Bold", 32), rows: 40) {
      place(site, 76, card.colors.accent)
    }
    var description = try drawn(card.description, card.face("sans-serif", 30), rows: 240)
    // The largest size at which the title leaves room for what stands below it.
    var title: TextMask?
    for size in [84, 72, 60, 50, 42, 36] {
      title = try drawn(card.title, card.face("Palatino,P052,Georgia,DejaVu Serif,serif Bold", size), rows: .max)
      if (title?.height ?? 0) <= (description == nil ? 400 : 300) { break }
    }
    let bottom = SocialCard.height - 70
    title?.crop(rows: bottom - 150)
    let below = (title?.height ?? 0) + 150 + 44
    if let height = description?.height, below + height > bottom {
      // No line is cut in two: what does not fit is left out.
      description =
        below + 40 > bottom ? nil : try drawn(firstWords(card.description, 56), card.face("sans-serif", 30), rows: 40)
    }
    let total = (title?.height ?? 0) + (description.map { $0.height + 44 } ?? 0)
    let top = max(150, 150 + (bottom - 150 - total) / 2)
    if let title { place(title, top, card.colors.text) }
    if let description { place(description, top + (title?.height ?? 0) + 44, card.colors.text, opacity: 178) }
    return try encoded(canvas)
  }

  private func text(
    _ text: String, _ font: String, _ file: String?, _ width: Int, _ isRightAligned: Bool
  ) throws(ImageError) -> TextMask {
    var markup = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": markup += "&amp;"
      case "<": markup += "&lt;"
      case ">": markup += "&gt;"
      // Pango's markup is XML, which has no control characters.
      case "\u{0}"..."\u{1F}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": markup += " "
      default: markup.unicodeScalars.append(scalar)
      }
    }
    var (columns, rows) = (Int32(0), Int32(0))
    let result = colophon_vips_text(markup, font, file, Int32(width), isRightAligned ? 1 : 0, &columns, &rows)
    return TextMask(
      width: Int(columns), height: Int(rows), coverage: try Self.taken(result, Int(columns) * Int(rows)))
  }

  private func encoded(_ canvas: Canvas) throws(ImageError) -> [UInt8] {
    var size = 0
    let result = colophon_vips_encode(
      canvas.pixels, Int32(SocialCard.width), Int32(SocialCard.height), ".png[compression=9,strip=true]", &size)
    return try Self.taken(result, size)
  }
}

extension SocialCard {
  /// The font, as Pango reads it: the site's own, or the family that is meant, at a size in pixels.
  fileprivate func face(_ family: String, _ size: Int) -> String { "\(font?.description ?? family) \(size)" }
}

private func firstWords(_ text: String, _ limit: Int) -> String {
  guard text.count > limit else { return text }
  let cut = text.prefix(limit)
  return String(cut.lastIndex(of: " ").map { cut[..<$0] } ?? cut) + "…"
}

/// How much of each pixel a text covers.
private struct TextMask {
  let width: Int
  private(set) var height: Int
  private(set) var coverage: [UInt8]

  init(width: Int, height: Int, coverage: [UInt8]) {
    self.width = width
    self.height = height
    self.coverage = coverage
  }

  mutating func crop(rows: Int) {
    guard height > rows else { return }
    height = rows
    coverage.removeLast(coverage.count - rows * width)
  }
}

/// Red, green and blue of each pixel.
private struct Canvas {
  private(set) var pixels: [UInt8]

  init(_ color: SocialCard.Color) {
    let count = SocialCard.width * SocialCard.height * 3
    pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in stride(from: 0, to: count, by: 3) {
        buffer[index] = color.red
        buffer[index + 1] = color.green
        buffer[index + 2] = color.blue
      }
      filled = count
    }
  }

  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: SocialCard.Color) {
    for row in y..<y + height {
      for column in x..<x + width { set(column, row, color, 255) }
    }
  }

  /// - Parameter opacity: 255 hides what is below.
  mutating func blend(_ mask: TextMask, x: Int, y: Int, _ color: SocialCard.Color, opacity: Int) {
    for row in 0..<min(mask.height, SocialCard.height - y) {
      for column in 0..<min(mask.width, SocialCard.width - x) {
        let coverage = Int(mask.coverage[row * mask.width + column]) * opacity / 255
        if coverage > 0, x + column >= 0 { set(x + column, y + row, color, coverage) }
      }
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ color: SocialCard.Color, _ share: Int) {
    let index = (y * SocialCard.width + x) * 3
    func mixed(_ below: UInt8, _ above: UInt8) -> UInt8 {
      UInt8((Int(below) * (255 - share) + Int(above) * share + 127) / 255)
    }
    pixels[index] = mixed(pixels[index], color.red)
    pixels[index + 1] = mixed(pixels[index + 1], color.green)
    pixels[index + 2] = mixed(pixels[index + 2], color.blue)
  }
}
