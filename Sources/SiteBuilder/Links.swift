import Files
import HTML
import Synchronization

/// What a URL of a page leads to.
enum LinkTarget {
  /// Nothing of this site's: another host, another scheme.
  case elsewhere
  /// A file of the output; `url` is site-rooted, with query and fragment.
  case output(TreePath, url: String)
  /// The rule that the URL breaks.
  case refused(id: String, message: String, hint: String?)
}

extension Site {
  /// What the file at `path` of the output is made from; nil where there will be none.
  func output(at path: TreePath) -> OutputFile? {
    let file = outputs[path]
    if let dependencies = Dependencies.current {
      dependencies.add(.output(path.fingerprint))
      // What is shown of an image follows from its bytes.
      if case .asset(let asset)? = file, asset.isImage { dependencies.add(.file(asset.path.fingerprint)) }
    }
    return file
  }

  /// Where a file of the site's folder is found in the output; nil where it is not.
  func output(ofSource path: TreePath) -> TreePath? {
    Dependencies.current?.add(.source(path.fingerprint))
    return outputOfSource[path]
  }

  /// Where the page of a path without language is found in the output; nil where it is not.
  private func output(ofTranslation path: TreePath, in language: LanguageID) -> TreePath? {
    Dependencies.current?.add(.source(path.fingerprint(in: language)))
    return outputOfTranslation[language][path]
  }

  /// Resolves a URL as a writer may mean it: site-rooted, relative to the file it is written in (`../guide/markdown.md`, `photo.jpg`), or
  /// relative to the page it is shown on (`../other/`).
  ///
  /// - Parameters:
  ///   - source: the file in the site's folder: `content/posts/hello.md`.
  ///   - output: the page in the output.
  func target(of url: String, writtenIn source: TreePath, shownAt output: TreePath) -> LinkTarget {
    if let file = urls.file(at: url) { return .output(urls[file], url: url) }
    let fromSource = Reference.resolve(url, in: source)
    switch fromSource {
    case .external(let scheme): return scheme == "file" ? localFile(url) : .elsewhere
    case .fragment(let fragment):
      return .output(output, url: siteURL(of: output) + (url.contains("#") ? "#" + percentEncoded(fragment) : ""))
    case .invalid(let reason):
      return .refused(id: "wrong-url", message: "\(url) is no URL: \(reason)", hint: nil)
    case .outside:
      if case .output(let path, let target) = self.target(of: url, shownAt: output) {
        return .output(path, url: target)
      }
      return outside(url)
    case .file(let path, let query, let fragment):
      let suffix = (query.map { "?" + $0 } ?? "") + (fragment.map { "#" + percentEncoded($0) } ?? "")
      if !url.hasPrefix("/") {
        if let target = sourceTarget(path, suffix, from: source) { return target }
        if let refused = refusal(url, path) { return refused }
      }
      let shown = target(of: url, shownAt: output)
      if case .refused = shown {
        // `/posts/hello.md` and `/assets/logo.svg` as paths of the site's folder.
        if url.hasPrefix("/") {
          if let target = sourceTarget("content/" + path, suffix, from: source)
            ?? sourceTarget(path, suffix, from: source)
          {
            return target
          }
          if let refused = refusal(url, path) { return refused }
        }
        return dead(url, path, in: source)
      }
      return shown
    }
  }

  /// Resolves a URL of the finished page at `output`.
  func target(of url: String, shownAt output: TreePath) -> LinkTarget {
    if let file = urls.file(at: url) { return .output(urls[file], url: url) }
    switch Reference.resolve(url, in: output) {
    case .external(let scheme): return scheme == "file" ? localFile(url) : .elsewhere
    case .fragment(let fragment):
      return .output(output, url: siteURL(of: output) + (url.contains("#") ? "#" + percentEncoded(fragment) : ""))
    case .invalid(let reason): return .refused(id: "wrong-url", message: "\(url) is no URL: \(reason)", hint: nil)
    case .outside: return outside(url)
    case .file(let path, let query, let fragment):
      let suffix = (query.map { "?" + $0 } ?? "") + (fragment.map { "#" + percentEncoded($0) } ?? "")
      for candidate in Reference.file(path: path, query: nil, fragment: nil).indexCandidates
      where self.output(at: candidate) != nil || images.variant(at: candidate) != nil {
        return .output(candidate, url: siteURL(of: candidate) + suffix)
      }
      if let refused = refusal(url, path) { return refused }
      return dead(url, path)
    }
  }

  /// `path` as a file of the site's folder, or as the folder of a section or bundle: in the language of the page that says it where there is
  /// such a page, else as it stands, else in the default language.
  private func sourceTarget(_ path: String, _ suffix: String, from source: TreePath) -> LinkTarget? {
    guard let file = TreePath(path.hasSuffix("/") ? String(path.dropLast()) : path) else { return nil }
    let candidates = [file, file.appending("_index.md"), file.appending("index.md")].compactMap(\.self)
    if configuration.isMultilingual, let translation = translation(candidates, from: source) {
      return .output(translation, url: siteURL(of: translation) + suffix)
    }
    for candidate in candidates {
      if let output = self.output(ofSource: candidate) { return .output(output, url: siteURL(of: output) + suffix) }
    }
    return nil
  }

