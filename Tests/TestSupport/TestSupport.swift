// TestSupport: what tests of several rooms need, and no test in itself: numbers by seed, seconds of the processor, folders that go away,
// a sink that keeps what comes.
// Imports: Files, Transport. No room imports it; `EndToEndTests`, which run the binary from outside, have what they need themselves.
// Entry: `SeededGenerator`, `processorSeconds`, `TemporaryFolder`, `Taken`, `testsFolder`, `isRecording`.
// Promises: the same seed gives the same numbers, on every machine; seconds of the processor do not pass while others are busy.
// Tests: those of all rooms.
