import ArgumentParser
import DStor
import Files
import Glibc
import Kubo
import OutsideLinks
import Preview
import Publisher
import Scaffold
import SiteBuilder

/// An error as it is told: what happened, what to try, and how the program ends.
struct Failure: Encodable, Sendable {
  var message: String
  var hint: String?
  var diagnostics: [Diagnostic] = []
  var status: ExitStatus

  init(message: String, status: ExitStatus) {
    self.message = message
    self.status = status
  }

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
    case let error as LedgerError:
      message = error.description
      hint = error.hint
    case let error as DamagedReceipt:
      message = error.description
      hint = error.hint
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
    case let error as NodeElsewhere:
      message = error.message
      hint = error.hint
    case let error as FileError where error.path.contains("/.colophon/") && [EACCES, EROFS].contains(error.code):
      message = error.description
      hint = "what is remembered of a site is kept in its folder: make it writable, or take a copy of the site"
    // What the system says of it, `No space left on device`, is not meant of the disk.
    case let error as FileError where error.verb == "watch" && [ENOSPC, EMFILE].contains(error.code):
      message = "cannot watch \(error.path): the system watches no more \(error.code == EMFILE ? "sites" : "folders")"
      hint = "sysctl fs.inotify.max_user_\(error.code == EMFILE ? "instances" : "watches") says how many; raise it"
    case let error as KuboError:
      message = error.description
    case let error as Interrupted:
      message = "interrupted"
      if error.goesOn { hint = "run it again: it goes on where it stood" }
    case let error as UsageError:
      message = error.message
      hint = error.hint
      status = .usage
    default:
      message = "\(error)"
    }
  }

  var exitCode: ExitCode { ExitCode(status.rawValue) }

  /// Says it on standard error.
  ///
  /// - Parameters:
  ///   - subject: what it happened to, put before the message.
  ///   - folder: put before paths, so that they lead somewhere from where the program was started.
  func tell(_ subject: String = "", folder: String = "") {
    let terminal = Terminal.error
    terminal.print(diagnostics, folder: folder)
    if !diagnostics.isEmpty { terminal.print() }
    terminal.print(terminal.styled("colophon:", .bold, .red) + " " + printable(subject + message, lines: true))
    if let hint { terminal.print("  " + terminal.styled("hint:", .cyan) + " " + printable(hint, lines: true)) }
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

/// Runs a command's work, and sees that its results were written; an error is told on standard error (with `--json` also as an object on standard
/// output) and ends the program.
///
/// - Parameter onOneLine: the object is one of several, a line each.
func reportingFailure(
  json: Bool, onOneLine: Bool = false, folder: String = "", _ work: () async throws -> Void
) async throws {
  do {
    try await work()
    try Terminal.checkOutput()
  } catch let exit as ExitCode {
    throw exit
  } catch {
    let failure = Failure(error)
    failure.tell(folder: folder)
    if json { try onOneLine ? printLine(["error": failure]) : printJSON(["error": failure]) }
    throw failure.exitCode
  }
}
