import Files
import HTML

// What the extension of a file says of the URLs in it.

func isPage(_ path: TreePath) -> Bool { ["html", "htm", "xhtml"].contains(path.fileExtension.lowercased()) }

/// Feeds, sitemaps and manifests hold URLs of pages: they stay with the pages.
func isListing(_ path: TreePath) -> Bool {
  path.name == "feed.json" || ["xml", "atom", "rss", "webmanifest"].contains(path.fileExtension.lowercased())
}

/// Whether a file may refer to others. One of another type refers to nothing.
func refersToOthers(_ path: TreePath) -> Bool {
  isListing(path) || ["css", "svg", "js", "mjs"].contains(path.fileExtension.lowercased())
}

/// Whether a file is rewritten although pages may say what bytes it has (`integrity`): a style sheet, a drawing, a script.
func mayHaveIntegrity(_ path: TreePath) -> Bool { refersToOthers(path) && !isListing(path) }

/// The URLs in a file, in the order of its text.
func scanFile<Failure: Error>(
  _ path: TreePath, _ bytes: [UInt8], _ visit: (FoundURL) throws(Failure) -> Void
) throws(Failure) {
  if isPage(path) { return try scanHTML(bytes, visit: visit) }
  switch path.fileExtension.lowercased() {
  case "css": try scanCSS(bytes, visit: visit)
  case "svg": try scanSVG(bytes, visit: visit)
  case "js", "mjs": try scanModule(bytes, visit: visit)
  case "xml", "atom", "rss": try scanFeed(bytes, visit: visit)
  case "webmanifest", "json": if isListing(path) { try scanJSON(bytes, visit: visit) }
  default: return
  }
}

/// A file with other URLs in it; nil leaves one as it is.
func rewriteFile(_ path: TreePath, _ bytes: [UInt8], _ replace: (FoundURL) -> String?) -> [UInt8] {
  if isPage(path) { return rewriteHTML(bytes, replace) }
  switch path.fileExtension.lowercased() {
  case "css": return rewriteCSS(bytes, replace)
  case "svg": return rewriteSVG(bytes, replace)
  case "js", "mjs": return rewriteModule(bytes, replace)
  case "xml", "atom", "rss": return rewriteFeed(bytes, replace)
  case "webmanifest", "json": return isListing(path) ? rewriteJSON(bytes, replace) : bytes
  default: return bytes
  }
}
