import Files
import Foundation
import Hummingbird

extension Node {
  /// The longest life that a caller may ask for: a year, as dStor documents.
  private static let longestLife = 366 * 86400

  /// `GET /v1/dev/temp-token` with `api-key` or `x-api-key`.
  func tokenByKey(_ request: Request) throws -> Response {
    guard let key = request.headers.value("api-key") ?? request.headers.value("x-api-key") else {
      throw Refusal(401, "api-key-missing", "give an API key in the header api-key or x-api-key")
    }
    guard let account = secrets.account(apiKey: key) else {
      throw Refusal(401, "api-key-unknown", "the API key is not one of this node's")
    }
    return try token(for: account, request)
  }

  /// `POST /v1/dev/temp-token` with `{"email": …, "password": …}`.
  func tokenByLogin(_ request: Request) async throws -> Response {
    struct Login: Decodable {
      var email: String
      var password: String
    }
    let login = try await body(of: request, as: Login.self)
    guard login.password.utf8.count <= 1024,
      let account = await secrets.account(email: login.email, password: login.password)
    else { throw Refusal(401, "login-wrong", "the e-mail address or the password is wrong") }
    return try token(for: account, request)
  }

  private func token(for account: String, _ request: Request) throws -> Response {
    let now = Int(configuration.now())
    var expires = now + configuration.tokenLifetime
    if let text = request.headers.value("x-expiration")?.trimmingSpaces {
      guard let wanted = Double(text), wanted.isFinite, wanted >= 0 else {
        throw Refusal(400, "bad-expiration", "x-expiration must be a time in Unix seconds")
      }
      expires = Int(min(wanted, Double(now + Self.longestLife)))
      guard expires > now else { throw Refusal(400, "bad-expiration", "x-expiration must lie in the future") }
    }
    let token = secrets.signer.token(account: account, issuedAt: now, expiresAt: expires)
    return .json(200, .object([("access_token", .string(token))]))
  }
}

/// - Throws: `Refusal` that says which member is missing or wrong, without quoting what was sent.
func decodeJSON<Value: Decodable>(_ bytes: [UInt8], as type: Value.Type) throws(Refusal) -> Value {
  func place(_ path: [any CodingKey], _ last: (any CodingKey)? = nil) -> String {
    (path + (last.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
  }
  do {
    return try JSONDecoder().decode(type, from: Data(bytes))
  } catch DecodingError.keyNotFound(let key, let context) {
    throw Refusal(400, "bad-json", "the member \"\(place(context.codingPath, key))\" is missing")
  } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
    throw Refusal(400, "bad-json", "the member \"\(place(context.codingPath))\" has the wrong type")
  } catch {
    throw Refusal(400, "bad-json", "the body must be a JSON object")
  }
}
