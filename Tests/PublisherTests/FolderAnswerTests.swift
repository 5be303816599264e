import ContentAddressing
import DStor
import Files
import Foundation
import Testing

@testable import Publisher

/// What a server says of a folder: all its files, the folder alone, both, or nothing, in any order.
@Suite struct FolderAnswerTests {
  let pages: [AddressedContents]
  let root: CID

  init() throws {
    let paths: [TreePath] = ["404.html", "a/index.html", "a/z.html", "b.html", "index.html"]
    pages = try paths.map { path in
      let bytes = Array(path.string.utf8)
      return AddressedContents(path: path, contents: .bytes(bytes), file: try address(bytes, profile: .v0))
    }
    root = try folderCID(of: pages)
  }

  func answered(_ page: AddressedContents) -> AddedFile {
    AddedFile(name: page.path.string, hash: page.file.cid.text, size: page.file.size)
  }

  func taken(_ files: [AddedFile]) -> (FolderAnswer, Answers) {
    let answers = Answers { $0.replacingOccurrences(of: "MARKED", with: "‹secret›") }
    var answer = FolderAnswer(pages, root: root, answers)
    for file in files { answer.take(file) }
    return (answer, answers)
  }

  @Test func anyOrderWillDo() throws {
    let files = pages.map(answered)
    for files in [files, files.reversed(), Array(files[2...] + files[..<2]), files + files] {
      let (answer, answers) = taken(files)
      try answer.check()
      for (page, file) in zip(pages, pages.map(answered)) {
        let said = Receipt.Answer(name: file.name, hash: file.hash, size: file.size)
        #expect(answers.answer(to: page, named: page.path.string) == said)
      }
      #expect(answers.folder == nil)
    }
  }

  @Test func namesMayBeginWithASlashAndHashesBeOfVersion1() throws {
    let files = pages.map { AddedFile(name: "/" + $0.path.string, hash: $0.file.cid.asV1.text, size: nil) }
    let (answer, answers) = taken(files)
    try answer.check()
    // Kept as it was said.
    let said = Receipt.Answer(name: "/b.html", hash: pages[3].file.cid.asV1.text, size: nil)
    #expect(answers.answer(to: pages[3], named: "b.html") == said)
  }

  @Test func theFolderAloneOrNothingProvesNothing() throws {
    let folder = AddedFile(name: "2026/a1b2", hash: root.text, size: 7)
    let (answer, answers) = taken([folder])
    try answer.check()
    #expect(answers.folder == Receipt.Answer(name: "2026/a1b2", hash: root.text, size: 7))
    try taken([]).0.check()
    #expect(taken([]).1.folder == nil)
    // A folder of another hash is not this one.
    #expect(taken([AddedFile(name: "x", hash: pages[0].file.cid.text, size: nil)]).1.folder == nil)
  }

  @Test func aWrongHashIsTold() throws {
    var files = pages.map(answered)
    files[3] = AddedFile(name: "b.html", hash: pages[0].file.cid.text, size: nil)
    let expected = PublishError.wrongHash(
      path: "b.html", expected: pages[3].file.cid.text, answered: pages[0].file.cid.text)
    #expect(throws: expected) { try taken(files).0.check() }
    files[3] = AddedFile(name: "b.html", hash: "no hash", size: nil)
    #expect(throws: PublishError.self) { try taken(files).0.check() }
  }

  /// The receipt is published: what a server says again of what it was told is not kept.
  @Test func noSecretComesBackInAName() throws {
    let page = pages[3]
    let (answer, answers) = taken([
      AddedFile(name: "a MARKED folder", hash: root.text, size: 7),
      AddedFile(name: "b.html", hash: "MARKED", size: nil),
    ])
    #expect(answers.folder?.name == "a ‹secret› folder")
    answers.note(AddedFile(name: "b.html MARKED", hash: page.file.cid.text, size: 1), to: page, named: "b.html")
    #expect(answers.answer(to: page, named: "b.html")?.name == "b.html ‹secret›")
    let expected = PublishError.wrongHash(path: "b.html", expected: page.file.cid.text, answered: "‹secret›")
    #expect(throws: expected) { try answer.check() }
    // A name that has it by chance is the page's own.
    answers.note(AddedFile(name: "MARKED.html", hash: page.file.cid.text, size: 1), to: page, named: "MARKED.html")
    #expect(answers.answer(to: page, named: "MARKED.html")?.name == "MARKED.html")
  }

  /// What was hashed is not what is there now: the server has the new file's hash, and is right.
  @Test func aFileThatChangedMeanwhileIsNotTheServersFault() throws {
    let page = pages[3]
    let changed = AddressedContents(path: page.path, contents: .bytes([1, 2, 3]), file: page.file)
    let answers = Answers { $0 }
    var answer = FolderAnswer([changed], root: root, answers)
    answer.take(AddedFile(name: "b.html", hash: try address([1, 2, 3], profile: .v0).cid.text, size: nil))
    let error = #expect(throws: PublishError.changed(path: "b.html")) { try answer.check() }
    #expect(error?.isVerification == false)
    let gone = FileContents.onDisk(path: "/no/such", size: 6)
    let problem = answers.problem(
      with: AddressedContents(path: page.path, contents: gone, file: page.file), answered: "x")
    #expect(problem == .changed(path: "b.html"))
  }

  @Test func aFileThatIsMissingIsTold() throws {
    let files = pages.map(answered)
    #expect(throws: PublishError.missingFile(path: "a/z.html")) {
      try taken(files.filter { $0.name != "a/z.html" }).0.check()
    }
  }
}
