import ContentAddressing
import Foundation

/// How safe an upload is at the moment it is answered.
public enum NodeDurability: Sendable {
  /// Everything answered survives the end of the process (`kill -9`). After a power cut the last half minute may be missing;
  /// what is missing is then missing whole: the store is consistent and takes the files again.
  case processCrash
  /// Everything answered survives a power cut too: blocks and metadata are synchronised before the answer, once for all requests in flight.
  case powerLoss
}

/// Where a node keeps its data, where it listens and who may upload.
public struct NodeConfiguration: Sendable {
  /// The data folder; made with mode 0700 where it does not exist.
  public var folder: String
  public var host = "127.0.0.1"
  /// 0 is any free port.
  public var port = 8420
  /// Who may upload. Empty: one owner, whose API key is made at random on the first start.
  public var accounts: [NodeAccount] = []
  public var durability = NodeDurability.processCrash
  /// In bytes.
  public var maximumFileSize = 64 << 30
  /// The life of an access token in seconds, where the caller does not ask for another.
  public var tokenLifetime = 3600
  /// Origins (`http://127.0.0.1:8421`) whose pages may call the API from a browser.
  public var allowedOrigins: [String] = []
  /// Seconds until a connection on which nothing arrives is closed.
  public var idleTimeout = 60
  /// Told what was amiss in the data folder, a sentence at a time.
  public var report: @Sendable (String) -> Void = { _ in }
  /// Unix seconds.
  public var now: @Sendable () -> Double = { Date().timeIntervalSince1970 }

  public init(folder: String) {
    self.folder = folder
  }
}

/// One who may upload, by API key, by e-mail address and password, or by either.
public struct NodeAccount: Sendable {
  public var name: String
  public var apiKeys: [String]
  public var email: String?
  public var password: Password?

  public init(name: String, apiKeys: [String] = [], email: String? = nil, password: Password? = nil) {
    self.name = name
    self.apiKeys = apiKeys
    self.email = email
    self.password = password
  }

  /// The account's UUID, made from its name (RFC 9562, section 5.8: version 8): tokens' `sub`.
  public var id: String {
    var bytes = Array(SHA256Digest(of: Array("colophon account \(name)".utf8)).bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0f | 0x80
    bytes[8] = bytes[8] & 0x3f | 0x80
    let hex = Array(hexadecimal(bytes).utf8)
    let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
    return parts.map { String(decoding: hex[$0], as: UTF8.self) }.joined(separator: "-")
  }
}

/// Where a running node listens.
public struct NodeAddress: Sendable, Hashable {
  public let host: String
  public let port: Int

  /// `http://127.0.0.1:8420`, without a slash at the end.
  public var url: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}
