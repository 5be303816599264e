import Files
import HTML

/// Makes URLs relative to their page, and notes anchors, links to anchors and links that lead nowhere.
struct PageVisitor: HTMLVisitor {
  let site: Site
  let path: TreePath
  var anchors: Set<UInt64> = []
  var fragments: [WrittenFile.FragmentLink] = []
  var problems: [WrittenFile.PageProblem] = []
  var collectsOutsideLinks = false
  var outsideURLs: Set<String> = []
  /// The page among the site's URLs.
  private let own: Int?
  private let pathBytes: [UInt8]
  private let namesFiles: Bool
  /// The 404 page has URLs of its own kind.
  private let isQuick: Bool
  private var lastImage: TreePath?
  private let addsAttributes: Bool
  private let hasHashedNames: Bool

  static let collectsImages = true

  /// - Parameter addsAttributes: false for pages that stay as they were written.
  init(site: Site, path: TreePath, addsAttributes: Bool = true) {
    self.site = site
    self.path = path
    own = site.urls.file(at: siteURL(of: path))
    pathBytes = Array(path.string.utf8)
    namesFiles = site.configuration.linkStyle == .file
    isQuick = path.name != "404.html"
    self.addsAttributes = addsAttributes
    hasHashedNames = addsAttributes && site.configuration.fingerprint
  }

  mutating func anchor(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    anchors.insert(digest(bytes))
    return true
  }

  mutating func anchor(_ name: String, at range: Range<Int>) { anchors.insert(digest(name.utf8)) }

  /// As `url(_:)`, for links that are written as the site writes them.
  mutating func url(
    _ bytes: UnsafeBufferPointer<UInt8>, _ kind: URLKind, replacement: inout [UInt8]
  ) -> QuickAnswer {
    if !isQuick || kind == .base || hasHashedNames && kind.takesHashedName { return .unknown }
    switch PlainURL(bytes, site.urls) {
    case .elsewhere: return collectsOutsideLinks ? .unknown : .stays
    case .other: return .unknown
    case .fragment:
      note(UnsafeBufferPointer(rebasing: bytes[1...]), of: path)
      return .stays
    case .file(let file, let end):
      let suffix = UnsafeBufferPointer(rebasing: bytes[end...])
      if kind == .image { lastImage = site.urls[file] }
      if suffix.count > 1 { note(UnsafeBufferPointer(rebasing: suffix[1...]), of: site.urls[file]) }
      if file == own {
        guard suffix.count > 1 else { return .unknown }
        replacement += suffix
        return .replaced
      }
      let isRooted = pathBytes.withUnsafeBufferPointer {
        appendRelative(UnsafeBufferPointer(rebasing: bytes[..<end]), from: $0, to: &replacement)
      }
      guard isRooted else { return .unknown }
      if namesFiles, replacement.last == UInt8(ascii: "/") {
        if replacement.count == 2, replacement[0] == UInt8(ascii: ".") { replacement.removeAll(keepingCapacity: true) }
        replacement += "index.html".utf8
      }
      replacement += suffix
      return .replaced
    }
  }

  private mutating func note(_ fragment: UnsafeBufferPointer<UInt8>, of target: TreePath) {
    if fragment.elementsEqual("top".utf8) { return }
    fragments.append(WrittenFile.FragmentLink(target: target, fragment: String(decoding: fragment, as: UTF8.self)))
  }

  mutating func image(_ tag: ImageTag) -> String? {
    defer { lastImage = nil }
    if tag.attributes.contains([.width, .height]), !site.images.settings.responsive { return nil }
    guard addsAttributes, tag.attributes.contains(.src), let output = lastImage,
      let info = site.imageInfo(at: output)
    else { return nil }
    let size = site.sizeAttributes(tag, info)
    guard !tag.attributes.contains(.srcset), let file = site.imageFile(at: output) else { return size }
    let pictures = site.responsiveImages(of: file, at: output, info, shown: tag.width)
    return size + site.responsiveAttributes(pictures, tag, info, shownAt: path)
  }

