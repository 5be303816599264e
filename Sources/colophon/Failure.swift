import ArgumentParser
import ContentAddressing
import DStor
import Files
import FoundationEssentials
import Kubo
import LocalNode
import OutsideLinks
import Preview
import Publisher
import Scaffold
import SiteBuilder

/// An error as it is told: what happened, what to try, and how the program ends.
struct Failure: Encodable {
  var message: String
  var hint: String?
  var diagnostics: [Diagnostic] = []
  var status: ExitStatus

  init(_ error: any Error) {
    status = .worldFailed
    switch error {
    case let error as Diagnostics:
      let errors = error.all.count { $0.severity == .error }
      let warnings = error.all.count - errors
      message = errors > 0 ? counted(errors, "error") : counted(warnings, "warning") + " (--strict)"
      if errors > 0, warnings > 0 { message += ", " + counted(warnings, "warning") }
      diagnostics = error.all
      status = .siteHasErrors
    case let error as Diagnostic:
      message = "1 error"
      diagnostics = [error]
      status = .siteHasErrors
    case let error as SiteError:
      message = error.description
      hint = error.hint
      if case .busy = error { break }
      status = .siteHasErrors
    case let error as PreviewError:
      message = error.description
      hint = error.hint
    case let error as PublishError:
      message = error.description
      hint = error.hint
      status = error.isVerification ? .verificationFailed : .worldFailed
    case let error as EditionError:
      message = error.description
      hint = error.hint
      status = .usage
    case let error as ReadingError:
      message = error.description
      hint = error.hint
      status = error.isVerification ? .verificationFailed : .worldFailed
    case let error as RollbackError:
      message = error.message
      hint = error.hint
      status = error.isVerification ? .verificationFailed : .worldFailed
    case let error as HookError:
      message = error.message
      hint = error.hint
    case let error as ImportError:
      message = error.message
      hint = error.hint
      status = error.isVerification ? .verificationFailed : .worldFailed
    case let error as UnpackError:
      message = error.description
      hint = error.hint
    case let error as ScaffoldError:
      message = error.description
      status = .usage
    case let error as DStorError:
      message = error.description
    case let error as NoNetwork:
      message = error.description
      hint = "see to the connection; HTTPS_PROXY names a proxy"
    case let error as KuboError:
      message = error.description
    case is Interrupted:
      message = "interrupted"
      hint = "run it again: it goes on where it stood"
    case let error as UsageError:
      message = error.message
      hint = error.hint
      status = .usage
    default:
      message = "\(error)"
    }
  }

  enum CodingKeys: CodingKey { case message, hint, diagnostics, exitCode }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(message, forKey: .message)
    try container.encodeIfPresent(hint, forKey: .hint)
    try container.encode(diagnostics.map { DiagnosticJSON($0) }, forKey: .diagnostics)
    try container.encode(status.rawValue, forKey: .exitCode)
  }
}

/// What a person asked for that cannot be meant.
struct UsageError: Error {
  var message: String
  var hint: String?
}

func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// Runs a command's work; an error is told on standard error (with `--json` also as an object on standard output) and ends the program.
func reportingFailure(json: Bool, folder: String = "", _ work: () async throws -> Void) async throws {
  do {
    try await work()
  } catch let exit as ExitCode {
    throw exit
  } catch {
    let failure = Failure(error)
    let terminal = Terminal.error
    terminal.print(failure.diagnostics, folder: folder)
    if !failure.diagnostics.isEmpty { terminal.print() }
    terminal.print(terminal.styled("colophon:", .bold, .red) + " " + failure.message)
    if let hint = failure.hint { terminal.print("  " + terminal.styled("hint:", .cyan) + " " + hint) }
    if json { try printJSON(["error": failure]) }
    throw ExitCode(failure.status.rawValue)
  }
}
