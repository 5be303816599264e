import Files
import HTML

/// A place of the site where a URL of another site is written.
public struct OutsideLink: Sendable, Hashable {
  /// Absolute, http or https.
  public let url: String
  public let location: SourceLocation
  public let sourceLine: String?

  init(url: String, location: SourceLocation, sourceLine: String? = nil) {
    self.url = url
    self.location = location
    self.sourceLine = sourceLine
  }

  init(url: String, _ place: (offset: Int, length: Int)?, in source: SourceText) {
    self.url = url
    if let place {
      location = source.location(at: place.offset, length: place.length)
      sourceLine = source.line(location.line)
    } else {
      location = SourceLocation(path: source.path)
      sourceLine = nil
    }
  }
}

/// The URL as it can be asked for; nil for the site's own address, for forms, and for what is no page or file (`mailto:`).
func outsideURL(_ found: FoundURL, _ site: Site) -> String? {
  switch found.kind {
  case .formAction, .canonical, .base, .metaURL: return nil
  default: break
  }
  if found.mayLeadNowhere { return nil }
  let url = found.url.hasPrefix("//") ? "https:" + found.url : found.url
  guard url.hasPrefix("https://") || url.hasPrefix("http://") else { return nil }
  let own = site.configuration.url
  let isOwn = !own.isEmpty && (url == own || ["/", "?", "#"].contains { url.hasPrefix(own + $0) })
  return isOwn ? nil : url
}

/// The links of a text, which stand in `source` in this order, each with its place.
func outsideLinks(_ urls: [String], in source: SourceText, from start: Int) -> [OutsideLink] {
  var places = URLPlaces(source, bodyStart: start)
  var occurrences: [String: Int] = [:]
  return urls.map { url in
    let occurrence = occurrences[url, default: 0]
    occurrences[url] = occurrence + 1
    return OutsideLink(url: url, places.place(of: url, occurrence: occurrence, in: [.link, .word]), in: source)
  }
}

/// All links to other sites: those of texts with each of their places; those of templates, front matter and the configuration once, where
/// they are written.
func outsideLinks(_ files: [WrittenFile], _ renderer: SiteRenderer) -> [OutsideLink] {
  var links = files.flatMap(\.outsideLinks)
  var known = Set(links.map(\.url))
  var places = Places(renderer.site, renderer.appearance)
  for file in files.sorted(by: { $0.path < $1.path }) {
    for url in file.outsideURLs.sorted() where known.insert(url).inserted {
      links.append(places.outsideLink(url, on: file.path))
    }
  }
  return links.sorted { left, right in
    func key(_ link: OutsideLink) -> (String, Int, Int, String) {
      (link.location.path, link.location.line, link.location.column, link.url)
    }
    return key(left) < key(right)
  }
}
