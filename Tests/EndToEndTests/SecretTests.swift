import Foundation
import Testing

/// Keys, passwords and tokens stay where they belong: in the request's head, and in the token store.
@Suite struct SecretTests {
  @Test func noSecretIsWrittenAnywhere() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let key = "MARKEDKEY" + UUID().uuidString
    let password = "MARKEDPASSWORD " + UUID().uuidString
    let node = try sandbox.node(environment: [
      "COLOPHON_NODE_KEY": key, "COLOPHON_NODE_EMAIL": "a@example.org", "COLOPHON_NODE_PASSWORD": password,
    ])
    let proxy = try sandbox.proxy(to: node.url)
    let byKey = ["COLOPHON_API": proxy.url, "DSTOR_API_KEY": key]
    let byLogin = ["COLOPHON_API": node.url, "DSTOR_EMAIL": "a@example.org", "DSTOR_PASSWORD": password]
    var told = ""
    for environment in [byKey, byKey, byLogin] {
      let outcome = try sandbox.colophon("publish", "site", environment: environment)
      #expect(outcome.status == 0, "\(outcome.errors)")
      told += outcome.output + outcome.errors
    }
    // A server that says back what it was told.
    let echo = try sandbox.proxy(
      to: node.url, [Proxy.Rule(match: "/api/v0/add|/v1/upload", action: "status", status: 400, echo: true)])
    let echoKey = try sandbox.proxy(
      to: node.url, [Proxy.Rule(match: "temp-token", action: "status", status: 400, echo: true)])
    for environment in [
      byKey.merging(["COLOPHON_API": echo.url]) { $1 }, byKey.merging(["COLOPHON_API": echoKey.url]) { $1 },
      byLogin.merging(["COLOPHON_API": echoKey.url]) { $1 },
    ] {
      for arguments in [["publish", "site"], ["publish", "site", "--json"]] {
        let outcome = try sandbox.startColophon(arguments, environment: environment).wait()
        #expect(outcome.status == 2)
        told += outcome.output + outcome.errors
      }
    }
    told += node.process.output + node.process.errors

    var secrets = [key, password]
    for entry in try proxy.asked() + echo.asked() {
      if let bearer = entry.headers["authorization"] { secrets.append(String(bearer.dropFirst("Bearer ".count))) }
      if let token = entry.headers["x-dstor-upload-token"] { secrets.append(token) }
    }
    secrets = Set(secrets).sorted()
    // The two marked ones, and at least an access token and an upload token.
    #expect(secrets.count >= 4)
    for secret in secrets {
      #expect(secret.utf8.count >= 20)
      // A token's signature alone would be enough to worry about.
      for part in [secret, secret.split(separator: ".").last.map(String.init) ?? secret] {
        #expect(!told.contains(part), "a secret was told")
      }
    }
    try search(sandbox, secrets, keyOfNode: key)
    // Not on a command line either, which everybody on the machine can read: the program has no option for one.
    let help = try sandbox.colophon("publish", "--help").output
    #expect(!help.contains("--key") && !help.contains("--password") && !help.contains("--token"))
  }

  /// Every file that was written, but for the token store and the recordings of the proxies.
  private func search(_ sandbox: Sandbox, _ secrets: [String], keyOfNode: String) throws {
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
    let folder = try FileManager.default.attributesOfItem(atPath: sandbox.path(tokens))[.posixPermissions] as? Int
    #expect(folder == 0o700)
  }
}
