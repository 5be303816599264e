/// What was published, where, when and from what: enough to prove every file of the edition. Kept as `colophon.json`.
///
/// `receiptSchema` says the same to other programs.
public struct Receipt: Codable, Sendable {
  public struct Tool: Codable, Sendable {
    public var name = "colophon"
    public var version: String
  }

  public struct Configuration: Codable, Sendable {
    /// Relative to the site's folder.
    public var path: String
    /// Of the file's bytes, in hexadecimal digits.
    public var sha256: String

    public init(path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
    }
  }

  public struct Commit: Codable, Sendable {
    public var hash: String
    public var branch: String?
    public var dirty: Bool
  }

  public struct Target: Codable, Sendable, Hashable {
    /// As in the configuration; nil where there is one target without a name.
    public var name: String?
    /// What it speaks: `dstor`, `kubo` or `local`.
    public var kind: String
    public var api: String
    /// What a hash is appended to, without the slash between.
    public var gateway: String
  }

  /// What readers ask for: the folder of the pages, or in `files` mode the front page.
  public struct Root: Codable, Sendable {
    /// CIDv0, base58btc.
    public var v0: String
    /// The same block as CIDv1, base32.
    public var v1: String
  }

  /// What the server said of a file or folder, as Kubo's `add` says it.
  public struct Answer: Codable, Sendable, Hashable {
    public var name: String
    public var hash: String
    /// Cumulative size of the blocks, where it was said.
    public var size: Int?
  }

  public struct File: Codable, Sendable {
    /// In the output tree.
    public var path: String
    /// `asset` or `page`.
    public var kind: String
    public var cid: String
    /// Bytes of the file as published.
    public var size: Int
    /// The file that it was written from, relative to the site's folder.
    public var source: String?
    /// Sent by this run, rather than held already.
    public var sent: Bool
    /// What the server answered to it; nil where nothing was sent, or it named the folder only.
    public var answer: Answer?
    public var url: String
  }

  public struct Verification: Codable, Sendable {
    /// URLs that came back and hashed to what was expected.
    public var verified: [String]
  }

  /// The version of this format.
  public var format = Receipt.currentFormat
  public var tool: Tool
  public var site: String
  /// The stable address of the site; nil where there is none.
  public var siteURL: String?
  public var configuration: Configuration?
  public var build: String
  /// UTC, RFC 3339.
  public var time: String
  public var commit: Commit?
  public var target: Target
  /// How the pages were sent: as one `folder`, or as single `files`.
  public var mode: String
  public var folder: String
  public var root: Root
  /// What the server said of the folder itself, where it did.
  public var rootAnswer: Answer?
  public var entry: String
  /// Assets, each after what it refers to; then the pages. None where it is the receipt of a `PublishedEdition`, which reads them when asked.
  public var files: [File]
  public var verification: Verification

  public static let currentFormat = 2
}

/// Why bytes are no receipt.
public enum ReceiptError: Error, Sendable, Hashable, CustomStringConvertible {
  case unreadable
  /// Written by an earlier or later version of the program.
  case otherFormat(Int)
  /// A member holds what no receipt has there: somebody else wrote it.
  case wrongValue(String)

  public var description: String {
    switch self {
    case .unreadable: "it is no receipt"
    case .otherFormat(let format): "its format is \(format), this program reads \(Receipt.currentFormat)"
    case .wrongValue(let what): what
    }
  }
}

/// The receipt of an edition does not say what the edition is made of.
public struct DamagedReceipt: Error, Sendable, Hashable, CustomStringConvertible {
  public let path: String
  public let reason: ReceiptError

  public var description: String { "\(path) cannot be read: \(reason)" }

  /// What to try next.
  public var hint: String { "take it from a backup, or remove it and publish again: it is written anew" }
}
