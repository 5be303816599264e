import Files
import Testing

/// A secret that a writer puts into the site's configuration is refused, and nothing that is printed repeats it.
@Suite struct SecretTests {
  @Test(arguments: ["key", "api_key", "token", "password", "secret"])
  func secretsAreNotRepeated(_ key: String) async throws {
    let folder = try SiteFolder()
    try folder.write([
      SiteFile("content/_index.md", ""), SiteFile("site.yaml", "publish:\n  \(key): hunter2\n"),
    ])
    let built = try await SiteBuild(folder.site, workers: 1)
    #expect(built.diagnostics.contains { $0.id == "secret-in-configuration" })
    #expect(!built.printedDiagnostics.contains("hunter2"))
    #expect(!built.diagnostics.contains { $0.sourceLine?.contains("hunter2") == true })
  }
}
