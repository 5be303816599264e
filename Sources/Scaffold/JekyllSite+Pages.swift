import Files

extension JekyllSite {
  /// Moves one page, post or document.
  func move(
    _ document: JekyllDocument, _ contents: FileContents, _ context: LiquidContext,
    _ includes: inout [String: SourceLocation], _ draft: inout Draft
  ) throws {
    let source = SourceText(path: document.path, bytes: try contents.bytes())
    guard var page = draft.page(source, to: document.target) else { return }
    guard document.isPageOfContent else { return moveOther(page, &draft) }
    if Self.generated.contains(document.path) {
      draft.note(
        .lost, at: document.path, "the page for addresses that lead nowhere is a template here",
        hint: "templates/404.html holds your own")
      return
    }
    normalize(&page, at: document.target, images: Self.images, old, &draft)
    adjust(&page, document, &draft)
    let isHTML = !isMarkdown(document.path)
    var text = LiquidText(page.source, page, context, target: document.target)
    text.convert(isMarkdown: !isHTML)
    var body = text.edit.finish()
    if isHTML, let place = text.firstLeftover {
      // A page that is nothing but a program of the theme's: lists of posts, tags, archives.
      draft.note(
        .lost, at: place, "the page is made by Liquid: \(text.leftover)",
        hint: "lists of sections, tags and the front page are built in; templates/ holds your own")
      guard document.target.hasSuffix("/_index.md"), page.now("title") != nil else { return }
      body = []
    } else {
      draft.take(text.edit.notes)
      for use in text.uses where includes[use.name] == nil { includes[use.name] = use.location }
      body = isHTML ? htmlAsMarkdown(body) : markdown(body, document, context, &draft)
    }
    let section = document.target.hasSuffix("/_index.md") ? sectionOf(document.target) : nil
    if let section, let values = defaults.cascades[section] { page.set("cascade", values) }
    for entry in defaults.ofFiles[document.path]?.entries ?? [] where page.now(entry.key) == nil {
      page.set(entry.key, entry.setting)
    }
    draft.add(document.target, .bytes(page.written(body: body)), from: document.path)
  }

  /// kramdown's ways of reading Markdown, and links to files of the old site.
  private func markdown(
    _ body: [UInt8], _ document: JekyllDocument, _ context: LiquidContext, _ draft: inout Draft
  ) -> [UInt8] {
    var body = body
    if config["markdown"]?.text?.lowercased() ?? "kramdown" == "kramdown" {
      let converted = withoutKramdownBlocks(body, readsAll: config["kramdown"]?["parse_block_html"]?.bool == true)
      if converted != body {
        draft.tally(.converted, at: document.path, "blocks of HTML begin and end where kramdown had them")
      }
      body = withKramdownMath(converted)
      if body != converted { draft.tally(.converted, at: document.path, "$$ in a line of text is $ here") }
    }
    let links = replacingLinks(in: body) { context.documentLink($0, in: document) }
    if links.count > 0 {
      draft.tally(.converted, at: document.path, "links to files of the old site name those of the new one")
    }
    return links.text
  }

  /// Themes look for the image of a page in these folders, too.
  private static let images = ImageFolders(
    atRoot: [""], named: ["assets", "assets/img", "assets/images", "images"])

  private static let generated: Set<String> = ["404.html", "404.md"]

  func sectionOf(_ target: String) -> String {
    target == "content/_index.md" ? "" : String(folder(of: target).dropFirst("content/".count))
  }

  /// Style sheets, feeds and the like that have front matter only to have Liquid run over them.
  private func moveOther(_ page: SourcePage, _ draft: inout Draft) {
    let path = page.source.path
    let body = Array(page.body)
    let isTemplate = ["{{", "{%"].contains { mark in
      var finder = Finder(mark)
      return finder.next(in: body, from: 0) != nil
    }
    switch (fileExtension(path), fileName(path)) {
    case ("scss", _), ("sass", _):
      draft.tally(.lost, at: path, "Sass is not compiled", hint: "name compiled CSS in params.stylesheets")
    case (_, "feed.xml"), (_, "atom.xml"), (_, "rss.xml"):
      draft.note(
        .lost, at: path, "\(fileName(path)) is written by the build", hint: "the site's feed is /atom.xml")
    case (_, "sitemap.xml"), (_, "robots.txt"):
      draft.note(.lost, at: path, "\(fileName(path)) is written by the build")
    case _ where isTemplate:
      draft.note(.lost, at: path, "the file is made by Liquid", hint: "templates/ holds your own")
    default:
      draft.add("static/" + path, .bytes(body), from: path)
    }
  }

  // MARK: Front matter

  private func adjust(_ page: inout SourcePage, _ document: JekyllDocument, _ draft: inout Draft) {
    var folders: [String] = []
    switch document.kind {
    case .post(let categories): folders = categories
    case .draft(let categories):
      folders = categories
      page.set("draft", Setting(.bool(true)))
    case .collection(let name):
      let isPublished = config["collections"]?[name]?["output"]?.bool == true
      if !isPublished {
        page.set("draft", Setting(.bool(true)))
        draft.tally(
          .converted, at: page.source.path, "documents of the collection \(name), which has no output, are drafts")
      }
    case .page: break
    }
    let categories = terms("categories", "category", &page, adding: folders, &draft)
    _ = terms("tags", "tag", &page, adding: [], &draft)
    if let target = page.settings["redirect_to"], target.text == nil, let first = target.texts.first {
      // jekyll-redirect-from takes the first of a list.
      page.set("redirect_to", .text(first))
    }
    setAddress(&page, document, categories, &draft)
  }

