import Foundation
import Testing

/// Certificates over a real connection: one that has expired, one that nobody trusts, one that is right.
@Suite struct CertificateTests {
  @Test func eachTroubleHasItsOwnMessage() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    func openssl(_ arguments: String) throws {
      let outcome = try sandbox.run(["openssl"] + arguments.split(separator: " ").map(String.init), in: "")
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    try openssl("req -x509 \(key) -keyout ca.key -out ca.pem -subj /CN=ca -days 2")
    try openssl("req \(key) -keyout leaf.key -out leaf.csr -subj /CN=leaf")
    try sandbox.write("subjectAltName=IP:127.0.0.1\n", to: "names")
    func publish(days: Int, trusting: Bool) throws -> Outcome {
      try openssl(
        "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days \(days) -extfile names -out leaf.pem")
      let server = try sandbox.start(
        Sandbox.toolCommand("tls.py", [sandbox.path("leaf.pem"), sandbox.path("leaf.key")]), limit: 60)
      defer { server.kill() }
      let url = poll { server.output.hasSuffix("\n") ? server.output.trimmingCharacters(in: .newlines) : nil }
      var environment = ["COLOPHON_API": try #require(url, "\(server.errors)"), "DSTOR_API_KEY": "a-key-of-nobody"]
      if trusting { environment["SSL_CERT_FILE"] = sandbox.path("ca.pem") }
      return try sandbox.colophon("publish", "site", environment: environment)
    }
    let expired = try publish(days: -1, trusting: true)
    #expect(expired.status == 2)
    #expect(expired.errors.contains("/v1/dev/temp-token: the server's certificate has expired or is not valid yet ("))
    #expect(
      expired.errors.contains(
        "; check this machine's clock; otherwise the server's owner has to renew the certificate\n"))
    let untrusted = try publish(days: 2, trusting: false)
    #expect(untrusted.status == 2)
    #expect(untrusted.errors.contains("/v1/dev/temp-token: the server's certificate is not trusted ("))
    #expect(
      untrusted.errors.contains(
        "; check the base URL; a proxy of your network may need its certificate installed here (or named in SSL_CERT_FILE)\n"
      ))
    let right = try publish(days: 2, trusting: true)
    #expect(right.status == 2 && right.errors.contains("404 Not Found"), "\(right.errors)")
  }

  /// What will not be otherwise the next time is tried once.
  @Test func whatIsNoCertificateIsToldAtOnce() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    let plain = try sandbox.proxy(to: "http://127.0.0.1:9").url.replacingOccurrences(of: "http:", with: "https:")
    func publish(_ environment: [String: String]) throws -> Outcome {
      let environment = ["COLOPHON_API": plain, "DSTOR_API_KEY": "a-key-of-nobody"].merging(environment) { $1 }
      let outcome = try sandbox.colophon("publish", "site", environment: environment, limit: 20)
      #expect(outcome.status == 2 && !outcome.errors.contains("attempt"), "\(outcome.errors)")
      return outcome
    }
    let spoken = try publish([:])
    #expect(spoken.errors.contains("/v1/dev/temp-token: what answers there does not speak https ("), "\(spoken.errors)")
    #expect(spoken.errors.hasSuffix("; check the base URL: a port that speaks http is not addressed with https://\n"))
    let missing = try publish(["SSL_CERT_FILE": sandbox.path("no.pem")])
    #expect(missing.errors.contains("the file of trusted certificates cannot be read ("), "\(missing.errors)")
    #expect(missing.errors.contains("/no.pem); check SSL_CERT_FILE; without it "))
  }
}
