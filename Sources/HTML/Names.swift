/// A name packed into two integers, so that names compare without a loop. Of names longer than 16 bytes only the length counts.
struct PackedName: Hashable {
  private(set) var length = 0
  private var high: UInt64 = 0
  private var low: UInt64 = 0

  init() {}

  init(_ text: String) {
    for byte in text.utf8 { append(byte) }
  }

  init(lowercasing text: Slice<Bytes>) {
    for byte in text { append(lowercased(byte)) }
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if length >= 8 { high = high << 8 | low >> 56 }
    low = low << 8 | UInt64(byte)
    length += 1
    if length > 16 { (high, low) = (0, 0) }
  }

  /// A slot in a table of 512.
  @inline(__always)
  fileprivate var slot: Int { Int(truncatingIfNeeded: ((low ^ high &* 31) &* 0x9E37_79B9_7F4A_7C15) >> 55) }
}

/// Finds what a name means, nearly always with one look.
struct NameTable<Meaning: Sendable>: Sendable {
  private var slots: [(name: PackedName, meaning: Meaning)?]

  init(_ names: [(String, Meaning)]) {
    slots = Array(repeating: nil, count: 512)
    precondition(names.count < 256, "bug: too many names for the table")
    for (name, meaning) in names {
      let name = PackedName(name)
      var slot = name.slot
      while slots[slot] != nil { slot = (slot + 1) & 511 }
      slots[slot] = (name, meaning)
    }
  }

  @inline(__always)
  subscript(name: PackedName) -> Meaning? {
    var slot = name.slot
    while let entry = slots[slot] {
      if entry.name == name { return entry.meaning }
      slot = (slot + 1) & 511
    }
    return nil
  }
}

/// The elements that matter for URLs or for tokenising.
enum Element: String, CaseIterable {
  case a, area, audio, base, blockquote, body, button, del, desc, embed, form, frame, iframe, image, img, input, ins
  case link, math, meta, noembed, noframes, object, plaintext, q, script, source, style, svg, table, td, textarea
  case th, title, track, video, xmp
  case feImage = "feimage"
  case foreignObject = "foreignobject"
  case other = ""

  static let byName = NameTable(allCases.dropLast().map { ($0.rawValue, $0) })

  /// Those that end SVG and MathML content: <https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign>.
  static let breakouts = Set(
    """
    b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol \
    p pre ruby s small span strong strike sub sup table tt u ul var
    """.split(separator: " ").map { PackedName(String($0)) })
}

/// The attributes that matter.
enum AttributeName: UInt8, CaseIterable {
  case action, alt, background, cite, content, data, formaction, height, href, httpEquiv, id, imagesrcset, itemprop
  case loading, name, poster, property, rel, sizes, src, srcset, style, type, width, xlinkHref
  // SVG's presentation attributes that take `url()`: <https://www.w3.org/TR/SVG2/styling.html#PresentationAttributes>.
  case clipPath, cursor, fill, filter, markerEnd, markerMid, markerStart, mask, stroke

  var text: String {
    switch self {
    case .clipPath: "clip-path"
    case .httpEquiv: "http-equiv"
    case .markerEnd: "marker-end"
    case .markerMid: "marker-mid"
    case .markerStart: "marker-start"
    case .xlinkHref: "xlink:href"
    default: "\(self)"
    }
  }

  static let byName = NameTable(allCases.map { ($0.text, $0) })
}
