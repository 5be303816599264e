/// A PNG of grey pixels, without compression: small enough to make hundreds, whole enough to be decoded (RFC 2083, RFC 1950, RFC 1951).
func smallPicture(width: Int, height: Int, shade: UInt8) -> [UInt8] {
  var rows: [UInt8] = []
  for row in 0..<height { rows += [0] + (0..<width).map { shade &+ UInt8(truncatingIfNeeded: row &* $0) } }
  func bigEndian(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
  func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(crc32(body))
  }
  precondition(rows.count <= 0xFFFF, "bug: one block holds 65,535 bytes")
  let (low, high) = (UInt8(rows.count & 0xFF), UInt8(rows.count >> 8))
  let stored = [0x78, 0x01, 1, low, high, ~low, ~high] + rows + bigEndian(adler32(rows))
  let head = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 0, 0, 0, 0]
  return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", head) + chunk("IDAT", stored)
    + chunk("IEND", [])
}

private let crcTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(UInt32.max) { crcTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
}

private func adler32(_ bytes: [UInt8]) -> UInt32 {
  var (a, b) = (UInt32(1), UInt32(0))
  for byte in bytes {
    a = (a + UInt32(byte)) % 65521
    b = (b + a) % 65521
  }
  return b << 16 | a
}
