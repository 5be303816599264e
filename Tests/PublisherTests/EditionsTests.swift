import ContentAddressing
import Files
import TestSupport
import Testing

@testable import Publisher

/// A folder of receipts for one test.
final class ReceiptFolder {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.path }

  /// Writes a receipt as `publish` does, log included. `seed` makes the root.
  @discardableResult
  func publish(
    _ seed: String, at second: Int, on api: String = "https://one.test", folder: String = ""
  ) throws -> Receipt {
    let receipt = try Receipt.sample(seed, second: second, api: api)
    try makeFolder(path + folder)
    try replaceFile(path + "\(folder)/\(receipt.build).json", receipt.json())
    try log(.published, receipt)
    return receipt
  }

  func log(_ event: EditionLog.Entry.Event, _ receipt: Receipt) throws {
    try EditionLog(receipts: path).append(
      EditionLog.Entry(event: event, build: receipt.build, target: receipt.target.api, time: receipt.time))
  }

  func editions() throws -> Editions { try Editions(receipts: path) }
}

extension Receipt {
  static func sample(
    _ seed: String, second: Int = 0, api: String = "https://one.test", files: [File] = []
  ) throws -> Receipt {
    let root = try address(Array(seed.utf8), profile: .v0).cid
    let build = String(hexadecimal(root.bytes.suffix(32)).prefix(12))
    return Receipt(
      tool: Tool(version: "1.0"), site: "site", build: build, time: UTCTime(1_700_000_000 + second).description,
      target: Target(name: api.contains("one") ? "one" : nil, kind: "dstor", api: api, gateway: api + "/ipfs"),
      mode: "folder", folder: "site/2023/11/14/\(build)", root: Root(v0: root.text, v1: root.asV1.text),
      entry: "\(api)/ipfs/\(root.text)/index.html", files: files, verification: Verification(verified: []))
  }
}

@Suite struct EditionsTests {
  @Test func everyNameLeadsToItsEdition() throws {
    let folder = try ReceiptFolder()
    let first = try folder.publish("a", at: 1)
    let second = try folder.publish("b", at: 2)
    let editions = try folder.editions()
    for name in [
      first.build, String(first.build.prefix(5)), first.build.uppercased(), first.folder, first.folder + "/",
      first.root.v0, first.root.v1, "last~1", "last~", folder.path + "/\(first.build).json",
    ] {
      #expect(try editions.named(name).receipt.build == first.build, "\(name)")
    }
    for name in [second.build, "last", "last~0", second.root.v1] {
      #expect(try editions.named(name).receipt.build == second.build, "\(name)")
    }
  }

  @Test func noFolderIsNoEditionAndNoAnswerIsAnError() throws {
    let folder = try ReceiptFolder()
    #expect(try Editions(receipts: folder.path + "/none").all.isEmpty)
    try writeFile(folder.path + "/file", [])
    #expect(throws: FileError.self) { try Editions(receipts: folder.path + "/file/receipts") }
  }

  /// Somebody else's receipt may say anything.
  @Test func aReceiptThatLeadsElsewhereIsLeftOut() throws {
    let folder = try ReceiptFolder()
    var receipt = try folder.publish("a", at: 1)
    receipt.build = "../../../x"
    try writeFile(folder.path + "/b.json", receipt.json())
    let editions = try folder.editions()
    #expect(editions.all.count == 1)
    #expect(editions.unreadable.map(\.reason) == [.wrongValue("its build is not 12 hexadecimal digits: ../../../x")])
  }

