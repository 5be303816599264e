import Testing
import Transport

@testable import DStor

/// Every way to fail, from a server that echoes all it was told: no secret comes back.
@Suite struct SecrecyTests {
  @Test(arguments: [
    Credentials.apiKey(Secret(markedKey)), .login(email: "someone@h", Secret(markedKey)),
  ])
  func nothingIsRepeated(_ credentials: Credentials) async throws {
    let token = jwt("{\"exp\": 9999999999}")
    let upload = "MARKED-UPLOAD-TOKEN"
    let secrets = [markedKey, token, upload, "MARKED"]
    for status in [200, 201, 301, 302, 307, 400, 401, 403, 404, 408, 409, 413, 418, 422, 425, 429, 500, 502, 503, 507] {
      for mode in 0..<3 {
        let script = Script { request, _ in
          let fields = request.headers.fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
          let echo = "{\"echo\": \"\(fields) \(request.text)\", \"status\": \"\(markedKey)"
          let isTokenCall = request.path.hasSuffix("temp-token")
          if isTokenCall, mode > 0 { return .token(token) }
          if request.path.contains("get-token"), mode == 2 { return .json("{\"token\": \"\(upload)\"}") }
          return .status(
            status, ["Location": "/x/\(markedKey)/\(token)?k=\(markedKey)", "Content-Type": "text/html"], echo)
        }
        let time = FakeTime()
        let client = try DStorClient.scripted(script, time, credentials: credentials)
        var errors: [DStorError?] = []
        errors.append(await failure { () throws(DStorError) in _ = try await client.add(hello) })
        errors.append(
          await failure { () throws(DStorError) in
            let token = try await client.getUploadToken(folderPath: "a", chunks: 1)
            try await client.sendChunk([hello], token)
          })
        errors.append(
          await failure { () throws(DStorError) in _ = try await client.uploadStatus(UploadToken(Secret(upload))) })
        #expect(errors.allSatisfy { $0 != nil }, "\(status) \(mode)")
        var shown = ""
        dump(errors, to: &shown)
        dump(time.events, to: &shown)
        dump(client, to: &shown, maxDepth: 4)
        shown += "\(errors) \(client.configuration)"
        for secret in secrets { #expect(!shown.contains(secret), "\(status) \(mode)") }
      }
    }
  }
}
