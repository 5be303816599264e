import ContentAddressing
import Files
import Hummingbird

extension Node {
  /// Names of the account's directory that imported roots are listed in.
  private static let importedDirectory = "Imported"

  /// `POST /api/v0/dag/import`: takes the blocks of CARs, as Kubo does. Every block's hash is checked; a CAR may leave out blocks that are
  /// here already. One line of JSON for each root, with what it lacks (`PinErrorMsg`), then one of statistics.
  func importCAR(_ request: Request, account: String) async throws -> Response {
    let staging = BlockStaging(store: store)
    let car = ReceivedCARs { cid, block in try staging.put(cid, block) }
    try await receive(request, car)
    let blocks = try staging.finish()
    let store = store
    try await commits.commit { db in try store.commit(blocks, db) }
    let roots = car.roots
    let lookup = SendableLookup(store: store)
    let outcomes = try await onThread(of: checks) { cancellation in
      var check = DAGCheck()
      return try roots.map { root in
        (root, try check.problem(below: root, from: lookup.until(cancellation)).map(Self.pinError))
      }
    }
    let at = configuration.now()
    let entries = outcomes.filter { $0.1 == nil }.map { root, _ in
      Catalog.Entry(
        account: account, kind: .folder, name: root.text, file: AddressedFile(cid: root, size: 0, fileSize: 0),
        type: nil,
        comment: "imported", at: at)
    }
    try await commits.commit { db in
      guard !entries.isEmpty else { return }
      let directory = try Catalog.directory(at: [Self.importedDirectory[...]], account: account, db)
      for entry in entries { try Catalog.list(entry, in: directory, db) }
    }
    var lines: [UInt8] = []
    for (root, missing) in outcomes {
      JSONValue.object([
        ("Root", .object([("Cid", .object([("/", .string(root.text))])), ("PinErrorMsg", .string(missing ?? ""))]))
      ]).append(to: &lines)
      lines.append(UInt8(ascii: "\n"))
    }
    JSONValue.object([
      ("Stats", .object([("BlockCount", .int(car.blocks)), ("BlockBytesCount", .int(car.bytes))]))
    ]).append(to: &lines)
    lines.append(UInt8(ascii: "\n"))
    return Response(200, type: "application/json", lines, headers: [("X-Content-Type-Options", "nosniff")])
  }

  /// Hands the files of a multipart body to `cars`, each a CAR of its own.
  private func receive(_ request: Request, _ cars: ReceivedCARs) async throws {
    var parser = try MultipartParser(boundary: try boundary(of: request))
    do {
      for try await buffer in request.body {
        buffer.withUnsafeReadableBytes { parser.append($0) }
        while let event = try parser.next() {
          switch event {
          case .part: cars.begin()
          case .data(let bytes): try cars.append(bytes)
          case .endOfPart: try cars.end()
          }
        }
      }
    } catch let error as CARError {
      throw Refusal(400, "bad-car", error.description)
    }
    try parser.finish()
    guard !cars.roots.isEmpty else { throw Refusal(400, "no-root", "the body has no CAR that names a root") }
  }

  /// What a DAG lacks, as Kubo says it.
  private static func pinError(_ problem: UnixFSError) -> String {
    guard case .missingBlock(let cid) = problem else { return "\(problem)" }
    return "block was not found locally (offline): ipld: could not find \(cid)"
  }
}

/// CARs that come in pieces, one after the other.
private final class ReceivedCARs {
  private let sink: BlockSink
  private var reader = CARReader()
  private(set) var roots: [CID] = []
  private var known: Set<CID> = []
  private(set) var blocks = 0
  private(set) var bytes = 0

  init(sink: @escaping BlockSink) {
    self.sink = sink
  }

  func begin() { reader = CARReader() }

  func append(_ piece: some Sequence<UInt8>) throws {
    try reader.append(piece) { cid, block in
      blocks += 1
      bytes += block.count
      try sink(cid, block)
    }
  }

  func end() throws {
    try reader.finish()
    for root in reader.roots ?? [] where known.insert(root).inserted { roots.append(root) }
  }
}
