import Files

/// Which files are part of a Jekyll site (https://jekyllrb.com/docs/configuration/options/#global-configuration): `include` brings back what
/// `exclude`, a name with `_`, or Jekyll itself leaves out.
struct JekyllFilter {
  private let includes: [ArraySlice<UInt8>]
  private let excludes: [String]

  init(_ config: Setting) {
    func patterns(_ key: String) -> [String] {
      (config[key]?.texts ?? []).map { $0.pathParts.joined(separator: "/") }
    }
    includes = patterns("include").map { Array($0.utf8)[...] }
    // There, two stars are no more than one.
    excludes = Self.leftOut + patterns("exclude").map { replaced("**", by: "*", in: $0) }
  }

  private static let leftOut = [
    "Gemfile", "Gemfile.lock", "node_modules", "vendor/bundle", "vendor/cache", "vendor/gems", "vendor/ruby", "_site",
  ]

  /// Whether `include` names a file or folder, by its path or its name.
  func isIncluded(_ parts: ArraySlice<String>) -> Bool {
    guard !includes.isEmpty else { return false }
    let path = Array(parts.joined(separator: "/").utf8)[...]
    let name = Array((parts.last ?? "").utf8)[...]
    return includes.contains { matches(path, glob: $0) || matches(name, glob: $0) }
  }

  /// Whether a path has a part with `_` that nothing includes.
  func isHidden(_ path: String) -> Bool {
    let parts = path.pathParts.map(String.init)
    return parts.indices.contains { parts[$0].hasPrefix("_") && !isIncluded(parts[...$0]) }
  }

  func isExcluded(_ path: String) -> Bool {
    if isIncluded(path.pathParts.prefix(1).map(String.init)[...]) { return false }
    return excludes.contains { pattern in
      path == pattern || path.hasPrefix(pattern + "/") || pattern.contains("*") && isCovered(path, by: pattern)
    }
  }
}
