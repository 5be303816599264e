/// The entries of a map while there may be many more to come: each is found by its key, and not by looking through all.
struct SettingMap {
  private(set) var entries: [Setting.Entry] = []
  private var places: [String: Int] = [:]
  /// The first of each key, by it in lower case.
  private var placesInLowerCase: [String: Int] = [:]

  init(_ entries: [Setting.Entry] = []) {
    for entry in entries { append(entry) }
  }

  var setting: Setting { Setting(.map(entries)) }

  /// As `Setting.set`.
  mutating func set(_ key: String, _ setting: Setting) {
    if let place = places[key] {
      entries[place].setting = setting
    } else {
      append(Setting.Entry(key: key, line: setting.line, setting: setting))
    }
  }

  /// Lays an entry over the one of its key, in whatever case.
  mutating func merge(_ entry: Setting.Entry) {
    guard let place = placesInLowerCase[entry.key.lowercased()], !entries[place].setting.isNull else {
      return set(entry.key, entry.setting)
    }
    entries[place].setting.merge(entry.setting)
  }

  private mutating func append(_ entry: Setting.Entry) {
    let key = entry.key.lowercased()
    if places[entry.key] == nil { places[entry.key] = entries.count }
    if placesInLowerCase[key] == nil { placesInLowerCase[key] = entries.count }
    entries.append(entry)
  }
}
