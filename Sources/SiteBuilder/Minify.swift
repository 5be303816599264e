import Files
import Minification

/// What `minify` of the configuration says: which files are written without what nobody sees.
public struct MinifySettings: Sendable {
  public var html = false
  public var css = false
  public var js = false

  /// `minify: true`, or a list of `html`, `css` and `js`.
  mutating func read(_ datum: Datum, _ reader: inout KeyReader) {
    if case .bool(let all) = datum.value {
      (html, css, js) = (all, all, all)
      return
    }
    let hint = "minify: true, or minify: [html, css, js]"
    guard case .list(let items) = datum.value else {
      reader.report(
        at: datum.place, "minify is true, false or a list, not \(datum.text ?? datum.kind)", hint: hint)
      return
    }
    for item in items {
      switch item.text {
      case "html": html = true
      case "css": css = true
      case "js": js = true
      default: reader.report(at: item.place, "\(item.text ?? item.kind) cannot be minified", hint: hint)
      }
    }
  }

  /// Whether the file's bytes are not written as they are.
  func applies(to path: TreePath) -> Bool {
    // Somebody has done it already, and perhaps better.
    if path.stem.hasSuffix(".min") { return false }
    return switch path.fileExtension.lowercased() {
    case "css": css
    case "js", "mjs": js
    case "html", "htm": html
    default: false
    }
  }

  /// The file's bytes as they are written.
  func minified(_ bytes: [UInt8], at path: TreePath) -> [UInt8] {
    guard applies(to: path) else { return bytes }
    return switch path.fileExtension.lowercased() {
    case "css": minifyCSS(bytes)
    case "js", "mjs": minifyScript(bytes)
    default: minifyHTML(bytes, HTMLMinification(styles: css, scripts: js))
    }
  }
}
