/// A place in a line, in bytes and in columns: a tab reaches to the next multiple of four, and can be consumed in part.
/// CommonMark 0.30, section 2.2.
struct LineCursor {
  var offset = 0
  var column = 0
  /// The column where the byte at `offset` begins; less than `column` where it is a tab consumed in part.
  var byteColumn = 0
  var firstNonspace = 0
  /// The column of that byte.
  private var nonspaceColumn = 0
  /// Columns from here to the first byte that is neither space nor tab.
  var indent = 0
  var isBlank = false

  var isIndented: Bool { indent >= 4 }
  var isInsideTab: Bool { column != byteColumn }

  mutating func findNonspace(_ line: Bytes) {
    // What is known of the line stays so: many containers may ask.
    if firstNonspace > offset {
      indent = nonspaceColumn - column
      return
    }
    var at = offset
    var reached = column
    while at < line.count {
      let byte = line[at]
      if byte == 0x20 {
        reached += 1
      } else if byte == 0x09 {
        reached += 4 - reached % 4
      } else {
        break
      }
      at += 1
    }
    firstNonspace = at
    nonspaceColumn = reached
    indent = reached - column
    isBlank = at >= line.count
  }

  mutating func advance(_ line: Bytes, columns: Int) {
    var left = columns
    while left > 0, offset < line.count {
      if line[offset] == 0x09 {
        let toStop = 4 - column % 4
        let step = min(left, toStop)
        column += step
        left -= step
        if step < toStop { return }
      } else {
        column += 1
        left -= 1
      }
      offset += 1
      byteColumn = column
    }
  }

  mutating func advance(_ line: Bytes, to target: Int) {
    while offset < target, offset < line.count {
      column += line[offset] == 0x09 ? 4 - column % 4 : 1
      offset += 1
      byteColumn = column
    }
  }
}
