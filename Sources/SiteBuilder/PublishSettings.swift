import Files

extension Configuration {
  /// Where and how the site is published. What the values mean is `Publisher`'s business.
  public struct PublishSettings: Sendable, Equatable {
    /// A target without a name, where the keys of one stand under `publish` itself.
    public var target = Target()
    /// Targets by name, in the order of the configuration.
    public var targets: [Target] = []
    /// The first component of the dated folder; nil means the site's title as a slug.
    public var name: String?
    /// The dated folder, and the comment that dStor keeps with a file; nil for the usual ones.
    public var folder: FieldPattern?
    public var comment: FieldPattern?

    public struct Target: Sendable, Equatable {
      public var name: String?
      /// `dstor`, `kubo` or `local`; nil follows from `api`.
      public var kind: String?
      /// Base URL of the API; nil publishes to the local node.
      public var api: String?
      /// What a hash is appended to; nil means `<api>/ipfs`.
      public var gateway: String?
      /// `folder` or `files`; nil asks the target.
      public var mode: String?

      public init() {}
    }

    public static let folderFields = [
      "site", "yyyy", "MM", "dd", "HH", "mm", "ss", "build", "commit", "branch", "version",
    ]
    public static let commentFields = folderFields + ["page", "source", "time"]
  }
}

extension Configuration.PublishSettings {
  mutating func read(_ reader: inout KeyReader) {
    target = Target(&reader, nil)
    name = reader.string("name")
    if let entry = reader.datum.entries.first(where: { $0.key == "folder" }) {
      folder = pattern(entry, Self.folderFields, &reader)
      if let folder, !folder.fields.contains("build") {
        reader.report(
          entry, "folder has {build} in it, or two editions of a day would share a folder",
          hint: "{site}/{yyyy}/{MM}/{dd}/{build}")
      }
    }
    if let entry = reader.datum.entries.first(where: { $0.key == "comment" }) {
      comment = pattern(entry, Self.commentFields, &reader)
    }
    _ = (reader.datum("folder"), reader.datum("comment"))
    if var map = reader.map("targets") {
      for entry in map.datum.entries { readTarget(entry, &map) }
      reader.take(map)
    }
    refuseSecrets(&reader)
    reader.refuseRest()
  }

  private mutating func readTarget(_ entry: Datum.Entry, _ map: inout KeyReader) {
    guard !entry.key.isEmpty, entry.key.utf8.allSatisfy(isNameByte) else {
      return map.report(
        at: entry.keyPlace, "a target's name is of letters, digits, - and _, not \(entry.key)", hint: "main:")
    }
    guard case .map = entry.datum.value else {
      return map.report(
        entry, "a target has kind, api, gateway and mode, this is \(entry.datum.kind)",
        hint: "\(entry.key): {kind: kubo, api: http://127.0.0.1:5001}")
    }
    var reader = KeyReader(entry.datum, in: map.source, name: "a target")
    targets.append(Target(&reader, entry.key))
    refuseSecrets(&reader)
    reader.refuseRest()
    map.take(reader)
  }

  private func pattern(_ entry: Datum.Entry, _ fields: [String], _ reader: inout KeyReader) -> FieldPattern? {
    guard let text = entry.datum.text else {
      reader.report(entry, "\(entry.key) is a text with fields, not \(entry.datum.kind)", hint: "{site}/{build}")
      return nil
    }
    do throws(FieldPattern.Problem) {
      return try FieldPattern(text, fields: fields)
    } catch {
      reader.report(entry, error.message, hint: error.hint)
      return nil
    }
  }

  private func refuseSecrets(_ reader: inout KeyReader) {
    for entry in reader.datum.entries
    where ["key", "api_key", "token", "password", "email", "secret"].contains(entry.key) {
      _ = reader.datum(entry.key)
      reader.report(
        at: entry.keyPlace, id: "secret-in-configuration",
        "\(entry.key) is a secret, it does not belong in a file of the site",
        hint:
          "set DSTOR_API_KEY, or DSTOR_EMAIL and DSTOR_PASSWORD, in the environment, and change the secret if it was committed",
        isQuoted: false)
    }
  }
}

extension Configuration.PublishSettings.Target {
  fileprivate init(_ reader: inout KeyReader, _ name: String?) {
    self.name = name
    kind = Self.choice(reader.string("kind", "target"), ["dstor", "kubo", "local"], "kind", &reader)
    api = reader.string("api")
    gateway = reader.string("gateway")
    let choice = Self.choice(reader.string("mode"), ["auto", "folder", "files"], "mode", &reader)
    mode = choice == "auto" ? nil : choice
    if kind == "dstor" || kind == "kubo", api == nil, let place = reader.datum("kind", "target")?.place {
      reader.report(
        at: place, "a target of the kind \(kind ?? "") has an api",
        hint: kind == "kubo" ? "api: http://127.0.0.1:5001" : "api: https://api.dstor.cloud")
    }
  }

  private static func choice(
    _ value: String?, _ choices: [String], _ key: String, _ reader: inout KeyReader
  ) -> String? {
    guard let value, !choices.contains(value) else { return value }
    let place = (key == "kind" ? reader.datum("kind", "target") : reader.datum(key))?.place ?? .unknown
    reader.report(
      at: place,
      "\(key) is \(choices.dropLast().joined(separator: ", ")) or \(choices[choices.count - 1]), not \(value)")
    return nil
  }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
}
