import Glibc

extension ClientEnvironment {
  /// The machine's clock and chance.
  public static let system = ClientEnvironment(
    now: { Int(time(nil)) },
    sleep: { try await Task.sleep(nanoseconds: UInt64(min(max($0, 0), 1e6) * 1e9)) },
    random: { Double.random(in: 0..<1) })
}
