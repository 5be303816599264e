/// The parts of an absolute http or https URL that a client decides by (RFC 3986, section 3).
public struct WebAddress: Sendable, Hashable {
  public let scheme: String
  /// Lower case; an IPv6 address keeps its brackets.
  public let host: String
  public let port: Int
  /// Begins with `/`.
  public let path: String
  /// With its `?`; empty where there is none.
  public let query: String
  public let hasUserInfo: Bool
  public let hasFragment: Bool

  /// - Returns: nil where `text` is no absolute http or https URL of printable ASCII.
  public init?(_ text: String) {
    guard text.utf8.count <= 8192, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
      return nil
    }
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
    scheme = text[..<colon].lowercased()
    guard scheme == "http" || scheme == "https" else { return nil }
    var rest = text[text.index(colon, offsetBy: 3)...]
    hasFragment = rest.contains("#")
    rest = rest.prefix { $0 != "#" }
    let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    var authority = rest[..<authorityEnd]
    rest = rest[authorityEnd...]
    hasUserInfo = authority.contains("@")
    if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
    let portStart = authority.lastIndex { $0 == ":" || $0 == "]" }
    if let portStart, authority[portStart] == ":" {
      let digits = authority[authority.index(after: portStart)...]
      guard let number = Int(digits), (1...65535).contains(number), digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
      else { return nil }
      port = number
      authority = authority[..<portStart]
    } else {
      port = scheme == "http" ? 80 : 443
    }
    guard !authority.isEmpty, Self.hasWholeBrackets(authority) else { return nil }
    host = authority.lowercased()
    let queryStart = rest.firstIndex(of: "?") ?? rest.endIndex
    path = rest[..<queryStart].isEmpty ? "/" : String(rest[..<queryStart])
    query = String(rest[queryStart...])
  }

  /// Brackets stand around a whole IPv6 address and nowhere else (RFC 3986, section 3.2.2).
  private static func hasWholeBrackets(_ host: Substring) -> Bool {
    guard host.contains(where: { $0 == "[" || $0 == "]" }) else { return true }
    return host.hasPrefix("[") && host.hasSuffix("]")
      && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
  }

  /// Scheme, host and port (RFC 6454): where credentials for one may go.
  public var origin: String {
    port == (scheme == "http" ? 80 : 443) ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
  }

  public var text: String { origin + path + query }

  /// Whether the host is this machine by its very name, so that plain http gives nothing away.
  public var isLoopback: Bool {
    if host == "localhost" || host == "[::1]" || host.hasSuffix(".localhost") { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
  }

  /// What a `Location` field means, seen from here; nil where it leads to no http or https URL.
  public func resolving(_ location: String) -> WebAddress? {
    if let absolute = WebAddress(location) { return absolute }
    let beforeQuery = location.prefix { $0 != "?" && $0 != "#" }
    // A scheme of another kind: "ftp://…", "javascript:…".
    if beforeQuery.prefix(while: { $0 != "/" }).contains(":") { return nil }
    if location.hasPrefix("//") { return WebAddress("\(scheme):\(location)") }
    if location.hasPrefix("/") { return WebAddress(origin + location) }
    if location.hasPrefix("?") { return WebAddress(origin + path + location) }
    guard !location.isEmpty, let slash = path.lastIndex(of: "/") else { return nil }
    var folder = path[...slash]
    var rest = location[...]
    while rest.hasPrefix("./") || rest.hasPrefix("../") {
      if rest.hasPrefix("../"), let upper = folder.dropLast().lastIndex(of: "/") { folder = folder[...upper] }
      rest = rest[rest.index(after: rest.firstIndex(of: "/") ?? rest.startIndex)...]
    }
    return WebAddress(origin + folder + rest)
  }
}

/// A URL for messages: without user, query and fragment, any of which may hold a secret.
public func withoutSecrets(url: String) -> String {
  guard let address = WebAddress(url) else { return "an address that is no http or https URL" }
  return address.origin + address.path + (address.query.isEmpty ? "" : "?…")
}

/// How a message names a URL that is not as it should be: by scheme, host and port alone. What was pasted into the rest may be a secret, and where
/// there is no host all of it may be.
public func originForMessages(of url: String) -> String? { WebAddress(url)?.origin }

/// Where a service is, as configured: an http or https URL without user, query and fragment. A trailing slash is dropped.
public struct BaseURL: Sendable, Hashable, CustomStringConvertible {
  public let address: WebAddress
  public let description: String

  /// - Throws: `TransportError` of the kind `badRequest`, whose detail states the rule.
  public init(_ text: String) throws(TransportError) {
    guard let address = WebAddress(text), !address.hasUserInfo, !address.hasFragment, address.query.isEmpty else {
      throw TransportError(
        .badRequest, "a base URL is http:// or https:// and a host, without user, query and fragment")
    }
    var path = address.path
    while path.hasSuffix("/") { path.removeLast() }
    self.address = address
    description = address.origin + path
  }

  /// The same place and `/component` below it.
  public func appending(_ component: String) -> BaseURL {
    BaseURL(address: address, description: "\(description)/\(component)")
  }

  private init(address: WebAddress, description: String) {
    self.address = address
    self.description = description
  }
}
