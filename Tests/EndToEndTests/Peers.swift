import Foundation
import Testing

/// A `colophon node` in a process of its own.
struct NodeProcess {
  struct Listening: Decodable {
    let url: String
    let gateway: String
    let keyFile: String?

    enum CodingKeys: String, CodingKey {
      case url, gateway
      case keyFile = "api_key_file"
    }
  }

  struct Upload: Decodable, Equatable {
    let id: Int
    let kind: String
    let path: String
    let cid: String
    let size: Int
    let bytes: Int
    let comment: String?
  }

  let sandbox: Sandbox
  let process: Running
  let url: String
  let folder: String
  let key: String

  /// What `publish` is told in its environment.
  var environment: [String: String] { ["COLOPHON_API": url, "DSTOR_API_KEY": key] }

  /// Its log: what it has answered for, in order.
  func uploads() throws -> [Upload] { try sandbox.uploads(ofNodeAt: folder) }
}

extension Sandbox {
  /// - Parameter limit: seconds after which it ends.
  func node(
    _ name: String = "node", port: Int = 0, environment extra: [String: String] = [:], limit: Int = 150
  ) throws -> NodeProcess {
    let process = try startColophon(
      ["node", "--port", String(port), "--json", "--data", path(name)], environment: extra, limit: limit)
    let listening = poll {
      process.isRunning ? try? JSONDecoder().decode(NodeProcess.Listening.self, from: Data(process.output.utf8)) : nil
    }
    let address = try #require(listening, "the node does not listen: \(process.errors)")
    let key = address.keyFile.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) } ?? ""
    return NodeProcess(
      sandbox: self, process: process, url: address.url, folder: path(name),
      key: extra["COLOPHON_NODE_KEY"] ?? key.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  func uploads(ofNodeAt folder: String) throws -> [NodeProcess.Upload] {
    let outcome = try tool("uploads.py", [folder])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try outcome.json()
  }
}

/// A proxy that records what passes, and breaks what its rules name.
struct Proxy {
  struct Rule: Encodable {
    /// A regular expression for `METHOD /path`.
    var match: String
    /// Which of the matching requests; nil is each of them.
    var nth: Int?
    /// `status`, `lie`, `corrupt`, `hold-before`, `hold-after`, `pass`.
    var action: String
    var status: Int?
    var headers: [String: String]?
    var body: String?
    /// Whether the body of an answer repeats the request.
    var echo: Bool?
  }

  struct Entry: Decodable {
    struct Part: Decodable {
      let name: String?
      let size: Int
      let cid: String
      let head: String
    }

    /// `asked`, `answering`, `answered`, `falsified`, `holding` or `gone`.
    let event: String
    let n: Int
    let method: String
    let path: String
    let headers: [String: String]
    let parts: [Part]
    let status: Int?
    /// Of an answer that has gone out: Unix seconds.
    let time: Double?

    var isUpload: Bool { method == "POST" && !parts.isEmpty }
  }

  let url: String
  let logPath: String

  func log() throws -> [Entry] {
    let text = try String(contentsOfFile: logPath, encoding: .utf8)
    // The last line may be half written.
    return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
  }

  /// From here on everything passes.
  func heal() throws { try Data().write(to: URL(fileURLWithPath: logPath + ".well")) }

  /// Requests in the order in which they came.
  func asked() throws -> [Entry] { try log().filter { $0.event == "asked" } }
}

extension Sandbox {
  func proxy(to upstream: String, _ rules: [Proxy.Rule] = [], limit: Int = 150) throws -> Proxy {
    try proxy(to: upstream, rules: String(decoding: try JSONEncoder().encode(rules), as: UTF8.self), limit: limit)
  }

