/// What to make of a picture.
public struct ImageOperation: Sendable, Hashable {
  /// The format written: WebP, AVIF, JPEG or PNG.
  public enum Format: String, Sendable, CaseIterable {
    case webp, avif, jpeg, png

    public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }
  }

  /// The size that the whole picture is scaled to, in pixels.
  public let scaledWidth: Int
  public let scaledHeight: Int
  /// What is cut out of it then; nil keeps all.
  public let crop: Crop?
  public let format: Format
  /// 1 to 100; PNG has none.
  public let quality: Int

  public struct Crop: Sendable, Hashable {
    public let left: Int
    public let top: Int
    public let width: Int
    public let height: Int

    public init(left: Int, top: Int, width: Int, height: Int) {
      self.left = left
      self.top = top
      self.width = width
      self.height = height
    }
  }

  /// What is known already, written down and read again.
  public init(scaledWidth: Int, scaledHeight: Int, crop: Crop?, format: Format, quality: Int) {
    self.scaledWidth = scaledWidth
    self.scaledHeight = scaledHeight
    self.crop = crop
    self.format = format
    self.quality = quality
  }

  /// Of the result.
  public var width: Int { crop?.width ?? scaledWidth }
  public var height: Int { crop?.height ?? scaledHeight }

  /// How a picture takes the room that it is given.
  public enum Mode: String, Sendable, CaseIterable {
    /// Whole, as large as the room allows, never larger than it is.
    case fit
    /// The room is filled, and what is left over at two sides is cut off.
    case fill
    /// Not scaled: the room is cut out of it.
    case crop
  }

  /// The part of a picture that stays where some is cut off.
  public enum Focus: String, Sendable, CaseIterable {
    case center, top, bottom, left, right
  }

  /// - Parameters:
  ///   - picture: what is there.
  ///   - width: of the room, at least 1; nil follows from the height and the picture's shape.
  ///   - height: as `width`. Where both are nil, the picture keeps its size.
  public init(
    _ picture: ImageInfo, width: Int?, height: Int?, mode: Mode = .fit, focus: Focus = .center, format: Format,
    quality: Int
  ) {
    let room = Self.room(picture, width, height)
    self.format = format
    self.quality = quality
    switch mode {
    case .fit:
      // What is nearer to its limit decides; compared without division, and never scaled up.
      let byWidth = height == nil || (width != nil && room.width * picture.height <= room.height * picture.width)
      let fitting = byWidth ? min(room.width, picture.width) : min(room.height, picture.height)
      scaledWidth = byWidth ? fitting : Self.scaled(picture.width, fitting, picture.height)
      scaledHeight = byWidth ? Self.scaled(picture.height, fitting, picture.width) : fitting
      crop = nil
    case .fill:
      let byWidth = room.width * picture.height >= room.height * picture.width
      scaledWidth = byWidth ? room.width : max(room.width, Self.scaled(picture.width, room.height, picture.height))
      scaledHeight = byWidth ? max(room.height, Self.scaled(picture.height, room.width, picture.width)) : room.height
      crop = Self.cut(room, from: (scaledWidth, scaledHeight), focus)
    case .crop:
      scaledWidth = picture.width
      scaledHeight = picture.height
      crop = Self.cut(
        (min(room.width, picture.width), min(room.height, picture.height)), from: (scaledWidth, scaledHeight), focus)
    }
  }

  private static func room(_ picture: ImageInfo, _ width: Int?, _ height: Int?) -> (width: Int, height: Int) {
    switch (width, height) {
    case (let width?, let height?): (width, height)
    case (let width?, nil): (width, scaled(picture.height, width, picture.width))
    case (nil, let height?): (scaled(picture.width, height, picture.height), height)
    case (nil, nil): (picture.width, picture.height)
    }
  }

  /// `length` × `new` / `old`, rounded, at least 1.
  private static func scaled(_ length: Int, _ new: Int, _ old: Int) -> Int { max(1, (length * new + old / 2) / old) }

  private static func cut(
    _ room: (width: Int, height: Int), from whole: (width: Int, height: Int), _ focus: Focus
  ) -> Crop? {
    if room == whole { return nil }
    let left = whole.width - room.width
    let top = whole.height - room.height
    return switch focus {
    case .center: Crop(left: left / 2, top: top / 2, width: room.width, height: room.height)
    case .top: Crop(left: left / 2, top: 0, width: room.width, height: room.height)
    case .bottom: Crop(left: left / 2, top: top, width: room.width, height: room.height)
    case .left: Crop(left: 0, top: top / 2, width: room.width, height: room.height)
    case .right: Crop(left: left, top: top / 2, width: room.width, height: room.height)
    }
  }

  /// All that decides the result beside the picture and the library, as text: part of a cache's key.
  public var fingerprint: String {
    let cut = crop.map { "+\($0.left)+\($0.top)+\($0.width)x\($0.height)" } ?? ""
    return "\(scaledWidth)x\(scaledHeight)\(cut) \(options)"
  }

  /// As libvips names a format and how it is written: metadata is left out, all else is said, so that no default of a version decides.
  var options: String {
    switch format {
    case .webp: ".webp[Q=\(quality),effort=4,smart_subsample=true,strip=true]"
    case .avif: ".avif[Q=\(quality),effort=4,compression=av1,strip=true]"
    // What is transparent becomes white.
    case .jpeg: ".jpg[Q=\(quality),optimize_coding=true,interlace=true,background=255,strip=true]"
    case .png: ".png[compression=9,strip=true]"
    }
  }
}
