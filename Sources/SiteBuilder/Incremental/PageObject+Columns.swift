import Templates

extension PageObject {
  /// Members that follow from the page's own file and nothing else: one thing to depend on, column 0, since they change together.
  static let ownMembers: Set<String> = [
    "aliases", "authors", "card", "date", "description", "draft", "kind", "name", "params", "permalink", "slug",
    "source",
    "title", "updated", "url", "weight",
  ]
  /// Members that say which other pages there are around the page, and nothing of what those say themselves.
  static let relations: Set<String> = [
    "ancestors", "count", "feeds", "next", "pages", "prev", "related", "section", "sections", "tags", "taxonomies",
    "terms",
  ]
  /// Members that follow from the page's rendered text.
  static let textMembers: Set<String> = ["content", "reading_time", "summary", "toc", "word_count"]

  /// The column of the page's own record.
  static let record = 0
  /// All columns but the record's, by the member's name.
  static let columns: [String: Int] = {
    let single = names.filter { !ownMembers.contains($0) }
    precondition(single.count < MemberDigests.columns, "bug: more members than columns")
    return Dictionary(uniqueKeysWithValues: zip(single, 1...))
  }()
  static let columnNames: [String] = columns.sorted { $0.value < $1.value }.map(\.key)

  /// Follows from the texts of other pages, and from no text's point of view.
  static let backlinksColumn = column(of: "backlinks")

  /// What does not exist follows from the page's own record, too.
  static func column(of name: String) -> Int { columns[name] ?? record }
}

extension SiteObject {
  /// Follow from the configuration and the data files: when one of those changes, everything is made anew.
  static let fixedMembers: Set<String> = [
    "author", "data", "description", "direction", "language", "manifest_url", "params", "search_url", "title", "url",
  ]

  static let columns: [String: Int] = {
    let single = names.filter { !fixedMembers.contains($0) }
    precondition(single.count <= MemberDigests.columns, "bug: more members than columns")
    return Dictionary(uniqueKeysWithValues: zip(single, 0...))
  }()
  static let columnNames: [String] = columns.sorted { $0.value < $1.value }.map(\.key)

  /// Of `MemberDigests`.
  var row: Int { objects.pages.count + language }
}

extension SiteObjects {
  /// Notes what a member said, for the next build to compare with.
  func note(_ value: Value, in row: Int, _ column: Int) {
    if digests[row, column] == 0 { digests[row, column] = Fingerprint.of(value) }
  }
}
