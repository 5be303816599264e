import ContentAddressing
import DStor
import Files
import Transport

/// How a site, as it is now, differs from an edition of it.
public struct EditionStatus: Sendable {
  /// CIDv0 of what readers would ask for.
  public let root: String
  public let diff: EditionDiff

  /// Publishing would send nothing.
  public var isPublished: Bool { diff.isEmpty }
}

/// Addresses a site as if it were published to the edition's target, stages 9 to 11, and compares; nothing is sent or asked.
///
/// - Throws: `PublishError`, `FileError`, `TransportError` where the receipt's gateway is none.
public func status(
  of source: EditionSource, since edition: PublishedEdition, workers: Int,
  report: @Sendable (PublishEvent) -> Void
) async throws -> EditionStatus {
  guard source.tree.contains("index.html") else { throw PublishError.nothingToPublish }
  let gateway = try BaseURL(edition.receipt.target.gateway)
  let mode = PublishMode(rawValue: edition.receipt.mode) ?? .folder
  let addressed = try await addressedEdition(source, mode, workers: workers, report) { cid, name in
    GatewayClient.url(gateway, cid.text, filename: name)
  }
  func file(_ contents: AddressedContents, kind: String) -> Receipt.File {
    Receipt.File(
      path: contents.path.string, kind: kind, cid: contents.file.cid.text, size: contents.file.fileSize,
      source: source.sources[contents.path], sent: false, url: "")
  }
  let pages = addressed.pages
  let files = addressed.assets.map { file($0, kind: "asset") } + pages.pages.map { file($0, kind: "page") }
  return EditionStatus(root: pages.root.text, diff: EditionDiff(from: try edition.files(), to: files))
}
