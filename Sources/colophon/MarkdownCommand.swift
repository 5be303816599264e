import ArgumentParser
import Files
import Glibc
import Markdown

struct MarkdownCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "markdown",
    abstract: "Print what a Markdown file renders to.",
    discussion: "Reads standard input where no file is given. Front matter is not looked for; links are not resolved.")

  @Argument(help: "A Markdown file.", completion: .file(extensions: ["md", "markdown"]))
  var file: String?

  @Option(name: .long, help: "What to understand: site (all extensions), gfm, or commonmark.")
  var flavor = "site"

  @Flag(name: .long, help: "Leave out raw HTML and URLs that run scripts.")
  var safe = false

  func run() async throws {
    try await reportingFailure(json: false) {
      let flavors: [String: MarkdownOptions] = ["site": .site, "gfm": .gfm, "commonmark": .commonMark]
      guard var options = flavors[flavor] else {
        throw UsageError(
          message: "\(flavor) is no flavor of Markdown",
          hint: "flavors: \(flavors.keys.sorted().joined(separator: ", "))")
      }
      options.rawHTML = !safe
      let bytes = try readFile(file ?? "/dev/stdin")
      Terminal.output.print(
        String(decoding: renderMarkdown(bytes, options: options).html, as: UTF8.self), terminator: "")
    }
  }
}
