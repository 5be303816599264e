import Foundation
import Testing

/// How a program ended, and what it wrote.
struct Outcome {
  let status: Int32
  let output: String
  let errors: String

  /// Standard output, which must be one JSON value.
  func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(output.utf8))
  }
}

/// A program that was started. It runs under `timeout` in a process group of its own, so that nothing outlives the tests.
final class Running {
  private let process = Process()
  private let ended = DispatchSemaphore(value: 0)
  private let outputPath: String
  private let errorPath: String
  private let limit: Int
  private let command: [String]
  private var hasEnded = false

  init(
    _ command: [String], environment: [String: String], in folder: String, limit: Int, output: String, errors: String
  ) throws {
    self.command = command
    self.limit = limit
    outputPath = output
    errorPath = errors
    for path in [output, errors] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["timeout", "--signal=KILL", String(limit)] + command
    process.environment = environment
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    let files = try [output, errors].map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) }
    process.standardOutput = files[0]
    process.standardError = files[1]
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.run()
    // The program has them now. A `Process` keeps them open to the end, and starting another with a thousand files open ends in a crash.
    for file in files { try file.close() }
  }

  var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }
  var errors: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }
  var isRunning: Bool { !hasEnded && process.isRunning }

  /// Waits for the end; a program that takes longer than its limit is a failure.
  func wait() -> Outcome {
    if !hasEnded, ended.wait(timeout: .now() + .seconds(limit + 5)) == .timedOut { kill() }
    hasEnded = true
    let status: Int32 = process.isRunning ? -1 : process.terminationStatus
    if status == 137 || status == 124 || status == -1 {
      Issue.record("\(command.joined(separator: " ")) did not end within \(limit) s\n\(errors)")
    }
    return Outcome(status: status, output: output, errors: errors)
  }

  /// Sends a signal, as a terminal does to all processes in its foreground.
  func signal(_ number: Int32) { Foundation.kill(-process.processIdentifier, number) }

  /// `kill -9` of the program and all that it started; returns when they are gone.
  func kill() { end(with: SIGKILL) }

  /// Asks it to stop (SIGTERM), and waits.
  func terminate() -> Int32 {
    end(with: SIGTERM)
    return process.isRunning ? -1 : process.terminationStatus
  }

  private func end(with signal: Int32) {
    guard !hasEnded else { return }
    self.signal(signal)
    if ended.wait(timeout: .now() + .seconds(10)) == .timedOut {
      Foundation.kill(-process.processIdentifier, SIGKILL)
      _ = ended.wait(timeout: .now() + .seconds(5))
    }
    hasEnded = true
  }
}

/// Asks again and again until there is an answer; nil after `seconds`.
func poll<Value>(seconds: Double = 20, _ ask: () throws -> Value?) rethrows -> Value? {
  let end = Date().addingTimeInterval(seconds)
  while true {
    if let value = try ask() { return value }
    if Date() > end { return nil }
    usleep(20_000)
  }
}
