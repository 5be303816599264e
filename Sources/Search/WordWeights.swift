/// Counts the words of one page by where they stand, and weighs them.
struct WordWeights {
  enum Place { case text, heading, keyword, title }

  private struct Word {
    /// Its bytes in `bytes`.
    let start: UInt32
    let length: UInt8
    var count: UInt16 = 0
    var isInTitle = false
    var isInHeading = false
    var isKeyword = false
  }

  private var bytes: [UInt8] = []
  private var words: [Word] = []
  /// Open addressing: a place in `words` plus one, 0 where nothing is.
  private var slots = [UInt32](repeating: 0, count: 1024)
  private var total = 0
  private var scanner = WordScanner()

  mutating func add(text: String, _ place: Place) {
    var text = text
    var scanner = WordScanner()
    text.withUTF8 { scanner.scan($0) { add($0, place) } }
    scanner.end { add($0, place) }
  }

  mutating func add(html: String) {
    var html = html
    html.withUTF8 { add(html: $0) }
  }

  private mutating func add(html: UnsafeBufferPointer<UInt8>) {
    var scanner = WordScanner()
    var place = Place.text
    scanText(html) { piece in
      switch piece {
      case .text(let range): scanner.scan(UnsafeBufferPointer(rebasing: html[range])) { add($0, place) }
      case .scalar(let scalar): scanner.add(scalar) { add($0, place) }
      case .tag(let tag):
        if tag.isInline { return }
        scanner.end { add($0, place) }
        if tag.isHeading { place = tag.isClosing ? .text : .heading }
      }
    }
    scanner.end { add($0, place) }
  }

  private mutating func add(_ word: [UInt8], _ place: Place) {
    if place == .text { total += 1 }
    let index = find(word)
    switch place {
    case .text: if words[index].count < .max { words[index].count += 1 }
    case .heading: words[index].isInHeading = true
    case .keyword: words[index].isKeyword = true
    case .title: words[index].isInTitle = true
    }
  }

  private mutating func find(_ word: [UInt8]) -> Int {
    if words.count * 2 >= slots.count { grow() }
    var slot = hash(word[...]) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      let known = words[index]
      let start = Int(known.start)
      if Int(known.length) == word.count, bytes[start..<start + word.count].elementsEqual(word) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    words.append(Word(start: UInt32(bytes.count), length: UInt8(word.count)))
    bytes += word
    slots[slot] = UInt32(words.count)
    return words.count - 1
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for (index, word) in words.enumerated() {
      let start = Int(word.start)
      var slot = hash(bytes[start..<start + Int(word.length)]) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }

  /// Each word with its weight, as `SearchPage.words` holds them.
  func encoded() -> [UInt8] {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(bytes.count + words.count * 2)
    for word in words {
      encoded.append(word.length)
      encoded += bytes[Int(word.start)..<Int(word.start) + Int(word.length)]
      encoded.append(weight(word))
    }
    return encoded
  }

  /// The title says most about a page, then what describes it, then headings. In the text, a word that comes often weighs more, but never more
  /// than a heading and keyword together; in a long text, less.
  private func weight(_ word: Word) -> UInt8 {
    let count = Int(word.count)
    let text = count == 0 ? 0 : max(1, 16 * count / (count + 1 + total / 400))
    return UInt8(text + (word.isInTitle ? 30 : 0) + (word.isInHeading ? 9 : 0) + (word.isKeyword ? 8 : 0))
  }
}

/// FNV-1a, 64 bits.
func hash(_ bytes: ArraySlice<UInt8>) -> Int {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return Int(truncatingIfNeeded: hash ^ hash >> 32) & .max
}
