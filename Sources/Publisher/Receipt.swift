import FoundationEssentials

/// What was published, where, when and from what: enough to prove every file of the edition. Kept as `colophon.json`.
public struct Receipt: Codable, Sendable {
  public struct Tool: Codable, Sendable {
    public var name = "colophon"
    public var version: String
  }

  public struct Commit: Codable, Sendable {
    public var hash: String
    public var branch: String?
    public var dirty: Bool
  }

  public struct Root: Codable, Sendable {
    /// CIDv0, base58btc.
    public var v0: String
    /// The same block as CIDv1, base32.
    public var v1: String
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
    public var url: String
  }

  public struct Verification: Codable, Sendable {
    /// URLs that came back and hashed to what was expected.
    public var verified: [String]
  }

  /// The version of this format.
  public var format = 1
  public var tool: Tool
  public var site: String
  public var build: String
  /// UTC, RFC 3339.
  public var time: String
  public var commit: Commit?
  public var api: String
  public var gateway: String
  /// How the pages were sent: `folder`.
  public var mode = "folder"
  public var folder: String
  public var root: Root
  public var entry: String
  public var files: [File]
  public var verification: Verification

  /// Sorted keys, two spaces, a line end at the end: the same receipt gives the same bytes.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}
