import DStor
import Files
import Synchronization

/// What the server answered in this run, for the receipt.
final class Answers: Sendable {
  private let answers = Mutex<[String: Receipt.Answer]>([:])

  /// - Parameter path: in the output tree; nil is the edition's folder.
  func note(_ path: TreePath?, _ answer: AddedFile) {
    answers.withLock {
      $0[path?.string ?? ""] = Receipt.Answer(name: answer.name, hash: answer.hash, size: answer.size)
    }
  }

  subscript(path: TreePath?) -> Receipt.Answer? { answers.withLock { $0[path?.string ?? ""] } }
}