  @Test func aWrongNameSaysWhatIsNear() throws {
    let folder = try ReceiptFolder()
    #expect(throws: EditionError.noneYet(target: nil)) { try folder.editions().named("last") }
    let first = try folder.publish("a", at: 1)
    var wrong = first.build
    wrong.removeLast()
    let editions = try folder.editions()
    #expect(throws: EditionError.unknown(wrong + "x", nearest: first.build, newest: first.build)) {
      try editions.named(wrong + "x")
    }
    #expect(throws: EditionError.unknown("lsat", nearest: "last", newest: first.build)) { try editions.named("lsat") }
    #expect(throws: EditionError.notSoMany("last~1", there: 1)) { try editions.named("last~1") }
    #expect(throws: EditionError.noneYet(target: "https://two.test")) {
      try editions.named("last", on: "https://two.test")
    }
    #expect(throws: EditionError.self) { try editions.named("") }
    #expect(throws: EditionError.self) { try editions.named("last~x") }
  }

  @Test func aShortBeginningMayBeOfSeveral() throws {
    let folder = try ReceiptFolder()
    var builds: [String] = []
    for number in 0..<40 { builds.append(try folder.publish("\(number)", at: number).build) }
    let first = try #require(Dictionary(grouping: builds) { $0.prefix(1) }.first { $0.value.count > 1 })
    #expect(throws: EditionError.ambiguous(String(first.key), first.value.sorted())) {
      try folder.editions().named(String(first.key))
    }
  }

  /// As a reflog: what was current before comes back to be last, and is counted again.
  @Test func aRollbackIsTheLastEdition() throws {
    let folder = try ReceiptFolder()
    let a = try folder.publish("a", at: 1)
    let b = try folder.publish("b", at: 2)
    try folder.log(.rolledBack, a)
    #expect(try folder.editions().currents().map(\.receipt.build) == [a.build, b.build, a.build])
    #expect(try folder.editions().named("last").receipt.build == a.build)
    #expect(try folder.editions().named("last~1").receipt.build == b.build)
    // Published again, though nothing was sent.
    try folder.publish("b", at: 3)
    #expect(try folder.editions().named("last").receipt.build == b.build)
    try folder.log(.unpinned, a)
    #expect(try folder.editions().named("last").receipt.build == b.build)
  }

  @Test func targetsAreKeptApart() throws {
    let folder = try ReceiptFolder()
    let a = try folder.publish("a", at: 1)
    let other = try folder.publish("b", at: 2, on: "https://two.test", folder: "/two")
    let editions = try folder.editions()
    #expect(try editions.named("last").receipt.build == other.build)
    #expect(try editions.named("last", on: "one").receipt.build == a.build)
    #expect(try editions.named("last", on: "https://one.test").receipt.build == a.build)
    // Counting back stays on the target of the last edition.
    #expect(throws: EditionError.notSoMany("last~1", there: 1)) { try editions.named("last~1") }
    #expect(try editions.named(a.build).receipt.build == a.build)
    #expect(editions.editions(on: "one").count == 1)
  }

  /// As `import --site` takes it in: the log knows the same pages on another target only.
  @Test func aReceiptOfAnotherTargetIsAnEditionThere() throws {
    let folder = try ReceiptFolder()
    let a = try folder.publish("a", at: 1)
    let foreign = try Receipt.sample("a", second: 2, api: "https://two.test")
    let path = try keep(foreign, foreign.json(), in: folder.path)
    #expect(path != folder.path + "/\(a.build).json" && !path.contains("//"))
    let editions = try folder.editions()
    #expect(editions.all.count == 2)
    #expect(try editions.named("last", on: "https://two.test").path == path)
    #expect(try editions.named("last").receipt.target.api == "https://one.test")
    // Taken in again, it stays as it is.
    #expect(try keep(foreign, [], in: folder.path) == path)
    #expect(try folder.editions().all.count == 2)
  }

  @Test func whatIsNoReceiptIsTold() throws {
    let folder = try ReceiptFolder()
    try folder.publish("a", at: 1)
    try replaceFile(folder.path + "/broken.json", Array("{\"format\": 2".utf8))
    try replaceFile(folder.path + "/old.json", Array("{\"format\": 1}".utf8))
    let editions = try folder.editions()
    #expect(editions.all.count == 1)
    #expect(editions.unreadable.map(\.reason) == [.unreadable, .otherFormat(1)])
  }

  @Test func receiptsOlderThanTheLogComeFirst() throws {
    let folder = try ReceiptFolder()
    let first = try folder.publish("a", at: 1)
    let second = try folder.publish("b", at: 2)
    try removeAll(folder.path + "/log.jsonl")
    #expect(try folder.editions().named("last").receipt.build == second.build)
    let third = try folder.publish("c", at: 0)
    #expect(
      try folder.editions().currents().map(\.receipt.build) == [first, second, third].map(\.build))
  }
}

