import CCurl
import Glibc

/// One transfer: sets libcurl up for a request, and gathers the answer from its callbacks, all on one thread.
final class CurlExchange {
  private let request: HTTPRequest
  private let cancellation: Cancellation
  private var status = 0
  private var headers = HTTPHeaders()
  private var headerBytes = 0
  private var isHeaderComplete = false
  private var body: [UInt8] = []
  private var bodyBytes = 0
  /// Why a callback stopped the transfer; libcurl itself says only that one did.
  private var stopped: TransportError?
  private var files: [FilePart] = []

  static let maxHeaderBytes = 256 << 10

  init(_ request: HTTPRequest, _ cancellation: Cancellation) {
    self.request = request
    self.cancellation = cancellation
  }

  func perform(on handle: UnsafeMutableRawPointer, userAgent: String) -> Result<HTTPResponse, TransportError> {
    if cancellation.isCancelled { return .failure(TransportError(.cancelled)) }
    let lines = headerLines()
    defer { curl_slist_free_all(lines) }
    var mime: OpaquePointer?
    defer { if let mime { curl_mime_free(mime) } }
    let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    defer { message.deallocate() }

    setOptions(handle, userAgent: userAgent)
    _ = colophon_setopt_pointer(handle, CURLOPT_ERRORBUFFER, message)
    _ = colophon_setopt_pointer(handle, CURLOPT_HTTPHEADER, lines)
    request.sink?.restart()
    let code: CURLcode
    do throws(TransportError) {
      mime = try setBody(handle)
      code = withExtendedLifetime(self) { performCalls(handle) }
    } catch {
      return .failure(error)
    }
    if let stopped { return .failure(stopped) }
    if code == CURLE_OK { return .success(response) }
    // A server that refuses a large body may answer and close before it has read it all: its answer counts.
    if code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR, isHeaderComplete, status >= 400 {
      return .success(response)
    }
    return .failure(failure(code, handle, String(cString: message)))
  }