  /// What the first of `files` that is a page says in the language of `source`. A file that names its language itself is meant as it stands.
  private func translation(_ files: [TreePath], from source: TreePath) -> TreePath? {
    let own = configuration.contentPlace(of: source).language
    let isInFolder = configuration.languageFolder(of: source) != nil
    for file in files {
      let place = configuration.contentPlace(of: file)
      // In `content/de/`, a relative path names the language by its folder and not on purpose.
      let namesLanguage = place.path != file && !(isInFolder && place.language == own)
      if namesLanguage,
        let output = self.output(ofSource: file) ?? self.output(ofTranslation: place.path, in: place.language)
      {
        return output
      }
      if let output = self.output(ofTranslation: place.path, in: own) { return output }
    }
    for file in files where self.output(ofSource: file) == nil {
      let place = configuration.contentPlace(of: file)
      if let output = self.output(ofTranslation: place.path, in: configuration.defaultLanguage)
        ?? self.output(ofSource: place.path) ?? self.output(ofSource: inDefaultFolder(place.path))
      {
        return output
      }
    }
    return nil
  }

  /// `content/en/a.png` of `content/a.png`, where the default language may have a folder of its own.
  private func inDefaultFolder(_ path: TreePath) -> TreePath {
    let folder = "content/" + configuration.languages[configuration.defaultLanguage].code
    return TreePath(folder + path.string.dropFirst("content".utf8.count)) ?? path
  }

  /// Files that exist, perhaps, but are never published.
  private func refusal(_ url: String, _ path: String) -> LinkTarget? {
    guard let file = TreePath(path.hasSuffix("/") ? String(path.dropLast()) : path) else { return nil }
    if linksOut.contains(where: { file == $0 || file.isInside($0) })
      || linksOut.contains(where: { link in
        ["content", "static"].contains { folder in TreePath(folder).map { link == $0.appending(file) } ?? false }
      })
    {
      return .refused(
        id: "outside-site", message: "\(url) is a symbolic link that leads out of the site's folder",
        hint: "copy the file into the site")
    }
    if file.isHidden, !path.hasPrefix(".well-known/") {
      return .refused(
        id: "hidden-file", message: "\(url) names a file that begins with a dot, those are never published",
        hint: "copy what readers may see to assets/ under another name")
    }
    return nil
  }

  private func localFile(_ url: String) -> LinkTarget {
    .refused(
      id: "local-file", message: "\(url) is a file of one machine, no reader has it",
      hint: "copy the file into the site and refer to it there")
  }

  private func outside(_ url: String) -> LinkTarget {
    .refused(
      id: "outside-site", message: "\(url) leaves the site's folder",
      hint: "copy the file into the site and refer to it there")
  }

  /// - Parameter source: the file that the URL is written in; nil where it is not known.
  private func dead(_ url: String, _ path: String, in source: TreePath? = nil) -> LinkTarget {
    Dependencies.current?.add(.names)
    return .refused(
      id: "dead-link", message: "\(url) leads to no page or file of the site",
      hint: hidden.hint(for: path) ?? nearest(to: path, from: source).map { "did you mean \($0)?" })
  }

  /// What a writer may have meant: a file of the same type with a near name, in the form to write; else a page with a near URL.
  private func nearest(to path: String, from source: TreePath?) -> String? {
    switch nearNames.find(path, in: self) {
    case .source(let file):
      let isPage = file.components.first == "content"
      // What only names files of the output (menus, HTML of static/) can't name a file of content/.
      if isPage, let source { return file.reference(from: source) }
      return outputOfSource[file].map { siteURL(of: $0) } ?? siteURL(of: file)
    case .url(let url): return url
    case nil: return nil
    }
  }
}

/// The names of all files, for hints at dead links. A site that was moved in may have thousands of those: each is looked for once.
final class SiteNames: Sendable {
  enum Name {
    case source(TreePath)
    case url(String)
  }

  private let index = Mutex(Index())
  private let known = Mutex<[String: Name?]>([:])

  func find(_ path: String, in site: Site) -> Name? {
    if let known = known.withLock({ $0[path] }) { return known }
    // Others search at the same time.
    let found = search(path, in: site)
    known.withLock { $0[path] = .some(found) }
    return found
  }

  private func search(_ path: String, in site: Site) -> Name? {
    if let wanted = TreePath(String(path.pathParts.last ?? "")), !wanted.fileExtension.isEmpty {
      let files = index.withLock { $0.files(in: site) }
      let type = wanted.fileExtension
      let stem = index.withLock { $0.stems(type) }.nearest(to: wanted.stem)
      let file =
        stem.flatMap { stem in files[stem]?.first { $0.fileExtension == type } } ?? files[wanted.stem]?.first
      if let file { return .source(file) }
    }
    return index.withLock { $0.urls(in: site) }.nearest(to: "/" + path).map { .url($0) }
  }
}

/// Filled as it is asked.
private struct Index {
  /// The site's files, sorted, by their names without folder and extension.
  private var files: [String: [TreePath]]?
  /// These names, by the extension.
  private var stems: [String: NearNames] = [:]
  private var urls: NearNames?

  mutating func files(in site: Site) -> [String: [TreePath]] {
    let all = files ?? Dictionary(grouping: site.outputOfSource.keys.sorted(), by: \.stem)
    files = all
    return all
  }

  mutating func stems(_ type: String) -> NearNames {
    let alike =
      stems[type]
      ?? NearNames((files ?? [:]).lazy.filter { $1.contains { $0.fileExtension == type } }.map(\.key))
    stems[type] = alike
    return alike
  }

  mutating func urls(in site: Site) -> NearNames {
    let all = urls ?? NearNames(site.outputs.keys.map { siteURL(of: $0) })
    urls = all
    return all
  }
}

/// One URL that is wrong, before it is known where all of them were written.
struct LinkProblem: Sendable {
  let url: String
  let diagnostic: Diagnostic
}
