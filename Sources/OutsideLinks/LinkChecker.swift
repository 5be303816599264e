import Files
import HTML
import Transport

/// Asks other sites whether they are there.
public struct LinkChecker: Sendable {
  private let policy: LinkPolicy
  private let transport: any HTTPTransport
  private let now: @Sendable () -> Int
  private let sleep: @Sendable (Double) async -> Void
  private let random: @Sendable () -> Double

  /// - Parameters:
  ///   - now: Unix seconds.
  ///   - sleep: waits so many seconds, or until the task is cancelled.
  ///   - random: from 0 up to, not including, 1.
  public init(
    _ policy: LinkPolicy, transport: any HTTPTransport, now: @escaping @Sendable () -> Int,
    sleep: @escaping @Sendable (Double) async -> Void,
    random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
  ) {
    self.policy = policy
    self.transport = transport
    self.now = now
    self.sleep = sleep
    self.random = random
  }

  /// - Parameters:
  ///   - urls: absolute http or https URLs.
  ///   - progress: called after each URL, with how many are done; of those that are ignored nothing is said.
  /// - Returns: a result for each URL that is not ignored, sorted by URL.
  /// - Throws: `NoNetwork`, `CancellationError`.
  public func check(
    _ urls: [String], _ memory: LinkMemory, progress: @escaping @Sendable (LinkResult) -> Void = { _ in }
  ) async throws -> [LinkResult] {
    let wanted = Set(urls).filter { url in !policy.ignored.contains { matches(url, $0) } }.sorted()
    var results: [LinkResult] = []
    var byHost: [String: [String]] = [:]
    for url in wanted {
      if let state = memory.state(of: key(url), since: now() - policy.memory) {
        let result = judged(url, state, isRemembered: true)
        progress(result)
        results.append(result)
      } else {
        byHost[WebAddress(encoded(url))?.host ?? "", default: []].append(url)
      }
    }
    let hosts = byHost.sorted { $0.key < $1.key }
    var unreachable = 0
    try await withThrowingTaskGroup(of: (results: [LinkResult], isReachable: Bool).self) { group in
      var next = 0
      func start() {
        let urls = hosts[next].value
        next += 1
        group.addTask { try await askHost(urls, memory, progress) }
      }
      while next < min(policy.hosts, hosts.count) { start() }
      while let host = try await group.next() {
        results += host.results
        if !host.isReachable { unreachable += 1 }
        if next < hosts.count { start() }
      }
    }
    if unreachable == hosts.count, unreachable >= 3 { throw NoNetwork(hosts: unreachable) }
    return results.sorted { $0.url < $1.url }
  }

  /// One URL after the other. A host that cannot be reached, or was too slow twice in a row, is not asked again.
  private func askHost(
    _ urls: [String], _ memory: LinkMemory, _ progress: @Sendable (LinkResult) -> Void
  ) async throws -> (results: [LinkResult], isReachable: Bool) {
    var results: [LinkResult] = []
    var pages: [String: Answer] = [:]
    var down: LinkResult.State?
    var isReachable = false
    var isSlow = false
    for (index, url) in urls.enumerated() {
      try Task.checkCancellation()
      var state = down
      if state == nil {
        let page = String(url.prefix { $0 != "#" })
        let fragment = policy.checksAnchors ? fragment(of: url) : nil
        var answer: Answer
        if let known = pages[page], fragment == nil || known.wasRead {
          answer = known
        } else {
          if index > 0 { await sleep(policy.delay) }
          answer = await ask(page, wantsAnchors: fragment != nil)
          answer.wasRead = fragment != nil
          pages[page] = answer
          switch answer.reach {
          case .answered: (isReachable, isSlow) = (true, false)
          // One page may be slow where the others are not.
          case .tooSlow where !isSlow: isSlow = true
          case .tooSlow, .unreachable: down = answer.state
          }
        }
        state = answer.state
        if let fragment, let anchors = answer.anchors, !has(anchors, fragment) { state = .anchorMissing }
      }
      let result = judged(url, state ?? .alive, isRemembered: false)
      memory.remember(key(url), result.state, at: now())
      progress(result)
      results.append(result)
    }
    return (results, isReachable)
  }

  private func judged(_ url: String, _ state: LinkResult.State, isRemembered: Bool) -> LinkResult {
    LinkResult(
      url: url, state: state, isRemembered: isRemembered, isAllowed: policy.allowed.contains { matches(url, $0) })
  }

  /// Without its anchor, where anchors don't count.
  private func key(_ url: String) -> String { policy.checksAnchors ? url : String(url.prefix { $0 != "#" }) }

  // MARK: One URL

  private struct Answer {
    var state: LinkResult.State
    /// Ids and names in the page; nil where they were not asked for, or it is no HTML, or too large.
    var anchors: Set<String>?
    /// Whether its anchors were asked for.
    var wasRead = false
    var reach = Reach.answered

    enum Reach { case answered, tooSlow, unreachable }
  }

