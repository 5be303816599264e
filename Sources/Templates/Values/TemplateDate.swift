/// A moment as a calendar and a clock somewhere show it: local civil time with its offset from UTC.
///
/// Gregorian in all years, without leap seconds. Prints as Python's `datetime` does: `2026-11-22 10:30:00+01:00`.
public struct TemplateDate: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Seconds since 1970-01-01 00:00:00 on the local clock, with the offset (in minutes, shifted by 2048; 0 for none) in the low 12 bits.
  private var packed: Int64

  /// - Parameter offsetMinutes: nil where none is written, which counts as UTC.
  /// - Returns: nil where a part is out of range (years 1 to 9999, offsets below a day).
  public init?(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, offsetMinutes: Int? = nil
  ) {
    guard 1...9999 ~= year, 1...12 ~= month, 1...Self.days(in: month, of: year) ~= day, 0...23 ~= hour,
      0...59 ~= minute, 0...59 ~= second, -1439...1439 ~= offsetMinutes ?? 0
    else { return nil }
    let seconds = Self.daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    packed = Int64(seconds) << 12 | Int64(offsetMinutes.map { $0 + 2048 } ?? 0)
  }

  /// Moments outside the years 1 to 9999 become the nearest one inside.
  public init(secondsSince1970: Int, offsetMinutes: Int = 0) {
    let offset = min(max(offsetMinutes, -1439), 1439)
    let first = Self.daysSince1970(1, 1, 1) * 86_400
    let last = Self.daysSince1970(9999, 12, 31) * 86_400 + 86_399
    let local = min(max(secondsSince1970, first - 86_400), last + 86_400) + offset * 60
    packed = Int64(min(max(local, first), last)) << 12 | Int64(offset + 2048)
  }

  private var localSeconds: Int { Int(packed >> 12) }
  public var offsetMinutes: Int { hasOffset ? Int(packed & 0xFFF) - 2048 : 0 }
  /// Whether it was said which offset from UTC the clock has.
  public var hasOffset: Bool { packed & 0xFFF != 0 }
  public var secondsSince1970: Int { localSeconds - offsetMinutes * 60 }

  private var localDays: Int { (localSeconds - (localSeconds % 86_400 + 86_400) % 86_400) / 86_400 }
  private var secondOfDay: Int { localSeconds - localDays * 86_400 }

  public var year: Int { civil.year }
  public var month: Int { civil.month }
  public var day: Int { civil.day }
  public var hour: Int { secondOfDay / 3600 }
  public var minute: Int { secondOfDay / 60 % 60 }
  public var second: Int { secondOfDay % 60 }
  /// 0 is Monday.
  public var weekday: Int { ((localDays + 3) % 7 + 7) % 7 }
  /// 1 to 366.
  public var dayOfYear: Int { localDays - Self.daysSince1970(year, 1, 1) + 1 }

  /// Howard Hinnant's `civil_from_days` (https://howardhinnant.github.io/date_algorithms.html).
  var civil: (year: Int, month: Int, day: Int) {
    let shifted = localDays + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// The inverse, `days_from_civil`.
  static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// By the moment, whatever the offset.
  public static func < (left: TemplateDate, right: TemplateDate) -> Bool {
    left.secondsSince1970 < right.secondsSince1970
  }

  /// Equal when the moment is, as Python's aware datetimes are.
  public static func == (left: TemplateDate, right: TemplateDate) -> Bool {
    left.secondsSince1970 == right.secondsSince1970
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(secondsSince1970) }

  public var description: String { formatted("%Y-%m-%d %H:%M:%S%:z") }

  /// What `{{ date.year }}` and its like give.
  func member(_ name: String) -> Value {
    switch name {
    case "year": .int(year)
    case "month": .int(month)
    case "day": .int(day)
    case "hour": .int(hour)
    case "minute": .int(minute)
    case "second": .int(second)
    case "weekday": .int(weekday)
    case "day_of_year": .int(dayOfYear)
    case "timestamp": .int(secondsSince1970)
    default: .undefined
    }
  }

  static let memberNames = [
    "year", "month", "day", "hour", "minute", "second", "weekday", "day_of_year", "timestamp",
  ]
}
