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
    var areReadable = true
    var head = bytes
    do {
      let read = try JSON.object(bytes, elementsOf: "files") { json in
        if let file = File(json) { each(file) } else { areReadable = false }
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
      guard areReadable else { throw ReceiptError.unreadable }
      self = try decoder.decode(Receipt.self, from: Data(head))
    } catch let error as ReceiptError {
      throw error
    } catch {
      throw .unreadable
    }
  }
}

extension Receipt.File {
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
