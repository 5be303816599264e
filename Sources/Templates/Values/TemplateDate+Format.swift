/// What a language calls months and days.
public struct DateNames: Sendable {
  /// Twelve each, January first.
  public var months: [String]
  public var shortMonths: [String]
  /// Seven each, Monday first.
  public var days: [String]
  public var shortDays: [String]

  public static let english = DateNames(
    months: [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ],
    shortMonths: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    shortDays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
}

extension TemplateDate {
  /// The date in a named format ("rfc3339", "rfc822", "iso" or "date") or in strftime's codes, in English unless other names are given. What
  /// "rfc822" writes is always English.
  ///
  /// As in the C library, `-` between `%` and the code leaves out padding; `%:z` is `+01:00`. A code that is not known stays as written.
  /// - Parameter names: asked for where the format has one in it.
  public func formatted(_ format: String, names: @autoclosure () -> DateNames = .english) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(40)
    write(format, names, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  func write(_ format: String, _ names: () -> DateNames = { .english }, to output: inout [UInt8]) {
    switch format {
    case "rfc3339": return write("%Y-%m-%dT%H:%M:%S%:z", to: &output)
    case "rfc822": return write("%a, %d %b %Y %H:%M:%S %z", to: &output)
    case "iso", "date": return write("%Y-%m-%d", to: &output)
    default: break
    }
    var format = format
    format.withUTF8 { codes in
      let percent = UInt8(ascii: "%")
      let civil = civil
      var index = 0
      while index < codes.count {
        guard codes[index] == percent, index + 1 < codes.count else {
          output.append(codes[index])
          index += 1
          continue
        }
        let start = index
        index += 1
        var flag: UInt8 = 0
        if codes[index] == UInt8(ascii: "-") || codes[index] == UInt8(ascii: ":"), index + 1 < codes.count {
          flag = codes[index]
          index += 1
        }
        if !write(code: codes[index], flag: flag, civil, names, to: &output) {
          output.append(contentsOf: codes[start...index])
        }
        index += 1
      }
    }
  }

  private func write(
    code: UInt8, flag: UInt8, _ civil: (year: Int, month: Int, day: Int), _ names: () -> DateNames,
    to output: inout [UInt8]
  ) -> Bool {
    let width = flag == UInt8(ascii: "-") ? 1 : 2
    let space = UInt8(ascii: " ")
    switch Unicode.Scalar(code) {
    case "Y": output.append(civil.year, width: 4)
    case "C": output.append(civil.year / 100, width: width)
    case "y": output.append(civil.year % 100, width: width)
    case "m": output.append(civil.month, width: width)
    case "d": output.append(civil.day, width: width)
    case "e": output.append(civil.day, width: width, padding: space)
    case "H": output.append(hour, width: width)
    case "k": output.append(hour, width: width, padding: space)
    case "I": output.append((hour + 11) % 12 + 1, width: width)
    case "l": output.append((hour + 11) % 12 + 1, width: width, padding: space)
    case "M": output.append(minute, width: width)
    case "S": output.append(second, width: width)
    case "f": output.append("000000")
    case "j": output.append(dayOfYear, width: flag == UInt8(ascii: "-") ? 1 : 3)
    case "B": output.append(names().months[civil.month - 1])
    case "b", "h": output.append(names().shortMonths[civil.month - 1])
    case "A": output.append(names().days[weekday])
    case "a": output.append(names().shortDays[weekday])
    case "u": output.append(decimal: weekday + 1)
    case "w": output.append(decimal: (weekday + 1) % 7)
    case "p": output.append(hour < 12 ? "AM" : "PM")
    case "P": output.append(hour < 12 ? "am" : "pm")
    case "s": output.append(decimal: secondsSince1970)
    case "F": write("%Y-%m-%d", to: &output)
    case "D", "x": write("%m/%d/%y", to: &output)
    case "T", "X": write("%H:%M:%S", to: &output)
    case "R": write("%H:%M", to: &output)
    case "r": write("%I:%M:%S %p", to: &output)
    case "c": write("%a %b %e %H:%M:%S %Y", names, to: &output)
    case "z": writeOffset(colon: flag == UInt8(ascii: ":"), to: &output)
    case "Z": offsetMinutes == 0 ? output.append("UTC") : writeOffset(colon: true, to: &output)
    case "U": output.append((dayOfYear + 6 - (weekday + 1) % 7) / 7, width: width)
    case "W": output.append((dayOfYear + 6 - weekday) / 7, width: width)
    case "V": output.append(weekOfYear.week, width: width)
    case "G": output.append(weekOfYear.year, width: 4)
    case "n": output.append(UInt8(ascii: "\n"))
    case "t": output.append(UInt8(ascii: "\t"))
    case "%": output.append(UInt8(ascii: "%"))
    default: return false
    }
    return true
  }

  private func writeOffset(colon: Bool, to output: inout [UInt8]) {
    let offset = offsetMinutes
    output.append(offset < 0 ? "-" : "+")
    output.append(abs(offset) / 60, width: 2)
    if colon { output.append(UInt8(ascii: ":")) }
    output.append(abs(offset) % 60, width: 2)
  }

  /// ISO 8601: the week belongs to the year that its Thursday lies in.
  private var weekOfYear: (year: Int, week: Int) {
    let thursday = TemplateDate(
      secondsSince1970: secondsSince1970 + (3 - weekday) * 86_400, offsetMinutes: offsetMinutes)
    return (thursday.year, (thursday.dayOfYear - 1) / 7 + 1)
  }

  /// Reads `2026-11-22`, optionally followed by `T` or a space and a time (`10:30`, `10:30:00`, a fraction is dropped) and an
  /// offset (`Z`, `+01:00`, `+0100`, ` +0100`), as RFC 3339 and ISO 8601 write them. No offset means UTC.
  public static func parse(_ text: String) -> TemplateDate? {
    var rest = Array(text.utf8)[...]
    func digits(_ count: Int) -> Int? {
      guard rest.count >= count else { return nil }
      var number = 0
      for byte in rest.prefix(count) {
        guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
        number = number * 10 + Int(byte - UInt8(ascii: "0"))
      }
      rest = rest.dropFirst(count)
      return number
    }
    func skip(_ characters: StaticString) -> Bool {
      guard let byte = rest.first else { return false }
      for index in 0..<characters.utf8CodeUnitCount where characters.utf8Start[index] == byte {
        rest = rest.dropFirst()
        return true
      }
      return false
    }
    guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2) else { return nil }
    var (hour, minute, second) = (0, 0, 0)
    var offset: Int?
    if !rest.isEmpty {
      guard skip("Tt "), let hours = digits(2), skip(":"), let minutes = digits(2) else { return nil }
      (hour, minute) = (hours, minutes)
      if skip(":") {
        guard let seconds = digits(2) else { return nil }
        second = min(seconds, 59)
        if skip(".,") { while digits(1) != nil {} }
      }
      _ = skip(" ")
      if skip("Zz") {
        offset = 0
      } else if let sign = rest.first {
        guard skip("+-"), let hours = digits(2) else { return nil }
        _ = skip(":")
        let minutes = rest.isEmpty ? 0 : digits(2)
        guard let minutes else { return nil }
        offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
      }
      guard rest.isEmpty else { return nil }
    }
    return TemplateDate(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second, offsetMinutes: offset)
  }
}
