import Testing
import Transport

@testable import DStor

/// What a person reads when something goes wrong, word for word: each trouble has a message of its own, and says what to do where that is known.
@Suite struct WordingTests {
  static let troubles: [(Script.Answer, String)] = [
    (.status(400), "400 Bad Request; check the base URL, the folder path and the comment"),
    (
      .status(401),
      "401 Unauthorized; check the API key or login: it may be mistyped, expired or removed in the dashboard's account page"
    ),
    (
      .status(403),
      "403 Forbidden; the account may not do this: check its key's rights, its plan and its limits"
    ),
    (
      .status(407),
      "407 Proxy Authentication Required; the proxy wants a login: HTTPS_PROXY=http://user:password@proxy:port"
    ),
    (.status(404), "404 Not Found; check the base URL: this server has nothing at that address"),
    (.status(413), "413 Content Too Large; the server takes no file or chunk of this size: send less at once"),
    (.status(422), "422 Unprocessable Content; the server understood the request and refuses what it says"),
    (.status(429), "429 Too Many Requests; wait before the next run"),
    (.status(500), "500 server error; the trouble is on the server's side: try again later"),
    (.status(507), "507 Insufficient Storage; the server's or the account's storage is full"),
    (.json(""), "200, an answer without a body where JSON was due"),
    (.json("{\"Name\": \"a\", \"Ha"), "200, JSON that ends in the middle: {\"Name\": \"a\", \"Ha"),
    (.json("fine"), "200, an answer that is no JSON: fine; check the base URL"),
    (.json("[]"), "200, JSON that is no object: []; check the base URL"),
    (.json("{}"), "200, an answer without \"Hash\": {}"),
    (
      .json("<html><h1>Log in</h1>", ["Content-Type": "text/html"]),
      "200, a web page where JSON was due: <html><h1>Log in</h1>; check the base URL; "
        + "a proxy or a network's login page may have answered in the server's place"
    ),
    (
      .status(307, ["Location": "https://other.test/x"]),
      "307, a redirect to https://other.test, where the credentials may not go; "
        + "if that is the right server, configure it as the base URL"
    ),
    (
      .status(302, ["Location": "/x"]), "302, a redirect to /x that would drop what is sent; check the base URL"
    ),
    (.status(308), "308, a redirect without an address to go to"),
    (
      .status(308, ["Location": "/api/v0/add"]),
      "more than 5 redirects; the server sends its readers in a circle"
    ),
    (.broken(.couldNotResolve), "the host's name has no address; check the base URL and the network"),
    (
      .broken(.couldNotConnect),
      "no connection could be made; check that the server runs, the base URL, and the proxy settings"
    ),
    (.broken(.timedOut), "the time allowed is over; check the network, and try again"),
    (.broken(.stalled), "the transfer stalled; check the network, and try again"),
    (.broken(.connectionLost), "the connection was lost before an answer came; check the network, and try again"),
    (.broken(.cutShort), "the answer was cut short; check the network, and try again"),
    (
      .broken(.tls(.expired)),
      "the server's certificate has expired or is not valid yet; "
        + "check this machine's clock; otherwise the server's owner has to renew the certificate"
    ),
    (
      .broken(.tls(.untrusted)),
      "the server's certificate is not trusted; check the base URL; "
        + "a proxy of your network may need its certificate installed here (or named in SSL_CERT_FILE)"
    ),
    (
      .broken(.tls(.certificates)),
      "the file of trusted certificates cannot be read; check SSL_CERT_FILE; "
        + "without it the system's own certificates are trusted"
    ),
    (
      .broken(.tls(.notSpoken)),
      "what answers there does not speak https; "
        + "check the base URL: a port that speaks http is not addressed with https://"
    ),
    (.broken(.notHTTP), "what answers there does not speak HTTP; check the base URL's host and port"),
    (.broken(.tls(.other)), "no secure connection could be made; check that the base URL's port speaks https"),
    (
      .broken(.proxyRefused(407)),
      "the proxy refused with 407; the proxy wants a login: HTTPS_PROXY=http://user:password@proxy:port"
    ),
    (
      .broken(.proxyRefused(403)),
      "the proxy refused with 403; check the proxy settings (HTTPS_PROXY, NO_PROXY), or ask who runs the proxy"
    ),
    (.broken(.tooLarge), "the answer is larger than allowed"),
  ]

  /// A reader has sent no key: it cannot be the key that is wrong.
  @Test(arguments: [
    (401, "401 Unauthorized; this gateway wants a login, and reads carry none: read from another one"),
    (403, "403 Forbidden; this gateway does not serve that to everybody: read from another one"),
    (413, "413 Content Too Large"),
  ])
  func refusedReadsSayNothingOfKeys(_ status: Int, _ words: String) async throws {
    let client = try DStorClient.scripted(Script(.status(status))) { $0.retry.attempts = 1 }
    let error = await failure { () throws(DStorError) in _ = try await client.gateway.fetch("Qm") }
    #expect(error?.description.hasSuffix(": " + words) == true, "\(String(describing: error))")
  }

  @Test(arguments: troubles.indices) func eachTroubleHasItsOwnMessage(_ number: Int) async throws {
    let (answer, words) = Self.troubles[number]
    let client = try DStorClient.scripted(Script(answer)) {
      $0.retry.attempts = 1
      $0.retry.unreadableAttempts = 1
      $0.retry.connectAttempts = 1
    }
    let error = await failure { () throws(DStorError) in _ = try await client.add(hello) }
    #expect(error?.description == "POST https://dstor.test/api/v0/add: " + words)
  }

  @Test func noTwoAreTheSame() {
    #expect(Set(Self.troubles.map(\.1)).count == Self.troubles.count)
  }
}
