import Publisher
import SiteBuilder
import Synchronization

/// Shows how publishing goes on, and the making of pictures: a bar that stays on its line where a person watches, a line a stage where a log is kept.
final class Progress: Sendable {
  private struct Stage {
    var name = ""
    var files = 0
    var done = 0
    var bytes = 0
    var barIsShown = false
  }

  private let terminal: Terminal
  private let folder: String
  private let stage = Mutex(Stage())

  init(_ terminal: Terminal, folder: String) {
    self.terminal = terminal
    self.folder = folder
  }

  func show(_ event: PublishEvent) {
    stage.withLock { stage in
      switch event {
      case .stage(let name, let files):
        clear(&stage)
        stage = Stage(name: name, files: files)
        if terminal.isInteractive {
          draw(&stage, "")
        } else if files > 0 {
          terminal.print("\(name) (\(counted(files, "file")))")
        }
      case .sent(let name, let bytes):
        let path = printable(name)
        stage.done += 1
        stage.bytes += bytes
        if terminal.isInteractive { draw(&stage, path) }
      case .warnings(let warnings):
        clear(&stage)
        terminal.print(warnings, folder: folder, all: nil)
      case .note(let text):
        clear(&stage)
        terminal.print(text)
      }
    }
  }

  /// Runs a build; while it makes pictures, a bar shows a person how far it is.
  static func showingPictures<Result>(
    folder: String, isolation: isolated (any Actor)? = #isolation, _ build: () async throws -> Result
  ) async throws -> Result {
    guard Terminal.error.isInteractive else { return try await build() }
    let progress = Progress(.error, folder: folder)
    defer { progress.finish() }
    let pictures = PictureProgress { done, total, path in
      progress.stage.withLock { stage in
        (stage.name, stage.files, stage.done) = ("Pictures", total, done)
        progress.draw(&stage, path.string)
      }
    }
    return try await PictureProgress.$current.withValue(pictures) { try await build() }
  }

  func finish() { stage.withLock { clear(&$0) } }

  private func clear(_ stage: inout Stage) {
    if stage.barIsShown { terminal.print("\r\u{1B}[K", terminator: "") }
    stage.barIsShown = false
  }

  private func draw(_ stage: inout Stage, _ path: String) {
    let cells = 20
    // How many there will be is not always known.
    if stage.files == 0, stage.done > 0 {
      let line = "\(stage.name)  \(stage.done)  \(path)"
      terminal.print("\r\u{1B}[K" + String(line.prefix(max(20, terminal.width - 1))), terminator: "")
      stage.barIsShown = true
      return
    }
    let share = stage.files == 0 ? cells : min(cells, stage.done * cells / stage.files)
    let bar = String(repeating: "█", count: share) + String(repeating: "░", count: cells - share)
    let line = "\(stage.name)  \(bar)  \(stage.done)/\(stage.files)  \(path)"
    terminal.print("\r\u{1B}[K" + String(line.prefix(max(20, terminal.width - 1))), terminator: "")
    stage.barIsShown = true
  }
}
