import Testing

@testable import Preview

@Suite struct StateTests {
  @Test func eventsAreOneLine() {
    var state = PreviewState()
    #expect(state.event == "data: {\"build\":0,\"styles\":false,\"problems\":null}\n\n")
    state.build = 3
    state.onlyStyles = true
    state.problems = "a \"b\"\nc\\d\u{1}\u{2028}"
    #expect(
      state.event
        == "data: {\"build\":3,\"styles\":true,\"problems\":\"a \\\"b\\\"\\nc\\\\d\\u0001\\u2028\"}\n\n")
  }

  @Test(.timeLimit(.minutes(1))) func whoeverComesLaterSeesTheLast() async throws {
    let states = PreviewStates()
    var state = PreviewState()
    state.build = 1
    states.show(state)
    var first = states.all().makeAsyncIterator()
    #expect(await first.next()?.build == 1)
    for build in 2...5 {
      state.build = build
      states.show(state)
    }
    #expect(await first.next()?.build == 5)
  }
}
