import CCrypto

/// The 32 bytes of a SHA-256 (FIPS 180-4), held inline.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  public static let length = 32

  private var words: (UInt64, UInt64, UInt64, UInt64)

  /// - Returns: nil unless `bytes` are 32.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.length else { return nil }
    words = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
  }

  /// - Returns: nil unless `hex` are 64 hexadecimal digits of either case.
  public init?(hex: String) {
    guard let bytes = hexadecimalBytes(hex) else { return nil }
    self.init(bytes: bytes)
  }

  /// The digest of `bytes`.
  public init(of bytes: some Collection<UInt8>) {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    self = hasher.finish()
  }

  fileprivate init(filling fill: (UnsafeMutablePointer<UInt8>?) -> Void) {
    words = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) { fill($0.bindMemory(to: UInt8.self).baseAddress) }
  }

  public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  /// 64 lower-case digits.
  public var hex: String { hexadecimal(bytes) }

  public var description: String { hex }

  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try Swift.withUnsafeBytes(of: words, body)
  }

  public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  public func hash(into hasher: inout Hasher) {
    withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}

/// SHA-256 of bytes that come in pieces. It may be used again after `finish()`, which is cheaper than a new one.
public struct SHA256Hasher: ~Copyable, @unchecked Sendable {
  // Sendable: the context has one owner, and OpenSSL contexts may move between threads.
  private let context: OpaquePointer

  public init() {
    guard let context = EVP_MD_CTX_new() else { fatalError("no memory for a SHA-256 context") }
    self.context = context
    start()
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  private func start() {
    guard EVP_DigestInit_ex2(context, algorithm, nil) == 1 else { preconditionFailure("bug: SHA-256 does not start") }
  }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
      preconditionFailure("bug: SHA-256 does not go on")
    }
  }

  public mutating func update(_ bytes: some Collection<UInt8>) {
    let isDone: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
    if isDone == nil { Array(bytes).withUnsafeBytes { update($0) } }
  }

  /// The digest of all bytes since the last `finish()`.
  public mutating func finish() -> SHA256Digest {
    let digest = SHA256Digest { bytes in
      guard EVP_DigestFinal_ex(context, bytes, nil) == 1 else { preconditionFailure("bug: SHA-256 does not end") }
    }
    start()
    return digest
  }
}

/// Fetched once: fetching takes longer than hashing a small file. Never changed and never freed.
private nonisolated(unsafe) let algorithm: OpaquePointer = {
  guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else { fatalError("libcrypto has no SHA-256") }
  return algorithm
}()

/// Lower-case hexadecimal.
public func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
  let digits = StaticString("0123456789abcdef").utf8Start
  return String(unsafeUninitializedCapacity: 2 * bytes.count) { buffer in
    var end = 0
    for byte in bytes {
      buffer[end] = digits[Int(byte >> 4)]
      buffer[end + 1] = digits[Int(byte & 15)]
      end += 2
    }
    return end
  }
}

/// - Returns: nil unless `hex` is an even number of hexadecimal digits of either case.
public func hexadecimalBytes(_ hex: String) -> [UInt8]? {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(hex.utf8.count / 2)
  var high: UInt8?
  for character in hex.utf8 {
    guard let digit = hexadecimalDigit(character) else { return nil }
    if let first = high {
      bytes.append(first << 4 | digit)
      high = nil
    } else {
      high = digit
    }
  }
  return high == nil ? bytes : nil
}

func hexadecimalDigit(_ character: UInt8) -> UInt8? {
  switch character {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
  default: nil
  }
}
