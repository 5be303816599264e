import ContentAddressing
import Files
import Publisher
import SiteBuilder

/// What a build made, as publishing takes it.
///
/// - Parameters:
///   - tree: the output.
///   - site: the site's folder.
func editionSource(_ report: BuildReport, _ tree: FileTree, of site: String) throws -> EditionSource {
  let configuration = report.configuration
  let folder = realPath(site) ?? site
  let name = folderName(configuration.publish.name ?? configuration.title)
  var sources: [TreePath: String] = [:]
  for page in report.pages { sources[page.path] = page.source }
  var edition = EditionSource(
    tree: tree, name: name.isEmpty ? "site" : name, url: configuration.url, sources: sources,
    commit: currentCommit(of: folder), configuration: try configurationDigest(configuration, in: folder),
    time: try editionTime(), version: colophonVersion)
  edition.folderPattern = configuration.publish.folder
  edition.commentPattern = configuration.publish.comment
  edition.lists = Set(report.pages.filter(\.isList).map(\.path))
  return edition
}

private func configurationDigest(
  _ configuration: SiteBuilder.Configuration, in folder: String
) throws -> Receipt.Configuration? {
  guard let path = configuration.path else { return nil }
  return Receipt.Configuration(path: path, sha256: SHA256Digest(of: try readFile(folder + "/" + path)).hex)
}
