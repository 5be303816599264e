import CVips

/// libvips, where the machine has it. Safe to use from any number of threads; each call takes one.
public struct ImageLibrary: Sendable {
  /// As in "8.14.1": other versions may make other bytes.
  public let version: String

  /// The library, or why there is none: "libvips.so.42 is not on this machine". Loaded when first asked for.
  public static let shared: Result<ImageLibrary, ImageError> = {
    guard colophon_vips_open() == 0 else { return .failure(ImageError(String(cString: colophon_vips_reason()))) }
    let parts = (0...2).map { String(colophon_vips_version(Int32($0))) }
    return .success(ImageLibrary(version: parts.joined(separator: ".")))
  }()

  /// Whether the library was built with an encoder for the format.
  public func canWrite(_ format: ImageOperation.Format) -> Bool {
    colophon_vips_can_write("." + format.fileExtension) != 0
  }

  /// Makes a picture of a picture: upright, in sRGB, without metadata.
  ///
  /// - Parameter refusesDamage: whether a file that ends too early is an error; otherwise what is missing is grey, as browsers show it.
  /// - Throws: `ImageError` where the bytes are no picture that the library reads.
  public func resize(
    _ bytes: [UInt8], _ operation: ImageOperation, refusesDamage: Bool
  ) throws(ImageError) -> [UInt8] {
    var plan = colophon_vips_operation()
    plan.width = Int32(clamping: operation.scaledWidth)
    plan.height = Int32(clamping: operation.scaledHeight)
    if let crop = operation.crop {
      plan.crop_left = Int32(clamping: crop.left)
      plan.crop_top = Int32(clamping: crop.top)
      plan.crop_width = Int32(clamping: crop.width)
      plan.crop_height = Int32(clamping: crop.height)
    }
    plan.refuses_damage = refusesDamage ? 1 : 0
    var size = 0
    let result = bytes.withUnsafeBytes {
      colophon_vips_resize($0.baseAddress, $0.count, &plan, operation.options, &size)
    }
    return try Self.taken(result, size)
  }

  /// Bytes that C allocated, as an array.
  static func taken(_ pointer: UnsafeMutableRawPointer?, _ size: Int) throws(ImageError) -> [UInt8] {
    guard let pointer else { throw ImageError(String(cString: colophon_vips_reason())) }
    defer { colophon_vips_free(pointer) }
    return Array(UnsafeRawBufferPointer(start: pointer, count: size))
  }
}

/// Why there is no picture, in libvips' words; where several fail at a time, they may be another's.
public struct ImageError: Error, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
