/// One URL of a document.
public struct FoundURL: Sendable, Hashable {
  /// The bytes of the URL's text in the document, as written: with its escapes, without quotes and spaces around it.
  ///
  /// Empty where the attribute has no value.
  public let range: Range<Int>
  public let kind: URLKind
  /// The URL meant: escapes decoded, spaces and control characters around it and all tabs and line ends removed, as the URL standard
  /// does (<https://url.spec.whatwg.org/#concept-basic-url-parser>). Not resolved, percent-escapes kept.
  public let url: String

  public init(range: Range<Int>, kind: URLKind, url: String) {
    self.range = range
    self.kind = kind
    self.url = url
  }

  /// Whether it is a folder of an import map, `/lib/`, that stands for whatever is below it, and never for the folder's page.
  public var isModuleFolder: Bool {
    (kind == .importMapURL || kind == .importMapName) && url.utf8.last == UInt8(ascii: "/")
  }

  /// Whether it is no mistake if it leads to no file.
  public var mayLeadNowhere: Bool {
    var url = url
    return kind == .importMapName || isModuleFolder || kind == .moduleFile && url.withUTF8(namesFolder)
  }
}

/// What a URL is for, by the place where it stands. The raw value is fit for messages.
public enum URLKind: String, Sendable, Hashable, CaseIterable {
  /// `href` of `a` and `area`, in SVG too. May well lead to a file that is no page, a download for one.
  case link
  /// `action` of `form`, `formaction` of `button` and `input`.
  case formAction = "form action"
  /// `cite` of `blockquote`, `q`, `del`, `ins`.
  case citation
  /// `meta http-equiv=refresh`.
  case refresh
  /// `src` of `iframe` and `frame`.
  case frame
  /// `link rel=alternate` with the type of an Atom, RSS or JSON feed.
  case feed
  /// Any other `link rel=alternate`, a translation for one.
  case alternate
  case canonical = "canonical link"
  /// `link` with any other `rel`: next, prev, search, license, preconnect …
  case otherLink = "link element"
  /// `content` of `og:url` and its like.
  case metaURL = "meta URL"

  case stylesheet = "style sheet"
  case icon, preload
  case modulePreload = "module preload"
  case manifest
  /// `src` of `img` and of `input type=image`, `href` of SVG's `image` and `feImage`, the old `background` attribute.
  case image
  /// One candidate of a `srcset` or `imagesrcset`.
  case srcset = "srcset candidate"
  /// `src` of `video`, `audio`, `source`, `track`.
  case media, poster
  /// `href` of all other SVG elements: `use`, gradients, `textPath` …; mostly a fragment.
  case svgReference = "SVG reference"
  case script
  case moduleScript = "module script"
  case embed, object
  /// `content` of `og:image`, `og:video`, `og:audio`, `twitter:image`, `msapplication-TileImage` and their like.
  case metaImage = "meta image"
  /// `url()` and image strings in a style sheet, a `style` element or a `style` attribute; `fill`, `mask` and their like in SVG.
  case cssURL = "style sheet URL"
  /// The same inside `@font-face`.
  case cssFont = "font"
  case cssImport = "style sheet import"
  /// The specifier of an import, where it is a URL: `/a.js`, `./a.js`, `../a.js` or one with a scheme.
  case moduleImport = "module import"
  /// `new URL("x", import.meta.url)`: a file beside the module, or a folder.
  case moduleFile = "module file"
  /// An address, a scope, or a key of `integrity` in an import map.
  case importMapURL = "import map URL"
  /// A URL that an import map says to use another for, there and where it is imported. There need be no such file.
  case importMapName = "import map name"
  /// Behind `sourceMappingURL=`, in a script or a style sheet.
  case sourceMap = "source map"

  /// `href` of `base`: all other relative URLs of the document are meant from there.
  case base

  /// Whether it leads to a document: from `link` to `metaURL`.
  public var isPageLink: Bool {
    switch self {
    case .link, .formAction, .citation, .refresh, .frame, .feed, .alternate, .canonical, .otherLink, .metaURL: true
    default: false
    }
  }

  /// Whether it pulls in a file that the document needs: all that is neither a page link nor `base`.
  public var isAsset: Bool { !isPageLink && self != .base }

  /// Whether it is written in a script or an import map, and not in an attribute.
  public var isInScript: Bool {
    switch self {
    case .moduleImport, .moduleFile, .importMapURL, .importMapName: true
    default: false
    }
  }

  /// Whether machines read it that know no base URL, so that a relative one is of no use.
  public var mustBeAbsolute: Bool {
    switch self {
    case .canonical, .metaURL, .metaImage: true
    default: false
    }
  }
}
