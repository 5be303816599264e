import ContentAddressing
import Files
import FoundationEssentials
import Transport

extension Receipt {
  /// Reads what `json()` wrote.
  ///
  /// - Throws: `ReceiptError`.
  public init(json bytes: [UInt8]) throws(ReceiptError) {
    var files: [File] = []
    self = try Receipt(json: bytes) { files.append($0) }
    self.files = files
  }

  /// The same without its files, which are handed out one by one and not kept: a large edition has a hundred thousand of them. They come before it is
  /// known whether the rest is a receipt.
  init(json bytes: [UInt8], each: (File) -> Void) throws(ReceiptError) {
    var problems: [ReceiptError] = []
    var size = 0
    var head = bytes
    do {
      let read = try JSON.object(bytes, elementsOf: "files") { json in
        guard problems.isEmpty else { return }
        if let file = File(json) {
          problems += file.problems
          if problems.isEmpty {
            size += file.size
            if size > largestSize { problems.append(.wrongValue("its files are larger than any disk: \(size) bytes")) }
          }
          if problems.isEmpty { each(file) }
        } else {
          problems.append(.unreadable)
        }
      }
      if let array = read.array {
        head = bytes[..<array.lowerBound] + Array("[]".utf8) + bytes[array.upperBound...]
      }
    } catch {
      throw .unreadable
    }
    struct Format: Decodable { let format: Int }
    let decoder = JSONDecoder()
    do {
      let format = try decoder.decode(Format.self, from: Data(head)).format
      guard format == Receipt.currentFormat else { throw ReceiptError.otherFormat(format) }
      if let problem = problems.first { throw problem }
      self = try decoder.decode(Receipt.self, from: Data(head))
      // It names the file that the receipt is kept in.
      guard build.utf8.count == 12, build.utf8.allSatisfy(isLowerHex) else {
        throw ReceiptError.wrongValue("its build is not 12 hexadecimal digits: \(shown(build))")
      }
      // The folder.
      if let name = target.name, name.isEmpty || !name.utf8.allSatisfy(isNameByte) {
        throw ReceiptError.wrongValue("its target has a name that none has: \(shown(name))")
      }
      for text in printed where text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
        throw ReceiptError.wrongValue("it holds what no line of a terminal can: \(shown(text))")
      }
    } catch let error as ReceiptError {
      throw error
    } catch {
      throw .unreadable
    }
  }
}

/// Of a file, and of all of them: what every reader of JSON counts up to (RFC 8259, section 6), so that sums do not overflow.
private let largestSize = 1 << 53

/// What somebody else wrote, fit for a line of a terminal.
private func shown(_ text: String) -> String {
  String(text.unicodeScalars.prefix(80).map { $0.properties.generalCategory == .control ? " " : Character($0) })
}

/// Of the names that a configuration gives to targets.
private func isNameByte(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "-")
    || byte == UInt8(ascii: "_")
}

extension Receipt {
  /// What commands print of it.
  fileprivate var printed: [String] {
    [
      site, time, mode, folder, entry, root.v0, root.v1, target.api, target.gateway, commit?.hash ?? "",
      commit?.branch ?? "",
    ]
  }
}

private func isLowerHex(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

extension Receipt.File {
  /// What it cannot be written or asked for by.
  fileprivate var problems: [ReceiptError] {
    if TreePath(path) == nil { return [.wrongValue("a file's path leads out of the edition: \(shown(path))")] }
    if !(0...largestSize).contains(size) { return [.wrongValue("the size of \(shown(path)) is none: \(size)")] }
    if (try? CID(cid)) == nil { return [.wrongValue("the CID of \(shown(path)) is none: \(shown(cid))")] }
    return []
  }

  /// - Returns: nil where something is missing or of another type.
  fileprivate init?(_ json: JSON) {
    guard let path = json["path"]?.string, let kind = json["kind"]?.string, let cid = json["cid"]?.string,
      case .number(let digits)? = json["size"], let size = Int(digits), case .bool(let sent)? = json["sent"],
      let url = json["url"]?.string
    else { return nil }
    self.init(path: path, kind: kind, cid: cid, size: size, sent: sent, url: url)
    switch json["source"] {
    case .string(let text)?: source = text
    case .null?, nil: break
    default: return nil
    }
    switch json["answer"] {
    case .null?, nil: break
    case let value?:
      guard let answer = Receipt.Answer(value) else { return nil }
      self.answer = answer
    }
  }
}

extension Receipt.Answer {
  fileprivate init?(_ json: JSON) {
    guard let name = json["name"]?.string, let hash = json["hash"]?.string else { return nil }
    self.init(name: name, hash: hash)
    switch json["size"] {
    case .number(let digits)?:
      guard let size = Int(digits) else { return nil }
      self.size = size
    case .null?, nil: break
    default: return nil
    }
  }
}
