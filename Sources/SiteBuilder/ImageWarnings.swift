import Files
import Images

extension Appearance {
  /// Tells, once, where pictures are wanted and nothing can make them. It follows from configuration, templates and machine alone.
  func imageWarnings(_ configuration: Configuration) -> [Diagnostic] {
    let settings = configuration.images
    guard settings.responsive || sources.contains(where: { Self.mayResize($0.bytes) }) else { return [] }
    func warning(_ message: String, hint: String) -> [Diagnostic] {
      let place = SourceLocation(
        path: configuration.path ?? "templates", line: Int(settings.place.line), column: Int(settings.place.column))
      return [
        Diagnostic(
          .warning, id: "no-image-library", message, at: place,
          sourceLine: configuration.source?.line(Int(settings.place.line)), hint: hint)
      ]
    }
    let missing = "install libvips (apt-get install libvips42), or remove images.responsive"
    guard settings.mayUseLibrary else { return warning("images stay as they are, libvips is not used", hint: missing) }
    switch ImageLibrary.shared {
    case .failure(let error): return warning("images stay as they are, \(error)", hint: missing)
    case .success(let library):
      guard let format = settings.format, !library.canWrite(format) else { return [] }
      return warning(
        "images stay as they are, libvips \(library.version) writes no \(format.rawValue)", hint: "format: webp")
    }
  }

  private static func mayResize(_ template: [UInt8]) -> Bool {
    find(Array("resize(".utf8), in: template, from: 0) != nil
  }
}
