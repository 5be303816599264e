// Markdown as source: headings, fences (with their language inside), lists, quotes, emphasis, code, links.
extension Scanner {
  mutating func scanMarkdown() {
    if matches("---\n", at: position) { scanFrontMatter() }
    while position < end {
      let line = position
      let stop = lineEnd(from: line)
      let from = skipBlanks(from: line)
      let first = byte(from)
      if first == .hash {
        var level = from
        while byte(level) == .hash { level += 1 }
        if level - from <= 6, level >= stop || text[level].isSpace {
          emit(level - from == 1 ? .heading : .subheading, from, stop)
          position = min(stop + 1, end)
          continue
        }
      }
      if first == "`" || first == "~", byte(from + 1) == first.scalar, byte(from + 2) == first.scalar {
        scanFence(from, stop)
        continue
      }
      position = from
      if first == ">" {
        while position < stop, text[position] == ">" || text[position] == " " { position += 1 }
        emit(.keyword, from, position)
      }
      scanListMarker(stop)
      scanInlines(stop)
      position = min(stop + 1, end)
    }
  }

  private mutating func scanFrontMatter() {
    let close = find("\n---", from: position + 3, before: end)
    guard close < end else { return }
    emit(.namespace, position, position + 3)
    embed(.yaml, from: position + 4, to: close + 1)
    emit(.namespace, close + 1, close + 4)
    position = close + 4
  }

  private mutating func scanFence(_ from: Int, _ stop: Int) {
    let mark = text[from]
    var info = from
    while byte(info) == mark.scalar, info < stop { info += 1 }
    let count = info - from
    emit(.backtick, from, stop)
    var line = min(stop + 1, end)
    let body = line
    var bodyEnd = end
    var after = end
    while line < end {
      let content = skipBlanks(from: line)
      var closing = content
      while closing < end, text[closing] == mark { closing += 1 }
      let stop = lineEnd(from: closing)
      if closing - content >= count, skipBlanks(from: closing) >= stop {
        (bodyEnd, after) = (line, stop)
        break
      }
      line = stop + 1
    }
    var word = skipBlanks(from: info)
    if byte(word) == "{" { word += 1 }
    var wordEnd = word
    while wordEnd < stop, !text[wordEnd].isSpace, !",{}:".utf8.contains(text[wordEnd]) { wordEnd += 1 }
    if let language = Language.named(UnsafeBufferPointer(start: text + word, count: wordEnd - word)) {
      embed(language, from: body, to: bodyEnd)
    } else {
      emit(.backtick, body, bodyEnd)
    }
    emit(.backtick, bodyEnd, after)
    position = min(after + 1, end)
  }

  private mutating func scanListMarker(_ stop: Int) {
    let from = position
    var index = from
    if "-*+".utf8.contains(byte(index)) {
      index += 1
    } else {
      while byte(index).isDigit, index < from + 9 { index += 1 }
      guard index > from, byte(index) == "." || byte(index) == ")" else { return }
      index += 1
    }
    guard byte(index) == " " else { return }
    emit(.keyword, from, index)
    position = index
    if matches("[ ]", at: index + 1) || matches("[x]", at: index + 1) {
      emit(.keyword, index + 1, index + 4)
      position = index + 4
    }
  }

  private mutating func scanInlines(_ stop: Int) {
    // What was looked for in vain on this line is not looked for again.
    var missing: Set<UInt8> = []
    while position < stop {
      let byte = text[position]
      let from = position
      switch byte {
      case .backslash: position = min(position + 2, stop)
      case UInt8(ascii: "`"):
        var count = 1
        while self.byte(from + count) == "`" { count += 1 }
        position += count
        guard !missing.contains(byte), let close = closing(byte, count, from: position, before: stop) else {
          missing.insert(byte)
          continue
        }
        position = close
        emit(.backtick, from, close)
      case UInt8(ascii: "*"), UInt8(ascii: "_"):
        var count = 1
        while self.byte(from + count) == byte.scalar { count += 1 }
        let opens =
          from + count < stop && !text[from + count].isSpace && (byte == "*" || from == start || !text[from - 1].isName)
        position += count
        guard opens, !missing.contains(byte), let close = closing(byte, count, from: position, before: stop) else {
          if opens { missing.insert(byte) }
          continue
        }
        position = close
        emit(count == 1 ? .emphasis : .strong, from, close)
      case UInt8(ascii: "["):
        guard !missing.contains(byte) else {
          position += 1
          continue
        }
        var close = position + 1
        while close < stop, text[close] != "]" { close += text[close] == .backslash ? 2 : 1 }
        guard close < stop else {
          missing.insert(byte)
          position += 1
          continue
        }
        let textEnd = close
        close += 1
        if self.byte(close) == "(" || self.byte(close) == "[" {
          let bracket: Unicode.Scalar = self.byte(close) == "(" ? ")" : "]"
          var target = close + 1
          while target < stop, text[target] != bracket { target += 1 }
          emit(.tag, from + 1, textEnd)
          emit(.attribute, close + 1, min(target, stop))
          position = min(target + 1, stop)
        } else {
          position = close
        }
      case UInt8(ascii: "<"):
        var close = position + 1
        guard self.byte(close).isLetter || self.byte(close) == "/" || self.byte(close) == "!", !missing.contains(byte)
        else {
          position += 1
          continue
        }
        while close < stop, text[close] != ">" { close += 1 }
        if close >= stop {
          missing.insert(byte)
          position += 1
          continue
        }
        embed(.html, from: from, to: close + 1)
      default: position &+= 1
      }
    }
  }

  /// Past the next run of exactly `count` marks.
  private func closing(_ mark: UInt8, _ count: Int, from: Int, before stop: Int) -> Int? {
    var index = from
    while index < stop {
      if text[index] == .backslash, mark != "`" {
        index += 2
        continue
      }
      if text[index] == mark {
        let run = index
        while index < stop, text[index] == mark { index += 1 }
        if index - run == count { return index }
      } else {
        index += 1
      }
    }
    return nil
  }
}

extension UInt8 {
  fileprivate var scalar: Unicode.Scalar { Unicode.Scalar(self) }
}
