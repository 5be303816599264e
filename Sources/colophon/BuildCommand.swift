import ArgumentParser
import Files
import Glibc
import SiteBuilder

struct SiteArgument: ParsableArguments {
  @Argument(help: "The site's folder.", completion: .directory)
  var site = "."
}

struct BuildFlags: ParsableArguments {
  @Flag(name: .long, help: "Build pages with `draft: true` too.")
  var drafts = false

  @Flag(name: .long, help: "Build pages that are dated in the future too.")
  var future = false

  @Flag(name: .long, help: "Build pages that have expired too.")
  var expired = false

  @Flag(name: .long, help: "Treat warnings as errors, and pages that no link leads to.")
  var strict = false

  @Option(name: .long, help: "How many files to work on at a time (default: the number of processors).")
  var jobs: Int?

  func options(_ site: String, output: String?) throws -> BuildOptions {
    var options = BuildOptions(folder: site, output: output, workers: workers)
    options.secondsSince1970 = try editionTime()
    options.includesFuture = future
    options.includesExpired = expired
    options.includesDrafts = drafts
    options.isStrict = strict
    options.program = thisProgram
    return options
  }

  var workers: Int { max(1, jobs ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1.") }
  }
}

struct BuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build a site into a local folder.",
    discussion: """
      Renders content/**/*.md through the theme (or the site's own templates/) into public/, copies assets, and checks every link. \
      The folder works wherever it is put: every internal URL is relative. A build with errors leaves the folder as it was.

      A later build makes anew what a change touches, and writes no file whose bytes stay the same. What it goes on from is in \
      .colophon/; to remove that costs time and nothing else.
      """)

  @OptionGroup var site: SiteArgument

  @Option(
    name: [.short, .long], help: "The output folder (default: public in the site's folder).", completion: .directory)
  var output: String?

  @OptionGroup var flags: BuildFlags

  @OptionGroup var timings: TimingsFlags

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let clock = ContinuousClock()
      let start = clock.now
      let report = try await timings.measuring {
        try await Progress.showingPictures(folder: site.site) {
          try await build(try flags.options(site.site, output: output))
        }
      }
      Terminal.error.print(report.warnings, folder: site.site)
      if json {
        try printJSON(BuildJSON(report))
      } else {
        let terminal = Terminal.output
        let seconds = Double((clock.now - start) / .milliseconds(1)) / 1000
        let time = String(Int(seconds * 1000)) + " ms"
        let warnings = report.warnings.isEmpty ? "" : ", " + counted(report.warnings.count, "warning")
        let files = report.pages.count + report.otherFiles
        let changed =
          switch report.changedFiles {
          case 0: ", nothing changed"
          case files...: ""
          default: ", " + counted(report.changedFiles, "file") + " changed"
          }
        terminal.print(
          "\(terminal.styled("Built", .bold, .green)) \(counted(report.pages.count, "page")) and "
            + "\(counted(report.otherFiles, "other file")) (\(byteCount(report.bytes))) in \(time)\(changed)\(warnings)"
        )
        terminal.print("  " + shortened(report.output))
      }
    }
  }
}

private struct BuildJSON: Encodable {
  let output: String
  let pages: Int
  let otherFiles: Int
  let bytes: Int
  let changedFiles: Int
  let warnings: [DiagnosticJSON]

  init(_ report: BuildReport) {
    output = report.output
    pages = report.pages.count
    otherFiles = report.otherFiles
    bytes = report.bytes
    changedFiles = report.changedFiles
    warnings = report.warnings.map { DiagnosticJSON($0) }
  }
}

/// Tells this build of the program from any other: its file on disk.
private let thisProgram: String = {
  guard let stamp = fileStamp("/proc/self/exe") else { return "" }
  return "\(stamp.size) \(stamp.modified)"
}()

/// `1.4 MB`; decimal units, as disks and networks are sold.
func byteCount(_ bytes: Int) -> String {
  var value = Double(bytes)
  for unit in ["bytes", "kB", "MB", "GB"] {
    if value < 1000 || unit == "GB" {
      let text = unit == "bytes" || value >= 100 ? String(Int(value.rounded())) : String((value * 10).rounded() / 10)
      return "\(text) \(unit)"
    }
    value /= 1000
  }
  preconditionFailure("bug: the last unit takes every size")
}

/// A path as it is seen from the current folder, where it lies in it.
func shortened(_ path: String) -> String {
  guard let here = realPath("."), path.hasPrefix(here + "/") else { return path }
  return String(path.dropFirst(here.count + 1))
}
