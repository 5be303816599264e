import ArgumentParser
import Files
import Foundation
import SiteBuilder

/// Where the time of a build goes, for `--timings` and `--trace`.
struct TimingsFlags: ParsableArguments {
  @Flag(name: .long, help: "Print how long each stage, the slowest pages and the templates took.")
  var timings = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write a trace of stages, pages and templates for chrome://tracing or ui.perfetto.dev.", valueName: "file"),
    completion: .file())
  var trace: String?

  /// Does `work`, measured where that is asked for.
  func measuring<Result>(_ work: () async throws -> Result) async throws -> Result {
    guard timings || trace != nil else { return try await work() }
    let clock = ContinuousClock()
    let start = clock.now
    let measured = Timings { UInt64((clock.now - start) / .nanoseconds(1)) }
    let result = try await Timings.$current.withValue(measured) { try await work() }
    if let trace { try writeFile(trace, Array(JSONEncoder().encode(Trace(measured.spans)))) }
    if timings { Terminal.error.print(timingsText(measured.spans)) }
    return result
  }
}

/// Stages in their order, then the slowest pages, then templates by their whole time.
func timingsText(_ spans: [Timings.Span]) -> String {
  var lines = ["Stages"]
  for span in spans where span.kind == .stage { lines.append(line(span.duration, span.name)) }
  let pages = spans.filter { $0.kind == .page }.sorted { ($1.duration, $0.name) < ($0.duration, $1.name) }
  if !pages.isEmpty {
    lines.append("Slowest of \(counted(pages.count, "file"))")
    for span in pages.prefix(10) { lines.append(line(span.duration, span.name)) }
  }
  var templates: [String: (count: Int, total: UInt64)] = [:]
  for span in spans where span.kind == .template {
    templates[span.name, default: (0, 0)].count += 1
    templates[span.name, default: (0, 0)].total += span.duration
  }
  if !templates.isEmpty {
    lines.append("Templates, in all and a page")
    for (name, use) in templates.sorted(by: { ($1.value.total, $0.key) < ($0.value.total, $1.key) }) {
      lines.append(
        line(use.total, "\(milliseconds(use.total / UInt64(use.count))) ms × \(use.count)  \(name)"))
    }
  }
  return lines.joined(separator: "\n")
}

private func line(_ nanoseconds: UInt64, _ text: String) -> String {
  let time = milliseconds(nanoseconds)
  return String(repeating: " ", count: max(0, 12 - time.count)) + time + " ms  " + text
}

private func milliseconds(_ nanoseconds: UInt64) -> String {
  let hundredths = (nanoseconds + 5000) / 10000
  let rest = hundredths % 100
  return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}

/// The JSON object form of the trace event format, with complete events
/// (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU).
private struct Trace: Encodable {
  struct Event: Encodable {
    let name: String
    let cat: String
    var ph = "X"
    /// Microseconds.
    let ts: Double
    let dur: Double
    var pid = 1
    let tid: Int
  }

  let traceEvents: [Event]
  var displayTimeUnit = "ms"

  init(_ spans: [Timings.Span]) {
    var threads: [UInt: Int] = [:]
    traceEvents = spans.sorted { ($0.start, $1.duration) < ($1.start, $0.duration) }.map { span in
      // Stages have a row of their own: they begin on one thread and may end on another.
      let thread = span.kind == .stage ? 0 : threads[span.thread] ?? threads.count + 1
      if span.kind != .stage { threads[span.thread] = thread }
      return Event(
        name: span.name, cat: span.kind.rawValue, ts: Double(span.start) / 1000, dur: Double(span.duration) / 1000,
        tid: thread)
    }
  }
}
