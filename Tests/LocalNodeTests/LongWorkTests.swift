import ContentAddressing
import Dispatch
import Files
import Foundation
import Testing

@testable import LocalNode

@Suite struct LongWorkTests {
  /// More work than there are processors, that ends only when nobody waits for it: on the threads of tasks, nothing else would run.
  @Test(.timeLimit(.minutes(1))) func longWorkLeavesTasksTheirThreads() async {
    let tasks = (0..<32).map { _ in
      Task {
        try await onThread(of: DispatchQueue(label: "test")) { cancellation in
          while true {
            try cancellation.check()
            usleep(1000)
          }
        }
      }
    }
    try? await Task.sleep(for: .milliseconds(50))
    for task in tasks { task.cancel() }
    for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
  }

  @Test func slots() {
    let slots = Slots(2)
    var taken = [slots.take(), slots.take(), slots.take()]
    #expect(taken.map { $0 != nil } == [true, true, false])
    taken.removeFirst()
    #expect(slots.take() != nil)
  }

  @Test func noMoreCARsThanMayBe() async throws {
    let fixture = try NodeFixture()
    let root = try await fixture.folder([("a", "text")])
    var taken: [Slots.Slot?] = []
    while let slot = fixture.node.gateway.exports.take() { taken.append(slot) }
    let busy = try await fixture.send("GET", "/ipfs/\(root)?format=car")
    #expect(busy.status == 503 && busy["Retry-After"] == "5")
    #expect(try await fixture.send("GET", "/ipfs/\(root)/a").status == 200)
    taken = []
    // Each of them gives its slot back, also one whose body nobody reads.
    for method in ["GET", "HEAD", "GET", "HEAD", "GET", "HEAD"] {
      #expect(try await fixture.send(method, "/ipfs/\(root)?format=car").status == 200)
    }
  }
}
