import Files

/// Why an edition was not published, beside what the client and the disk say themselves.
public enum PublishError: Error, Sendable, Hashable, CustomStringConvertible {
  /// There is no front page.
  case nothingToPublish
  /// The server's hash of a file is not the one computed here. Nothing refers to the file yet.
  case wrongHash(path: String, expected: String, answered: String)
  /// A file is not what it was when its hash was computed.
  case changed(path: String)
  /// The answer for a folder does not name a file that was sent.
  case missingFile(path: String)
  /// What the gateway serves is not what was published.
  case wrongContent(url: String, expected: String, got: String)
  /// What was published does not come back.
  case notServed(url: String, reason: String)
  /// The server takes single files only.
  case noFolders(api: String)
  /// The node has the folder, but not all that is in it.
  case notPinned(root: String, reason: String)
  /// The server took a folder, did not say its hash, and the gateway does not know it.
  case folderNotServed(url: String)

  public var description: String {
    switch self {
    case .nothingToPublish: "the output has no index.html, there is nothing to publish"
    case .wrongHash(let path, let expected, let answered):
      "\(path) should hash to \(expected), the server answered \(answered)"
    case .changed(let path): "\(path) changed while it was published"
    case .missingFile(let path): "the server's answer does not name \(path), which was sent to it"
    case .wrongContent(let url, let expected, let got): "\(url) hashes to \(got), not to \(expected)"
    case .notServed(let url, let reason): "\(url) does not come back: \(reason)"
    case .noFolders(let api): "\(api) takes no folders, only single files"
    case .notPinned(let root, let reason): "\(root) was not pinned, and the node says: \(reason)"
    case .folderNotServed(let url): "\(url) does not come back, and the server did not name the hash of the folder"
    }
  }

  public var hint: String {
    switch self {
    case .nothingToPublish: "write content/_index.md"
    case .wrongHash:
      "nothing refers to that file yet; the server chunks files in another way, or changed it: do not publish there"
    case .changed: "nothing refers to what was sent; publish again once nothing else writes into the output"
    case .missingFile, .wrongContent: "publish again; if it stays, tell the people who run the server"
    case .notServed: "publish again in a minute: what is there already is not sent again"
    case .notPinned: "publish with --full: the node no longer holds what was sent to it"
    case .noFolders, .folderNotServed: "publish with --mode files"
    }
  }

  /// Verification went wrong, rather than the network or the disk.
  public var isVerification: Bool {
    switch self {
    case .wrongHash, .missingFile, .wrongContent: true
    case .nothingToPublish, .changed, .notServed, .noFolders, .folderNotServed, .notPinned: false
    }
  }
}

/// What happens while an edition is published, for whoever shows it.
public enum PublishEvent: Sendable {
  /// A stage begins; `files` are still to be done in it.
  case stage(String, files: Int)
  /// One more file of the stage is done.
  case sent(String, bytes: Int)
  /// Of one kind; there may be thousands, or none.
  case warnings([Diagnostic])
  case note(String)
}
