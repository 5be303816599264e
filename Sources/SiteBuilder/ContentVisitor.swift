import Files
import HTML

/// Makes the URLs of a page's text site-rooted, and notes those that lead nowhere.
struct ContentVisitor: HTMLVisitor {
  struct Problem {
    let url: String
    let severity: Diagnostic.Severity
    let id: String
    let message: String
    let hint: String?

    static let missingAlt = "missing-alt"

    static func missingAlt(_ url: String) -> Problem {
      Problem(
        url: url, severity: .warning, id: missingAlt, message: "\(url) has no text for those who do not see it",
        hint: "![What it shows](\(url)); an ornament is <img src=\"\(url)\" alt=\"\">")
    }

    static func noPicture(_ url: String) -> Problem {
      Problem(
        url: url, severity: .warning, id: "no-picture", message: "\(url) is no picture, whatever its name says",
        hint: "export it again, or replace it; what Git LFS holds comes with git lfs pull")
    }
  }

  let site: Site
  let page: Page
  let source: TreePath
  var problems: [Problem] = []
  var collectsOutsideLinks = false
  var collectsLinks = false
  /// In the order of the text, each as often as it stands there.
  var outsideURLs: [String] = []
  private var lastImage: (url: String, output: TreePath?)?
  private var imageCount = 0

  static let collectsAnchors = false
  static let collectsImages = true

  init(site: Site, page: Page, source: TreePath) {
    self.site = site
    self.page = page
    self.source = source
  }

  /// As `url(_:)`, for links that are written as the site writes them. Images wait for their `alt`.
  mutating func url(
    _ bytes: UnsafeBufferPointer<UInt8>, _ kind: URLKind, replacement: inout [UInt8]
  ) -> QuickAnswer {
    if kind == .image { return .unknown }
    switch PlainURL(bytes, site.urls) {
    case .elsewhere: return collectsOutsideLinks ? .unknown : .stays
    case .file(let file, _):
      if collectsLinks, kind == .link { Dependencies.current?.addLink(to: site.urls[file]) }
      return .stays
    case .fragment:
      guard site.urls.file(at: page.url) != nil else { return .unknown }
      replacement += page.url.utf8
      replacement += bytes
      return .replaced
    case .other: return .unknown
    }
  }

  /// Comes behind the URLs of the same tag.
  mutating func imageWithoutAlt(at offset: Int) {
    if let lastImage { problems.append(.missingAlt(lastImage.url)) }
  }

  /// Images know their size; all but the first wait until they are near the window.
  mutating func image(_ tag: ImageTag) -> String? {
    defer { lastImage = nil }
    imageCount += 1
    var attributes = ""
    if tag.attributes.contains(.src), let image = lastImage, let output = image.output {
      if let info = site.imageInfo(at: output) {
        attributes = site.sizeAttributes(tag, info)
      } else if site.isNoPicture(at: output) {
        problems.append(.noPicture(image.url))
      }
    }
    if imageCount > 1, site.configuration.images.lazy, !tag.attributes.contains(.loading) {
      attributes += " loading=\"lazy\""
    }
    return attributes
  }

  mutating func url(_ found: FoundURL) -> String? {
    if found.isModuleFolder { return nil }
    if let empty = emptyURL(found) {
      problems.append(Problem(url: "", severity: .error, id: empty.id, message: empty.message, hint: empty.hint))
      return nil
    }
    let target = site.target(of: found.url, writtenIn: source, shownAt: page.output)
    if found.kind == .image {
      lastImage = (found.url, nil)
      if case .output(let output, _) = target { lastImage?.output = output }
    }
    switch target {
    case .elsewhere:
      if collectsOutsideLinks, let url = outsideURL(found, site) { outsideURLs.append(url) }
      return nil
    case .output(let output, let url):
      if collectsLinks, found.kind == .link { Dependencies.current?.addLink(to: output) }
      return url == found.url ? nil : url
    case .refused(let id, let message, let hint):
      if found.mayLeadNowhere { return nil }
      problems.append(Problem(url: found.url, severity: .error, id: id, message: message, hint: hint))
      return nil
    }
  }
}
