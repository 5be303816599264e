import ContentAddressing
import DStor
import Files

/// What the server says of a folder, held to what was sent to it, file by file as it comes.
///
/// The answer lists the folder, or all its files, or both, in any order: by name where it names a file, and no hash may differ.
struct FolderAnswer {
  /// Sorted by path.
  private let pages: [AddressedContents]
  private let root: CID
  private let answers: Answers
  private var isListed: [Bool]
  /// Where the next file probably is: most servers list them sorted.
  private var next = 0
  private var wrong: PublishError?

  init(_ pages: [AddressedContents], root: CID, _ answers: Answers) {
    self.pages = pages
    self.root = root
    self.answers = answers
    isListed = [Bool](repeating: false, count: pages.count)
  }

  mutating func take(_ answer: AddedFile) {
    let name = String(Substring(answer.name.utf8.drop { $0 == UInt8(ascii: "/") }))
    guard let number = index(of: name) else {
      if (try? CID(answer.hash))?.asV1 == root.asV1 { answers.noteFolder(answer) }
      return
    }
    let page = pages[number]
    isListed[number] = true
    next = number + 1
    if (try? CID(answer.hash))?.asV1 == page.file.cid.asV1 {
      answers.note(answer, to: page, named: name)
    } else if wrong == nil {
      wrong = answers.problem(with: page, answered: answer.hash)
    }
  }

  /// - Throws: `PublishError` where a hash was wrong, or a file missing: where it lists files at all, it lists each.
  func check() throws {
    if let wrong { throw wrong }
    if isListed.contains(true), let missing = isListed.firstIndex(of: false) {
      throw PublishError.missingFile(path: pages[missing].path.string)
    }
  }

  private func index(of name: String) -> Int? {
    guard let path = TreePath(name) else { return nil }
    if next < pages.count, pages[next].path == path { return next }
    var low = 0
    var high = pages.count
    while low < high {
      let middle = (low + high) / 2
      if pages[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low < pages.count && pages[low].path == path ? low : nil
  }
}
