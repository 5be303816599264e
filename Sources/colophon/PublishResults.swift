import Files
import Synchronization

/// What came of each target, for `--json`; of a single one it is printed at once, since a node may go on serving.
final class PublishResults: Sendable {
  private enum Outcome: Encodable, Sendable {
    case published(PublishJSON)
    case failed(target: String, Failure)

    enum CodingKeys: CodingKey { case target, error }

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .published(let result): try result.encode(to: encoder)
      case .failed(let target, let failure):
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(target, forKey: .target)
        try container.encode(failure, forKey: .error)
      }
    }
  }

  private struct Report: Encodable {
    let targets: [Outcome]
    let error: Failure?
  }

  private let outcomes = Mutex<[Outcome]>([])
  private let targets: Int
  private let isJSON: Bool
  private let output: Mutex<FileLock?>

  /// - Parameters:
  ///   - targets: how many there are.
  ///   - output: keeps builds out of what is read until all are published to.
  init(targets: Int, isJSON: Bool, output: FileLock?) {
    self.targets = targets
    self.isJSON = isJSON
    self.output = Mutex(output)
  }

  /// Lets other builds in.
  func releaseOutput() {
    output.withLock { lock in
      lock?.release()
      lock = nil
    }
  }

  func add(_ result: PublishJSON) throws {
    outcomes.withLock { $0.append(.published(result)) }
    if isJSON, targets == 1 { try printJSON(result) }
  }

  /// Tells at once what went wrong at one of several targets: the others are no worse for it.
  func add(_ failure: Failure, at target: String) {
    failure.tell("\(target): ")
    outcomes.withLock { $0.append(.failed(target: target, failure)) }
  }

  /// Ends the account of several targets.
  ///
  /// - Throws: `ExitCode` where one of them failed; a hash that is not what it should be says more than a target that cannot be reached.
  func finish() throws {
    guard targets > 1 else { return }
    let all = outcomes.withLock { $0 }
    var names: [String] = []
    var status: ExitStatus?
    for case .failed(let target, let failure) in all {
      names.append(target)
      if status == nil || failure.status == .verificationFailed { status = failure.status }
    }
    let failure = status.map {
      let share = "\(names.count) of \(counted(targets, "target"))"
      return Failure(message: "\(names.joined(separator: ", ")) failed, \(share)", status: $0)
    }
    failure?.tell()
    if isJSON { try printJSON(Report(targets: all, error: failure)) }
    if let failure { throw failure.exitCode }
  }
}
