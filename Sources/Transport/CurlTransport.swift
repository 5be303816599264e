import CCurl
import Glibc
import Synchronization

/// The network, by libcurl: HTTP/2 where offered over TLS, the system's certificates, proxies from the environment.
///
/// A transfer blocks its thread, so it runs on one of at most `maxConnections` threads of this transport's own, never on Swift's;
/// requests beyond that wait in order. Threads end when nothing waits. Handles stay, and with them open connections; the last used is
/// the first to be used again.
public final class CurlTransport: HTTPTransport {
  private let workers: CurlWorkers

  /// - Parameters:
  ///   - userAgent: one line of printable ASCII.
  ///   - certificates: a file of certificates in PEM that are trusted in place of the system's.
  public init(maxConnections: Int = 16, userAgent: String = "colophon", certificates: String? = nil) {
    precondition(maxConnections > 0, "bug: a transport without connections")
    precondition(
      userAgent.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "bug: the user agent is no line of printable ASCII")
    precondition(isCurlReady, "bug: libcurl does not start")
    workers = CurlWorkers(maxThreads: maxConnections, userAgent: userAgent, certificates: certificates)
  }

  public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    try request.validate()
    let cancelled = Cancellation()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        workers.submit(CurlJob(request: request, cancellation: cancelled) { continuation.resume(returning: $0) })
      }
    } onCancel: {
      cancelled.cancel()
    }
    return try result.get()
  }
}

/// `curl_global_init` once, before any thread uses libcurl.
private let isCurlReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

/// A wish to stop, seen by libcurl's progress callback.
final class Cancellation: Sendable {
  private let flag = Atomic(false)

  var isCancelled: Bool { flag.load(ordering: .relaxed) }
  func cancel() { flag.store(true, ordering: .relaxed) }
}

struct CurlJob: Sendable {
  let request: HTTPRequest
  let cancellation: Cancellation
  let finish: @Sendable (Result<HTTPResponse, TransportError>) -> Void
}

/// Sendable because a handle is used by one thread at a time: the pool gives each to one worker only.
struct CurlHandle: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
}

/// The queue of jobs, the threads that take from it, and the handles at rest.
private final class CurlWorkers: Sendable {
  private struct State {
    var queue: [CurlJob] = []
    /// Jobs before this index are taken.
    var first = 0
    var threads = 0
    var idle: [CurlHandle] = []
  }

  private let state = Mutex(State())
  private let maxThreads: Int
  private let userAgent: String
  private let certificates: String?

  init(maxThreads: Int, userAgent: String, certificates: String?) {
    self.maxThreads = maxThreads
    self.userAgent = userAgent
    self.certificates = certificates
  }

  deinit {
    // No thread is left: each holds this object while it lives.
    for handle in state.withLock({ $0.idle }) { curl_easy_cleanup(handle.pointer) }
  }

  func submit(_ job: CurlJob) {
    let needsThread = state.withLock { state in
      state.queue.append(job)
      guard state.threads < maxThreads else { return false }
      state.threads += 1
      return true
    }
    guard needsThread, !startThread() else { return }
    // The system gives no thread: those that run take the job too; without any there is only this answer.
    let orphans = state.withLock { state -> [CurlJob] in
      state.threads -= 1
      guard state.threads == 0 else { return [] }
      defer {
        state.queue = []
        state.first = 0
      }
      return Array(state.queue[state.first...])
    }
    for job in orphans { job.finish(.failure(TransportError(.other, "the system gives no thread"))) }
  }

  private func startThread() -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<CurlWorkers>.fromOpaque(context).takeRetainedValue().work() }
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// Does jobs until none waits.
  private func work() {
    // With CURLOPT_NOSIGNAL libcurl leaves SIGPIPE alone, and OpenSSL writes to sockets that may be closed.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    while let (job, idle) = takeJob() {
      guard let handle = idle ?? curl_easy_init().map(CurlHandle.init) else {
        job.finish(.failure(TransportError(.other, "libcurl gives no handle")))
        continue
      }
      if let certificates { _ = colophon_setopt_string(handle.pointer, CURLOPT_CAINFO, certificates) }
      let result = CurlExchange(job.request, job.cancellation).perform(on: handle.pointer, userAgent: userAgent)
      // Options go, connections stay.
      curl_easy_reset(handle.pointer)
      state.withLock { $0.idle.append(handle) }
      job.finish(result)
    }
  }

  /// The next job and a handle for it; nil, and one thread less, where none waits.
  private func takeJob() -> (CurlJob, CurlHandle?)? {
    state.withLock { state in
      guard state.first < state.queue.count else {
        state.queue = []
        state.first = 0
        state.threads -= 1
        return nil
      }
      let job = state.queue[state.first]
      state.first += 1
      if state.first >= 64, state.first * 2 >= state.queue.count {
        state.queue.removeFirst(state.first)
        state.first = 0
      }
      return (job, state.idle.popLast())
    }
  }
}
