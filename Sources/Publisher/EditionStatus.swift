import ContentAddressing
import DStor
import Files
import Transport

/// How a site, as it is now, differs from an edition of it.
public struct EditionStatus: Sendable {
  /// CIDv0 of the folder that would be published.
  public let root: String
  public let diff: EditionDiff
  /// What keeps files that look like assets with the pages.
  public let warnings: [Diagnostic]

  /// Publishing would send nothing.
  public var isPublished: Bool { diff.isEmpty }
}

/// Addresses a site as if it were published to the edition's target, stages 9 to 11, and compares; nothing is sent or asked.
///
/// - Throws: `PublishError`, `FileError`, `TransportError` where the receipt's gateway is none.
public func status(
  of source: EditionSource, since edition: PublishedEdition, workers: Int
) async throws -> EditionStatus {
  guard source.tree.contains("index.html") else { throw PublishError.nothingToPublish }
  let gateway = try BaseURL(edition.receipt.target.gateway)
  let traced = try await trace(source.tree, siteURL: source.url, workers: workers)
  let (assets, urls) = try addressAssets(traced, in: source.tree, siteURL: source.url) { cid, name in
    GatewayClient.url(gateway, cid.text, filename: name)
  }
  let (pages, root) = try await rewritePages(traced, in: source.tree, siteURL: source.url, urls, workers: workers)
  func file(_ contents: AddressedContents, kind: String) -> Receipt.File {
    Receipt.File(
      path: contents.path.string, kind: kind, cid: contents.file.cid.text, size: contents.file.fileSize,
      source: source.sources[contents.path], sent: false, url: "")
  }
  let files = assets.map { file($0, kind: "asset") } + pages.map { file($0, kind: "page") }
  return EditionStatus(
    root: root.text, diff: EditionDiff(from: edition.receipt.files, to: files), warnings: traced.warnings)
}
