/// Takes all that one pass over a document finds, in the order of the document. Every method has a default that does nothing.
public protocol HTMLVisitor {
  associatedtype Failure: Error = Never

  /// Whether `anchor` is wanted; true unless said otherwise. False spares the making of the names.
  static var collectsAnchors: Bool { get }

  /// - Returns: the URL to put in its place, unescaped; nil to leave it.
  mutating func url(_ found: FoundURL) throws(Failure) -> String?

  /// A name that a fragment can lead to: `id` of any element, `name` of `a`. Never empty; decoded.
  /// - Parameter range: the bytes of the name as written.
  mutating func anchor(_ name: String, at range: Range<Int>) throws(Failure)

  /// An `img` without an `alt` attribute (an empty one is fine: it says that the image is decoration).
  /// - Parameter offset: of the tag's `<`.
  mutating func imageWithoutAlt(at offset: Int) throws(Failure)
}

extension HTMLVisitor {
  public static var collectsAnchors: Bool { true }
  public mutating func url(_ found: FoundURL) throws(Failure) -> String? { nil }
  public mutating func anchor(_ name: String, at range: Range<Int>) throws(Failure) {}
  public mutating func imageWithoutAlt(at offset: Int) throws(Failure) {}
}
