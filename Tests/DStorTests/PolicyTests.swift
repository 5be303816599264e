import Testing
import Transport

@testable import DStor

@Suite struct RepeatableTests {
  @Test(
    arguments: [
      .transport(.couldNotConnect), .transport(.connectionLost), .transport(.timedOut), .transport(.stalled),
      .transport(.cutShort), .unexpectedStatus(408), .unexpectedStatus(425), .tooManyRequests, .serverError(500),
      .serverError(502), .serverError(503), .serverError(504), .notJSON, .chunkRefused(stage: "x"),
    ] as [DStorError.Kind])
  func repeats(_ kind: DStorError.Kind) {
    #expect(kind.trouble != nil)
  }

  @Test(
    arguments: [
      .badRequest, .unauthorized, .forbidden, .notFound, .tooLarge, .unprocessable, .serverError(501), .cancelled,
      .unreadableFile, .transport(.tls(.expired)), .transport(.tls(.untrusted)), .redirectedElsewhere, .htmlAnswer,
      .unexpectedStatus(409), .folderFailed(stage: "x"), .transport(.tooLarge),
    ] as [DStorError.Kind])
  func doesNotRepeat(_ kind: DStorError.Kind) {
    #expect(kind.trouble == nil)
  }
}

@Suite struct PollScheduleTests {
  @Test func growsSlowly() {
    let schedule = PollSchedule()
    #expect((0..<7).map { schedule.delay(before: $0) } == [0.05, 0.1, 0.2, 0.5, 2, 2.25, 2.5])
    #expect(schedule.delay(before: 1000) == 10)
  }
}

@Suite struct FolderChunksTests {
  @Test(
    arguments: [
      ([], []), ([1], [0..<1]), ([5, 5, 1], [0..<2, 2..<3]), ([11, 1, 1], [0..<1, 1..<3]),
      ([1, 11, 1], [0..<1, 1..<2, 2..<3]),
      ([0, 0, 0, 0], [0..<3, 3..<4]), ([Int.max, Int.max], [0..<1, 1..<2]), ([10, 0], [0..<2]),
    ] as [([Int], [Range<Int>])])
  func splits(_ sizes: [Int], _ chunks: [Range<Int>]) {
    #expect(folderChunks(sizes: sizes, maxFiles: 3, maxBytes: 10) == chunks)
  }
}
