import Files
import Glibc
import Testing

@Suite struct InParallelTests {
  @Test(arguments: [1, 2, 8, 100], [0, 1, 63, 64, 65, 1000])
  func everythingOnceAndInOrder(_ workers: Int, _ count: Int) async throws {
    let ranges = try await inParallel(count, workers: workers, largest: 16) { $0 }
    #expect(ranges.flatMap { Array($0) } == Array(0..<count))
    #expect(ranges.allSatisfy { $0.count <= 16 && !$0.isEmpty })
  }

  /// The first ranges end last, their results still come first.
  @Test func orderOfResults() async throws {
    let results = try await inParallel(2, workers: 2, largest: 1) { range in
      if range.lowerBound == 0 { usleep(20_000) }
      return range.lowerBound
    }
    #expect(results == [0, 1])
  }

  @Test(arguments: [1, 2, 8])
  func errorsComeOut(_ workers: Int) async {
    struct Wrong: Error, Equatable { let index: Int }
    await #expect(throws: Wrong(index: 37)) {
      try await inParallel(100, workers: workers, largest: 1) { range in
        if range.contains(37) { throw Wrong(index: 37) }
      }
    }
  }
}