  /// In Jekyll a text is a list of words, and that of `category` is one term.
  private func terms(
    _ key: String, _ single: String, _ page: inout SourcePage, adding folders: [String], _ draft: inout Draft
  ) -> [String] {
    var terms = folders
    if let entry = page.settings.entries.first(where: { $0.key.lowercased() == single }) {
      terms += entry.setting.texts
      page.remove(entry.key)
    }
    if let given = page.settings[key] {
      terms += given.text.map { $0.split(separator: " ").map(String.init) } ?? given.texts
    }
    var seen: Set<String> = []
    terms = terms.filter { !$0.isEmpty && seen.insert($0).inserted }
    let written = page.settings[key]
    if terms.isEmpty {
      if written != nil { page.remove(key) }
    } else if written?.isScalar == true || written?.texts != terms {
      page.set(key, .list(terms))
      let changed = written != nil ? key : single
      draft.tally(.converted, at: page.place(of: changed), "\(key) are a list of terms")
    }
    return terms
  }

  /// The address stays what it was: by the section's pattern where that gives it, else in the page's own front matter.
  private func setAddress(
    _ page: inout SourcePage, _ document: JekyllDocument, _ categories: [String], _ draft: inout Draft
  ) {
    let own = page.settings["permalink"]?.text
    let date = page.now("date")?.text ?? document.date
    let slug = page.settings["slug"]?.text
    func address(_ pattern: String) -> String? {
      addresses.address(
        JekyllAddresses.pattern(pattern), date: date, name: document.name, slug: slug, categories: categories)
    }
    if let own {
      guard own.contains(":") || !own.contains("/") else { return ownSection(&page, own, document) }
      if let url = address(own) {
        page.set("permalink", .text(url))
        draft.tally(.converted, at: page.place(of: "permalink"), "permalink patterns of single pages are written out")
      } else {
        page.remove("permalink")
        draft.note(.lost, at: page.place(of: "permalink"), "permalink \(own) has a token without a like")
      }
      return
    }
    let scoped = addresses.scopedPattern(of: document)
    switch document.kind {
    case .draft: return
    case .post:
      let usual = addresses.sectionPattern.flatMap { pattern in
        addresses.address(
          replaced(":filename", by: ":title", in: pattern), date: date, name: document.name, slug: nil, categories: [])
      }
      let isPlain = document.name.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || isDigit(byte) || "-_.".utf8.contains(byte)
      }
      let pattern = scoped ?? addresses.posts
      guard let url = address(pattern) else {
        return draft.tally(
          .lost, at: page.source.path,
          "permalink \(pattern) of posts has a token without a like, their addresses are others",
          hint: "permalinks.posts in site.yaml says what they are")
      }
      if url != usual || !isPlain { page.set("url", .text(Self.asURL(url))) }
    case .collection(let name):
      let usual =
        document.target.hasSuffix("/_index.md")
        ? "/\(sectionOf(document.target))/" : document.filled("/:collection/:path/")
      let pattern = document.filled(scoped ?? addresses.pattern(ofCollection: name))
      if let url = address(pattern), url != usual { page.set("url", .text(Self.asURL(url))) }
    case .page:
      if document.target.hasSuffix("/_index.md") {
        return addFormerAddress(to: &page, document, scoped.flatMap { address(document.filled($0)) })
      }
      if let scoped, let url = address(document.filled(scoped)) { return page.set("url", .text(Self.asURL(url))) }
      let path = withoutExtension(document.path)
      let url = "/" + path + (addresses.pagesEndInSlash ? "/" : ".html")
      let isUsual = addresses.pagesEndInSlash && path == path.lowercased() && document.section == folder(of: path)
      if !isUsual { page.set("url", .text(Self.asURL(url))) }
    }
  }

  /// A page beside a folder of its name becomes the folder's: `/books.html` is `/books/`.
  private func addFormerAddress(to page: inout SourcePage, _ document: JekyllDocument, _ scoped: String?) {
    let path = document.name == "index" ? folder(of: document.path) : withoutExtension(document.path)
    guard document.name != "index" || path != document.section else { return }
    let former = scoped ?? "/" + path + (addresses.pagesEndInSlash || document.name == "index" ? "/" : ".html")
    guard former.pathParts.joined(separator: "/") != sectionOf(document.target) else { return }
    let key = page.settings["redirect_from"] != nil && page.settings["aliases"] == nil ? "redirect_from" : "aliases"
    page.set(key, .list((page.now(key)?.texts ?? []) + [Self.asURL(former)]))
  }

  /// A path made of names of files, in which `#` and the like are themselves.
  private static func asURL(_ path: String) -> String {
    replaced("?", by: "%3F", in: replaced("#", by: "%23", in: replaced("%", by: "%25", in: path)))
  }

  /// A page at the address of a section is that section's page; its address follows from its place.
  private func ownSection(_ page: inout SourcePage, _ permalink: String, _ document: JekyllDocument) {
    let folder = sectionOf(document.target)
    if document.target.hasSuffix("/_index.md"),
      permalink.pathParts.joined(separator: "/") == folder
    {
      page.remove("permalink")
    }
  }
}
