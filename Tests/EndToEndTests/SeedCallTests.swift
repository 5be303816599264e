import Foundation
import Testing

/// The calls of dStor's documentation, as it has them, against `colophon node`.
@Suite struct SeedCallTests {
  @Test func theDocumentedCalls() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let node = try sandbox.node()
    let tokens = ["api-key", "x-api-key"].map { header in
      ["--location", "--request", "GET", "\(node.url)/v1/dev/temp-token", "--header", "\(header): \(node.key)"]
    }
    var token = ""
    for arguments in tokens {
      token = try accessToken(sandbox, arguments)
      // Three parts, and a life that has not ended.
      let claims = try claims(token)
      #expect(claims["aud"] as? String == "dstor.cloud")
      #expect(try #require(claims["exp"] as? Int) > Int(Date().timeIntervalSince1970) + 60)
    }
    let expiration = Int(Date().timeIntervalSince1970) + 600
    let limited = try accessToken(sandbox, tokens[0] + ["--header", "x-expiration: \(expiration)"])
    #expect(try claims(limited)["exp"] as? Int == expiration)

    try sandbox.write("hello, world\n", to: "hello-world.txt")
    let file = "=@\(sandbox.path("hello-world.txt"))"
    let add = [
      "--location", "--request", "POST", "\(node.url)/api/v0/add", "--header", "Authorization: Bearer \(token)",
    ]
    let expected = try sandbox.run(
      [Repository.binary, "cid", "hello-world.txt"], environment: sandbox.environment, in: ""
    ).output.trimmingCharacters(in: .newlines)
    for headers in [
      ["--header", "x-dstor-parent-id: 0"], ["--header", "x-dstor-folder-path: a/b/c"],
      ["--header", "x-dstor-parent-id: 0", "--header", "x-dstor-comment: a note, free text"], [],
    ] {
      // The field's name may be empty, or anything.
      for field in ["--form", "-F"].flatMap({ flag in ["file"].map { [flag, $0 + file] } }) {
        let answer = try sandbox.curl(add + headers + field)
        #expect(answer.status == 200, "\(headers) \(answer.body)")
        let added = try JSONDecoder().decode(Added.self, from: Data(answer.body.utf8))
        #expect(added.name == "hello-world.txt")
        #expect(added.hash == expected)
        #expect(Int(added.size) ?? 0 > 13)
      }
    }
    #expect(try node.uploads().map(\.path).contains("a/b/c/hello-world.txt"))
    #expect(try node.uploads().map(\.comment).contains("a note, free text"))
    let back = try sandbox.curl("\(node.url)/ipfs/\(expected)")
    #expect(back.status == 200)
    #expect(back.body == "hello, world\n")

    let both = try sandbox.curl(
      add + ["--header", "x-dstor-parent-id: 0", "--header", "x-dstor-folder-path: a", "--form", "file" + file])
    #expect(both.status == 400)
  }

  @Test func theLogin() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let node = try sandbox.node(environment: [
      "COLOPHON_NODE_EMAIL": "someone@example.org", "COLOPHON_NODE_PASSWORD": "pass \"word\" ü",
      "COLOPHON_NODE_KEY": String(repeating: "k", count: 64),
    ])
    let json = ["--location", "--request", "POST", "--header", "Content-Type: application/json", "--data-raw"]
    for path in ["/v1/dev/temp-token", "/dev/temp-token"] {
      let body = #"{"email": "someone@example.org", "password": "pass \"word\" ü"}"#
      let token = try accessToken(sandbox, json + [body, node.url + path])
      try sandbox.write("by login", to: "file.txt")
      let answer = try sandbox.curl(
        "-H", "Authorization: Bearer \(token)", "-F", "=@\(sandbox.path("file.txt"))", node.url + "/api/v0/add")
      #expect(answer.status == 200)
    }
    let wrong = [
      #"{"email": "someone@example.org", "password": "guess"}"#, #"{"email": "x@example.org", "password": "x"}"#,
    ]
    for body in wrong { #expect(try sandbox.curl(json + [body, node.url + "/v1/dev/temp-token"]).status == 401) }
    #expect(try sandbox.curl(json + ["nonsense", node.url + "/v1/dev/temp-token"]).status == 400)
    // And `publish` with a login.
    try sandbox.write("hello\n", to: "site/content/_index.md")
    let outcome = try sandbox.colophon(
      "publish", "site", "--json",
      environment: [
        "COLOPHON_API": node.url, "DSTOR_EMAIL": "someone@example.org", "DSTOR_PASSWORD": "pass \"word\" ü",
      ])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test func whatIsRefused() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let node = try sandbox.node()
    try sandbox.write("x", to: "x.txt")
    let form = ["-F", "file=@\(sandbox.path("x.txt"))"]
    #expect(try sandbox.curl("-H", "api-key: wrong", node.url + "/v1/dev/temp-token").status == 401)
    #expect(try sandbox.curl(node.url + "/v1/dev/temp-token").status == 401)
    #expect(try sandbox.curl(form + [node.url + "/api/v0/add"]).status == 401)
    #expect(try sandbox.curl(form + ["-H", "Authorization: Bearer a.b.c", node.url + "/api/v0/add"]).status == 401)
    let token = ["-H", "Authorization: Bearer \(try sandbox.token(node))"]
    #expect(try sandbox.curl(token + [node.url + "/api/v0/add"]).status == 405)
    #expect(try sandbox.curl(token + form + ["-H", "x-dstor-parent-id: 999", node.url + "/api/v0/add"]).status == 404)
    #expect(try sandbox.curl(token + form + ["-H", "x-dstor-parent-id: one", node.url + "/api/v0/add"]).status == 400)
    #expect(try sandbox.curl(node.url + "/ipfs/QmNot").status == 400)
    #expect(try sandbox.curl(node.url + "/ipfs/QmXoypizjW3WknFiJnKLwHCnL72vedxjQkDDP1mXWo6uco").status == 404)
    #expect(try node.uploads() == [])
  }

  private func accessToken(_ sandbox: Sandbox, _ arguments: [String]) throws -> String {
    let answer = try sandbox.curl(arguments)
    #expect(answer.status == 200, "\(answer.body)")
    let members = try JSONDecoder().decode([String: String].self, from: Data(answer.body.utf8))
    return try #require(members["access_token"])
  }

  /// What a JWT says; its signature is the node's own affair.
  private func claims(_ token: String) throws -> [String: Any] {
    let parts = token.split(separator: ".")
    try #require(parts.count == 3)
    var text = parts[1].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    while text.utf8.count % 4 != 0 { text += "=" }
    let data = try #require(Data(base64Encoded: text))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }
}
