import ArgumentParser
import ContentAddressing
import Files
import Publisher

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Write the files of an edition into a new folder.",
    discussion: """
      The edition is read back from its gateway, each file is hashed, and the folder appears when all of them are in it. (One that is there already is filled, if it is empty.) What is written is \
      the site as it was published, byte for byte: pages link to assets by their addresses at the gateway. (What it was written from is in \
      the commit that the receipt names.)

        colophon restore last~1 yesterday
      """)

  @Argument(help: ArgumentHelp(editionHelp + " Or any CID.", valueName: "edition"))
  var edition: String

  @Argument(help: "The folder to make.", completion: .directory)
  var folder: String

  @OptionGroup var gateways: GatewayOption

  @OptionGroup var site: SiteOption

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let (content, editions) = try site.content(edition)
      try refuseOccupied(folder)
      let progress = Progress(.error, folder: site.site)
      let spool = try BlockSpool(folder: temporaryFolder)
      let collected = try await untilInterruptedReturning {
        try await collect(content, of: editions, from: gateways.gateway, into: spool, progress)
      }
      let files = try collected.files ?? unpackedFiles(of: collected.roots, from: spool.block)
      progress.show(.stage("Writing", files: files.count))
      let bytes = try await untilInterruptedReturning {
        try unpack(files, to: folder, from: spool.block) { progress.show(.sent($0.string, bytes: $1)) }
      }
      progress.finish()
      if json { return try printJSON(UnpackedJSON(folder: folder, files: files.count, bytes: bytes)) }
      let terminal = Terminal.output
      terminal.print(
        "\(terminal.styled("Restored", .bold, .green)) \(content.name): \(counted(files.count, "file")), \(byteCount(bytes))"
      )
      terminal.print("  " + folder)
    }
  }
}

struct UnpackedJSON: Encodable {
  let folder: String
  let files: Int
  let bytes: Int
}
