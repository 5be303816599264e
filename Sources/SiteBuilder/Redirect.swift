import Files

extension SiteRenderer {
  /// A page at an old address, which leads on to the page that has it as an alias.
  func redirect(to id: PageID, at path: TreePath) -> (bytes: [UInt8], file: WrittenFile) {
    Dependencies.current?.add(.page(objects.pages[id].identity, PageMember.record))
    return redirect(from: site.pages[id], inside: site.pages[id].url, at: path)
  }

  /// A page that says of itself that it is elsewhere (`redirect_to`); nil where it does not.
  func redirect(of page: Page, at path: TreePath) -> (bytes: [UInt8], file: WrittenFile)? {
    guard let target = page.source?.frontMatter.redirectTo, let source = page.source?.file.path else { return nil }
    if case .output(_, let url) = site.target(of: target, writtenIn: source, shownAt: path) {
      return redirect(from: page, inside: url, at: path)
    }
    // To another site, or nowhere: that is told like any other link of the page.
    return redirect(from: page, to: target, canonical: target, at: path)
  }

  /// - Parameter url: site-rooted.
  private func redirect(from page: Page, inside url: String, at path: TreePath) -> (bytes: [UInt8], file: WrittenFile) {
    let reference = site.reference(to: url, from: path) ?? url
    let canonical = site.configuration.url.isEmpty ? reference : site.configuration.url + url
    return redirect(from: page, to: reference, canonical: canonical, at: path)
  }

  /// Leads on at once, for readers and for search engines.
  private func redirect(
    from page: Page, to reference: String, canonical: String, at path: TreePath
  ) -> (bytes: [UInt8], file: WrittenFile) {
    let title = escapedText(page.title)
    let language = site.languages[page.language].language
    var bytes = Array(
      """
      <!doctype html>
      <html lang="\(escapedAttribute(language.tag))"\(language.direction == "rtl" ? " dir=\"rtl\"" : "")>
      <head>
      <meta charset="utf-8">
      <title>\(title)</title>
      <link rel="canonical" href="\(escapedAttribute(canonical))">
      <meta name="robots" content="noindex">
      <meta http-equiv="refresh" content="0; url=\(escapedAttribute(reference))">
      </head>
      <body><p><a href="\(escapedAttribute(reference))">\(title)</a></p></body>
      </html>

      """.utf8)
    let file = finish(&bytes, at: path)
    return (bytes, file)
  }
}
