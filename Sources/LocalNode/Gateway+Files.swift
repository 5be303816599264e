import ContentAddressing
import Files
import Hummingbird

extension Gateway {
  /// A file, or the range of it that is asked for, sent block by block.
  ///
  /// - Parameters:
  ///   - cids: of the path as it was asked for.
  ///   - name: the last of the path; nil for a file that is asked for by its own CID.
  ///   - tag: of the directory, where the file is its index page.
  func file(
    _ request: GatewayRequest, _ cid: CID, _ cids: [CID], _ file: UnixFSFile, name: String?, tag: String? = nil
  ) throws -> Response {
    let size = file.fileSize
    let tag = tag ?? "\"\(cid)\""
    if let answer = notModified(request, tag: tag, caching: Self.immutable) { return answer }
    let type = try ContentType.forName(request.filename ?? name ?? "") ?? sniffedType(of: cid, file)
    var headers = self.headers(request, cids, tag: tag, caching: Self.immutable)
    headers += [("Content-Type", type), ("Accept-Ranges", "bytes")]
    if let filename = request.filename {
      headers.append(("Content-Disposition", disposition(filename, isDownload: request.isDownload)))
    }
    // If-Range compares strongly (RFC 9110, section 13.1.5); a date never matches, there is none.
    let isRangeMeant = request.ifRange.map { $0 == tag } ?? true
    switch ByteRange(isRangeMeant ? request.range : nil, size: size) {
    case .whole:
      return adding(headers, to: Response(status: .ok, body: body(cid, file, 0..<size)))
    case .part(let range):
      headers.append(("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"))
      return adding(headers, to: Response(status: .partialContent, body: body(cid, file, range)))
    case .unsatisfiable:
      return .text(
        416, "the range lies behind the file's \(size) bytes", headers: [("Content-Range", "bytes */\(size)")])
    }
  }

  private func body(_ cid: CID, _ file: UnixFSFile, _ range: Range<Int>) -> ResponseBody {
    if range.isEmpty { return ResponseBody() }
    if file.children.isEmpty {
      let bytes = file.data.dropFirst(range.lowerBound).prefix(range.count)
      return ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    }
    let lookup = SendableLookup(store: store)
    return ResponseBody(contentLength: range.count) { writer in
      var reader = UnixFSFileReader(cid, range: range)
      while let bytes = try reader.next(from: lookup.block) {
        try await writer.write(ByteBuffer(bytes: bytes))
      }
      try await writer.finish(nil)
    }
  }

  private func sniffedType(of cid: CID, _ file: UnixFSFile) throws -> String {
    if file.children.isEmpty { return ContentType.sniffed(file.data) }
    var head: [UInt8] = []
    // One byte more than is looked at says whether the file goes on.
    var reader = UnixFSFileReader(cid, range: 0..<min(file.fileSize, sniffedLength + 1))
    while let bytes = try reader.next(from: lookup) { head += bytes }
    return ContentType.sniffed(head[...])
  }

  /// RFC 6266, with the name in ASCII for those who don't know `filename*`.
  private func disposition(_ filename: String, isDownload: Bool) -> String {
    let ascii = String(
      decoding: filename.unicodeScalars.map { $0.isASCII ? UInt8($0.value) : UInt8(ascii: "_") }, as: UTF8.self)
    let kind = isDownload ? "attachment" : "inline"
    return "\(kind); filename=\"\(escaped(ascii))\"; filename*=UTF-8''\(escaped(filename))"
  }

  /// A name without anything that a header gives a meaning.
  private func escaped(_ name: String) -> String {
    let hex = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A lookup that a body may take along.
struct SendableLookup: Sendable {
  let store: BlockStore

  func block(_ cid: CID) throws -> [UInt8]? { try store.block(cid) }

  /// For long walks: throws once nobody waits for what they come to.
  func until(_ cancellation: Cancellation) -> BlockLookup {
    { [store] cid in
      try cancellation.check()
      return try store.block(cid)
    }
  }
}
