import Foundation
import Testing

@testable import LocalNode

@Suite struct TokenRouteTests {
  private func claims(_ answer: Answer) throws -> [String: Any] {
    let token = try #require(answer.json["access_token"] as? String)
    let parts = token.split(separator: ".")
    let payload = try #require(parts.count == 3 ? base64URLDecoded(parts[1]) : nil)
    return try #require(try JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any])
  }

  @Test(arguments: ["api-key", "x-api-key"])
  func byKey(header: String) async throws {
    let fixture = try NodeFixture()
    let answer = try await fixture.send("GET", "/v1/dev/temp-token", [header: fixture.node.ownerAPIKey ?? ""])
    #expect(answer.status == 200)
    #expect(answer["Content-Type"] == "application/json")
    #expect(answer["Cache-Control"] == "no-store")
    let claims = try claims(answer)
    #expect(claims["iat"] as? Int == 1_700_000_000)
    #expect(claims["exp"] as? Int == 1_700_003_600)
    #expect(claims["sub"] as? String == NodeAccount(name: "owner").id)
  }

  @Test(arguments: [
    ("1700000060", 1_700_000_060), ("1700000060.75", 1_700_000_060), (" 1700000060 ", 1_700_000_060),
    ("99999999999", 1_700_000_000 + 366 * 86400), ("1e300", 1_700_000_000 + 366 * 86400),
    ("1700000000", nil), ("1600000000", nil), ("-5", nil), ("soon", nil), ("inf", nil), ("nan", nil), ("", nil),
  ])
  func expiration(text: String, expected: Int?) async throws {
    let fixture = try NodeFixture()
    let answer = try await fixture.send(
      "GET", "/v1/dev/temp-token", ["api-key": fixture.node.ownerAPIKey ?? "", "x-expiration": text])
    guard let expected else {
      #expect(answer.status == 400)
      #expect(answer.json["error"] as? String == "bad-expiration")
      return
    }
    #expect(try claims(answer)["exp"] as? Int == expected)
  }

  @Test func wrongKeys() async throws {
    let fixture = try NodeFixture()
    let key = fixture.node.ownerAPIKey ?? ""
    for wrong in [nil, "", "x", key + "x", String(key.dropLast()), String(key.reversed())] {
      let answer = try await fixture.send("GET", "/v1/dev/temp-token", wrong.map { ["api-key": $0] } ?? [:])
      #expect(answer.status == 401)
      #expect((answer.json["message"] as? String)?.isEmpty == false)
      #expect(!answer.text.contains(key.prefix(20)))
    }
  }

  @Test func byLogin() async throws {
    let password = Password(hashing: "hunter2")
    let fixture = try NodeFixture {
      $0.accounts = [NodeAccount(name: "ann", email: "Ann@example.org", password: password), NodeAccount(name: "bob")]
    }
    func login(_ path: String, _ body: String) async throws -> Answer {
      try await fixture.send("POST", path, ["Content-Type": "application/json"], pieces: pieces(of: Array(body.utf8)))
    }
    for path in ["/v1/dev/temp-token", "/dev/temp-token"] {
      let answer = try await login(path, #"{"email": "ann@example.org", "password": "hunter2"}"#)
      #expect(answer.status == 200)
      #expect(try claims(answer)["sub"] as? String == NodeAccount(name: "ann").id)
    }
    for (body, status) in [
      (#"{"email": "ann@example.org", "password": "hunter3"}"#, 401),
      (#"{"email": "x@y", "password": "hunter2"}"#, 401),
      (#"{"email": "ann@example.org"}"#, 400), (#"{"email": 1, "password": "hunter2"}"#, 400), ("", 400), ("[]", 400),
      (String(repeating: "[", count: 60_000), 400), (String(repeating: " ", count: 70_000), 413),
    ] {
      let answer = try await login("/v1/dev/temp-token", body)
      #expect(answer.status == status, "\(body.prefix(60))")
      #expect(!answer.text.contains("hunter"))
    }
  }

  @Test func originsMethodsAndTokens() async throws {
    let fixture = try NodeFixture { $0.allowedOrigins = ["http://127.0.0.1:8421"] }
    let key = fixture.node.ownerAPIKey ?? ""
    for (origin, status) in [
      ("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:8420", 403), ("http://127.0.0.1:8421", 200),
    ] {
      let answer = try await fixture.send("GET", "/v1/dev/temp-token", ["api-key": key, "Origin": origin])
      #expect(answer.status == status, "\(origin)")
      #expect(answer["Access-Control-Allow-Origin"] == nil)
    }
    for (method, path, allow) in [
      ("GET", "/api/v0/add", "POST"), ("PUT", "/v1/dev/temp-token", "GET, POST"),
      ("POST", "/v1/upload/get-status", "GET"),
      ("POST", "/ipfs/x", "GET, HEAD, OPTIONS"), ("DELETE", "/", "GET, HEAD"),
    ] {
      let answer = try await fixture.send(method, path)
      #expect(answer.status == 405)
      #expect(answer["Allow"] == allow)
    }
    let token = try await fixture.token()
    fixture.clock.now += 3600
    for value in [nil, "", token, "Bearer", "Bearer x.y.z", "Basic \(token)", "Bearer \(token)"] {
      let answer = try await fixture.send("POST", "/api/v0/add", value.map { ["Authorization": $0] } ?? [:])
      #expect(answer.status == 401)
      #expect(answer["WWW-Authenticate"] == "Bearer")
    }
    #expect(try await fixture.send("GET", "/v1/nothing").status == 404)
    #expect(try await fixture.send("GET", "").status == 404)
  }

  @Test func humanPages() async throws {
    let fixture = try NodeFixture()
    let page = try await fixture.send("GET", "/")
    #expect(page.status == 200)
    #expect(page["Content-Type"] == "text/html; charset=utf-8")
    #expect(page.text.contains("Colophon"))
    let health = try await fixture.send("GET", "/healthz")
    #expect(health.text == "ok\n")
    #expect(try await fixture.send("HEAD", "/healthz").body.isEmpty)
  }
}
