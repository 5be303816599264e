/// Takes all that one pass over a document finds, in the order of the document. Every method has a default that does nothing.
public protocol HTMLVisitor {
  associatedtype Failure: Error = Never

  /// Whether `anchor` is wanted; true unless said otherwise. False spares the making of the names.
  static var collectsAnchors: Bool { get }

  /// Asked before `url`, where the bytes in the document are the URL meant: what is known by them costs no text. Never, unless implemented.
  /// - Parameters:
  ///   - bytes: valid during the call only.
  ///   - replacement: empty; what is appended must stand for itself in every notation: letters, digits and `#%+-./:?_~`.
  mutating func url(
    _ bytes: UnsafeBufferPointer<UInt8>, _ kind: URLKind, replacement: inout [UInt8]
  ) -> QuickAnswer

  /// - Returns: the URL to put in its place, unescaped; nil to leave it.
  mutating func url(_ found: FoundURL) throws(Failure) -> String?

  /// Asked before `anchor`, where the bytes in the document are the name meant.
  /// - Returns: whether that is all there is to say about the anchor.
  mutating func anchor(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool

  /// A name that a fragment can lead to: `id` of any element, `name` of `a`. Never empty; decoded.
  /// - Parameter range: the bytes of the name as written.
  mutating func anchor(_ name: String, at range: Range<Int>) throws(Failure)

  /// An `img` without an `alt` attribute (an empty one is fine: it says that the image is decoration).
  /// - Parameter offset: of the tag's `<`.
  mutating func imageWithoutAlt(at offset: Int) throws(Failure)

  /// Whether `image` is wanted; false unless said otherwise.
  static var collectsImages: Bool { get }

  /// An `img`, behind the URLs in it.
  /// - Returns: attributes to put behind its own, as they are written: ` width="320" height="240"`; nil to add none.
  mutating func image(_ tag: ImageTag) throws(Failure) -> String?
}

/// What an `img` says of itself beside its URLs.
public struct ImageTag: Sendable, Hashable {
  /// Attributes that it has.
  public struct Attributes: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let src = Attributes(rawValue: 1)
    public static let srcset = Attributes(rawValue: 2)
    public static let sizes = Attributes(rawValue: 4)
    public static let width = Attributes(rawValue: 8)
    public static let height = Attributes(rawValue: 16)
    public static let loading = Attributes(rawValue: 32)
  }

  public let attributes: Attributes
  /// In pixels, where the attribute is a whole number above 0: `width="320"`.
  public let width: Int?
  public let height: Int?

  public init(attributes: Attributes, width: Int?, height: Int?) {
    self.attributes = attributes
    self.width = width
    self.height = height
  }
}

extension HTMLVisitor {
  public static var collectsAnchors: Bool { true }
  public mutating func url(
    _ bytes: UnsafeBufferPointer<UInt8>, _ kind: URLKind, replacement: inout [UInt8]
  ) -> QuickAnswer { .unknown }
  public mutating func anchor(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { false }
  public mutating func url(_ found: FoundURL) throws(Failure) -> String? { nil }
  public mutating func anchor(_ name: String, at range: Range<Int>) throws(Failure) {}
  public mutating func imageWithoutAlt(at offset: Int) throws(Failure) {}
  public static var collectsImages: Bool { false }
  public mutating func image(_ tag: ImageTag) throws(Failure) -> String? { nil }
}

/// What a visitor says of a URL by its bytes.
public enum QuickAnswer: Sendable {
  /// The URL stays as it is.
  case stays
  /// The replacement takes its place.
  case replaced
  /// The visitor is to be asked again, with the URL as a text.
  case unknown
}
