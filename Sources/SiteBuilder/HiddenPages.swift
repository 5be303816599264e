import Files

/// Pages that a build leaves out, and why: what a link to one of them leads to is not wrong, but not there.
struct HiddenPages: Sendable {
  private enum Reason {
    case draft
    case future(day: String)
    case expired(day: String)
  }

  private var pages: [TreePath: (file: TreePath, reason: Reason)] = [:]

  /// - Parameter leftOut: pages that are not wanted.
  init(_ leftOut: [ParsedPage], _ options: BuildOptions) {
    for page in leftOut {
      let matter = page.frontMatter
      let reason: Reason =
        if matter.isDraft, !options.includesDrafts {
          .draft
        } else if let end = page.end, let now = options.secondsSince1970, end <= now, !options.includesExpired {
          .expired(day: matter.expiryDate?.formatted("%Y-%m-%d") ?? "")
        } else {
          .future(day: (matter.publishDate ?? matter.date)?.formatted("%Y-%m-%d") ?? "")
        }
      pages[page.file.path] = (page.file.path, reason)
      if page.place.path != page.file.path, pages[page.place.path] == nil {
        pages[page.place.path] = (page.file.path, reason)
      }
    }
  }

  /// What to say of a link to `path`, as a file of the site's folder or as a path of the output; nil where no page is hidden there.
  func hint(for path: String) -> String? {
    guard !pages.isEmpty, let file = TreePath(path.hasSuffix("/") ? String(path.dropLast()) : path) else { return nil }
    let content: TreePath = "content"
    for folder in [file, content.appending(file)] {
      for candidate in folder.contentFiles {
        guard let (file, reason) = pages[candidate] else { continue }
        Dependencies.current?.add(.file(file.fingerprint))
        return switch reason {
        case .draft: "\(file) is a draft, --drafts shows it"
        case .future(let day): "\(file) comes on \(day), --future shows it"
        case .expired(let day): "\(file) expired on \(day), --expired shows it"
        }
      }
    }
    return nil
  }
}

extension TreePath {
  /// The files of `content/` that a link may mean by this path: itself, with an extension, or as the folder of a section or bundle.
  var contentFiles: [TreePath] {
    [self, TreePath(string + ".md"), appending("_index.md"), appending("index.md")].compactMap(\.self)
  }
}
