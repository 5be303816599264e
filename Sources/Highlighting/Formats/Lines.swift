// Formats that are read line by line: TOML, INI, diffs, console sessions, Dockerfiles, makefiles.
extension Scanner {
  mutating func scanDiff() {
    while position < end {
      let from = position
      position = lineEnd(from: from)
      let kind: Kind
      switch byte(from) {
      case UInt8(ascii: "+"): kind = matches("+++ ", at: from) ? .heading : .inserted
      case UInt8(ascii: "-"): kind = matches("--- ", at: from) ? .heading : .deleted
      case UInt8(ascii: "@"): kind = .subheading
      case UInt8(ascii: "!"): kind = .strong
      case UInt8(ascii: ">"): kind = .inserted
      case UInt8(ascii: "<"): kind = .deleted
      case UInt8(ascii: "d"): kind = matches("diff ", at: from) ? .heading : .plain
      case UInt8(ascii: "I"): kind = matches("Index: ", at: from) ? .heading : .plain
      case UInt8(ascii: "i"): kind = matches("index ", at: from) ? .heading : .plain
      default: kind = .plain
      }
      emit(kind, from, position)
      position = min(position + 1, end)
    }
  }

  /// Lines behind a prompt are commands, all others are what they print.
  mutating func scanConsole() {
    var continued = false
    while position < end {
      let from = position
      let stop = lineEnd(from: from)
      let command = continued && byte(from) == ">" ? from + 1 : promptEnd(from, stop)
      if let command {
        emit(.prompt, from, command)
        embed(.bash, from: command, to: stop)
        continued = stop > from && text[stop - 1] == .backslash
      } else if continued {
        embed(.bash, from: from, to: stop)
        continued = stop > from && text[stop - 1] == .backslash
      } else {
        emit(.output, from, stop)
      }
      position = min(stop + 1, end)
    }
  }

  /// `>>> ` and `... ` before code, all other lines as they were printed.
  mutating func scanPythonConsole() {
    while position < end {
      let from = position
      let stop = lineEnd(from: from)
      if matches(">>>", at: from) || matches("...", at: from) {
        let code = min(from + 4, stop)
        emit(.prompt, from, code)
        embed(.python, from: code, to: stop)
      } else {
        emit(.output, from, stop)
      }
      position = min(stop + 1, end)
    }
  }

  /// Past `$ `, `# `, `user@host:~/x$ `, `(venv) $ `; nil where the line has no prompt.
  private func promptEnd(_ from: Int, _ stop: Int) -> Int? {
    let first = byte(from)
    if first == "$" || first == "%" || first == "#" || first == ">", byte(from + 1) == " " || from + 1 == stop {
      return min(from + 2, stop)
    }
    var index = from
    var at = false
    while index < min(stop, from + 80), !text[index].isSpace || text[from] == "(" || text[from] == "[" {
      if text[index] == "@" { at = true }
      if text[index] == "$" || text[index] == "#" || text[index] == "%", byte(index + 1) == " ",
        at || text[from] == "(" || text[from] == "["
      {
        return index + 2
      }
      index += 1
    }
    return nil
  }

  mutating func scanINI() {
    while position < end {
      let stop = lineEnd(from: position)
      let from = skipBlanks(from: position)
      let first = from < stop ? text[from] : 0
      if first == ";" || first == .hash || first == "!" {
        emit(.lineComment, from, stop)
      } else if first == "[" {
        var close = from
        while close < stop, text[close] != "]" { close += 1 }
        emit(.keyword, from, min(close + 1, stop))
      } else if from < stop {
        var separator = from
        while separator < stop, text[separator] != "=", text[separator] != ":" { separator &+= 1 }
        var keyEnd = separator
        while keyEnd > from, text[keyEnd - 1].isSpace { keyEnd -= 1 }
        emit(.attribute, from, keyEnd)
        if separator < stop {
          emit(.symbolOperator, separator, separator + 1)
          emit(.string, min(skipBlanks(from: separator + 1), stop), stop)
        }
      }
      position = min(stop + 1, end)
    }
  }

  /// An instruction's word, then what a shell would read; `#` comments and heredocs included.
  mutating func scanDockerfile() {
    while position < end {
      let from = skipBlanks(from: position)
      var stop = lineEnd(from: from)
      if byte(from) == .hash {
        emit(.lineComment, from, stop)
      } else {
        var word = from
        while byte(word).isLetter { word += 1 }
        emit(.keyword, from, word)
        if matchesFolded("run", at: from), matches("<<", at: skipBlanks(from: word)) {
          stop = end
        } else {
          // Comment lines may stand between continued ones.
          while stop < end, continues(stop) || byte(skipBlanks(from: lineStart(of: stop))) == .hash {
            stop = lineEnd(from: stop + 1)
          }
        }
        embed(.bash, from: word, to: stop)
        if matchesFolded("from", at: from) { emitStageName(word, stop) }
      }
      position = min(stop + 1, end)
    }
  }

