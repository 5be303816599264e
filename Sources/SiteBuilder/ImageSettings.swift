import Files
import Images

/// What `images` of the configuration says.
public struct ImageSettings: Sendable {
  /// Images in a page's text wait until they are near the window, all but the first.
  public var lazy = true
  /// Local pictures come in several widths, of which a browser takes the one that fits.
  public var responsive = false
  /// In pixels, ascending.
  public var widths = [480, 800, 1200, 1600]
  /// How wide a picture is shown, as the attribute `sizes` says it.
  public var sizes = "(min-width: 44rem) 40rem, 100vw"
  /// Nil keeps the format of each picture.
  var format: ImageOperation.Format? = .webp
  /// 1 to 100.
  public var quality = 80
  /// False leaves libvips alone, though it may be there.
  var mayUseLibrary = true
  /// libvips, where it is on the machine.
  var library: ImageLibrary? { mayUseLibrary ? try? ImageLibrary.shared.get() : nil }
  /// Where `images` was written.
  var place = Datum.Place.unknown

  /// Pictures with more pixels stay as they are.
  static let mostPixels = 100_000_000
  /// What all formats can be wide and high (WebP: 14 bits).
  static let longestSide = 16383

  mutating func read(_ reader: inout KeyReader) {
    place = reader.datum.place
    if let value = reader.bool("lazy") { lazy = value }
    if let value = reader.bool("responsive") { responsive = value }
    if let value = reader.string("sizes") { sizes = value }
    if let list = reader.datum("widths") { readWidths(list, &reader) }
    if let value = reader.int("quality", from: 1) {
      quality = min(value, 100)
      if value > 100 {
        reader.report(at: reader.datum["quality"]?.place ?? place, "quality is at most 100, not \(value)")
      }
    }
    if let name = reader.string("format") {
      format = ImageOperation.Format(rawValue: name)
      if format == nil, name != "original" {
        let known = ImageOperation.Format.allCases.map(\.rawValue).joined(separator: ", ")
        reader.report(
          at: reader.datum["format"]?.place ?? place, "\(name) is no format of images",
          hint: "formats: \(known); original keeps the format of each image")
      }
    }
    reader.refuseRest()
  }

  private mutating func readWidths(_ datum: Datum, _ reader: inout KeyReader) {
    var found: Set<Int> = []
    if case .list(let items) = datum.value {
      for item in items {
        guard case .int(let width) = item.value, width >= 1, width <= Self.longestSide else {
          reader.report(
            at: item.place, "a width is a whole number from 1 to \(Self.longestSide), not \(item.text ?? item.kind)")
          continue
        }
        found.insert(width)
      }
    } else {
      reader.report(at: datum.place, "widths is a list of whole numbers, not \(datum.kind)", hint: "widths: [480, 800]")
    }
    if !found.isEmpty { widths = found.sorted() }
  }
}