  mutating func url(_ found: FoundURL) -> String? {
    if found.kind == .base { return nil }
    if found.isModuleFolder { return site.reference(toFolder: found.url, from: path) }
    if let empty = emptyURL(found) {
      if !problems.contains(where: { $0.url.isEmpty }) { problems.append(empty) }
      return nil
    }
    switch site.target(of: found.url, shownAt: path) {
    case .elsewhere:
      if collectsOutsideLinks, let url = outsideURL(found, site) { outsideURLs.insert(url) }
      return nil
    case .refused(let id, let message, let hint):
      if found.mayLeadNowhere { return site.reference(toFolder: found.url, from: path) }
      if !problems.contains(where: { $0.url == found.url }) {
        problems.append(WrittenFile.PageProblem(url: found.url, id: id, message: message, hint: hint))
      }
      return nil
    case .output(let target, let url):
      if found.kind == .image { lastImage = target }
      if hasHashedNames, found.kind.takesHashedName, let hashed = site.hashedName(of: target) {
        return site.reference(to: "/" + hashed.urlEncoded, from: path)
      }
      var fragment = ""
      if let hash = url.firstIndex(of: "#") { fragment = String(url[url.index(after: hash)...]) }
      if !fragment.isEmpty, fragment != "top" {
        fragments.append(WrittenFile.FragmentLink(target: target, fragment: percentDecoded(fragment) ?? fragment))
      }
      // An empty href or a bare fragment stays on the page.
      if target == path, !found.url.hasPrefix("/") { return nil }
      if target == path, !fragment.isEmpty { return "#" + fragment }
      return site.reference(to: url, from: path)
    }
  }
}

/// What is wrong with a URL that is empty: the page itself is no image and no script. A link may well lead to its own page.
func emptyURL(_ found: FoundURL) -> WrittenFile.PageProblem? {
  guard found.url.isEmpty else { return nil }
  switch found.kind {
  case .image, .media, .poster, .script, .moduleScript, .stylesheet, .embed, .object: break
  default: return nil
  }
  let kind = found.kind == .media ? "video or sound" : found.kind.rawValue
  return WrittenFile.PageProblem(
    url: "", id: "empty-url", message: "the URL of this \(kind) is empty",
    hint: found.kind == .image ? "![What it shows](photo.jpg)" : nil)
}

extension Site {
  private func isNotFoundPage(_ path: TreePath) -> Bool {
    if path.name == "404.html", case .page(let id, _)? = outputs[path] { pages[id].kind == .notFound } else { false }
  }

  /// A site-rooted URL as the page at `path` writes it: relative, so that the output works anywhere. A host serves the 404 page for paths of
  /// any depth: where the site has an address, its links start from there; in a preview, the server says where they do.
  func reference(to url: String, from path: TreePath) -> String? {
    if hasOwnAddress(path) { return configuration.url + url }
    let reference = relativize(url, from: path)
    return configuration.linkStyle == .file ? reference.map(namingFile) : reference
  }

  /// As `reference(to:)`, for what need not be there: a folder that scripts look into. nil where `url` is not site-rooted.
  func reference(toFolder url: String, from path: TreePath) -> String? {
    guard url.hasPrefix("/"), !url.hasPrefix("//") else { return nil }
    return hasOwnAddress(path) ? configuration.url + url : relativize(url, from: path)
  }

  private func hasOwnAddress(_ path: TreePath) -> Bool {
    !configuration.url.isEmpty && !configuration.isPreview && (path == "404.html" || isNotFoundPage(path))
  }
}

/// `../about/#part` → `../about/index.html#part`: a relative URL of a folder as that of its page.
func namingFile(_ url: String) -> String {
  let path = url.prefix { $0 != "?" && $0 != "#" }
  guard path.hasSuffix("/") else { return url }
  return (path == "./" ? "" : path) + "index.html" + url[path.endIndex...]
}
