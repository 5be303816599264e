import ContentAddressing
import Files
import Kubo
import Synchronization
import Transport

/// Asks a target of which nothing is known here, since the state folder is new or was removed, what it holds of the edition, and notes it.
///
/// - Throws: `DStorError`, `KuboError`, and the ledger's own errors.
func askWhatIsHeld(_ edition: AddressedEdition, _ run: Run) async throws {
  guard run.target.kind.answersAtOnce, try run.ledger.latestFile(on: run.target.api) == nil else { return }
  var held: [(CID, TreePath)] = []
  try await askWhatIsHeld(edition, run) { held.append(($0, $1)) }
  let files = held.lazy.map { (cid: $0.text, path: $1) }
  try run.ledger.record(files, on: run.target.api, at: run.source.time)
}

extension PublishTarget.Kind {
  /// The local node and Kubo do. A dStor may look for an unknown hash all over its network before it says no, and whether it stores the same
  /// content twice is not documented: there everything is sent again.
  var answersAtOnce: Bool { self != .dstor }
}

/// Asks a target what it holds of the edition: the folder as a whole, then file after file. A few are asked for first, so a node that holds nothing
/// costs a few requests.
///
/// - Parameter note: gets the hash of each file that is there, and of the folder.
func askWhatIsHeld(_ edition: AddressedEdition, _ run: Run, note: (CID, TreePath) -> Void) async throws {
  let isFolder = edition.pages.mode == .folder
  if isFolder, let front = edition.pages.front, try await isHeld(edition.pages.folder, front, run) {
    for page in edition.pages.pages { note(page.file.cid, page.path) }
    note(edition.pages.folder, "index.html")
  }
  let files = isFolder ? edition.assets : edition.assets + edition.pages.pages
  let samples = [files.first, files.last].compactMap(\.self)
  var isAnyHeld = false
  for sample in samples where !isAnyHeld { isAnyHeld = try await isHeld(sample.file.cid, nil, run) }
  guard isAnyHeld else { return }
  run.report(.stage("Asking what is there", files: files.count))
  let ask = { @Sendable (file: AddressedContents) in (file, try await isHeld(file.file.cid, nil, run)) }
  try await inFlight(files, ask) { file, isHeld in
    if isHeld { note(file.file.cid, file.path) }
    run.report(.sent(file.path.string, bytes: 0))
  }
}

/// - Parameter front: a file that is asked for below the folder `cid`.
private func isHeld(_ cid: CID, _ front: AddressedContents?, _ run: Run) async throws -> Bool {
  // What is not pinned may be gone tomorrow.
  if case .kubo(let kubo, _) = run.client { return try await kubo.isPinned(cid.text) }
  // Read to its end while it is small: a connection that is broken off cannot be used again.
  let place = front.map { "\(cid.text)/\($0.path)" } ?? cid.text
  return try await run.client.fetch(place, sink: LimitedSink(64 << 10).sink) != .notFound
}

/// Takes so many bytes and no more.
private final class LimitedSink: Sendable {
  private let left: Mutex<Int>

  init(_ limit: Int) { left = Mutex(limit) }

  var sink: BodySink {
    BodySink(
      restart: {},
      write: { bytes in
        self.left.withLock {
          $0 -= bytes.count
          return $0 > 0
        }
      })
  }
}
