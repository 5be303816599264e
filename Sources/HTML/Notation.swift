/// How a URL is written where it stands: a language (`form`) inside a place of the document (`host`).
struct Notation {
  enum Form {
    case plain
    /// A candidate of `srcset`: ends at white space; commas are trimmed from its ends.
    case srcset
    /// Behind `5; url=`: may stand in quotes of its own.
    case refresh
    /// `url(…)` without quotes.
    case cssUnquoted
    case cssString(quote: UInt8)
    case scriptString(quote: UInt8)
    /// As `scriptString`, where a name would be no URL: relative ones begin with `./` or `../`.
    case specifier(quote: UInt8)
  }

  enum Host {
    /// Nothing around it: a file of its own, or a `style` or `script` element of HTML.
    case file
    /// Text of an element in SVG, where `&` and `<` are markup.
    case foreignText
    case quoted(UInt8)
    /// An attribute value without quotes; `isWhole` where the URL is all of it.
    case unquoted(isWhole: Bool)
    /// An attribute without a value: `<a href>`.
    case missing
  }

  let form: Form
  let host: Host

  /// Writes `url` so that it reads back as `url` (percent-encoded where the form has no other way).
  func append(_ url: String, to output: inout [UInt8]) {
    if case .missing = host {
      output += "=\"".utf8
      Notation(form: form, host: .quoted(UInt8(ascii: "\""))).append(url, to: &output)
      return output.append(UInt8(ascii: "\""))
    }
    var url = url
    if case .specifier = form, !url.withUTF8(isURLSpecifier) { output += "./".utf8 }
    let isWritten = url.withUTF8 { bytes in
      guard !bytes.isEmpty, bytes.allSatisfy(needsNoEscape) else { return false }
      output += bytes
      return true
    }
    if isWritten { return }
    var written: [UInt8] = []
    written.reserveCapacity(url.utf8.count + 8)
    write(url, to: &written)
    switch host {
    case .file, .foreignText: output += written
    case .quoted(let quote):
      for byte in written { appendEscaped(byte, quote: quote, to: &output) }
    case .missing: preconditionFailure("bug: became quoted above")
    case .unquoted(let isWhole):
      let needsQuotes = written.isEmpty || written.contains { mayNotStandUnquoted($0) }
      if isWhole && needsQuotes {
        output.append(UInt8(ascii: "\""))
        for byte in written { appendEscaped(byte, quote: UInt8(ascii: "\""), to: &output) }
        output.append(UInt8(ascii: "\""))
      } else {
        for byte in written {
          if mayNotStandUnquoted(byte) {
            output += "&#\(byte);".utf8
          } else {
            appendEscaped(byte, quote: 0, to: &output)
          }
        }
      }
    }
  }

  private func write(_ url: String, to output: inout [UInt8]) {
    switch form {
    case .plain: output += url.utf8
    case .srcset:
      // A comma inside is legal, but not to every reader of srcset; in data: it has a meaning.
      let isData = url.utf8.count > 5 && url.prefix(5).lowercased() == "data:"
      let last = url.utf8.count - 1
      for (index, byte) in url.utf8.enumerated() {
        let isComma = byte == UInt8(ascii: ",") && (!isData || index == 0 || index == last)
        if isComma || isSpace(byte) { appendPercentEncoded(byte, to: &output) } else { output.append(byte) }
      }
    case .refresh:
      for byte in url.utf8 {
        let isQuote = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
        if isQuote || byte < 0x20 { appendPercentEncoded(byte, to: &output) } else { output.append(byte) }
      }
    case .cssUnquoted:
      for byte in url.utf8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: " "):
          output += [UInt8(ascii: "\\"), byte]
        default: appendCSS(byte, to: &output)
        }
      }
    case .cssString(let quote):
      for byte in url.utf8 {
        if byte == quote { output.append(UInt8(ascii: "\\")) }
        appendCSS(byte, to: &output)
      }
    case .scriptString(let quote), .specifier(let quote):
      for byte in url.utf8 {
        switch byte {
        case quote, UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
        // No URL can end a `script` element.
        case 0..<0x20, UInt8(ascii: "<"): output += "\\u00".utf8 + [hexDigit(byte >> 4), hexDigit(byte & 15)]
        default: output.append(byte)
        }
      }
    }
  }

  /// One byte as CSS has it anywhere in a URL. `<` never stands bare, so that no URL can end a `style` element.
  private func appendCSS(_ byte: UInt8, to output: inout [UInt8]) {
    var asNumber = byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "<")
    if case .foreignText = host, byte == UInt8(ascii: "&") || byte == UInt8(ascii: ">") { asNumber = true }
    if asNumber {
      output += [UInt8(ascii: "\\"), hexDigit(byte >> 4), hexDigit(byte & 15), UInt8(ascii: " ")]
    } else if byte == UInt8(ascii: "\\") {
      output += [byte, byte]
    } else {
      output.append(byte)
    }
  }
}

/// Whether a byte stands for itself in every form and host: letters, digits, `#%+-./:?_~` and all beyond ASCII, as one bit for each
/// byte of ASCII.
@inline(__always)
private func needsNoEscape(_ byte: UInt8) -> Bool {
  let bits: UInt64 = byte < 64 ? 0x87FF_E828_0000_0000 : 0x47FF_FFFE_87FF_FFFE
  return byte >= 0x80 || bits >> UInt64(byte & 63) & 1 == 1
}

private func mayNotStandUnquoted(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="),
    UInt8(ascii: "`"):
    true
  default: isSpace(byte)
  }
}

private func appendEscaped(_ byte: UInt8, quote: UInt8, to output: inout [UInt8]) {
  switch byte {
  case UInt8(ascii: "&"): output += "&amp;".utf8
  case UInt8(ascii: "<"): output += "&lt;".utf8
  case quote where byte == UInt8(ascii: "\""): output += "&quot;".utf8
  case quote where byte == UInt8(ascii: "'"): output += "&#39;".utf8
  default: output.append(byte)
  }
}

private func appendPercentEncoded(_ byte: UInt8, to output: inout [UInt8]) {
  output += [UInt8(ascii: "%"), hexDigit(byte >> 4), hexDigit(byte & 15)]
}

func hexDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
}
