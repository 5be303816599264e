import Files

/// What a browser would send: the host in ASCII, and of all else the bytes that no URL holds percent-encoded.
func encoded(_ url: String) -> String {
  let bytes = Array(url.utf8)
  let host = hostRange(in: bytes)
  let name = asciiHost(bytes[host])
  return percentEncodingWhatIsNone(bytes[..<host.lowerBound]) + (name ?? percentEncodingWhatIsNone(bytes[host]))
    + percentEncodingWhatIsNone(bytes[host.upperBound...])
}

private func percentEncodingWhatIsNone(_ bytes: ArraySlice<UInt8>) -> String {
  let isURLByte = { (byte: UInt8) in byte > 0x20 && byte < 0x7F }
  if bytes.allSatisfy(isURLByte) { return String(decoding: bytes, as: UTF8.self) }
  var text = ""
  for byte in bytes {
    if isURLByte(byte) {
      text.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
  return text
}

/// Where the host stands in an absolute URL (RFC 3986, section 3.2), without user and port; empty where there is none.
private func hostRange(in url: [UInt8]) -> Range<Int> {
  guard let colon = url.firstIndex(where: { !isSchemeByte($0) }), url[colon...].starts(with: "://".utf8) else {
    return 0..<0
  }
  let start = colon + 3
  let end = url[start...].firstIndex { "/?#\\".utf8.contains($0) } ?? url.count
  let host = url[start..<end].lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? start
  return host..<(url[host..<end].firstIndex(of: UInt8(ascii: ":")) ?? end)
}

private func isSchemeByte(_ byte: UInt8) -> Bool {
  (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "+-.".utf8.contains(byte)
}

/// A name with letters of any script as the name system has it (RFC 5891): `xn--bcher-kva.example`. Links hold it plain or percent-encoded.
///
/// - Returns: nil where the name is plain ASCII, or none at all.
private func asciiHost(_ bytes: ArraySlice<UInt8>) -> String? {
  // Longer than any name of a host, each byte as %XX.
  guard bytes.count <= 3 * 1024, bytes.contains(where: { $0 >= 0x80 || $0 == UInt8(ascii: "%") }),
    let name = percentDecoded(String(decoding: bytes, as: UTF8.self))?.lowercased()
  else { return nil }
  let labels = name.split(separator: ".", omittingEmptySubsequences: false).map { label in
    label.utf8.allSatisfy { $0 < 0x80 } ? String(label) : "xn--" + punycode(label.unicodeScalars.map(\.value))
  }
  let host = labels.joined(separator: ".")
  return host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#\\@:%[]".utf8.contains($0) } ? host : nil
}

/// Punycode (RFC 3492, section 6.3). A label is short.
func punycode(_ label: [UInt32]) -> String {
  let (base, least, most) = (36, 1, 26)
  let plain = label.filter { $0 < 0x80 }
  var output = plain.compactMap(Unicode.Scalar.init).map(Character.init)
  if !plain.isEmpty { output.append("-") }
  func digit(_ value: Int) -> Character {
    Character(Unicode.Scalar(UInt8(value < 26 ? 0x61 + value : 0x30 + value - 26)))
  }
  var (last, delta, bias, done) = (0x80, 0, 72, plain.count)
  while done < label.count {
    guard let next = label.lazy.map({ Int($0) }).filter({ $0 >= last }).min() else { break }
    delta += (next - last) * (done + 1)
    last = next
    for scalar in label.map({ Int($0) }) {
      if scalar < last { delta += 1 }
      guard scalar == last else { continue }
      var rest = delta
      var weight = base
      while true {
        let threshold = min(max(weight - bias, least), most)
        if rest < threshold { break }
        output.append(digit(threshold + (rest - threshold) % (base - threshold)))
        rest = (rest - threshold) / (base - threshold)
        weight += base
      }
      output.append(digit(rest))
      bias = adapted(delta, points: done + 1, isFirst: done == plain.count)
      delta = 0
      done += 1
    }
    delta += 1
    last += 1
  }
  return String(output)
}

/// RFC 3492, section 6.1.
private func adapted(_ delta: Int, points: Int, isFirst: Bool) -> Int {
  var delta = isFirst ? delta / 700 : delta / 2
  delta += delta / points
  var steps = 0
  while delta > (36 - 1) * 26 / 2 {
    delta /= 36 - 1
    steps += 36
  }
  return steps + 36 * delta / (delta + 38)
}
