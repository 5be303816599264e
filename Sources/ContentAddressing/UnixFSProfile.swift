/// How files and directories become blocks. The same bytes under another profile have another CID.
public struct UnixFSProfile: Hashable, Sendable {
  /// What a directory's size is measured by, to tell whether it becomes a HAMT.
  public enum ShardingMeasure: Hashable, Sendable {
    /// For each entry the bytes of its name and of its binary CID (boxo `SizeEstimationLinks`).
    case links
    /// The bytes of the block that the flat directory would be (boxo `SizeEstimationBlock`).
    case block
  }

  public var cidVersion: CID.Version
  /// Bytes of a file that a leaf holds.
  public var chunkSize: Int
  /// Whether a leaf is the bytes alone, without UnixFS around them.
  public var hasRawLeaves: Bool
  /// Most links of a node inside a file.
  public var maxLinks: Int
  /// Slots of a HAMT node: a power of two, 8 to 1024.
  public var fanout: Int
  public var shardingMeasure: ShardingMeasure
  /// A directory that measures more than this becomes a HAMT. (Kubo before 0.40: this or more.)
  public var shardingThreshold: Int

  public init(
    cidVersion: CID.Version, chunkSize: Int, hasRawLeaves: Bool, maxLinks: Int, fanout: Int = 256,
    shardingMeasure: ShardingMeasure, shardingThreshold: Int = 262_144
  ) {
    precondition(chunkSize > 0 && maxLinks > 1, "bug: a profile of \(chunkSize)-byte chunks and \(maxLinks) links")
    precondition((8...1024).contains(fanout) && fanout & (fanout - 1) == 0, "bug: a fanout of \(fanout)")
    precondition(!hasRawLeaves || cidVersion == .v1, "bug: raw leaves in CID version 0")
    self.cidVersion = cidVersion
    self.chunkSize = chunkSize
    self.hasRawLeaves = hasRawLeaves
    self.maxLinks = maxLinks
    self.fanout = fanout
    self.shardingMeasure = shardingMeasure
    self.shardingThreshold = shardingThreshold
  }

  /// Kubo's `ipfs add` without options, and dStor's: `unixfs-v0-2015` (https://specs.ipfs.tech/ipips/ipip-0499/).
  public static let v0 = UnixFSProfile(
    cidVersion: .v0, chunkSize: 262_144, hasRawLeaves: false, maxLinks: 174, shardingMeasure: .links)

  /// Kubo's `ipfs add --cid-version=1` without a profile.
  public static let v1 = UnixFSProfile(
    cidVersion: .v1, chunkSize: 262_144, hasRawLeaves: true, maxLinks: 174, shardingMeasure: .links)

  /// `unixfs-v1-2025` (https://specs.ipfs.tech/ipips/ipip-0499/).
  // swift-format-ignore: AlwaysUseLowerCamelCase
  public static let v1_2025 = UnixFSProfile(
    cidVersion: .v1, chunkSize: 1_048_576, hasRawLeaves: true, maxLinks: 1024, shardingMeasure: .block)

  private static let named: [(name: String, profile: UnixFSProfile)] = [
    ("v0", .v0), ("v1", .v1), ("v1_2025", .v1_2025),
  ]

  /// The names that `init(named:)` knows.
  public static var names: [String] { named.map(\.name) }

  /// - Returns: nil where no profile has that name.
  public init?(named name: String) {
    guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
    self = found.profile
  }

  /// Nil for a profile of one's own.
  public var name: String? { Self.named.first { $0.profile == self }?.name }

  func cid(_ codec: CID.Codec, _ digest: SHA256Digest) -> CID {
    switch cidVersion {
    case .v0:
      precondition(codec == .dagPB, "bug: version 0 names dag-pb blocks only")
      return .v0(digest)
    case .v1: return .v1(codec, digest)
    }
  }
}
