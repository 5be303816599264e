import Files

/// Whether an `If-None-Match` or `If-Match`-like list names `tag`, weakly compared (RFC 9110, section 8.8.3.2); `*` names every tag.
func names(_ list: String, tag: String) -> Bool {
  func opaque(_ tag: some StringProtocol) -> String { tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : String(tag) }
  return list.split(separator: ",").contains { element in
    let element = element.trimmingSpaces
    return element == "*" || opaque(element) == opaque(tag)
  }
}
