import ArgumentParser
import ContentAddressing
import DStor
import Files
import Glibc
import LocalNode
import Publisher
import Transport

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take the blocks of a CAR into the local node, or its files into a folder.",
    discussion: """
      The hash of every block is checked before anything is kept. A CAR that `colophon export` wrote holds its receipt; what lies in it is \
      named by that, and with --site the receipt is put among those of the site, so that history, verify and rollback know the edition.

        colophon import site.car                        into the node on this machine
        colophon import site.car --site my-site
        colophon import site.car --to folder            unpacks it; no node is needed
      """)

  @Argument(help: "The CAR, version 1.", completion: .file(extensions: ["car"]))
  var file: String

  @Option(name: .long, help: "Write the files into this new folder instead.", completion: .directory)
  var to: String?

  @Option(name: .long, help: "The site's folder that the edition in the CAR belongs to.", completion: .directory)
  var site: String?

  @Option(name: .long, help: "The local node's port.")
  var port = 8420

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func validate() throws {
    guard (1...65535).contains(port) else { throw ValidationError("--port is from 1 to 65535.") }
    if to != nil, site != nil { throw ValidationError("--to and --site exclude each other.") }
  }

  func run() async throws {
    try await reportingFailure(json: json) {
      let progress = Progress(.error, folder: "")
      defer { progress.finish() }
      if let to { try refuseOccupied(to) }
      let car = try read(progress)
      if let to { return try await unpack(car, to: to, progress) }
      let imported = try await importIntoNode(progress)
      progress.finish()
      if let missing = imported.roots.first(where: { $0.problem != nil }), let problem = missing.problem {
        throw ImportError.incomplete(root: missing.cid, problem)
      }
      let kept = try site.map { try keepReceipt(car, in: $0) }
      try tell(imported, car, kept)
    }
  }

  /// The CAR, each block hashed, and what its receipt says where it has one.
  private struct ReadCAR: Sendable {
    let roots: [CID]
    let blocks: BlockSpool
    let receipt: (receipt: Receipt, bytes: [UInt8])?
  }

  private func read(_ progress: Progress) throws -> ReadCAR {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("read", file) }
    defer { close(descriptor) }
    progress.show(.stage("Reading blocks", files: 0))
    let spool = try BlockSpool(folder: temporaryFolder)
    let roots: [CID]
    do {
      roots = try readCAR(
        from: {
          var buffer = [UInt8](repeating: 0, count: 1 << 20)
          while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError("read", file) }
            return count == 0 ? nil : Array(buffer[..<count])
          }
        },
        to: { cid, block in
          try spool.put(cid, block)
          progress.show(.sent(cid.text, bytes: block.count))
        })
    } catch let error as CARError {
      throw ImportError.noCAR(file, error)
    }
    guard !roots.isEmpty else { throw UnpackError.noRoots }
    return ReadCAR(roots: roots, blocks: spool, receipt: try receipt(among: roots, spool))
  }

  /// `export` puts it last.
  private func receipt(among roots: [CID], _ spool: BlockSpool) throws -> (receipt: Receipt, bytes: [UInt8])? {
    guard roots.count > 1, let last = roots.last else { return nil }
    var bytes: [UInt8] = []
    struct NoReceipt: Error {}
    let isRead: Void? = try? readFile(last, from: spool.block) { part in
      bytes += part
      // Whatever else the root is, it may be large.
      guard bytes.first ?? Self.brace == Self.brace, bytes.count <= Self.longestReceipt else { throw NoReceipt() }
    }
    guard isRead != nil else { return nil }
    do throws(ReceiptError) {
      return (try Receipt(json: bytes), bytes)
    } catch {
      if case .wrongValue = error { throw ImportError.badReceipt(file, error) }
      return nil
    }
  }

  private static let brace = UInt8(ascii: "{")
  /// Bytes: room for the half a million files that an edition never has.
  private static let longestReceipt = 256 << 20

  private func unpack(_ car: ReadCAR, to folder: String, _ progress: Progress) async throws {
    let files: [(path: TreePath, cid: CID)]
    if let receipt = car.receipt?.receipt {
      files = try receipt.files.map { file in
        guard let path = TreePath(file.path) else {
          throw ImportError.badReceipt(self.file, .wrongValue("no path leads to \(file.path)"))
        }
        return (path, try CID(file.cid))
      }
    } else {
      files = try unpackedFiles(of: car.roots, from: car.blocks.block)
    }
    progress.show(.stage("Writing", files: files.count))
    let bytes = try await untilInterruptedReturning {
      try Publisher.unpack(files, to: folder, from: car.blocks.block) { progress.show(.sent($0.string, bytes: $1)) }
    }
    progress.finish()
    if json { return try printJSON(UnpackedJSON(folder: folder, files: files.count, bytes: bytes)) }
    let terminal = Terminal.output
    terminal.print(
      "\(terminal.styled("Unpacked", .bold, .green)) \(counted(files.count, "file")), \(byteCount(bytes))")
    terminal.print("  " + folder)
  }

  private func importIntoNode(_ progress: Progress) async throws -> ImportedCAR {
    guard let path = realPath(file), let size = fileSize(path) else { throw FileError("read", file, code: ENOENT) }
    let address = "http://127.0.0.1:\(port)"
    let configuration = try nodeConfiguration(folder: Places.node, port: port)
    return try await untilInterruptedReturning {
      let isRunning = try await isNodeRunning(port: port)
      guard !isRunning, let node = try await openNode(configuration) else {
        return try await send(path, size, address, key: runningNodeKey(configuration.folder, port: port), progress)
      }
      let key = try nodeKey(node)
      return try await running(node) { _ in try await send(path, size, address, key: key, progress) }
    }
  }

  private func send(
    _ path: String, _ size: Int, _ address: String, key: String, _ progress: Progress
  ) async throws -> ImportedCAR {
    progress.show(.stage("Handing over to the node", files: 0))
    let client = try DStorClient(
      DStorConfiguration(api: BaseURL(address), credentials: .apiKey(Secret(key))), transport: network(),
      tokens: DiskTokenStore(folder: Places.tokens), environment: .system(observing: progress))
    return try await client.importCAR(path, size: size)
  }

  private func keepReceipt(_ car: ReadCAR, in site: String) throws -> String {
    guard let (receipt, bytes) = car.receipt else { throw ImportError.noReceipt(file) }
    guard let folder = realPath(site) else {
      throw UsageError(message: "there is no folder \(site)", hint: "give the path of the site's folder")
    }
    let known = try readEditions(of: site).all.first {
      $0.receipt.build == receipt.build && $0.receipt.target.api == receipt.target.api
    }
    return try known?.path ?? keep(receipt, bytes, in: folder + "/.colophon/receipts")
  }

  /// Where a browser begins to read.
  private func entry(of car: ReadCAR) -> String {
    let gateway = "http://127.0.0.1:\(port)/ipfs/"
    if let receipt = car.receipt?.receipt {
      return gateway + receipt.root.v0
        + (receipt.mode == PublishMode.files.rawValue ? "?filename=index.html" : "/index.html")
    }
    guard let root = car.roots.first else { return gateway }
    let node = try? car.blocks.block(root).map { try UnixFSNode(cid: root, block: $0) }
    if case .file = node { return gateway + root.text }
    return gateway + root.text + "/"
  }

  private func tell(_ imported: ImportedCAR, _ car: ReadCAR, _ kept: String?) throws {
    let entry = entry(of: car)
    if json {
      return try printJSON(
        ImportJSON(
          roots: imported.roots.map(\.cid), blocks: car.blocks.count, bytes: car.blocks.bytes, entry: entry,
          edition: car.receipt?.receipt.build, receipt: kept))
    }
    let terminal = Terminal.output
    terminal.print(
      "\(terminal.styled("Imported", .bold, .green)) \(counted(car.blocks.count, "block")), "
        + "\(counted(imported.roots.count, "root")), \(byteCount(car.blocks.bytes))")
    terminal.print("  " + terminal.styled(entry, .cyan))
    if let receipt = car.receipt?.receipt {
      terminal.print("  edition \(receipt.build) of \(receipt.site), \(receipt.time)")
    }
    if let kept { terminal.print("  receipt \(shortened(kept))") }
  }
}

/// Why a CAR was not taken.
enum ImportError: Error {
  case noCAR(String, CARError)
  case incomplete(root: String, String)
  case noReceipt(String)
  case badReceipt(String, ReceiptError)

  var message: String {
    switch self {
    case .noCAR(let file, let error): "\(file) is no CAR that can be read: \(error)"
    case .incomplete(let root, let problem): "\(root) is not there whole: \(problem)"
    case .noReceipt(let file): "\(file) holds no receipt, so it cannot become an edition of a site"
    case .badReceipt(let file, let error): "the receipt in \(file) cannot be trusted: \(error)"
    }
  }

  var hint: String? {
    switch self {
    case .noCAR: nil
    case .incomplete: "import the CAR that has the missing blocks too"
    case .noReceipt: "leave out --site; colophon export writes CARs with a receipt"
    case .badReceipt: "colophon did not write it so; ask where the CAR comes from"
    }
  }

  /// The bytes are not what their names say.
  var isVerification: Bool { if case .noCAR(_, .hashMismatch) = self { true } else { false } }
}

private struct ImportJSON: Encodable {
  let roots: [String]
  let blocks: Int
  let bytes: Int
  let entry: String
  let edition: String?
  let receipt: String?
}