@Suite struct EditionLogTests {
  @Test func aLineThatWasCutOffIsPassedOver() throws {
    let folder = try ReceiptFolder()
    let a = try folder.publish("a", at: 1)
    let path = folder.path + "/log.jsonl"
    try replaceFile(path, readFile(path) + Array("{\"event\":\"publ".utf8))
    let b = try folder.publish("b", at: 2)
    #expect(EditionLog(receipts: folder.path).entries().map(\.build) == [a.build, b.build])
  }

  @Test func theSameEditionIsNotedOnce() throws {
    let folder = try ReceiptFolder()
    for second in 0..<3 { try folder.publish("a", at: second) }
    #expect(EditionLog(receipts: folder.path).entries().count == 1)
  }
}

@Suite struct EditionDiffTests {
  private func file(_ path: String, _ cid: String, size: Int = 1) -> Receipt.File {
    Receipt.File(path: path, kind: "page", cid: cid, size: size, sent: true, url: "https://one.test/ipfs/\(cid)")
  }

  @Test func whatDiffersIsTold() {
    let diff = EditionDiff(
      from: [file("same", "1"), file("gone", "2"), file("edited", "3", size: 10)],
      to: [file("new", "2"), file("edited", "4", size: 7), file("same", "1")])
    #expect(
      diff.changes.map { "\($0.kind) \($0.path) \($0.growth)" } == [
        "changed edited -3", "removed gone -1", "added new 1",
      ])
    #expect(EditionDiff(from: [file("a", "1")], to: [file("a", "1")]).isEmpty)
  }

  private func hashed(_ path: String, _ content: String, size: Int = 1) throws -> Receipt.File {
    let cid = try address(Array(content.utf8), profile: .v0).cid.text
    return Receipt.File(path: path, kind: "page", cid: cid, size: size, source: nil, sent: true, url: "")
  }

  /// Two names that look the same are two files: paths are bytes.
  @Test func namesInTwoFormsOfUnicode() throws {
    let (composed, decomposed) = ("\u{E9}.html", "e\u{301}.html")
    let before = [try hashed(composed, "1"), try hashed(decomposed, "2")]
    let after = [try hashed(composed, "1"), try hashed(decomposed, "3")]
    let changes = EditionDiff(from: before, to: after).changes
    #expect(changes.map { Array($0.path.utf8) } == [Array(decomposed.utf8)])
    #expect(changes.map(\.kind) == [.changed])
    #expect(EditionDiff(from: before, to: [before[0]]).changes.map(\.kind) == [.removed])
  }

  /// Somebody else's receipt may name a file again and again; what is asked first is put there in one go.
  @Test func theFrontPageAgainAndAgain() throws {
    let folder = try ReceiptFolder()
    let front = try hashed("index.html", "1")
    let receipt = try Receipt.sample("a", files: [hashed("a.html", "2")] + Array(repeating: front, count: 2_000))
    try replaceFile(folder.path + "/\(receipt.build).json", receipt.json())
    let expected = try #require(try folder.editions().all.first).expectedFiles()
    #expect(expected.count == 2_002)
    #expect(expected.first?.path == "index.html" && expected.last?.path == "colophon.json")
    #expect(expected.dropLast().last?.path == "a.html")
  }

  @Test func sumsBeyondAllNumbers() throws {
    let huge = try hashed("a.html", "1", size: 1 << 53)
    let unpinning = Unpinning(
      editions: [], left: [], isWhole: true, pins: [], files: Array(repeating: huge, count: 1025), paths: [])
    #expect(unpinning.bytes == .max)
  }
}