  /// - Parameter limit: seconds after which it ends.
  func proxy(to upstream: String, rules: String, limit: Int = 150) throws -> Proxy {
    let name = "proxy-\(UUID().uuidString.prefix(4)).log"
    try write("", to: name)
    let process = try start(Self.toolCommand("proxy.py", [upstream, path(name), rules]), limit: limit)
    let url = poll { process.output.hasSuffix("\n") ? process.output.trimmingCharacters(in: .newlines) : nil }
    return Proxy(url: try #require(url, "the proxy does not listen: \(process.errors)"), logPath: path(name))
  }
}

extension Proxy {
  /// The numbers of requests whose answer has not gone out.
  func unanswered() throws -> Set<Int> {
    let log = try log()
    return Set(log.filter { $0.event == "asked" }.map(\.n)).subtracting(log.filter { $0.event == "answered" }.map(\.n))
  }

  /// Files that were sent again although an answer 200 for them had gone out, as `name cid`.
  func repeatedUploads() throws -> [String] {
    var answered: [String: Int] = [:]
    for entry in try log() where entry.event == "answered" && entry.status == 200 && entry.isUpload {
      for part in entry.parts where part.name != "colophon.json" {
        answered["\(part.name ?? "") \(part.cid)", default: 0] += 1
      }
    }
    return answered.filter { $0.value > 1 }.keys.sorted()
  }
}

/// What `publish --json` says.
struct Published: Decodable, Equatable {
  let entry: String
  let root: String
  let edition: String
  let pages: Int
  let assets: Int
  let uploaded: Int
  let receipt: String
}

struct Receipt: Decodable {
  struct File: Decodable {
    let path: String
    let kind: String
    let cid: String
    let size: Int
    let source: String?
    let sent: Bool
    let url: String
  }

  let files: [File]
  let folder: String
  let build: String
  let time: String

  var pages: [File] { files.filter { $0.kind == "page" } }
  var assets: [File] { files.filter { $0.kind == "asset" } }
}

/// What the crawler says.
struct Crawled: Decodable {
  let visited: Int
  let errors: [String]
  let types: [String: String]
  let unreached: [String]
  let paths: [String]
  /// How many tags said what bytes they want.
  let integrities: Int
}

extension Sandbox {
  /// Publishes with `--json`, which must succeed.
  func publish(
    _ site: String = "site", to api: String, key: String, environment extra: [String: String] = [:]
  ) throws -> Published {
    let environment = ["COLOPHON_API": api, "DSTOR_API_KEY": key].merging(extra) { $1 }
    let outcome = try colophon("publish", site, "--json", environment: environment)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try outcome.json()
  }

  func publish(_ site: String = "site", to node: NodeProcess) throws -> Published {
    try publish(site, to: node.url, key: node.key)
  }

  func receipt(_ published: Published) throws -> Receipt {
    try JSONDecoder().decode(Receipt.self, from: Data(contentsOf: URL(fileURLWithPath: published.receipt)))
  }

  /// Follows every link from the entry.
  func crawl(_ published: Published, limit: Int = 60) throws -> Crawled { try crawl(published, [], limit: limit) }

  /// Follows the blocks from the root down, at the node itself, and compares the folder with the receipt.
  func followBlocks(_ published: Published, at node: NodeProcess) throws -> Crawled {
    try crawl(published, [node.url + "/ipfs/"], limit: 60)
  }

  private func crawl(_ published: Published, _ gateway: [String], limit: Int) throws -> Crawled {
    let arguments = [published.entry, published.receipt, path("crawl")] + gateway
    let outcome = try tool("crawl.py", arguments, limit: limit)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try outcome.json()
  }

  /// Status and body of what curl gets.
  func curl(_ arguments: String...) throws -> (status: Int, body: String) { try curl(arguments) }

  func curl(_ arguments: [String]) throws -> (status: Int, body: String) {
    // The last line of the output is the status.
    let outcome = try run(
      ["curl", "-q", "--silent", "--globoff", "--noproxy", "*", "--max-time", "20", "--write-out", "\n%{http_code}"]
        + arguments, in: "")
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    let status = try #require(lines.last.flatMap { Int($0) }, "curl ended with \(outcome.status)")
    return (status, lines.dropLast().joined(separator: "\n"))
  }
}