  private var response: HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: body, bodyBytes: bodyBytes)
  }

  private func performCalls(_ handle: UnsafeMutableRawPointer) -> CURLcode {
    guard case .bytes(let bytes) = request.body, !bytes.isEmpty else { return curl_easy_perform(handle) }
    return bytes.withUnsafeBytes { buffer in
      // libcurl reads the fields in place; the pointer outlives the transfer.
      _ = colophon_setopt_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(buffer.count))
      _ = colophon_setopt_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: buffer.baseAddress))
      if request.method != "POST" { _ = colophon_setopt_string(handle, CURLOPT_CUSTOMREQUEST, request.method) }
      return curl_easy_perform(handle)
    }
  }

  private func setOptions(_ handle: UnsafeMutableRawPointer, userAgent: String) {
    func set(_ option: CURLoption, _ value: Int) { _ = colophon_setopt_long(handle, option, value) }
    func set(_ option: CURLoption, _ value: String) { _ = colophon_setopt_string(handle, option, value) }
    set(CURLOPT_URL, request.url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_HTTP_VERSION, colophon_http_version_2tls)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    set(CURLOPT_USERAGENT, userAgent)
    set(CURLOPT_PATH_AS_IS, 1)
    // `\"` in file names, which most parsers undo (RFC 2045's quoted-string), not `%22`, which most take as it is.
    set(CURLOPT_MIME_OPTIONS, Int(CURLMIMEOPT_FORMESCAPE))
    // A proxy cannot reach this machine's own servers, and need not see what they are told.
    if WebAddress(request.url)?.isLoopback == true { set(CURLOPT_NOPROXY, "*") }
    let timeouts = request.timeouts
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(timeouts.connect))
    set(CURLOPT_LOW_SPEED_LIMIT, max(1, timeouts.stallBytesPerSecond))
    set(CURLOPT_LOW_SPEED_TIME, max(1, timeouts.stall))
    if let total = timeouts.total { set(CURLOPT_TIMEOUT_MS, milliseconds(total)) }

    let me = Unmanaged.passUnretained(self).toOpaque()
    _ = colophon_setopt_data(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
      CurlExchange.from(me)?.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) == true
        ? size * count : 0
    }
    _ = colophon_setopt_pointer(handle, CURLOPT_HEADERDATA, me)
    _ = colophon_setopt_data(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
      CurlExchange.from(me)?.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) == true
        ? size * count : 0
    }
    _ = colophon_setopt_pointer(handle, CURLOPT_WRITEDATA, me)
    _ = colophon_setopt_progress(handle) { me, _, _, _, _ in
      CurlExchange.from(me)?.cancellation.isCancelled == false ? 0 : 1
    }
    _ = colophon_setopt_pointer(handle, CURLOPT_XFERINFODATA, me)
    set(CURLOPT_NOPROGRESS, 0)
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> CurlExchange? {
    pointer.map { Unmanaged<CurlExchange>.fromOpaque($0).takeUnretainedValue() }
  }

  /// At least one: libcurl takes 0 for "no limit".
  private func milliseconds(_ seconds: Double) -> Int { max(1, Int(min(max(seconds, 0), 1e6) * 1000)) }

  /// The caller frees the list.
  private func headerLines() -> UnsafeMutablePointer<curl_slist>? {
    var list: UnsafeMutablePointer<curl_slist>?
    // No "Expect: 100-continue": a server that does not know it costs a second for each upload.
    list = curl_slist_append(list, "Expect:")
    for field in request.headers.fields {
      // "Name;" is how libcurl is told of a field without a value.
      list = curl_slist_append(list, field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    return list
  }

  // MARK: - The request's body

  /// - Returns: what the caller frees after the transfer.
  private func setBody(_ handle: UnsafeMutableRawPointer) throws(TransportError) -> OpaquePointer? {
    switch request.body {
    case .none:
      setNoBody(handle)
      return nil
    case .bytes(let bytes):
      if bytes.isEmpty { setNoBody(handle) }
      return nil
    case .multipart(let parts):
      guard let mime = curl_mime_init(handle) else { throw TransportError(.other, "no memory for the request") }
      do throws(TransportError) {
        for part in parts { try add(part, to: mime) }
      } catch {
        curl_mime_free(mime)
        throw error
      }
      _ = colophon_setopt_pointer(handle, CURLOPT_MIMEPOST, UnsafeMutableRawPointer(mime))
      if request.method != "POST" { _ = colophon_setopt_string(handle, CURLOPT_CUSTOMREQUEST, request.method) }
      return mime
    }
  }

  private func setNoBody(_ handle: UnsafeMutableRawPointer) {
    switch request.method {
    case "GET": _ = colophon_setopt_long(handle, CURLOPT_HTTPGET, 1)
    case "HEAD": _ = colophon_setopt_long(handle, CURLOPT_NOBODY, 1)
    case "POST":
      _ = colophon_setopt_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, 0)
      _ = colophon_setopt_string(handle, CURLOPT_COPYPOSTFIELDS, "")
    default: _ = colophon_setopt_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
    }
  }

  private func add(_ part: HTTPRequest.Part, to mime: OpaquePointer) throws(TransportError) {
    guard let place = curl_mime_addpart(mime) else { throw TransportError(.other, "no memory for the request") }
    curl_mime_name(place, part.field)
    if let filename = part.filename { curl_mime_filename(place, filename) }
    if let type = part.contentType { curl_mime_type(place, type) }
    switch part.content {
    case .bytes(let bytes):
      // libcurl copies them.
      let code = bytes.withUnsafeBytes { buffer in
        guard let start = buffer.baseAddress else { return curl_mime_data(place, "", 0) }
        return curl_mime_data(place, start.assumingMemoryBound(to: CChar.self), buffer.count)
      }
      guard code == CURLE_OK else { throw TransportError(.other, "no memory for the request") }
    case .file(let path, let size):
      let file = FilePart(path: path, size: size)
      try file.check()
      files.append(file)
      curl_mime_data_cb(
        place, curl_off_t(size),
        { buffer, size, count, file in
          file.map { Unmanaged<FilePart>.fromOpaque($0).takeUnretainedValue().read(buffer, size * count) }
            ?? colophon_readfunc_abort
        },
        { file, offset, origin in
          guard let file, origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
          Unmanaged<FilePart>.fromOpaque(file).takeUnretainedValue().rewind(to: Int(offset))
          return CURL_SEEKFUNC_OK
        }, nil, Unmanaged.passUnretained(file).toOpaque())
    }
  }

  // MARK: - The answer

  private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= Self.maxHeaderBytes else {
      stopped = TransportError(.tooLarge, "more than \(Self.maxHeaderBytes) bytes of header fields")
      return false
    }
    var line = bytes[...]
    while let last = line.last, last == 0x0D || last == 0x0A { line = line.dropLast() }
    if line.isEmpty {
      isHeaderComplete = true
    } else if line.starts(with: "HTTP/".utf8) {
      // A new answer: what came before was interim (RFC 9110, section 15.2).
      headers = HTTPHeaders()
      isHeaderComplete = false
      let word = line.drop { $0 != 0x20 }.dropFirst().prefix { $0 != 0x20 }
      status = Int(String(decoding: word, as: UTF8.self)) ?? 0
    } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
      var value = line[line.index(after: colon)...]
      while let first = value.first, first == 0x20 || first == 0x09 { value = value.dropFirst() }
      while let last = value.last, last == 0x20 || last == 0x09 { value = value.dropLast() }
      headers.add(String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
    return true
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bodyBytes += bytes.count
    guard bodyBytes <= request.maxAnswerBytes else {
      stopped = TransportError(.tooLarge, "more than \(request.maxAnswerBytes) bytes")
      return false
    }
    if let sink = request.sink, (200...299).contains(status) {
      if sink.write(bytes) { return true }
      stopped = TransportError(.stoppedBySink)
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  // MARK: - What went wrong

  private func failure(_ code: CURLcode, _ handle: UnsafeMutableRawPointer, _ message: String) -> TransportError {
    if code == CURLE_ABORTED_BY_CALLBACK || code == CURLE_READ_ERROR,
      let problem = files.lazy.compactMap(\.problem).first
    {
      return problem
    }
    if cancellation.isCancelled { return TransportError(.cancelled) }
    var verification = 0
    _ = colophon_getinfo_long(handle, CURLINFO_SSL_VERIFYRESULT, &verification)
    var proxyStatus = 0
    _ = colophon_getinfo_long(handle, CURLINFO_HTTP_CONNECTCODE, &proxyStatus)
    let kind = TransportError.Kind(
      curl: code, verification: verification, message: message, hasAnswerBegun: status != 0 || headerBytes > 0,
      proxyStatus: proxyStatus)
    return TransportError(kind, message.isEmpty ? String(cString: curl_easy_strerror(code)) : message)
  }
}
