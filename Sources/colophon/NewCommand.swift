import ArgumentParser
import Files
import Scaffold
import SiteBuilder

struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a new page from the archetype of its section.",
    discussion: """
      colophon new posts/my-title.md makes content/posts/my-title.md from archetypes/posts.md, else from archetypes/default.md, else from a \
      built-in one. A path that ends in a slash makes a bundle: a folder for the page and its pictures.
      """)

  @Argument(help: "The page's path below content/.")
  var path: String

  @Option(name: .long, help: "The site's folder.", completion: .directory)
  var site = "."

  @Option(name: .long, help: "The page's title (default: made of the file's name).")
  var title: String?

  @Flag(name: .long, help: "Make a folder with the page in it.")
  var bundle = false

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func run() async throws {
    try await reportingFailure(json: json, folder: site) {
      var request = PageRequest(path: path, date: rfc3339(try editionTime()))
      request.title = title
      request.isBundle = bundle
      request.languages = try languageCodes(ofSite: site)
      let page = try newPage(request, inSite: site)
      _ = try writeNew(page.files, to: site)
      Terminal.error.print(page.warnings, folder: site)
      let place = site == "." ? page.page.string : site + "/" + page.page.string
      if json { return try printJSON(NewJSON(page: place, warnings: page.warnings.map { DiagnosticJSON($0) })) }
      Terminal.output.print(place)
    }
  }
}

private struct NewJSON: Encodable {
  let page: String
  let warnings: [DiagnosticJSON]
}
