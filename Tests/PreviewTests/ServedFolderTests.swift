import Files
import Glibc
import TestSupport
import Testing

@testable import Preview

@Suite struct ServedFolderTests {
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let path = folder.path
    for (file, text) in [
      ("index.html", "home"), ("a/index.html", "a"), ("style.css", "css"), ("404.html", "none"),
      ("de/404.html", "nichts"),
      (".secret", "secret"), (".well-known/x.txt", "known"), ("b c.txt", "spaces"), ("p.html", "<body>p</body>"),
    ] {
      let parts = file.split(separator: "/").dropLast().joined(separator: "/")
      try makeFolder(path + "/public/" + parts)
      try writeFile(path + "/public/" + file, Array(text.utf8))
    }
    try writeFile(path + "/outside.txt", Array("outside".utf8))
    try #require(symlink(path + "/outside.txt", path + "/public/link.txt") == 0)
    return folder
  }

  private func told(_ found: ServedFolder.Found) -> String {
    switch found {
    case .file(let file, let type): "\(String(decoding: file.read(at: 0, file.size), as: UTF8.self)) as \(type)"
    case .moved(let to): "moved to \(to)"
    case .missing(let page, let base): "missing \(String(decoding: page ?? [], as: UTF8.self)) in \(base)"
    }
  }

  @Test func whatIsFound() throws {
    let folder = try folder()
    let served = ServedFolder(folder.path + "/public")
    for (url, expected) in [
      ("/", "home as text/html; charset=utf-8"), ("/a/", "a as text/html; charset=utf-8"), ("/a", "moved to /a/"),
      ("/a/index.html", "a as text/html; charset=utf-8"), ("/style.css", "css as text/css; charset=utf-8"),
      ("/b%20c.txt", "spaces as text/plain; charset=utf-8"),
      ("/.well-known/x.txt", "known as text/plain; charset=utf-8"),
      ("/none", "missing none in /"), ("/de/none/more", "missing nichts in /de/"),
      ("/de/none/", "missing nichts in /de/"), ("/de/", "missing nichts in /de/"), ("/fr/none/", "missing none in /"),
      ("/.secret", "missing none in /"),
      ("/link.txt", "missing none in /"), ("/../outside.txt", "missing none in /"),
      ("/%2e%2e/outside.txt", "missing none in /"),
      ("/a/../../outside.txt", "missing none in /"), ("//outside.txt", "missing none in /"),
      ("/a%00", "missing none in /"),
      ("/%ff", "missing none in /"), ("", "missing none in /"),
    ] { #expect(told(served.find(url)) == expected, "\(url)") }
  }
}
