import ContentAddressing
import Files
import Glibc

/// An edition that was published, as its receipt tells.
public struct PublishedEdition: Sendable {
  /// Without its files: see `files()`.
  public let receipt: Receipt
  /// How many HTML pages it has, and how many assets.
  public internal(set) var pages = 0
  public internal(set) var assets = 0
  /// Of all files.
  public internal(set) var bytes = 0
  /// The path of the receipt.
  public let path: String
  /// What the receipt itself was uploaded as.
  public let receiptCID: CID
  public let receiptSize: Int

  /// Its files, read from the receipt: of many large editions nobody holds all.
  ///
  /// - Throws: `FileError`, `DamagedReceipt`.
  public func files() throws -> [Receipt.File] {
    let bytes = try readFile(path)
    do throws(ReceiptError) { return try Receipt(json: bytes).files } catch {
      throw DamagedReceipt(path: path, reason: error)
    }
  }
}

/// What was published from a site: its receipts, and the log of which of them was current.
public struct Editions: Sendable {
  /// By time, the oldest first.
  public let all: [PublishedEdition]
  public let log: [EditionLog.Entry]
  /// Files that should be receipts and are none: path and reason.
  public let unreadable: [(path: String, reason: ReceiptError)]

  /// Reads all receipts in a folder and in those below it; none where it is not there.
  ///
  /// - Throws: `FileError`.
  public init(receipts folder: String) throws {
    var found: [PublishedEdition] = []
    var unreadable: [(path: String, reason: ReceiptError)] = []
    for path in try receiptPaths(folder) {
      let bytes = try readFile(path)
      do throws(ReceiptError) {
        var (pages, assets, size) = (0, 0, 0)
        let receipt = try Receipt(json: bytes) { file in
          let noun = file.noun
          pages += noun == "page" ? 1 : 0
          assets += noun == "asset" ? 1 : 0
          size += file.size
        }
        guard let cid = try? address(bytes, profile: .v0).cid else { continue }
        found.append(
          PublishedEdition(
            receipt: receipt, pages: pages, assets: assets, bytes: size, path: path, receiptCID: cid,
            receiptSize: bytes.count))
      } catch {
        unreadable.append((path, error))
      }
    }
    log = EditionLog(receipts: folder).entries()
    self.unreadable = unreadable
    let order = Dictionary(
      log.enumerated().filter { $0.element.event == .published }.map {
        ($0.element.build + $0.element.target, $0.offset)
      },
      uniquingKeysWith: min)
    all = found.sorted {
      let left = order[$0.receipt.build + $0.receipt.target.api] ?? -1
      let right = order[$1.receipt.build + $1.receipt.target.api] ?? -1
      return ($0.receipt.time, left, $0.path) < ($1.receipt.time, right, $1.path)
    }
  }

  /// - Parameter target: a target's name or API; nil is all.
  public func editions(on target: String?) -> [PublishedEdition] { all.filter { $0.isOn(target) } }

  /// The editions in the order in which they were current, the newest last; the same one may be there again, but not twice in a row.
  ///
  /// - Parameter target: a target's name or API; nil is that of the edition that became current last.
  public func currents(on target: String? = nil) -> [PublishedEdition] {
    var found: [PublishedEdition] = []
    let target =
      target ?? log.last { $0.makesCurrent && edition(of: $0) != nil }?.target ?? all.last?.receipt.target.api
    let logged = Set(log.map { $0.build + $0.target })
    // Receipts without an entry are older than the log, or came from elsewhere.
    found = all.filter { $0.isOn(target) && !logged.contains($0.receipt.build + $0.receipt.target.api) }
    for entry in log where entry.makesCurrent {
      guard let edition = edition(of: entry), edition.isOn(target), found.last?.path != edition.path else { continue }
      found.append(edition)
    }
    return found
  }

  private func edition(of entry: EditionLog.Entry) -> PublishedEdition? {
    all.last { $0.receipt.build == entry.build && $0.receipt.target.api == entry.target }
  }

