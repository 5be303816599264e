import Files
import Images
import Templates

/// Filters that look at images, or make smaller ones.
let imageFilters: [String: TemplateFunction] = [
  "image_size": { call, arguments in try ImageArgument(call, arguments, of: "image_size").described() },
  "resize": { call, arguments in try resized(call, arguments) },
]

/// `image | resize(width, height, mode, focus, format, quality)`: `url`, `width` and `height` of a picture that is made of the image.
///
/// What cannot be scaled, a drawing or a film for one, is described as it is; so is everything where there is no libvips.
private func resized(_ call: TemplateCall, _ arguments: borrowing Arguments) throws -> Value {
  let image = try ImageArgument(call, arguments, of: "resize")
  let width = try side(arguments, 1, "width")
  let height = try side(arguments, 2, "height")
  let mode = try choice(arguments, 3, "mode", ImageOperation.Mode.allCases) ?? .fit
  let focus = try choice(arguments, 4, "focus", ImageOperation.Focus.allCases) ?? .center
  let wanted = try choice(arguments, 5, "format", ImageOperation.Format.allCases)
  let quality = try arguments.int(6, "quality")
  if let quality, quality < 1 || quality > 100 { throw TemplateError("quality is from 1 to 100, not \(quality)") }
  for (name, _) in arguments.named where !argumentNames.contains(name) {
    throw TemplateError("\(name) is no argument of resize", hint: "arguments: \(argumentNames.joined(separator: ", "))")
  }
  let images = image.site.images
  guard let info = image.info else {
    if image.site.isNoPicture(at: image.output) {
      throw TemplateError(
        "\(image.file.path) is no picture, whatever its name says", hint: "export it again, or replace it")
    }
    return image.described()
  }
  if info.pixels > ImageSettings.mostPixels {
    throw TemplateError(
      "\(image.file.path) has \(info.width) × \(info.height) pixels, more than \(ImageSettings.mostPixels / 1_000_000) million",
      hint: "make it smaller before it goes into the site")
  }
  let format = wanted ?? images.settings.format ?? ImageOperation.Format(info.format)
  guard SiteImages.canScale(info), let format, let library = images.library, library.canWrite(format) else {
    return image.described()
  }
  let operation = ImageOperation(
    info, width: width, height: height, mode: mode, focus: focus, format: format,
    quality: quality ?? images.settings.quality)
  guard let variant = images.variant(of: image.file, at: image.output, operation) else { return image.described() }
  return image.described(at: variant.output, operation.width, operation.height)
}

private let argumentNames = ["width", "height", "mode", "focus", "format", "quality"]

private func side(_ arguments: borrowing Arguments, _ index: Int, _ name: String) throws -> Int? {
  guard let side = try arguments.int(index, name) else { return nil }
  guard (1...ImageSettings.longestSide).contains(side) else {
    throw TemplateError("\(name) is from 1 to \(ImageSettings.longestSide) pixels, not \(side)")
  }
  return side
}

private func choice<Choice: RawRepresentable<String>>(
  _ arguments: borrowing Arguments, _ index: Int, _ name: String, _ all: [Choice]
) throws -> Choice? {
  guard let text = try arguments.string(index, name) else { return nil }
  if let choice = Choice(rawValue: text) { return choice }
  throw TemplateError(
    "\(text) is no \(name) of resize", hint: "known: \(all.map(\.rawValue).joined(separator: ", "))")
}

/// The image that a filter stands behind: a URL, or a value with a `url`, as `page.cover`.
private struct ImageArgument {
  let site: Site
  let file: Inventory.File
  let output: TreePath
  /// Nil for what is no image.
  let info: ImageInfo?
  private let alternative: Value?

  init(_ call: TemplateCall, _ arguments: borrowing Arguments, of filter: String) throws {
    guard case .object(let object) = call.variable("page"), let page = PageObject.behind(object) else {
      throw TemplateError("\(filter) works where there is a page")
    }
    let (url, alternative) = try Self.url(arguments[0], filter)
    site = page.objects.site
    let target =
      if let source = page.page.source {
        site.target(of: url, writtenIn: source.file.path, shownAt: page.page.output)
      } else {
        site.target(of: url, shownAt: page.page.output)
      }
    let onlyOwn = "\(filter) takes images of the site, \(url) is none"
    switch target {
    case .elsewhere: throw TemplateError(onlyOwn, hint: "copy it into the site")
    case .refused(_, let message, let hint): throw TemplateError(message, hint: hint)
    case .output(let path, _):
      guard let file = site.imageFile(at: path) else { throw TemplateError(onlyOwn) }
      self.file = file
      output = path
    }
    info = site.images.info(of: file)
    self.alternative = alternative
  }

  private static func url(_ value: Value, _ filter: String) throws -> (String, alternative: Value?) {
    func member(_ name: String) -> Value? {
      switch value {
      case .map(let map): map[name]
      case .object(let object): object.member(name)
      default: nil
      }
    }
    switch member("url") ?? value {
    case .string(let url), .safe(let url): return (url, member("alt"))
    default:
      throw TemplateError(
        "\(filter) takes the URL of an image", hint: "\"photo.jpg\" | \(filter), page.cover | \(filter)")
    }
  }

  /// `url`, `width`, `height`, and `alt` where the image came with one.
  func described() -> Value { described(at: output, info?.width, info?.height) }

  func described(at path: TreePath, _ width: Int?, _ height: Int?) -> Value {
    var map: ValueMap = ["url": .string("/" + path.urlEncoded)]
    if let width, let height {
      map["width"] = .int(width)
      map["height"] = .int(height)
    }
    if let alternative { map["alt"] = alternative }
    return .map(map)
  }
}
