// HTML: finds and rewrites URLs in HTML, SVG, CSS, ES modules, feeds and manifests, byte for byte otherwise unchanged, and resolves references in a tree.
// Imports: Files and Glibc (for memchr); no I/O.
// Entry: `rewriteHTML`, `rewriteSVG`, `rewriteCSS`, `rewriteModule`, `rewriteFeed`, `rewriteJSON`, each with a `scan…` twin; `Reference.resolve`, `relativize`; `textLines` for what a reader sees.
// Promises: one pass, linear time on any bytes, never a crash; bytes outside a replaced URL stay as they are.
// Tests: `Tests/HTMLTests`.

/// Hands each URL of an HTML document to `replace`, in order, and puts in what it returns (nil = unchanged), escaped for its place.
///
/// The document is tokenised by the rules of the HTML standard (<https://html.spec.whatwg.org/multipage/parsing.html>) with scripting
/// off, so `noscript` content counts. Of scripts, modules are looked into as `rewriteModule` does (but for source maps), and import maps.
/// Not looked into: other scripts (JSON-LD included), `srcdoc`, `ping`, `data-*`.
/// - Returns: the document; the same array, uncopied, where nothing changed.
public func rewriteHTML<Failure: Error>(
  _ bytes: [UInt8], _ replace: (FoundURL) throws(Failure) -> String?
) throws(Failure) -> [UInt8] {
  try rewritten(bytes, HTMLScanner.findings(in: bytes, .html, anchors: false), replace)
}

/// Hands all that is found in an HTML document to `visitor`, and puts in the URLs that it returns.
/// - Returns: the document; the same array, uncopied, where nothing changed.
public func rewriteHTML<Visitor: HTMLVisitor>(
  _ bytes: [UInt8], visitor: inout Visitor
) throws(Visitor.Failure) -> [UInt8] {
  try rewritten(bytes, HTMLScanner.findings(in: bytes, for: Visitor.self), &visitor)
}

/// What becomes of a URL of a document.
public enum URLEdit: Sendable, Hashable {
  case keep
  case replace(String)
  /// Nobody follows it any more: its attribute is renamed (`href` to `data-later-href`), and this is its value. An `a` without `href` is
  /// text like any other (<https://html.spec.whatwg.org/multipage/text-level-semantics.html#the-a-element>).
  case setAside(String)
}

/// Hands each URL of an HTML document to `edit`, in order, and does what it says.
/// - Returns: the document; the same array, uncopied, where nothing changed.
public func editHTML<Failure: Error>(
  _ bytes: [UInt8], _ edit: (FoundURL) throws(Failure) -> URLEdit
) throws(Failure) -> [UInt8] {
  try edited(bytes, HTMLScanner.findings(in: bytes, .html, anchors: false), edit)
}

/// Hands each URL of an HTML document to `visit`, in order.
public func scanHTML<Failure: Error>(
  _ bytes: [UInt8], visit: (FoundURL) throws(Failure) -> Void
) throws(Failure) {
  try visitEach(HTMLScanner.findings(in: bytes, .html, anchors: false), of: bytes, visit)
}

/// Hands all that is found in an HTML document to `visitor`; the URLs that it returns are ignored.
public func scanHTML<Visitor: HTMLVisitor>(
  _ bytes: [UInt8], visitor: inout Visitor
) throws(Visitor.Failure) {
  try visitEach(HTMLScanner.findings(in: bytes, for: Visitor.self), of: bytes, &visitor)
}

/// As `rewriteHTML`, for a file of its own in SVG: tokenised as XML, `<?xml-stylesheet href?>` included.
public func rewriteSVG<Failure: Error>(
  _ bytes: [UInt8], _ replace: (FoundURL) throws(Failure) -> String?
) throws(Failure) -> [UInt8] {
  try rewritten(bytes, HTMLScanner.findings(in: bytes, .xml, anchors: false), replace)
}

/// As `rewriteHTML`, for a file of its own in SVG.
public func rewriteSVG<Visitor: HTMLVisitor>(
  _ bytes: [UInt8], visitor: inout Visitor
) throws(Visitor.Failure) -> [UInt8] {
  try rewritten(bytes, HTMLScanner.findings(in: bytes, .xml, anchors: Visitor.collectsAnchors), &visitor)
}

/// As `scanHTML`, for a file of its own in SVG.
public func scanSVG<Failure: Error>(
  _ bytes: [UInt8], visit: (FoundURL) throws(Failure) -> Void
) throws(Failure) {
  try visitEach(HTMLScanner.findings(in: bytes, .xml, anchors: false), of: bytes, visit)
}

/// As `scanHTML`, for a file of its own in SVG.
public func scanSVG<Visitor: HTMLVisitor>(
  _ bytes: [UInt8], visitor: inout Visitor
) throws(Visitor.Failure) {
  try visitEach(HTMLScanner.findings(in: bytes, .xml, anchors: Visitor.collectsAnchors), of: bytes, &visitor)
}

/// Hands each URL of a style sheet to `replace`, in order, and puts in what it returns (nil = unchanged), escaped for its place.
///
/// Tokenised by CSS Syntax Level 3 (<https://www.w3.org/TR/css-syntax-3/>): `url()`, `@import`, and the strings of `image-set()`,
/// `image()`, `cross-fade()` and `src()`. Other strings and `@namespace` are no URLs.
/// - Returns: the style sheet; the same array, uncopied, where nothing changed.
public func rewriteCSS<Failure: Error>(
  _ bytes: [UInt8], _ replace: (FoundURL) throws(Failure) -> String?
) throws(Failure) -> [UInt8] {
  try rewritten(bytes, CSSScanner.findings(in: bytes), replace)
}

/// Hands each URL of a style sheet to `visit`, in order.
public func scanCSS<Failure: Error>(
  _ bytes: [UInt8], visit: (FoundURL) throws(Failure) -> Void
) throws(Failure) {
  try visitEach(CSSScanner.findings(in: bytes), of: bytes, visit)
}

/// Hands each module specifier of a JavaScript module to `replace`: `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")`,
/// `new URL("x", import.meta.url)`, `import.meta.resolve("x")`, and the source map behind `//# sourceMappingURL=`.
///
/// A bare specifier (`"react"`) is a name for an import map, and no URL. A relative one is written with the `./` without which it would be a name.
/// - Returns: the module; the same array, uncopied, where nothing changed.
public func rewriteModule<Failure: Error>(
  _ bytes: [UInt8], _ replace: (FoundURL) throws(Failure) -> String?
) throws(Failure) -> [UInt8] {
  try rewritten(bytes, ModuleScanner.findings(in: bytes), replace)
}

/// Hands each module specifier of a JavaScript module to `visit`, in order.
public func scanModule<Failure: Error>(
  _ bytes: [UInt8], visit: (FoundURL) throws(Failure) -> Void
) throws(Failure) {
  try visitEach(ModuleScanner.findings(in: bytes), of: bytes, visit)
}
