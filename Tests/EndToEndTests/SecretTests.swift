import Foundation
import Testing

/// Keys, passwords and tokens stay where they belong: in the fields of a request's head that are made for them, and in the token store. All
/// that leaves the process and all that touches the disk is searched, after runs that succeed and runs that fail in every way.
@Suite struct SecretTests {
  /// How a person comes to publish.
  enum Way: String, CaseIterable, Sendable {
    case keyAndFolder, keyAndFiles, loginAndFolder, kubo

    var isKubo: Bool { self == .kubo }
  }

  /// A way to be refused, and how the program ends then.
  struct Trouble: Sendable {
    var action = "status"
    var status: Int?
    /// Whether the answer repeats what was sent, credentials and all.
    var echoes = false
    var isRedirect = false
    let ends: Int32
  }

  static let troubles = [
    Trouble(status: 400, echoes: true, ends: 2), Trouble(status: 401, echoes: true, ends: 2),
    Trouble(status: 403, echoes: true, ends: 2), Trouble(action: "lie", ends: 3),
    Trouble(status: 307, isRedirect: true, ends: 2), Trouble(status: 200, echoes: true, ends: 2),
  ]

  @Test(arguments: Way.allCases) func noSecretIsWrittenAnywhere(_ way: Way) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let key = "MARKEDKEY" + UUID().uuidString
    let password = "MARKEDPASSWORD " + UUID().uuidString
    let upstream: String
    var environment: [String: String]
    if way.isKubo {
      let login = Data("a:\(password)".utf8).base64EncodedString()
      upstream = try sandbox.kubo(authorization: "Basic \(login)").url
      environment = ["KUBO_LOGIN": "a:\(password)"]
    } else {
      upstream = try sandbox.node(environment: [
        "COLOPHON_NODE_KEY": key, "COLOPHON_NODE_EMAIL": "a@example.org", "COLOPHON_NODE_PASSWORD": password,
      ]).url
      environment =
        way == .loginAndFolder
        ? ["DSTOR_EMAIL": "a@example.org", "DSTOR_PASSWORD": password] : ["DSTOR_API_KEY": key]
    }
    let elsewhere = try sandbox.proxy(to: upstream)
    var proxies: [Proxy] = []
    func publish(through proxy: Proxy, ends status: Int32) throws {
      proxies.append(proxy)
      if way.isKubo {
        try sandbox.write("title: T\npublish:\n  target: kubo\n  api: \(proxy.url)\n", to: "site/site.yaml")
      } else {
        environment["COLOPHON_API"] = proxy.url
      }
      for json in [[], ["--json"], ["--json", "--full"]] {
        let arguments = ["publish", "site", "--mode", way == .keyAndFiles ? "files" : "folder"] + json
        let outcome = try sandbox.startColophon(arguments, environment: environment).wait()
        #expect(outcome.status == status, "\(outcome.errors)")
      }
    }
    try publish(through: sandbox.proxy(to: upstream), ends: 0)
    let uploads = "POST /api/v0/|POST /v1/upload/"
    for trouble in Self.troubles {
      var rule = Proxy.Rule(match: uploads, action: trouble.action, status: trouble.status, echo: trouble.echoes)
      // What is sent to the wrong place is not to be sent on.
      if trouble.isRedirect { rule.headers = ["Location": elsewhere.url + "/api/v0/add"] }
      try publish(through: sandbox.proxy(to: upstream, [rule]), ends: trouble.ends)
    }
    #expect(try elsewhere.asked().isEmpty)
    if !way.isKubo {
      // The exchange of a key for a token fails, and says back what it was told.
      let rule = Proxy.Rule(match: "temp-token", action: "status", status: 400, echo: true)
      try publish(through: sandbox.proxy(to: upstream, [rule]), ends: 2)
    }

