import TestSupport
import Testing

@testable import DStor

@Suite struct RedirectTests {
  @Test(arguments: [307, 308]) func sameOriginKeepsEverything(_ status: Int) async throws {
    let script = Script { request, _ in
      switch request.path {
      case "/v1/dev/temp-token": .token("t")
      case "/v1/upload/get-token/": .status(status, ["location": "/v1/upload/get-token"])
      default: .json("{\"message\": \"ok\", \"token\": \"u\"}")
      }
    }
    let client = try DStorClient.scripted(script)
    for _ in 0..<2 { _ = try await client.getUploadToken(folderPath: "a", chunks: 1) }
    let last = try #require(script.sent.last)
    #expect(last.method == "POST" && last.path == "/v1/upload/get-token")
    #expect(last.headers["Authorization"] == "Bearer t" && last.text.contains("chunks_number"))
    // A permanent redirect is remembered, a temporary one is not.
    #expect(script.sent.count == (status == 308 ? 4 : 5))
  }

  @Test(arguments: [
    "https://evil.test/", "http://dstor.test/", "https://dstor.test:444/", "//evil.test/x",
    "https://dstor.test.evil.test/",
  ])
  func credentialsStayAtHome(_ location: String) async throws {
    for status in [301, 302, 307, 308] {
      let script = Script(.status(status, ["Location": location]))
      let client = try DStorClient.scripted(script)
      let error = await failure { () throws(DStorError) in _ = try await client.add(hello) }
      #expect(error?.kind == .redirectedElsewhere)
      let tokenScript = Script { _, _ in .status(status, ["Location": location]) }
      let other = try DStorClient.scripted(tokenScript)
      let tokenError = await failure { () throws(DStorError) in try await other.checkCredentials() }
      #expect(tokenError?.kind == .redirectedElsewhere)
      for request in script.sent + tokenScript.sent { #expect(request.url.hasPrefix("https://dstor.test/")) }
    }
  }

  @Test func redirectThatWouldDropTheBody() async throws {
    let client = try DStorClient.scripted(Script(.status(302, ["Location": "/elsewhere"])))
    #expect(await failure { () throws(DStorError) in _ = try await client.add(hello) }?.kind == .badRedirect)
    let lost = try DStorClient.scripted(Script(.status(307)))
    #expect(await failure { () throws(DStorError) in _ = try await lost.add(hello) }?.kind == .badRedirect)
  }

  @Test func circleEnds() async throws {
    let script = Script(.status(308, ["Location": "/api/v0/add"]))
    let client = try DStorClient.scripted(script)
    #expect(await failure { () throws(DStorError) in _ = try await client.add(hello) }?.kind == .tooManyRedirects)
    #expect(script.sent(to: "/api/v0/add").count == 6)
  }

  @Test func gatewayReadersFollowWithoutCredentials() async throws {
    let script = Script { request, _ in
      switch request.url {
      case "https://dstor.test/ipfs/Qm/a%20b.css?filename=a%20b.css":
        .status(302, ["Location": "http://node.test/x?sig=1"])
      case "http://node.test/x?sig=1": .json("body", ["Content-Type": "text/css"])
      default: .status(404)
      }
    }
    let client = try DStorClient.scripted(script)
    let fetched = try await client.gateway.fetch("Qm/a b.css", filename: "a b.css")
    #expect(fetched.bytes == Array("body".utf8) && fetched.contentType == "text/css" && fetched.size == 4)
    #expect(script.sent.allSatisfy { $0.headers.fields.isEmpty })
    let error = await failure { () throws(DStorError) in _ = try await client.gateway.fetch("Qm/none") }
    #expect(error?.kind == .notFound)
    let circle = try DStorClient.scripted(Script(.status(301, ["Location": "/ipfs/Qm/"])))
    #expect(
      await failure { () throws(DStorError) in _ = try await circle.gateway.fetch("Qm") }?.kind == .tooManyRedirects)
  }

  @Test func gatewaySinkStartsAfresh() async throws {
    let script = Script(.status(503), .json("streamed"))
    let client = try DStorClient.scripted(script)
    let taken = Taken()
    let fetched = try await client.gateway.fetch("Qm", sink: taken.sink)
    #expect(taken.text == "streamed" && fetched.bytes.isEmpty && fetched.size == 8)
  }

  @Test func gatewayAddresses() throws {
    let client = try DStorClient.scripted(Script(.added))
    #expect(client.gateway.url("Qm/ä.html") == "https://dstor.test/ipfs/Qm/%C3%A4.html")
    #expect(client.gateway.url("Qm", filename: "a&b=c.js") == "https://dstor.test/ipfs/Qm?filename=a%26b%3Dc.js")
  }
}
