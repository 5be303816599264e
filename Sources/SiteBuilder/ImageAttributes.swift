import Files
import HTML
import Images

/// Attributes that images get where their writer gave none: they know their size, so that a page does not jump while it loads, and come in
/// several widths where the configuration says so.
extension Site {
  /// The file that an image of the output is copied from; nil for what is no asset.
  func imageFile(at output: TreePath) -> Inventory.File? {
    if case .asset(let file)? = self.output(at: output) { file } else { nil }
  }

  /// What is known of the image at `output`: of a file of the site, or of a picture that is to be made.
  func imageInfo(at output: TreePath) -> ImageInfo? {
    if let file = imageFile(at: output) { return images.info(of: file) }
    guard let operation = images.variant(at: output)?.operation else { return nil }
    return ImageFormat(rawValue: operation.format.rawValue).map { ImageInfo($0, operation.width, operation.height) }
  }

  /// Whether the file at `output`, of which nothing is known, is named as those are whose heads say what they are.
  func isNoPicture(at output: TreePath) -> Bool {
    imageFile(at: output) != nil
      && ["png", "jpg", "jpeg", "gif", "webp", "avif"].contains(output.fileExtension.lowercased())
  }

  /// ` width="320" height="240"`; where one of the two is given, the other in proportion.
  func sizeAttributes(_ tag: ImageTag, _ info: ImageInfo) -> String {
    switch (tag.attributes.contains(.width), tag.attributes.contains(.height)) {
    case (false, false): return " width=\"\(info.width)\" height=\"\(info.height)\""
    case (true, false):
      guard let width = tag.width else { return "" }
      return " height=\"\(max(1, (info.height * width + info.width / 2) / info.width))\""
    case (false, true):
      guard let height = tag.height else { return "" }
      return " width=\"\(max(1, (info.width * height + info.height / 2) / info.height))\""
    case (true, true): return ""
    }
  }

  /// The pictures of `srcset`, each with its width; empty where the image is shown as it is.
  ///
  /// - Parameter shown: how wide the page says it is, in pixels.
  func responsiveImages(
    of file: Inventory.File, at output: TreePath, _ info: ImageInfo, shown: Int?
  ) -> [(path: TreePath, width: Int)] {
    let settings = images.settings
    guard settings.responsive, SiteImages.canScale(info), let library = images.library else { return [] }
    let format = settings.format ?? ImageOperation.Format(info.format)
    guard let format, library.canWrite(format) else { return [] }
    var pictures: [(path: TreePath, width: Int)] = []
    for width in Self.widths(of: info, shown: shown, settings) {
      if width == info.width, info.format.rawValue == format.rawValue {
        pictures.append((output, width))
        continue
      }
      let operation = ImageOperation(info, width: width, height: nil, format: format, quality: settings.quality)
      guard let variant = images.variant(of: file, at: output, operation) else { return [] }
      pictures.append((variant.output, width))
    }
    return pictures
  }

  /// Those of the configuration that are smaller than the picture, and its own width, where that is not much more; for a picture that is
  /// shown smaller than it is, that width and twice as much, for dense screens.
  static func widths(of info: ImageInfo, shown: Int?, _ settings: ImageSettings) -> [Int] {
    if let shown, shown < info.width { return shown * 2 < info.width ? [shown, shown * 2] : [shown, info.width] }
    guard let smallest = settings.widths.first, let largest = settings.widths.last, info.width > smallest else {
      return []
    }
    if info.width > largest { return settings.widths }
    return settings.widths.filter { $0 * 10 <= info.width * 9 } + [info.width]
  }

  /// ` srcset="…" sizes="…"`, with URLs as the page at `path` writes them.
  func responsiveAttributes(
    _ pictures: [(path: TreePath, width: Int)], _ tag: ImageTag, _ info: ImageInfo, shownAt path: TreePath
  ) -> String {
    guard !pictures.isEmpty else { return "" }
    let candidates = pictures.map { picture, width in
      let url = "/" + picture.urlEncoded
      return "\(reference(to: url, from: path) ?? url) \(width)w"
    }
    var attributes = " srcset=\"\(candidates.joined(separator: ", "))\""
    if !tag.attributes.contains(.sizes) {
      var sizes = images.settings.sizes
      if let shown = tag.width, shown < info.width { sizes = "(max-width: \(shown)px) 100vw, \(shown)px" }
      attributes += " sizes=\"\(escapedAttribute(sizes))\""
    }
    return attributes
  }
}

extension ImageOperation.Format {
  /// The format that a picture has itself; nil where none is written in it.
  init?(_ format: ImageFormat) { self.init(rawValue: format.rawValue) }
}
