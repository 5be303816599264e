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

  /// - Parameter name: that it was sent under.
  func note(_ answer: AddedFile, to file: AddressedContents, named name: String) {
    let isExpected = answer.name == name && answer.hash == file.file.cid.text
    let answer: Answer = isExpected ? .asExpected(size: answer.size) : .other(Receipt.Answer(answer))
    state.withLock { $0.files[file.path] = answer }
  }

  func noteFolder(_ answer: AddedFile) {
    state.withLock { $0.folder = Receipt.Answer(answer) }
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
}

extension Receipt.Answer {
  fileprivate init(_ file: AddedFile) {
    self.init(name: file.name, hash: file.hash, size: file.size)
  }
}
