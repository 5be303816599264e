/// The words of all pages with the pages they are on, cut into files.
struct SearchIndex {
  /// How many bytes of words a file has, about. A search loads one or two of them.
  static let fileSize = 48 * 1024
  /// How many pages are described in one file.
  static let pagesPerFile = 64
  /// A word that is on more pages keeps those where it weighs most: nobody reads further, and "the" would fill the index.
  static let mostPages = 1000

  private let pages: [SearchPage]
  private var words: [[UInt8]] = []
  /// How many pages a word is on.
  private var counts: [Int32] = []
  private var slots = [UInt32](repeating: 0, count: 1 << 12)
  /// All words of all pages, in their order.
  private var wordOfPosting: [UInt32] = []
  private var weightOfPosting: [UInt8] = []
  private var endOfPage: [Int] = []

  init(_ pages: [SearchPage]) {
    self.pages = pages
    for page in pages {
      var index = 0
      while index < page.words.count {
        let end = index + 1 + Int(page.words[index])
        let word = find(page.words[index + 1..<end])
        counts[word] += 1
        wordOfPosting.append(UInt32(word))
        weightOfPosting.append(page.words[end])
        index = end + 1
      }
      endOfPage.append(wordOfPosting.count)
    }
  }

  private mutating func find(_ word: ArraySlice<UInt8>) -> Int {
    if words.count * 2 >= slots.count { grow() }
    var slot = hash(word) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if words[index].elementsEqual(word) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    words.append(Array(word))
    counts.append(0)
    slots[slot] = UInt32(words.count)
    return words.count - 1
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for (index, word) in words.enumerated() {
      var slot = hash(word[...]) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }

  func files() -> [SearchFile] {
    var files: [SearchFile] = []
    let (texts, firsts) = wordFiles()
    for (number, text) in texts.enumerated() {
      files.append(SearchFile(name: "words-\(number).js", bytes: call("words", number, quoted(text))))
    }
    for (number, start) in stride(from: 0, to: pages.count, by: Self.pagesPerFile).enumerated() {
      let part = pages[start..<min(start + Self.pagesPerFile, pages.count)]
      files.append(SearchFile(name: "pages-\(number).js", bytes: call("pages", number, described(part))))
    }
    // A browser that keeps files must not mix those of two builds.
    var version: UInt64 = 0xCBF2_9CE4_8422_2325
    for file in files { for byte in file.bytes { version = (version ^ UInt64(byte)) &* 0x100_0000_01B3 } }
    var index = Array("colophonSearch.open({\"version\":\"".utf8)
    index += Array(String(version, radix: 36).utf8)
    index += Array("\",\"pages\":\(pages.count),\"pagesPerFile\":\(Self.pagesPerFile),\"first\":[".utf8)
    for (number, word) in firsts.enumerated() {
      if number > 0 { index.append(UInt8(ascii: ",")) }
      index += quoted(word)
    }
    index += Array("]});\n".utf8)
    files.append(SearchFile(name: "index.js", bytes: index))
    return files
  }

  private func call(_ name: String, _ number: Int, _ value: [UInt8]) -> [UInt8] {
    Array("colophonSearch.\(name)(\(number),".utf8) + value + Array(");\n".utf8)
  }

  // MARK: Words

  /// The texts of the files with words, and the first word of each.
  ///
  /// A text is `word postings,word postings,…`, sorted by the words' UTF-16 as JavaScript compares them. A posting is the distance to the page
  /// before in base 64 (five bits a digit, the lowest first, 32 added where more follow, as in source maps) and the weight as one digit more.
  /// `word!count postings` has not all of its pages.
  private func wordFiles() -> (texts: [[UInt8]], firsts: [[UInt8]]) {
    let postings = sortedPostings()
    let order = words.indices.map { (key: Array(String(decoding: words[$0], as: UTF8.self).utf16), index: $0) }.sorted {
      $0.key.lexicographicallyPrecedes($1.key)
    }
    var texts: [[UInt8]] = []
    var firsts: [[UInt8]] = []
    for (_, index) in order {
      if texts.isEmpty || texts[texts.count - 1].count >= Self.fileSize {
        texts.append([])
        firsts.append(words[index])
      } else {
        texts[texts.count - 1].append(UInt8(ascii: ","))
      }
      append(
        words[index], postings.entries[postings.start[index]..<postings.start[index + 1]], to: &texts[texts.count - 1])
    }
    return (texts, firsts)
  }

  private struct Posting {
    var page: UInt32
    var weight: UInt8
  }

  /// The pages of each word, one word after the other: a counting sort.
  private func sortedPostings() -> (entries: [Posting], start: [Int]) {
    var start = [0]
    start.reserveCapacity(counts.count + 1)
    for count in counts { start.append(start[start.count - 1] + Int(count)) }
    var next = start
    var entries = [Posting](repeating: Posting(page: 0, weight: 0), count: wordOfPosting.count)
    var posting = 0
    for (page, end) in endOfPage.enumerated() {
      while posting < end {
        let word = Int(wordOfPosting[posting])
        entries[next[word]] = Posting(page: UInt32(page), weight: weightOfPosting[posting])
        next[word] += 1
        posting += 1
      }
    }
    return (entries, start)
  }

  private func append(_ word: [UInt8], _ postings: ArraySlice<Posting>, to text: inout [UInt8]) {
    text += word
    var kept = postings
    if postings.count > Self.mostPages {
      kept = heaviest(postings)[...]
      text.append(UInt8(ascii: "!"))
      text += Array(String(postings.count).utf8)
    }
    text.append(0x20)
    var last = 0
    for posting in kept {
      var distance = Int(posting.page) - last
      last = Int(posting.page)
      while distance >= 32 {
        text.append(digits[distance & 31 | 32])
        distance >>= 5
      }
      text.append(digits[distance])
      text.append(digits[Int(posting.weight)])
    }
  }

  /// The `mostPages` of greatest weight, of equals the later ones, in the order of pages.
  private func heaviest(_ postings: ArraySlice<Posting>) -> [Posting] {
    var ofWeight = [Int](repeating: 0, count: 64)
    for posting in postings { ofWeight[Int(posting.weight)] += 1 }
    var least = 63
    var left = Self.mostPages
    while least > 0, ofWeight[least] <= left {
      left -= ofWeight[least]
      least -= 1
    }
    var kept: [Posting] = []
    for posting in postings.reversed() {
      if Int(posting.weight) == least {
        guard left > 0 else { continue }
        left -= 1
      } else if posting.weight < least {
        continue
      }
      kept.append(posting)
    }
    return kept.reversed()
  }

  // MARK: Pages

  /// `[[url, title, excerpt, date], …]`
  private func described(_ pages: ArraySlice<SearchPage>) -> [UInt8] {
    var text: [UInt8] = [UInt8(ascii: "[")]
    for page in pages {
      if text.count > 1 { text += [UInt8(ascii: ","), 0x0A] }
      text.append(UInt8(ascii: "["))
      for (number, part) in [page.url, page.title, page.excerpt, page.date].enumerated() {
        if number > 0 { text.append(UInt8(ascii: ",")) }
        text += quoted(Array(part.utf8))
      }
      text.append(UInt8(ascii: "]"))
    }
    text.append(UInt8(ascii: "]"))
    return text
  }
}

private let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

/// A string of JSON, which JavaScript reads too.
private func quoted(_ text: [UInt8]) -> [UInt8] {
  var quoted: [UInt8] = [UInt8(ascii: "\"")]
  quoted.reserveCapacity(text.count + 2)
  for byte in text {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): quoted += [UInt8(ascii: "\\"), byte]
    case 0..<0x20: quoted += Array(("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8)
    default: quoted.append(byte)
    }
  }
  quoted.append(UInt8(ascii: "\""))
  return quoted
}
