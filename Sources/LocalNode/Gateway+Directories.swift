import ContentAddressing
import Files
import Hummingbird

extension Gateway {
  /// To be changed with the page below, so that caches take the new one.
  private static let listingVersion = "1"
  private static let listedEntries = 10_000

  /// A directory: with its slash its index page, or a list of what is in it.
  func directory(_ request: GatewayRequest, _ path: GatewayPath) async throws -> Response {
    guard request.endsWithSlash else {
      let query = request.query.map { "?" + $0 } ?? ""
      return .text(301, "this is a directory", headers: [("Location", request.rawPath + "/" + query)])
    }
    if let answer = try index(request, path) { return answer }
    let tag = "\"DirIndex-\(Self.listingVersion)_CID-\(path.cid)\""
    if let answer = notModified(request, tag: tag, caching: Self.listing) { return answer }
    let lookup = SendableLookup(store: store)
    let entries = try await onThread(of: listings) { cancellation in
      try directoryEntries(of: path.cid, from: lookup.until(cancellation))
    }
    let page = listingPage(of: entries, request)
    let answer = Response(200, type: "text/html; charset=utf-8", page, headers: pageHeaders)
    return adding(headers(request, path.cids, tag: tag, caching: Self.listing), to: answer)
  }

  /// `index.html`, under the directory's own tag.
  private func index(_ request: GatewayRequest, _ path: GatewayPath) throws -> Response? {
    let found: ResolvedPath
    do {
      found = try ContentAddressing.resolve(["index.html"], under: path.cid, from: lookup)
    } catch UnixFSError.noLink {
      return nil
    }
    guard case .file(let file) = found.node else { return nil }
    return try self.file(
      request, found.cid, path.cids, file, name: "index.html", tag: "\"\(path.cid)\"")
  }

  private func listingPage(of entries: [DirectoryEntry], _ request: GatewayRequest) -> [UInt8] {
    let title = htmlEscaped((["/ipfs", request.root.text] + request.names).joined(separator: "/"))
    var page = """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(title)</title>
      <style>
      :root { color-scheme: light dark }
      body { font: 1rem/1.5 Georgia, serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
      h1 { font-size: 1.1rem; overflow-wrap: anywhere }
      td { padding: .1rem 1rem .1rem 0; overflow-wrap: anywhere }
      td:nth-child(2) { text-align: right; white-space: nowrap }
      td:last-child { font: .8em monospace }
      </style>
      <h1>\(title)</h1>
      <table>

      """
    if !request.names.isEmpty { page += "<tr><td><a href=\"../\">..</a><td><td>\n" }
    for entry in entries.prefix(Self.listedEntries) {
      let slash = "/".utf8
      let encoded = percentEncoded(entry.name).utf8.split(
        separator: slash[slash.startIndex], omittingEmptySubsequences: false)
      let link = encoded.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "%2F")
      page += """
        <tr><td><a href="./\(htmlEscaped(link))">\(htmlEscaped(entry.name))</a><td>\(entry.link.size)<td>\(entry.link.cid)

        """
    }
    page += "</table>\n"
    if entries.count > Self.listedEntries { page += "<p>and \(entries.count - Self.listedEntries) more\n" }
    return Array((page + "</html>\n").utf8)
  }
}
