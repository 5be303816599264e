import Foundation
import Hummingbird

/// What a request asks for: its path as sent, and its query.
struct RequestTarget: Sendable {
  /// Still percent-encoded.
  let path: String
  /// Without the question mark; nil where there is none.
  let query: String?
  private let parameters: [(name: String, value: String)]

  /// - Parameter target: in origin form or absolute form (RFC 9112, section 3.2).
  init(_ target: String) {
    var target = target[...]
    if target.utf8.first != UInt8(ascii: "/"), let scheme = target.range(of: "://") {
      let rest = target[scheme.upperBound...]
      target = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
    }
    if let hash = target.utf8.firstIndex(of: UInt8(ascii: "#")) { target = target[..<hash] }
    guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
      path = String(target)
      query = nil
      parameters = []
      return
    }
    path = String(target[..<mark])
    let query = String(target[target.utf8.index(after: mark)...])
    self.query = query
    parameters = query.split(separator: "&").map { pair in
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (formDecoded(halves[0]), halves.count == 2 ? formDecoded(halves[1]) : "")
    }
  }

  /// The first parameter of that name, decoded.
  subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }
}

/// As forms encode: `+` is a space. What is malformed stays as it is; bytes that are no UTF-8 are replaced.
private func formDecoded(_ text: Substring) -> String {
  func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
  let source = Array(text.utf8)
  var bytes: [UInt8] = []
  var index = 0
  while index < source.count {
    if source[index] == UInt8(ascii: "%"), index + 2 < source.count, let high = value(source[index + 1]),
      let low = value(source[index + 2])
    {
      bytes.append(high << 4 | low)
      index += 3
    } else {
      bytes.append(source[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : source[index])
      index += 1
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

extension HTTPFields {
  /// The header's value; nil where there is none.
  func value(_ name: String) -> String? {
    guard let name = Element.Name(name) else { preconditionFailure("bug: \"\(name)\" is no header name") }
    return self[name]
  }

  mutating func set(_ name: String, _ value: String) {
    guard let name = Element.Name(name) else { preconditionFailure("bug: \"\(name)\" is no header name") }
    self[name] = value
  }
}

extension Response {
  init(_ status: Int, type: String, _ bytes: some Collection<UInt8>, headers: [(String, String)] = []) {
    var fields = HTTPFields()
    fields.set("Content-Type", type)
    for (name, value) in headers { fields.set(name, value) }
    self.init(status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  static func json(_ status: Int, _ value: JSONValue, headers: [(String, String)] = []) -> Response {
    Response(
      status, type: "application/json", value.encoded,
      headers: headers + [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")])
  }

  static func text(_ status: Int, _ text: String, headers: [(String, String)] = []) -> Response {
    Response(
      status, type: "text/plain; charset=utf-8", Array((text + "\n").utf8),
      headers: headers + [("X-Content-Type-Options", "nosniff")])
  }

  /// An answer that has no body by its status, so no length either (RFC 9110, section 8.6).
  static func empty(_ status: HTTPResponse.Status) -> Response {
    var response = Response(status: status)
    response.headers[.contentLength] = nil
    return response
  }

  /// The same without its body, for `HEAD`: Content-Length stays.
  var withoutBody: Response { createHeadResponse() }
}

extension Refusal {
  var response: Response {
    .json(status, .object([("error", .string(id)), ("message", .string(message))] + details), headers: headers)
  }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
func httpDate(_ seconds: Double) -> String {
  let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  var time = time_t(min(max(seconds, 0), 253_402_300_799))
  var parts = tm()
  gmtime_r(&time, &parts)
  func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
  let year = String(repeating: "0", count: max(0, 4 - "\(parts.tm_year + 1900)".count)) + "\(parts.tm_year + 1900)"
  let date = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(year)"
  return "\(date) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
}

/// The characters that HTML gives a meaning become references.
func htmlEscaped(_ text: String) -> String {
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "&"): bytes += "&amp;".utf8
    case UInt8(ascii: "<"): bytes += "&lt;".utf8
    case UInt8(ascii: ">"): bytes += "&gt;".utf8
    case UInt8(ascii: "\""): bytes += "&quot;".utf8
    case UInt8(ascii: "'"): bytes += "&#39;".utf8
    default: bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
