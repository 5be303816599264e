import ArgumentParser
import ContentAddressing
import Files
import Glibc
import Publisher

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write an edition with all its blocks into one file (CAR).",
    discussion: """
      The edition is read back from its gateway, each file is hashed, and the blocks are written as a CAR, version 1: the folder of the \
      pages first, then the assets, and the receipt last; each of them is a root of the CAR, so whoever imports it can pin all of them. \
      Kubo (ipfs dag import), Storacha and `colophon import` read it.

        colophon export last site.car
        colophon export 7e1c - | ssh server ipfs dag import
      """)

  @Argument(help: ArgumentHelp(editionHelp + " Or any CID.", valueName: "edition"))
  var edition: String

  @Argument(help: "The file to write; - is standard output.", completion: .file(extensions: ["car"]))
  var file: String

  @OptionGroup var gateways: GatewayOption

  @OptionGroup var site: SiteOption

  @Flag(name: .long, help: "Replace the file where it is there already.")
  var force = false

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func validate() throws {
    if json, file == "-" { throw ValidationError("--json and a CAR cannot both go to standard output.") }
  }

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      if file != "-", let there = realPath(file) {
        guard force else {
          throw UsageError(message: "\(file) is there already", hint: "name another file, or replace it with --force")
        }
        // A device or a pipe would be one no longer.
        guard fileSize(there) != nil else {
          throw UsageError(message: "\(file) is no file that can be replaced", hint: "- writes to standard output")
        }
      }
      if file != "-", realPath(folder(of: file)) == nil { throw FileError("write", file, code: ENOENT) }
      let (content, editions) = try site.content(edition)
      let progress = Progress(.error, folder: site.site)
      let spool = try BlockSpool(folder: file == "-" ? temporaryFolder : folder(of: file))
      let collected = try await untilInterruptedReturning {
        try await collect(content, of: editions, from: gateways.gateway, into: spool, progress)
      }
      let size: Int
      if file == "-" {
        // Its reader may not read on. Here nothing is left behind by a program that is ended.
        size = try write(collected, to: STDOUT_FILENO, "standard output")
      } else {
        size = try await untilInterruptedReturning { try write(collected) }
      }
      progress.finish()
      if json {
        try printJSON(
          ExportJSON(
            file: file, roots: collected.roots.map(\.text), blocks: collected.blocks.count, bytes: size))
      } else if file != "-" {
        let terminal = Terminal.output
        terminal.print(
          "\(terminal.styled("Exported", .bold, .green)) \(content.name): \(counted(collected.blocks.count, "block")), "
            + "\(counted(collected.roots.count, "root")), \(byteCount(size))")
        terminal.print("  " + file)
      }
    }
  }

  private func write(_ collected: CollectedEdition) throws -> Int {
    // What a link leads to is replaced, and not the link.
    let path = realPath(file) ?? file
    let aside = "\(path).\(getpid()).new"
    let descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError("write", file) }
    do {
      let size = try write(collected, to: descriptor, file)
      guard close(descriptor) == 0, rename(aside, path) == 0 else { throw FileError("write", file) }
      return size
    } catch {
      unlink(aside)
      throw error
    }
  }

  private func write(_ collected: CollectedEdition, to descriptor: Int32, _ name: String) throws -> Int {
    var size = 0
    try writeCAR(roots: collected.roots, from: collected.blocks.block) { bytes in
      try Task.checkCancellation()
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw FileError("write", name) }
        rest = rest.dropFirst(count)
      }
      size += bytes.count
    }
    return size
  }
}

/// The folder that a file lies in, so that what is kept aside is on the same disk.
func folder(of path: String) -> String {
  guard let slash = path.lastSlash else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

var temporaryFolder: String { environment("TMPDIR") ?? "/tmp" }

/// Reads content back, each block hashed.
func collect(
  _ content: PublishedContent, of editions: Editions, from gateways: [String], into spool: BlockSpool,
  _ progress: Progress
) async throws -> CollectedEdition {
  try await reading(content, of: editions, from: gateways, progress) { clients in
    switch content {
    case .edition(let edition):
      try await Publisher.collect(edition, from: clients, into: spool) { progress.show($0) }
    case .cid(let cid):
      try await Publisher.collect(cid, from: clients, into: spool) { progress.show($0) }
    }
  }
}

private struct ExportJSON: Encodable {
  let file: String
  let roots: [String]
  let blocks: Int
  let bytes: Int
}
