extension HTMLRenderer {
  /// Takes the ids that the text gives, wherever in it, and those of its footnotes: a heading that gets its id from its words gives way.
  mutating func reserveIDs() {
    for attributes in lowering.attributes {
      if let id = attributes.id { usedIDs[id] = 0 }
    }
    for definition in footnotes.order {
      var label = ByteBuffer(capacity: 16)
      lowering.plan.footnotes[definition].rawLabel.withUnsafeBufferPointer { label.append(escapingURL: $0) }
      let name = label.string(0..<label.count)
      for index in 1...max(1, footnotes.counts[definition]) {
        givenIDs.insert("fnref-" + name + (index > 1 ? "-\(index)" : ""))
      }
      givenIDs.insert("fn-" + name)
    }
    for id in givenIDs { usedIDs[id] = 0 }
  }

  /// The text gives `id` to an element.
  mutating func noteGivenID(_ id: String, of node: Node) {
    if !givenIDs.insert(id).inserted { result.repeatedIDs.append(RepeatedID(id: id, line: line(of: node))) }
  }

  /// `base`, or with `-1`, `-2` … behind it where the document has it already, as on GitHub.
  mutating func uniqueID(_ base: String) -> String {
    let base = base.isEmpty ? options.headingIDStyle.fallback : base
    guard var count = usedIDs[base] else {
      usedIDs[base] = 0
      return base
    }
    var id: String
    repeat {
      count += 1
      id = "\(base)-\(count)"
    } while usedIDs[id] != nil
    usedIDs[base] = count
    usedIDs[id] = 0
    return id
  }
}
