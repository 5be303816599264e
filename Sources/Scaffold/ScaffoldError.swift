/// Why nothing was made.
public enum ScaffoldError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Files that would be overwritten, relative to the site's folder; never empty.
  case exists([String])
  /// No configuration of Hugo, Zola or Jekyll is in the folder.
  case noGenerator(String)
  /// A path that no page can have.
  case wrongPath(String, reason: String)

  public var description: String {
    switch self {
    case .exists(let paths):
      let shown = paths.prefix(3).joined(separator: ", ")
      let more = paths.count > 3 ? " and \(paths.count - 3) more are" : paths.count == 1 ? " is" : " are"
      return "\(shown)\(more) there already, nothing was written"
    case .noGenerator(let folder):
      return "\(folder) holds no site of Hugo (hugo.toml, config.toml), Zola (config.toml) or Jekyll (_config.yml)"
    case .wrongPath(let path, let reason):
      return "\(path) cannot be a page: \(reason)"
    }
  }
}
