import ContentAddressing
import Files
import GRDB
import Glibc
import Hummingbird

/// What the node answers, by path.
enum Route: Sendable, CaseIterable {
  case token, add, importCAR, uploadToken, upload, uploadStatus, gateway, home, health

  init?(path: String) {
    switch path {
    case "/v1/dev/temp-token", "/dev/temp-token": self = .token
    case "/api/v0/add": self = .add
    case "/api/v0/dag/import": self = .importCAR
    case "/v1/upload/get-token", "/v1/upload/get-token/": self = .uploadToken
    case "/v1/upload", "/v1/upload/": self = .upload
    case "/v1/upload/get-status", "/v1/upload/get-status/": self = .uploadStatus
    case "/": self = .home
    case "/healthz": self = .health
    case _ where path.utf8.starts(with: "/ipfs/".utf8): self = .gateway
    default: return nil
    }
  }

  var methods: [String] {
    switch self {
    case .token: ["GET", "POST"]
    case .add, .importCAR, .uploadToken, .upload: ["POST"]
    case .uploadStatus: ["GET"]
    case .gateway: ["GET", "HEAD", "OPTIONS"]
    case .home, .health: ["GET", "HEAD"]
    }
  }

  /// Whether pages from elsewhere are kept out.
  var isAPI: Bool { [.token, .add, .importCAR, .uploadToken, .upload, .uploadStatus].contains(self) }
  var needsToken: Bool { isAPI && self != .token }
}

/// A request that may go on.
struct Admission: Sendable {
  let route: Route
  let target: RequestTarget
  /// The account that the bearer token names; empty where none is needed.
  let account: String
}

extension Node {
  /// Answers one request, without a socket. Whatever the request, there is an answer.
  public func respond(to request: Request) async -> Response {
    do {
      let admission = try admit(request)
      return try await answer(request, admission)
    } catch {
      return Self.response(for: error)
    }
  }

  /// The answer to a request that is refused for what its head says; nil where its body matters.
  func refusal(of request: Request) -> Response? {
    do {
      _ = try admit(request)
      return nil
    } catch {
      return error.response
    }
  }

  private static func response(for error: any Error) -> Response {
    switch error {
    case let refusal as Refusal: refusal.response
    case let error as MultipartError: Refusal(400, "bad-multipart", error.reason).response
    case let error as FileError where error.code == ENOSPC || error.code == EDQUOT: diskFull.response
    case let error as DatabaseError where error.resultCode == .SQLITE_FULL: diskFull.response
    default: Refusal(500, "node-error", "the node cannot go on: \(error)").response
    }
  }

  private static var diskFull: Refusal { Refusal(507, "disk-full", "the node's disk is full") }

  private func admit(_ request: Request) throws(Refusal) -> Admission {
    let target = RequestTarget(request.head.path ?? "/")
    guard let route = Route(path: target.path) else {
      throw Refusal(404, "no-such-route", "there is nothing at this path")
    }
    if route.isAPI, let origin = request.headers.value("Origin"), !configuration.allowedOrigins.contains(origin) {
      throw Refusal(403, "foreign-origin", "pages of another origin may not call this node's API")
    }
    guard route.methods.contains(request.method.rawValue) else {
      let allow = route.methods.joined(separator: ", ")
      var refusal = Refusal(405, "method-not-allowed", "this path takes \(allow)")
      refusal.headers = [("Allow", allow)]
      throw refusal
    }
    guard route.needsToken else { return Admission(route: route, target: target, account: "") }
    guard let token = bearerToken(request), let account = secrets.account(token: token, now: configuration.now()) else {
      var refusal = Refusal(401, "unauthorized", "the access token is missing, wrong or expired")
      refusal.headers = [("WWW-Authenticate", "Bearer")]
      throw refusal
    }
    return Admission(route: route, target: target, account: account)
  }

  /// RFC 6750, section 2.1; the scheme's case does not matter.
  private func bearerToken(_ request: Request) -> String? {
    guard let value = request.headers.value("Authorization") else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1].trimmingSpaces
  }

  private func answer(_ request: Request, _ admission: Admission) async throws -> Response {
    switch admission.route {
    case .token:
      return request.method == .get ? try tokenByKey(request) : try await tokenByLogin(request)
    case .add: return try await add(request, account: admission.account)
    case .importCAR: return try await importCAR(request, account: admission.account)
    case .uploadToken: return try await openSession(request, account: admission.account)
    case .upload: return try await receiveChunk(request, account: admission.account)
    case .uploadStatus: return try await sessionStatus(request, account: admission.account)
    case .gateway: return await gateway.respond(to: request, admission.target)
    case .home:
      let page = Response(200, type: "text/html; charset=utf-8", Array(homePage.utf8), headers: pageHeaders)
      return request.method == .head ? page.withoutBody : page
    case .health:
      let answer = Response.text(200, "ok", headers: [("Cache-Control", "no-store")])
      return request.method == .head ? answer.withoutBody : answer
    }
  }

  /// The whole of a small JSON body.
  func body<Value: Decodable>(of request: Request, as type: Value.Type) async throws -> Value {
    guard let buffer = try? await request.body.collect(upTo: 64 << 10) else {
      throw Refusal(413, "body-too-large", "the body may have at most 65536 bytes")
    }
    return try decodeJSON(Array(buffer.readableBytesView), as: type)
  }
}

/// For pages that the node itself makes: nothing in them may load or run.
let pageHeaders = [
  ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"),
  ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
]

/// Says what this is, and nothing about what is stored: the gateway's pages share its origin.
private let homePage = """
  <!doctype html>
  <html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Colophon node</title>
  <style>
  :root { color-scheme: light dark }
  body { font: 1.05rem/1.6 Georgia, serif; max-width: 38rem; margin: 4rem auto; padding: 0 1rem }
  code { font-size: .9em }
  </style>
  <h1>Colophon node</h1>
  <p>A node on this machine that stores what is published and serves it by its hash.</p>
  <p>Pages are at <code>/ipfs/&lt;hash&gt;/</code>. <code>colophon publish</code> prints the address of a site's front page;
  <code>colophon history</code> lists the earlier ones.</p>
  </html>
  """
