import Transport

/// What Kubo's `API.Authorizations` asks for.
public enum KuboAuthorization: Sendable, Hashable {
  /// RFC 6750.
  case bearer(Secret)
  /// RFC 7617: `user:password`.
  case basic(Secret)

  /// The value of the field `Authorization`.
  var field: Secret {
    switch self {
    case .bearer(let token): Secret("Bearer \(token.reveal())")
    case .basic(let login): Secret("Basic \(base64(Array(login.reveal().utf8)))")
    }
  }

  /// All that an answer could repeat of it: a server that says what it refuses need not say it as it came.
  var secrets: [Secret] {
    switch self {
    case .bearer(let token): return [field, token]
    case .basic(let login):
      let text = login.reveal()
      let encoded = base64(Array(text.utf8))
      let password = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
      return [field, Secret(encoded), Secret(String(encoded.prefix { $0 != "=" })), login]
        + (password.map { [Secret(String($0))] } ?? [])
    }
  }
}

/// RFC 4648, section 4.
private func base64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var output: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
    for index in 0..<4 {
      output.append(index <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * index)) & 63] : UInt8(ascii: "="))
    }
  }
  return String(decoding: output, as: UTF8.self)
}
