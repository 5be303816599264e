import Foundation
import Testing

/// What a person does with Ctrl-C, and what programs are given that are started here.
@Suite struct SignalTests {
  private func published(_ sandbox: Sandbox, _ arguments: String..., environment: [String: String] = [:]) throws {
    try sandbox.write("# Home\n![p](p.bin)\n", to: "site/content/_index.md")
    try sandbox.write(someBytes(400_000), to: "site/content/p.bin")
    let node = try sandbox.node()
    let outcome = try sandbox.startColophon(
      ["publish", "site", "--yes"] + arguments, environment: node.environment.merging(environment) { $1 }
    ).wait()
    try #require(outcome.status == 0, "\(outcome.errors)")
  }

  /// All signals are blocked in the threads that work; a browser that starts so could not be ended.
  @Test func theBrowserHasSignals() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("#!/bin/sh\necho \"$1\"\ncat /proc/self/status > new; mv new opened\n", to: "bin/xdg-open")
    chmod(sandbox.path("bin/xdg-open"), 0o755)
    let path = sandbox.path("bin") + ":" + (sandbox.environment["PATH"] ?? "/usr/bin:/bin")
    try published(sandbox, "--open", "--json", environment: ["PATH": path])
    let status = poll { try? sandbox.readText("opened") } ?? ""
    for field in ["SigBlk:\t", "SigIgn:\t"] {
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(field) }, "\(status)")
      // Those above are glibc's own and those of real time.
      #expect(UInt64(line.dropFirst(field.count), radix: 16).map { $0 & 0x7FFF_FFFF } == 0, "\(line)")
    }
  }

  /// The reader of an export need not read on.
  @Test func anExportThatNobodyReadsEnds() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try published(sandbox)
    let start = Date()
    // The pipe has a reader, the program itself, that never reads.
    let running = try sandbox.start(
      ["sh", "-c", "mkfifo pipe; exec 3<>pipe; exec \(Repository.binary) export last - --site site > pipe"],
      environment: sandbox.environment, limit: 40)
    sleep(3)
    #expect(running.isRunning, "\(running.errors)")
    running.signal(SIGINT)
    _ = running.wait()
    #expect(Date().timeIntervalSince(start) < 30)
  }

  @Test func aQuestionCanBeLeft() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    let node = try sandbox.node()
    let environment = sandbox.environment.merging(node.environment) { $1 }.merging(["TERM": "xterm"]) { $1 }
    let outcome = try sandbox.run(
      Sandbox.toolCommand("interrupted.py", ["[y/N]", Repository.binary, "publish", "site"]), environment: environment)
    #expect(outcome.status == 2 && outcome.output.contains("interrupted"), "\(outcome.output)\(outcome.errors)")
  }
}