  /// `HEAD` first. Servers that don't know it, or treat it otherwise, are asked again with `GET`; then the answer's body is not read further
  /// than its anchors need.
  private func ask(_ url: String, wantsAnchors: Bool) async -> Answer {
    guard var address = WebAddress(encoded(url)), !address.hasUserInfo else {
      return Answer(state: .unclear("it is no URL that can be asked"))
    }
    var method = wantsAnchors ? "GET" : "HEAD"
    var movedForGood = true
    var redirects = 0
    while true {
      let response: HTTPResponse
      switch await send(method, address, wantsAnchors: wantsAnchors) {
      case .success(let answer): response = answer
      // Only the body of a good answer reaches the sink.
      case .failure(let error) where error.kind == .stoppedBySink: response = HTTPResponse(status: 200)
      // It is there. Whoever looks at it sees more of it than is read here.
      case .failure(let error) where error.kind == .tooLarge && wantsAnchors:
        return await ask(url, wantsAnchors: false)
      case .failure(let error): return answer(for: error)
      }
      switch response.status {
      case 301, 302, 303, 307, 308:
        redirects += 1
        guard redirects <= LinkPolicy.redirects else { return Answer(state: .unclear("it redirects in a circle")) }
        guard let next = response.headers["Location"].flatMap({ address.resolving(encoded($0)) }) else {
          return Answer(state: .unclear("it redirects to nowhere"))
        }
        if response.status != 301, response.status != 308 { movedForGood = false }
        address = next
      case 200...299:
        let state: LinkResult.State = redirects > 0 && movedForGood ? .moved(to: address.text) : .alive
        return Answer(state: state, anchors: wantsAnchors ? anchors(of: response) : nil)
      case _ where method == "HEAD": method = "GET"
      // 405 and 406 are how some refuse programs.
      case 401, 402, 403, 405, 406, 407, 408, 425, 429, 451, 500...:
        return Answer(state: .unclear("the server answers \(response.status)"))
      default: return Answer(state: .dead("the server answers \(response.status)"))
      }
    }
  }

  private func answer(for error: TransportError) -> Answer {
    switch error.kind {
    case .couldNotResolve: Answer(state: .dead("\(TransportError(error.kind))"), reach: .unreachable)
    case .couldNotConnect: Answer(state: .unclear("\(TransportError(error.kind))"), reach: .unreachable)
    case .timedOut: Answer(state: .unclear("\(TransportError(error.kind))"), reach: .tooSlow)
    default: Answer(state: .unclear("\(TransportError(error.kind))"))
    }
  }

  private func send(
    _ method: String, _ address: WebAddress, wantsAnchors: Bool
  ) async -> Result<HTTPResponse, TransportError> {
    var request = HTTPRequest(method, address.text)
    request.headers["Accept"] = "text/html, */*;q=0.8"
    request.timeouts = HTTPRequest.Timeouts(connect: min(15, policy.timeout), total: policy.timeout)
    request.maxAnswerBytes = 4 << 20
    if !wantsAnchors { request.sink = BodySink(restart: {}, write: { _ in false }) }
    var attempt = 1
    while true {
      var trouble: RetryPolicy.Trouble?
      var wait: Double?
      let result: Result<HTTPResponse, TransportError>
      do throws(TransportError) {
        let response = try await transport.send(request)
        trouble = RetryPolicy.Trouble(status: response.status)
        wait = retryAfter(response.headers, now: now())
        // A server that does not know HEAD may say so with any status.
        if method == "HEAD", response.status != 429 { trouble = nil }
        result = .success(response)
      } catch {
        trouble = error.kind.trouble
        result = .failure(error)
      }
      let decision = policy.retries.decide(
        attempt: attempt, trouble: trouble, retryAfter: wait, budgetLeft: 1, random: random())
      guard case .retry(let seconds) = decision, !Task.isCancelled else { return result }
      await sleep(seconds)
      attempt += 1
    }
  }

  // MARK: Anchors

  private func fragment(of url: String) -> String? {
    guard let hash = url.firstIndex(of: "#") else { return nil }
    let text = String(url[url.index(after: hash)...])
    // Text fragments (<https://wicg.github.io/scroll-to-text-fragment/>) and places of scripts are no anchors.
    return text.isEmpty || text == "top" || text.hasPrefix(":~:") || text.hasPrefix("!") || text.hasPrefix("/")
      ? nil : percentDecoded(text) ?? text
  }

  private func anchors(of response: HTTPResponse) -> Set<String>? {
    guard response.headers["Content-Type"]?.lowercased().contains("html") ?? false else { return nil }
    var collector = AnchorCollector()
    scanHTML(response.body, visitor: &collector)
    return collector.anchors
  }

  /// GitHub's pages have their anchors under another name, and a script that knows of it.
  private func has(_ anchors: Set<String>, _ fragment: String) -> Bool {
    anchors.contains(fragment) || anchors.contains("user-content-" + fragment)
  }
}

private struct AnchorCollector: HTMLVisitor {
  var anchors: Set<String> = []
  mutating func anchor(_ name: String, at range: Range<Int>) { anchors.insert(name) }
  mutating func url(_ found: FoundURL) -> String? { nil }
}

/// Whether `text` is what `pattern` says, where `*` stands for any text. Linear but for the stars: the first that fits is taken.
func matches(_ text: String, _ pattern: String) -> Bool {
  let parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map { Array($0.utf8) }
  let bytes = Array(text.utf8)
  guard let first = parts.first, let last = parts.last, parts.count > 1 else { return text == pattern }
  guard bytes.count >= first.count + last.count, bytes.starts(with: first) else { return false }
  guard bytes[(bytes.count - last.count)...].elementsEqual(last) else { return false }
  var index = first.count
  let end = bytes.count - last.count
  for part in parts.dropFirst().dropLast() where !part.isEmpty {
    while index + part.count <= end, !bytes[index..<index + part.count].elementsEqual(part) { index += 1 }
    guard index + part.count <= end else { return false }
    index += part.count
  }
  return true
}
