import ArgumentParser
import Files
import Glibc
import Preview
import SiteBuilder

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show a site while it is written: build on every save, and load the page anew.",
    discussion: """
      Builds the site, serves it to the browsers of this machine, and watches its folder. What a save changes is built at once, and every page \
      that is open shows it. Where the site has errors, the terminal and the page tell them, and the last build without errors stays.

        colophon serve                   the site in this folder
        colophon serve my-site --drafts  with what is not finished yet
        colophon serve --open            and a browser with it

      The preview lies in .colophon/preview: public/ is written by `colophon build` alone. Stop with Ctrl-C.
      """)

  @OptionGroup var site: SiteArgument

  @OptionGroup var flags: BuildFlags

  @Option(name: .long, help: "The port to listen on; 0 takes a free one.")
  var port = 8421

  @Flag(name: .long, help: "Open the site in the browser.")
  var open = false

  @Flag(
    name: .long, help: "Print one JSON object with the address once it listens, and one for each build, a line each.")
  var json = false

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port is from 0 to 65535.") }
  }

  func run() async throws {
    try await reportingFailure(json: json, onOneLine: true, folder: site.site) {
      var options = try flags.options(site.site, output: nil)
      options.isPreview = true
      let live = try LiveSite(options)
      let server = PreviewServer(folder: live.output, port: port)
      let writing = Writing(live, server, folder: site.site, json: json)
      let watch = try FolderWatch(realPath(site.site) ?? site.site, below: LiveSite.folders)
      try await writing.build()
      try await untilStopped { [open, json] in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            try await server.run { url in
              tell(url, json: json)
              if open { openInBrowser(url + "/") }
            }
          }
          group.addTask { try await writing.follow(watch) }
          try await group.next()
          group.cancelAll()
        }
      }
      await live.close()
    }
  }
}

private func tell(_ url: String, json: Bool) {
  if json { return (try? printLine(["url": url])) ?? () }
  let terminal = Terminal.output
  terminal.print("\(terminal.styled("Serving", .bold, .green)) \(url)/")
  terminal.print("  Stop with Ctrl-C")
}

/// The builds of one `serve`, and who is told of them.
private actor Writing {
  private let live: LiveSite
  private let server: PreviewServer
  private let folder: String
  private let json: Bool
  private var state = PreviewState()
  /// Whether there was a site once.
  private var hasBegun = false

  init(_ live: LiveSite, _ server: PreviewServer, folder: String, json: Bool) {
    self.live = live
    self.server = server
    self.folder = folder
    self.json = json
  }

  /// Builds after every change, until the task is cancelled. What is being built when the next change comes is given up.
  func follow(_ watch: FolderWatch) async throws {
    var seen = 0
    while await change(in: watch, after: seen) {
      try await watch.settle()
      seen = watch.count
      let changes = watch.takeChanges()
      try await withThrowingTaskGroup(of: Void.self) { [seen] group in
        group.addTask { try await self.build(changes) }
        group.addTask { _ = await watch.next(after: seen) }
        try await group.next()
        group.cancelAll()
        try await group.waitForAll()
      }
    }
  }

  /// Waits until a file changes, or the clock brings a page in or out.
  ///
  /// - Returns: false where the task was cancelled.
  private func change(in watch: FolderWatch, after count: Int) async -> Bool {
    // A time that is given stands still.
    guard environment("SOURCE_DATE_EPOCH") == nil, let now = try? editionTime(),
      let next = await live.nextChange(after: now)
    else {
      return await watch.next(after: count) != nil
    }
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask { await watch.next(after: count) != nil }
      group.addTask { (try? await Task.sleep(for: .seconds(next - now))) != nil }
      let changed = await group.next() ?? false
      group.cancelAll()
      return changed
    }
  }

  /// - Parameter changes: what may have changed since the last time; nil where it may be anything.
  /// - Throws: what ends a `serve` before it has begun: the folder is no site, the disk says no.
  func build(_ changes: Set<String>? = nil) async throws {
    let clock = ContinuousClock()
    let start = clock.now
    do {
      let (report, changed) = try await Progress.showingPictures(folder: folder) {
        try await onceFree { try await self.live.build(now: try editionTime(), changes: changes) }
      }
      show(changed, problems: nil)
      hasBegun = true
      if !json { Terminal.error.print(report.warnings, folder: folder) }
      try tell(report, changed, Int((clock.now - start) / .milliseconds(1)))
    } catch is CancellationError {
      return
    } catch let error where endsNothing(error) {
      hasBegun = true
      try tell(error)
    }
  }

  /// A site that was there once is there again soon: folders come and go as a branch is checked out, files between being listed and read.
  private func endsNothing(_ error: any Error) -> Bool {
    if let error = error as? FileError { return hasBegun || error.code == ENOENT }
    return error is Diagnostics || (error is SiteError && hasBegun)
  }

  /// Another build of the site may be under way, which ends soon.
  private func onceFree<Result: Sendable>(_ build: () async throws -> Result) async throws -> Result {
    for _ in 0..<100 {
      do { return try await build() } catch SiteError.busy { try await Task.sleep(for: .milliseconds(100)) }
    }
    return try await build()
  }

  private func show(_ changed: [TreePath], problems: String?) {
    state.problems = problems
    if !changed.isEmpty {
      state.build += 1
      state.onlyStyles = changed.allSatisfy { $0.fileExtension == "css" }
    }
    server.show(state)
  }

  private func tell(_ report: BuildReport, _ changed: [TreePath], _ milliseconds: Int) throws {
    if json {
      return try printLine(
        ServeJSON(
          build: state.build, changed: changed.map(\.string), milliseconds: milliseconds,
          warnings: report.warnings.map { DiagnosticJSON($0) }))
    }
    let terminal = Terminal.output
    let what =
      switch changed.count {
      case 0: "nothing new"
      case 1: changed[0].string
      default: counted(changed.count, "file")
      }
    terminal.print("\(terminal.styled("Built", .bold, .green)) \(what) in \(milliseconds) ms")
  }

  private func tell(_ error: any Error) throws {
    let failure = Failure(error)
    let problems = failure.diagnostics.map(plainText)
    show([], problems: problems.isEmpty ? failure.message : problems.joined(separator: "\n"))
    if json { return try printLine(["error": failure]) }
    failure.tell(folder: folder)
  }
}

private struct ServeJSON: Encodable {
  let build: Int
  let changed: [String]
  let milliseconds: Int
  let warnings: [DiagnosticJSON]
}

/// A diagnostic without colours.
private func plainText(_ diagnostic: Diagnostic) -> String {
  var text = ""
  if let location = diagnostic.location { text += "\(location): " }
  text += diagnostic.severity.rawValue + ": " + diagnostic.message + "\n"
  if let line = diagnostic.sourceLine, let location = diagnostic.location {
    let excerpt = Excerpt(line, location)
    text += "    " + excerpt.text + "\n"
    if let indent = excerpt.indent {
      text += "    " + String(repeating: " ", count: indent) + String(repeating: "^", count: excerpt.length) + "\n"
    }
  }
  if let hint = diagnostic.hint { text += "  hint: " + hint + "\n" }
  for note in diagnostic.notes { text += "  note: " + note + "\n" }
  return text
}