    var secrets = [
      key, password, password.replacingOccurrences(of: " ", with: "%20"),
      password.replacingOccurrences(of: " ", with: "+"), Data("a:\(password)".utf8).base64EncodedString(),
      Data(key.utf8).base64EncodedString(),
    ]
    for entry in try proxies.flatMap({ try $0.asked() }) {
      if let value = entry.headers["authorization"] { secrets.append(String(value.split(separator: " ")[1])) }
      if let token = entry.headers["x-dstor-upload-token"] { secrets.append(token) }
    }
    // A token's signature alone would be enough to worry about.
    let signatures = secrets.compactMap { $0.contains(".") ? $0.split(separator: ".").last.map(String.init) : nil }
    secrets = Set(secrets + signatures).sorted()
    // The marked ones in their forms; an access token, and an upload token where pages go as a folder.
    #expect(secrets.count >= (way.isKubo ? 6 : way == .keyAndFiles ? 8 : 9))
    #expect(secrets.allSatisfy { $0.utf8.count >= 20 })
    try search(sandbox, secrets)
    // What searches finds: the recordings hold the fields that secrets are sent in.
    let recorded = try Data(contentsOf: URL(fileURLWithPath: proxies[0].logPath))
    #expect(secrets.contains { recorded.range(of: Data($0.utf8)) != nil })
    for proxy in proxies {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: proxy.logPath + ".bytes"))
      #expect(!bytes.isEmpty)
      for secret in secrets {
        #expect(bytes.range(of: Data(secret.utf8)) == nil, "a secret left outside the fields that are made for it")
      }
    }
  }

  /// Not on a command line either, which everybody on the machine can read: the program has no option for one.
  @Test func noOptionTakesASecret() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let help = try sandbox.colophon("publish", "--help").output
    #expect(!help.contains("--key") && !help.contains("--password") && !help.contains("--token"))
  }

  /// What is no base URL is told by its host: the rest is where keys are pasted.
  @Test func noSecretInAnAddressIsPrinted() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    for (address, shown) in [
      ("http://user:MARKED@127.0.0.1:9", " at http://127.0.0.1:9 is no base URL\n"),
      ("https://example.org/MARKED?token=MARKED", " at https://example.org is no base URL\n"),
      ("https://example.org/#MARKED", " at https://example.org is no base URL\n"), ("MARKED", " is no base URL\n"),
    ] {
      try sandbox.write("publish:\n  target: dstor\n  api: \"\(address)\"\n", to: "site/site.yaml")
      let key = ["DSTOR_API_KEY": "a-key-of-nobody"]
      var outcomes = [try sandbox.colophon("publish", "site", "--json", environment: key)]
      try sandbox.write("", to: "site/site.yaml")
      for variable in ["COLOPHON_API", "COLOPHON_GATEWAY"] {
        var environment = ["COLOPHON_API": "http://127.0.0.1:9"].merging(key) { $1 }
        environment[variable] = address
        outcomes.append(try sandbox.colophon("publish", "site", "--json", environment: environment))
      }
      let cid = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"
      outcomes.append(try sandbox.colophon("verify", cid, "--site", "site", "--gateway", address))
      for outcome in outcomes {
        #expect(outcome.status == 64 && outcome.errors.contains(shown), "\(outcome.errors)")
        #expect(!(outcome.output + outcome.errors).contains("MARKED"))
      }
    }
  }

  /// Every file that was written, what the programs printed among them, but for the token store and the recordings of the proxies.
  private func search(_ sandbox: Sandbox, _ secrets: [String]) throws {
    var searched = 0
    let tokens = "home/state/colophon/tokens/"
    for file in sandbox.files(below: "") {
      if file.hasPrefix("proxy-") { continue }
      if file.hasPrefix(tokens) {
        // Their owner's alone.
        let mode = try FileManager.default.attributesOfItem(atPath: sandbox.path(file))[.posixPermissions] as? Int
        #expect(mode == 0o600, "\(file)")
        let content = try sandbox.readText(file)
        #expect(!content.contains("MARKED"), "a key or password is in \(file)")
        continue
      }
      searched += 1
      let content = try sandbox.read(file)
      for secret in secrets {
        #expect(content.range(of: Data(secret.utf8)) == nil, "a secret is in \(file)")
      }
    }
    #expect(searched > 100)
    if sandbox.files(below: tokens).isEmpty { return }
    let folder = try FileManager.default.attributesOfItem(atPath: sandbox.path(tokens))[.posixPermissions] as? Int
    #expect(folder == 0o700)
  }
}
