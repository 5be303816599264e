// micro: the rooms of floor 2 by themselves, over the same input, each against a C library on the same processor at the same moment.
// Imports: Files and floor 2; CCMark and CCrypto to measure against.
// Entry: `Benchmarks/micro`, which makes the input, runs this, and compares with what was recorded.
// Promises: one thread; CPU time of that thread alone; the same posts give the same work.
import Files
import Glibc

/// What one case costs, beside what it is measured against.
struct Measurement {
  let subject: Case
  /// Seconds of the thread's CPU time, one a round.
  var seconds: [Double] = []
  /// Those of the yardstick, run right before.
  var yardstick: [Double] = []
  /// What came out, in bytes: other work than last time shows in it.
  var made = 0
}

@main
struct Micro {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let rounds = Int(arguments[2]), rounds > 0 else {
      return fail("usage: micro POSTS ROUNDS", 64)
    }
    do {
      let input = try Input(posts: arguments[1])
      var measurements = try cases(input).map { Measurement(subject: $0) }
      // The first round fills caches and is not counted.
      for round in 0...rounds {
        for index in measurements.indices {
          let subject = measurements[index].subject
          let yardstick = try time { _ = try subject.yardstick.run(input) }
          let seconds = try time { measurements[index].made = try subject.run() }
          guard round > 0 else { continue }
          measurements[index].seconds.append(seconds)
          measurements[index].yardstick.append(yardstick)
        }
      }
      print("[" + measurements.map(json).joined(separator: ",\n ") + "]")
    } catch {
      fail("micro: \(error)", 2)
    }
  }

  private static func fail(_ text: String, _ status: Int32) {
    let line = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(status)
  }

  private static func json(_ measurement: Measurement) -> String {
    let subject = measurement.subject
    return
      "{\"name\": \"\(subject.name)\", \"yardstick\": \"\(subject.yardstick.rawValue)\", \"bytes\": \(subject.bytes), "
      + "\"made\": \(measurement.made), \"seconds\": \(measurement.seconds), \"yardstick_seconds\": \(measurement.yardstick)}"
  }
}

/// Seconds of CPU time of this thread: what else the machine does is not in them.
private func time(_ body: () throws -> Void) rethrows -> Double {
  let start = cpuTime()
  try body()
  return cpuTime() - start
}

private func cpuTime() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}
