// colophon: the door. Parses arguments, calls one machine, prints, exits.
// Imports: the rooms that `Sources/README.md` lists for it. Knows the terminal, the environment, the clock and git, so that no other room has to.
// Entry: `Colophon`, one subcommand a file.
// Promises: results on standard output, everything else on standard error; exit codes of `ExitStatus`; no secret in either.
// Tests: `Tests/EndToEndTests` run the binary as a person runs it.
import ArgumentParser
import CLinux
import Files
import SiteBuilder

@main
struct Colophon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "colophon",
    abstract: "Turns a folder of Markdown into a web site, and publishes it by content hash.",
    discussion: """
      A site is a folder with content/ in it; everything else is optional.

        colophon init my-site       make a site to write in, or move one in (--from)
        colophon build my-site      build it into my-site/public
        colophon check my-site      say what is wrong with it, dead links included
        colophon serve my-site      show it in a browser while it is written
        colophon publish my-site    build and publish it: to dStor or the local node
        colophon node               serve what was published on this machine
        colophon history my-site    list what was published from it

      Exit codes: 0 fine, 1 the site has errors, 2 the network, the disk or the server said no, 3 a hash is not what it should be, 64 wrong usage.
      """,
    version: colophonVersion,
    subcommands: [
      InitCommand.self, NewCommand.self, BuildCommand.self, ServeCommand.self, CheckCommand.self, PublishCommand.self,
      NodeCommand.self,
      StatusCommand.self, HistoryCommand.self, DiffCommand.self, VerifyCommand.self, RollbackCommand.self,
      ExportCommand.self, ImportCommand.self, RestoreCommand.self, UnpinCommand.self,
      DNSLinkCommand.self, CIDCommand.self, MarkdownCommand.self, SchemaCommand.self,
    ])

  static func main() async {
    // Else each large table that is freed raises the limit, and holes of many megabytes stay between what is still needed.
    _ = mallopt(COLOPHON_M_MMAP_THRESHOLD, 1 << 20)
    // Else the heap of each thread grows a few pages at a time, a call of the system for each.
    _ = mallopt(COLOPHON_M_TOP_PAD, 4 << 20)
    if let error = usageError() {
      // Whoever reads JSON gets it for every error.
      if CommandLine.arguments.contains("--json") {
        try? printJSON(["error": Failure(message: message(for: error), status: .usage)])
      }
      exit(withError: error)
    }
    await main(nil)
  }

  /// What is wrong with the arguments, before a command runs.
  private static func usageError() -> (any Error)? {
    if let error = unknownCommand() { return error }
    do {
      _ = try parseAsRoot()
      return nil
    } catch {
      // Help and the version come this way too.
      return exitCode(for: error).rawValue == ExitStatus.usage.rawValue ? error : nil
    }
  }

  /// The parser says of such a word only that it did not expect it.
  private static func unknownCommand() -> ValidationError? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), word != "help",
      !names.contains(word), let near = suggestion(for: word, among: names)
    else { return nil }
    return ValidationError("\(word) is no command. Did you mean \(near)?")
  }
}

/// What a script can tell from how the program ended.
enum ExitStatus: Int32 {
  case siteHasErrors = 1
  case worldFailed = 2
  case verificationFailed = 3
  case usage = 64
}
