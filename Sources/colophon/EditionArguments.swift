import ArgumentParser
import Files
import Publisher

/// Which site's editions a command is about; for commands whose arguments are editions.
struct SiteOption: ParsableArguments {
  @Option(name: .long, help: "The site's folder.", completion: .directory)
  var site = "."

  @Option(name: .long, help: "Only editions on this target, by its name or the address of its API.")
  var target: String?

  func editions() throws -> Editions { try readEditions(of: site) }

  /// The edition that `name` means.
  func edition(_ name: String) throws -> PublishedEdition { try editions().named(name, on: target) }
}

/// What an argument that names an edition can be.
let editionHelp = "An edition: \(editionNames)."

let editionNames = "last, last~1, the first digits of its build, its folder, or its root"

/// Receipts that cannot be read are told, not passed over in silence.
func readEditions(of site: String) throws -> Editions {
  guard let folder = realPath(site) else {
    throw UsageError(message: "there is no folder \(site)", hint: "give the path of the site's folder")
  }
  let editions = try Editions(receipts: folder + "/.colophon/receipts")
  for (path, reason) in editions.unreadable {
    Terminal.error.print("\(shortened(path)) is left out: \(reason)")
  }
  return editions
}

/// An edition, as every `--json` names one.
struct EditionJSON: Encodable {
  let build: String
  let folder: String
  let root: String
  let rootV1: String
  let entry: String
  let time: String
  let target: String
  let mode: String
  let commit: String?
  let pages: Int
  let assets: Int
  let bytes: Int
  let receipt: String
  let receiptCID: String

  init(_ edition: PublishedEdition) {
    let receipt = edition.receipt
    build = receipt.build
    folder = receipt.folder
    root = receipt.root.v0
    rootV1 = receipt.root.v1
    entry = receipt.entry
    time = receipt.time
    target = receipt.target.name ?? receipt.target.api
    mode = receipt.mode
    commit = receipt.commit?.hash
    (pages, assets, bytes) = (edition.pages, edition.assets, edition.bytes)
    self.receipt = edition.path
    receiptCID = edition.receiptCID.text
  }
}
