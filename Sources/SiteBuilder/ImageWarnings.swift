import Files
import Images

extension Appearance {
  /// Tells, once, where pictures are wanted and nothing can make them. It follows from configuration, templates and machine alone.
  func imageWarnings(_ configuration: Configuration) -> [Diagnostic] {
    let settings = configuration.images
    guard settings.responsive || mayResize else { return [] }
    func warning(_ message: String, hint: String) -> [Diagnostic] {
      let place = SourceLocation(
        path: configuration.path ?? "templates", line: Int(settings.place.line), column: Int(settings.place.column))
      return [
        Diagnostic(
          .warning, id: "no-image-library", message, at: place,
          sourceLine: configuration.source?.line(Int(settings.place.line)), hint: hint)
      ]
    }
    let missing =
      "install libvips (apt-get install libvips42)" + (settings.responsive ? ", or remove images.responsive" : "")
    guard settings.mayUseLibrary else { return warning("images stay as they are, libvips is not used", hint: missing) }
    switch ImageLibrary.shared {
    case .failure(let error): return warning("images stay as they are, \(error)", hint: missing)
    case .success(let library):
      guard let format = settings.format, !library.canWrite(format) else { return [] }
      return warning(
        "images stay as they are, libvips \(library.version) writes no \(format.rawValue)", hint: "format: webp")
    }
  }

  /// Whether a template may ask for smaller pictures.
  var mayResize: Bool { sources.contains { Self.mayResize($0.bytes) } }

  /// As in `| resize(20)`, `|resize`, `map("resize", 20)`: a property of style sheets is called so too.
  static func mayResize(_ template: [UInt8]) -> Bool {
    let name = Array("resize".utf8)
    var position = 0
    while let start = find(name, in: template, from: position) {
      position = start + name.count
      if template[position...].first(where: { $0 != 0x20 }) == UInt8(ascii: "(") { return true }
      let before = template[..<start].last { $0 != 0x20 && $0 != 0x0A }
      if before == UInt8(ascii: "|") || before == UInt8(ascii: "\"") || before == UInt8(ascii: "'") { return true }
    }
    return false
  }
}
