import Transport

/// Takes the JSON of an answer apart; each thing that may be wrong with it is an error of its own.
struct Reader {
  let response: HTTPResponse
  let tried: String
  /// nil where the answer holds a secret of its own, and is not quoted at all.
  private let redactor: Redactor?

  init(_ response: HTTPResponse, tried: String, redactor: Redactor?) {
    self.response = response
    self.tried = tried
    self.redactor = redactor
  }

  func problem(_ kind: DStorError.Kind, _ came: String, hint: String? = nil) -> DStorError {
    let excerpt = redactor?.excerpt(response.body) ?? ""
    return DStorError(
      kind, tried: tried, came: "\(response.status), \(came)" + (excerpt.isEmpty ? "" : ": \(excerpt)"), hint: hint)
  }

  /// Text of the answer for a message.
  func quoted(_ text: String) -> String { redactor?.excerpt(text.utf8) ?? "" }

  func json() throws(DStorError) -> JSON { try json { (bytes) throws(JSON.Failure) in try JSON(bytes) } }

  private func json(_ read: ([UInt8]) throws(JSON.Failure) -> JSON) throws(DStorError) -> JSON {
    let start = response.body.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    guard let start else { throw problem(.emptyAnswer, "an answer without a body where JSON was due") }
    do throws(JSON.Failure) {
      return try read(response.body)
    } catch .cutShort {
      throw problem(.cutShort, "JSON that ends in the middle")
    } catch {
      let type = response.headers["Content-Type"] ?? ""
      if start == UInt8(ascii: "<") || type.lowercased().hasPrefix("text/html") {
        throw problem(
          .htmlAnswer, "a web page where JSON was due",
          hint: "check the base URL; a proxy or a network's login page may have answered in the server's place")
      }
      throw problem(.notJSON, "an answer that is no JSON", hint: "check the base URL")
    }
  }

  func object() throws(DStorError) -> JSON { try object(json()) }

  /// The same, where `name` is an array of any length: see `JSON.object(_:elementsOf:_:)`.
  func object(elementsOf name: String, _ each: (JSON) -> Void) throws(DStorError) -> JSON {
    try object(json { (bytes) throws(JSON.Failure) in try JSON.object(bytes, elementsOf: name, each).object })
  }

  private func object(_ json: JSON) throws(DStorError) -> JSON {
    guard case .object = json else { throw problem(.notJSON, "JSON that is no object", hint: "check the base URL") }
    return json
  }

  func missing(_ name: String) -> DStorError { problem(.missingField(name), "an answer without \"\(name)\"") }
  func bad(_ name: String) -> DStorError { problem(.badField(name), "an answer with a senseless \"\(name)\"") }

  /// A token in field `name` of the answer.
  func token(_ name: String) throws(DStorError) -> Secret {
    guard let value = try object()[name], !value.isNull else { throw missing(name) }
    guard let text = value.string, isBearerToken(text) else { throw bad(name) }
    return Secret(text)
  }

  /// `{"Name", "Hash", "Size"}`, as Kubo's `add` answers.
  ///
  /// - Parameter prefix: where `entry` is in the answer, for messages.
  func addedFile(_ entry: JSON, _ prefix: String = "") throws(DStorError) -> AddedFile {
    guard case .object = entry else { throw bad(prefix) }
    let prefix = prefix.isEmpty ? "" : prefix + "."
    guard let hash = entry["Hash"], !hash.isNull else { throw missing(prefix + "Hash") }
    guard let hash = hash.string, (1...128).contains(hash.utf8.count), hash.utf8.allSatisfy(isLetterOrDigit) else {
      throw bad(prefix + "Hash")
    }
    guard let name = entry["Name"], !name.isNull else { throw missing(prefix + "Name") }
    guard let name = name.string, name.utf8.count <= 4096 else { throw bad(prefix + "Name") }
    var size: Int?
    if let value = entry["Size"], !value.isNull {
      guard let number = value.int, (0...(1 << 53)).contains(number) else { throw bad(prefix + "Size") }
      size = number
    }
    return AddedFile(name: name, hash: hash, size: size)
  }

  private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