  /// The edition that a person names: `last`, `last~2`, the first digits of its build, its folder, its root in either version, or the path
  /// of its receipt.
  ///
  /// - Parameter target: a target's name or API; nil is all.
  /// - Throws: `EditionError`.
  public func named(_ name: String, on target: String? = nil) throws(EditionError) -> PublishedEdition {
    let editions = editions(on: target)
    guard let newest = editions.last else { throw .noneYet(target: target) }
    if let steps = steps(name) {
      let currents = currents(on: target)
      guard steps < currents.count else { throw .notSoMany(name, there: currents.count) }
      return currents[currents.count - 1 - steps]
    }
    let isCID = try? CID(name)
    let matches = editions.filter { edition in
      let receipt = edition.receipt
      if receipt.folder == name || receipt.folder + "/" == name || receipt.root.v0 == name || edition.path == name {
        return true
      }
      if let isCID { return receipt.root.v1 == isCID.asV1.text }
      return !name.isEmpty && receipt.build.hasPrefix(name.lowercased())
    }
    guard let match = matches.last else {
      let known = editions.flatMap { [$0.receipt.build, $0.receipt.folder] } + ["last", "last~1"]
      throw .unknown(name, nearest: suggestion(for: name, among: known), newest: newest.receipt.build)
    }
    let builds = Set(matches.map(\.receipt.build))
    // One front page may lead to several editions, sent file by file: the newest is meant.
    guard builds.count == 1 || isCID != nil else { throw .ambiguous(name, builds.sorted()) }
    return match
  }

  /// How far back `last`, `last~` and `last~2` lead; nil for other names.
  private func steps(_ name: String) -> Int? {
    guard name.hasPrefix("last") else { return nil }
    let rest = name.dropFirst(4)
    if rest.isEmpty { return 0 }
    guard rest.first == "~" else { return nil }
    if rest.count == 1 { return 1 }
    guard let steps = Int(rest.dropFirst()), steps >= 0 else { return nil }
    return steps
  }
}

extension Receipt.File {
  /// What readers call it: a `page` is HTML; feeds and the like go with the pages, and are none.
  public var noun: String {
    if kind == "asset" { return "asset" }
    return TreePath(path).map(isPage) == true ? "page" : "other file"
  }
}

extension PublishedEdition {
  /// - Parameter target: a target's name or API; nil is every one.
  func isOn(_ target: String?) -> Bool {
    target == nil || receipt.target.name == target || receipt.target.api == target
  }
}

/// None of a folder that is not there; one that cannot be read is not empty.
private func entries(of folder: String) throws(FileError) -> [FolderEntry] {
  do throws(FileError) {
    return try listFolder(folder)
  } catch {
    guard error.code == ENOENT else { throw error }
    return []
  }
}

private func receiptPaths(_ folder: String) throws -> [String] {
  var paths: [String] = []
  for entry in try entries(of: folder) {
    let path = folder + "/" + entry.name
    switch entry.kind {
    case .folder: paths += try receiptPaths(path)
    case .file where entry.name.hasSuffix(".json"): paths.append(path)
    case .file, .symbolicLink, .other: continue
    }
  }
  return paths
}

/// Why a name leads to no edition.
public enum EditionError: Error, Sendable, Hashable, CustomStringConvertible {
  case noneYet(target: String?)
  case unknown(String, nearest: String?, newest: String)
  case ambiguous(String, [String])
  case notSoMany(String, there: Int)

  public var description: String {
    switch self {
    case .noneYet(nil): "no edition was published from here"
    case .noneYet(let target?): "no edition was published from here to \(target)"
    case .unknown(let name, _, _): "\(name) is no edition of this site"
    case .ambiguous(let name, let builds): "\(name) is the beginning of \(builds.count) editions"
    case .notSoMany(let name, let there):
      "\(name) goes back further than the \(there == 1 ? "one edition" : "\(there) editions") there"
        + (there == 1 ? " is" : " are")
    }
  }

  /// What to try next.
  public var hint: String {
    switch self {
    case .noneYet: "colophon publish makes one; receipts are in .colophon/receipts of the site's folder"
    case .unknown(_, let nearest?, _): "did you mean \(nearest)?"
    case .unknown(_, nil, let newest):
      "last, last~1, the first digits of a build (\(newest)), a folder and a root name one; colophon history lists them"
    case .ambiguous(_, let builds): "they are \(builds.prefix(6).joined(separator: ", "))"
    case .notSoMany: "colophon history lists them"
    }
  }
}
