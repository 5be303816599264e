import Glibc

/// Runs `body` on a thread of its own with a stack of 16 MiB, and waits for it.
func onAnotherStack<Result>(_ body: () -> Result) -> Result {
  withoutActuallyEscaping(body) { body in
    let work = Work(body)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 16 << 20)
    var thread = pthread_t()
    let started = pthread_create(
      &thread, &attributes,
      { work in
        guard let work else { return nil }
        Unmanaged<AnyWork>.fromOpaque(work).takeUnretainedValue().run()
        return nil
      }, Unmanaged<AnyWork>.passUnretained(work).toOpaque())
    // The machine gives no more threads: the stack at hand may do.
    if started == 0 { pthread_join(thread, nil) } else { work.run() }
    guard let result = work.result else { preconditionFailure("bug: the work has been done") }
    return result
  }
}

/// What a C function can call.
private class AnyWork {
  func run() {}
}

private final class Work<Result>: AnyWork {
  private let body: () -> Result
  private(set) var result: Result?

  init(_ body: @escaping () -> Result) { self.body = body }

  override func run() { result = body() }
}
