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
    var head = bytes
    do {
      let read = try JSON.object(bytes, elementsOf: "files") { json in
        guard problems.isEmpty else { return }
        if let file = File(json) {
          problems += file.problems
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
    } catch let error as ReceiptError {
      throw error
    } catch {
      throw .unreadable
    }
  }
}

/// What somebody else wrote, fit for a line of a terminal.
private func shown(_ text: String) -> String {
  String(text.unicodeScalars.prefix(80).map { $0.properties.generalCategory == .control ? " " : Character($0) })
}

private func isLowerHex(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

extension Receipt.File {
  /// What it cannot be written or asked for by.
  fileprivate var problems: [ReceiptError] {
    if TreePath(path) == nil { return [.wrongValue("a file's path leads out of the edition: \(shown(path))")] }
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
