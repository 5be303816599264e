import ContentAddressing
import DStor
import Files
import Synchronization

/// What the server answered in this run, for the receipt.
final class Answers: Sendable {
  /// Most servers repeat the name and the hash that were expected, and then only the size is news: a large edition has a hundred thousand answers.
  private enum Answer {
    case asExpected(size: Int?)
    indirect case other(Receipt.Answer)
  }

  private struct State {
    var files: [TreePath: Answer] = [:]
    var folder: Receipt.Answer?
  }

  private let state = Mutex(State())
  private let clean: @Sendable (String) -> String

  /// - Parameter clean: takes secrets out of text of the server: what it is told it may say again, and the receipt is published.
  init(clean: @escaping @Sendable (String) -> String) { self.clean = clean }

  /// - Parameter name: that it was sent under.
  func note(_ answer: AddedFile, to file: AddressedContents, named name: String) {
    let isExpected = answer.name == name && answer.hash == file.file.cid.text
    let answer: Answer = isExpected ? .asExpected(size: answer.size) : .other(kept(answer))
    state.withLock { $0.files[file.path] = answer }
  }

  func noteFolder(_ answer: AddedFile) {
    let answer = kept(answer)
    state.withLock { $0.folder = answer }
  }

  /// Nil where the server said nothing of the file.
  func answer(to file: AddressedContents, named name: String) -> Receipt.Answer? {
    switch state.withLock({ $0.files[file.path] }) {
    case .asExpected(let size): Receipt.Answer(name: name, hash: file.file.cid.text, size: size)
    case .other(let answer): answer
    case nil: nil
    }
  }

  /// What was said of the edition's folder.
  var folder: Receipt.Answer? { state.withLock { $0.folder } }

  /// Its hash was compared with what was computed here; its name is the server's to choose.
  private func kept(_ file: AddedFile) -> Receipt.Answer {
    Receipt.Answer(name: clean(file.name), hash: file.hash, size: file.size)
  }

  /// Why the server's hash of a file is another one than was expected: the server is not to blame for a file that was written to meanwhile.
  func problem(with file: AddressedContents, answered hash: String) -> PublishError {
    guard let now = try? address(file.contents, profile: .v0), now.cid == file.file.cid else {
      return .changed(path: file.path.string)
    }
    return .wrongHash(path: file.path.string, expected: file.file.cid.text, answered: clean(hash))
  }
}