  private func lineStart(of index: Int) -> Int {
    var index = index
    while index > start, text[index - 1] != .lineFeed { index -= 1 }
    return index
  }

  /// Whether the line that ends at `stop` goes on on the next one.
  private func continues(_ stop: Int) -> Bool {
    var index = stop
    while index > start, text[index - 1] == .space || text[index - 1] == .carriageReturn || text[index - 1] == .tab {
      index -= 1
    }
    return index > start && text[index - 1] == .backslash
  }

  /// `AS name` of a `FROM`.
  private mutating func emitStageName(_ from: Int, _ stop: Int) {
    var index = from
    while index + 3 < stop {
      if text[index].isSpace, matchesFolded("as", at: index + 1), text[index + 3].isSpace {
        while let last = tokens.last, last.start > index { tokens.removeLast() }
        return emit(.keyword, index + 1, index + 3)
      }
      index += 1
    }
  }

  mutating func scanMakefile() {
    while position < end {
      let from = position
      var stop = lineEnd(from: from)
      while stop < end, continues(stop) { stop = lineEnd(from: stop + 1) }
      let content = skipBlanks(from: from)
      if byte(from) == .tab {
        embed(from: from, to: stop) { $0.scanMakeText(recipe: true) }
      } else if byte(content) == .hash {
        emit(.lineComment, content, stop)
      } else {
        position = content
        scanMakeHead(stop)
        embed(from: position, to: stop) { $0.scanMakeText(recipe: false) }
      }
      position = min(stop + 1, end)
    }
  }

  /// A directive, a target with its colon, or the name of a variable.
  private mutating func scanMakeHead(_ stop: Int) {
    let from = position
    var word = from
    while word < stop, text[word].isLetter || text[word] == "-" { word += 1 }
    for directive: StaticString in [
      "ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "include", "-include", "sinclude", "define", "endef",
      "export", "unexport", "override",
      "vpath", "undefine", "private",
    ] where directive.utf8CodeUnitCount == word - from && matchesFolded(directive, at: from) {
      emit(.keyword, from, word)
      position = word
      return
    }
    var index = from
    while index < stop, text[index] != ":", text[index] != "=", text[index] != .hash {
      if text[index] == .dollar { index += 1 }
      index += 1
    }
    index = min(index, stop)
    guard index < stop, text[index] != .hash else { return }
    let isTarget = text[index] == ":" && byte(index + 1) != "=" && !(byte(index + 1) == ":" && byte(index + 2) == "=")
    var nameEnd = index
    while nameEnd > from, text[nameEnd - 1].isSpace || (!isTarget && "+?!:".utf8.contains(text[nameEnd - 1])) {
      nameEnd -= 1
    }
    var dollars = false
    for at in from..<nameEnd where text[at] == .dollar { dollars = true }
    if !dollars {
      emit(isTarget ? .function : .variable, from, nameEnd)
      position = index
    }
    if !isTarget, !dollars {
      while index < stop, text[index] == ":" { index += 1 }
      emit(.symbolOperator, nameEnd == index ? index : skipBlanks(from: nameEnd), index + 1)
      position = index + 1
    }
  }

  /// `$(name …)`, `$@`, strings and comments; the rest has no span.
  private mutating func scanMakeText(recipe: Bool) {
    while position < end {
      let byte = text[position]
      let from = position
      if byte == .dollar {
        let second = self.byte(from + 1)
        if second == "(" || second == "{" {
          position = from + 2
          while position < end, text[position].isName || text[position] == "-" || text[position] == "." {
            position += 1
          }
          emit(next == " " ? .keyword : .variable, from + 2, position)
        } else {
          position = min(from + 2, end)
          emit(.variable, from, position)
        }
      } else if byte == .hash, from == start || text[from - 1].isSpace {
        position = end
        emit(.lineComment, from, end)
      } else if recipe, byte == .quote || byte == .apostrophe {
        position += 1
        while position < end, text[position] != byte, text[position] != .lineFeed {
          position += text[position] == .backslash && byte == .quote ? 2 : 1
        }
        position = min(position + (self.byte(position) == byte ? 1 : 0), end)
        emit(byte == .quote ? .double : .single, from, position)
      } else {
        position &+= 1
      }
    }
  }
}
