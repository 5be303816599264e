import Files
import Glibc
import Hummingbird
import HummingbirdCore
import NIOCore

/// Why a preview cannot be served.
public enum PreviewError: Error, Sendable, CustomStringConvertible {
  case cannotListen(port: Int, reason: String)
  /// Another program listens there.
  case portInUse(Int)

  public var description: String {
    switch self {
    case .cannotListen(let port, let reason): "cannot listen on port \(port) of this machine: \(reason)"
    case .portInUse(let port): "port \(port) is in use"
    }
  }

  /// What to try next.
  public var hint: String { "name another port with --port; 0 takes a free one" }
}

private func changed<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
  var value = value
  change(&value)
  return value
}

/// Serves a folder to the browsers of this machine.
public final class PreviewServer: Sendable {
  private let files: ServedFolder
  private let port: Int
  private let states = PreviewStates()

  /// - Parameter port: 0 is any free one.
  public init(folder: String, port: Int) {
    files = ServedFolder(folder)
    self.port = port
  }

  /// Tells all pages that are open what there is to see now.
  public func show(_ state: PreviewState) { states.show(state) }

  /// Listens and answers until the task is cancelled; connections are cut then.
  ///
  /// - Parameter onReady: called once it listens, with the address: `http://127.0.0.1:8421`.
  /// - Throws: `PreviewError`.
  public func run(onReady: @escaping @Sendable (String) async -> Void) async throws {
    let server = Server(
      childChannelSetup: HTTP1Channel(responder: { request, writer, _ in
        let response = self.respond(to: request)
        try await writer.write(response: response.head, body: response.body)
      }),
      configuration: .init(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { channel in await onReady("http://127.0.0.1:\(channel.localAddress?.port ?? 0)") },
      eventLoopGroup: EventLoopGroupProvider.singleton.eventLoopGroup,
      // What goes wrong with one connection concerns its browser alone.
      logger: changed(.init(label: "colophon.preview")) { $0.logLevel = .critical })
    do {
      try await server.run()
    } catch is CancellationError {
      return
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw PreviewError.portInUse(port)
    } catch {
      throw PreviewError.cannotListen(port: port, reason: String(describing: error))
    }
  }

  // MARK: Answers

  private func respond(to request: Request) -> Response {
    guard isOwn(request.head.authority) else {
      return answer(403, "text/plain; charset=utf-8", Array("This preview is for the browsers of this machine.\n".utf8))
    }
    guard request.method == .get || request.method == .head else { return refusal(allowed: "GET, HEAD") }
    let target = (request.head.path ?? "/").prefix { $0 != "#" }
    let path = target.prefix { $0 != "?" }
    var response =
      switch path {
      // Of what has no end there is no length to tell.
      case PreviewScript.events[...] where request.method == .head: refusal(allowed: "GET")
      case PreviewScript.events[...]: events()
      case PreviewScript.path[...]: answer(200, "text/javascript; charset=utf-8", Array(PreviewScript.source.utf8))
      default: file(String(path), query: target[path.endIndex...], range: request.headers[.range])
      }
    if request.method == .head { response = response.createHeadResponse() }
    return response
  }

  private func refusal(allowed: String) -> Response {
    var response = answer(405, "text/plain; charset=utf-8", Array("A preview answers \(allowed).\n".utf8))
    response.headers[.allow] = allowed
    return response
  }

  /// A page of another site must not read this one under a name of its own that leads here (DNS rebinding).
  private func isOwn(_ authority: String?) -> Bool {
    guard let authority else { return true }
    let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
    return ["127.0.0.1", "localhost", "[::1]"].contains(host)
  }

  /// - Parameter query: with its question mark; empty where there is none.
  private func file(_ path: String, query: Substring, range: String?) -> Response {
    switch files.find(path) {
    case .file(let file, let type) where type.hasPrefix("text/html"):
      return answer(200, type, file.read(at: 0, file.size))
    case .file(let file, let type): return answer(file, type, ByteRange(range, size: file.size))
    case .moved(let folder):
      let to = folder + query
      var response = answer(301, "text/plain; charset=utf-8", Array("It is at \(to)\n".utf8))
      response.headers[.location] = to
      return response
    case .missing(let page?, let base): return answer(404, "text/html; charset=utf-8", withBase(page, base))
    case .missing(nil, _):
      let text = "<!doctype html><title>Not found</title><p>There is no such page.\n"
      return answer(404, "text/html; charset=utf-8", Array(text.utf8))
    }
  }

  /// What is no page goes out as it is, a part of it where a player asks for one (RFC 9110, section 14): films can be searched then.
  private func answer(_ file: ServedFile, _ type: String, _ range: ByteRange) -> Response {
    var headers: HTTPFields = [.contentType: type, .cacheControl: "no-cache", .acceptRanges: "bytes"]
    switch range {
    case .whole: return Response(status: .ok, headers: headers, body: body(file, 0..<file.size))
    case .part(let part):
      headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.size)"
      return Response(status: .partialContent, headers: headers, body: body(file, part))
    case .unsatisfiable:
      headers[.contentRange] = "bytes */\(file.size)"
      return Response(status: .rangeNotSatisfiable, headers: headers)
    }
  }

  private func body(_ file: ServedFile, _ range: Range<Int>) -> ResponseBody {
    if range.count <= 1 << 18 {
      return .init(byteBuffer: ByteBuffer(bytes: file.read(at: range.lowerBound, range.count)))
    }
    return ResponseBody(contentLength: range.count) { writer in
      var offset = range.lowerBound
      while offset < range.upperBound {
        let bytes = file.read(at: offset, min(1 << 18, range.upperBound - offset))
        // A build has changed it meanwhile: the connection ends, and the browser asks again.
        guard !bytes.isEmpty else { throw CancellationError() }
        try await writer.write(ByteBuffer(bytes: bytes))
        offset += bytes.count
      }
      try await writer.finish(nil)
    }
  }

  private func answer(_ status: Int, _ type: String, _ bytes: [UInt8]) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = type
    // A browser asks again each time: what it has may be of an older build.
    headers[.cacheControl] = "no-cache"
    let body = type.hasPrefix("text/html") ? withScript(bytes) : bytes
    return Response(
      status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
  }

  /// The relative links of a 404 page hold where the page lies, and it is shown at URLs of any depth.
  private func withBase(_ page: [UInt8], _ base: String) -> [UInt8] {
    guard let head = page.firstRange(of: Array("<head>".utf8)) else { return page }
    return page[..<head.upperBound] + Array("<base href=\"\(base)\">".utf8) + page[head.upperBound...]
  }

  private func withScript(_ page: [UInt8]) -> [UInt8] {
    let tag = Array(PreviewScript.tag(build: states.current.build).utf8)
    let end = Array("</body>".utf8)
    var place = page.count - end.count
    while place >= 0, !page[place..<place + end.count].elementsEqual(end) { place -= 1 }
    if place < 0 { return page + tag }
    return page[..<place] + tag + page[place...]
  }

  private func events() -> Response {
    var headers = HTTPFields()
    headers[.contentType] = "text/event-stream"
    headers[.cacheControl] = "no-store"
    let states = states
    return Response(
      status: .ok, headers: headers,
      body: .init { writer in
        for await state in states.all() { try await writer.write(ByteBuffer(string: state.event)) }
        try await writer.finish(nil)
      })
  }
}
