/// Makes links of the URLs and mail addresses in escaped text, by the rules of Jinja2's `urlize`.
struct Urlizer {
  var limit: Int?
  var relations: String
  var target: String?
  var schemes: [String]

  func linked(_ text: String) -> String {
    var result = ""
    var word = Scalars()
    for scalar in text.unicodeScalars {
      if scalar.isSpace {
        if !word.isEmpty { result += linked(word: String(word)) }
        word = Scalars()
        result.unicodeScalars.append(scalar)
      } else {
        word.append(scalar)
      }
    }
    if !word.isEmpty { result += linked(word: String(word)) }
    return result
  }

  private func linked(word: String) -> String {
    var (head, middle, tail) = ("", word, "")
    while let mark = ["(", "<", "&lt;"].first(where: { middle.hasPrefix($0) }) {
      head += mark
      middle.removeFirst(mark.count)
    }
    while let mark = [")", ">", ".", ",", "&gt;"].first(where: { middle.hasSuffix($0) }) {
      tail = mark + tail
      middle.removeLast(mark.count)
    }
    for (open, close) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
      let opened = middle.pythonSplit(open).count - 1
      let excess = opened - (middle.pythonSplit(close).count - 1)
      guard excess > 0 else { continue }
      for _ in 0..<min(opened, tail.pythonSplit(close).count - 1) {
        guard let place = find(close, in: tail) else { break }
        let end = tail.utf8.index(tail.utf8.startIndex, offsetBy: place + close.utf8.count)
        middle += tail[..<end]
        tail = String(tail[end...])
      }
    }
    return head + link(middle) + tail
  }

  private func link(_ text: String) -> String {
    let attributes =
      (relations.isEmpty ? "" : " rel=\"\(escaped(relations))\"")
      + (target.map { " target=\"\(escaped($0))\"" } ?? "")
    let shown = limit.map { text.scalarCount > $0 ? text.scalarPrefix($0) + "..." : text } ?? text
    if isWebAddress(text) {
      let hasScheme = text.hasPrefix("https://") || text.hasPrefix("http://")
      return "<a href=\"\(hasScheme ? "" : "https://")\(text)\"\(attributes)>\(shown)</a>"
    }
    if text.hasPrefix("mailto:"), isMailAddress(String(text.dropFirst(7))) {
      return "<a href=\"\(text)\">\(text.dropFirst(7))</a>"
    }
    let mayBeMail = text.contains("@") && !text.hasPrefix("www.") && !text.hasPrefix("@") && !text.contains(":")
    if mayBeMail, isMailAddress(text) { return "<a href=\"mailto:\(text)\">\(text)</a>" }
    for scheme in schemes where text != scheme && text.hasPrefix(scheme) {
      return "<a href=\"\(text)\"\(attributes)>\(text)</a>"
    }
    return text
  }

  private func isMailAddress(_ text: String) -> Bool {
    guard let at = text.lastIndex(of: "@"), at != text.startIndex else { return false }
    let host = Array(text[text.index(after: at)...].unicodeScalars)
    guard let first = host.first, first.isWord, let dot = host.lastIndex(of: "."), dot > 0, dot < host.count - 1 else {
      return false
    }
    return host.allSatisfy { $0.isWord || $0 == "." || $0 == "-" } && host[(dot + 1)...].allSatisfy { $0.isWord }
  }

  private func isWebAddress(_ text: String) -> Bool {
    let lower = text.lowercased()
    let scheme = ["https://", "http://", "www."].first { lower.hasPrefix($0) }
    let rest = lower.dropFirst(scheme?.count ?? 0)
    let hostAndPort = rest.prefix { !"/?#".contains($0) }
    if rest.count > hostAndPort.count, rest.unicodeScalars.contains(where: { $0.isSpace }) { return false }
    var host = Substring(hostAndPort)
    if host.hasPrefix("["), scheme != nil, scheme != "www." {
      guard let close = host.firstIndex(of: "]") else { return false }
      return isPort(host[host.index(after: close)...])
        && host[..<close].dropFirst().allSatisfy { $0.isHexDigit || $0 == ":" }
    }
    if let colon = host.firstIndex(of: ":") {
      guard isPort(host[colon...]) else { return false }
      host = host[..<colon]
    }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    guard let top = labels.last, labels.allSatisfy({ !$0.isEmpty }) else { return false }
    guard labels.dropLast().allSatisfy({ $0.unicodeScalars.allSatisfy { $0.isWord || $0 == "%" || $0 == "-" } }) else {
      return false
    }
    let isTopLevel =
      2...63 ~= top.utf8.count && top.utf8.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
      || top.hasPrefix("xn--") && 6...63 ~= top.count
    if scheme != nil {
      let isAddress = scheme != "www." && labels.count == 4 && labels.allSatisfy { 1...3 ~= $0.count && Int($0) != nil }
      return isTopLevel || isAddress
    }
    let known = ["com", "net", "int", "edu", "gov", "org", "info", "mil"]
    return labels.count >= 2 && known.contains(String(top)) && labels.dropLast().allSatisfy { 2...63 ~= $0.count }
  }

  private func isPort(_ text: Substring) -> Bool {
    if text.isEmpty { return true }
    return text.first == ":" && 2...6 ~= text.utf8.count
      && text.dropFirst().utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }
}
