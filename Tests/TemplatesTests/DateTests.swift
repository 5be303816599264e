import Testing

@testable import Templates

@Suite struct DateTests {
  @Test(arguments: [
    ("2026-11-22", "2026-11-22T00:00:00+00:00"), ("2026-11-22T10:30:00Z", "2026-11-22T10:30:00+00:00"),
    ("2026-11-22 10:30", "2026-11-22T10:30:00+00:00"), ("2026-11-22t10:30:59.999-05:30", "2026-11-22T10:30:59-05:30"),
    ("2026-11-22 10:30:00 +0100", "2026-11-22T10:30:00+01:00"), ("2024-02-29", "2024-02-29T00:00:00+00:00"),
    ("0001-01-01", "0001-01-01T00:00:00+00:00"), ("9999-12-31T23:59:60Z", "9999-12-31T23:59:59+00:00"),
    ("2026-11-22T10:30:00+01", "2026-11-22T10:30:00+01:00"),
  ])
  func parse(_ text: String, _ expected: String) {
    #expect(TemplateDate.parse(text)?.formatted("rfc3339") == expected)
  }

  @Test(arguments: [
    "", "2026", "2026-13-01", "2026-02-30", "2023-02-29", "2026-1-1", "2026-11-22T", "2026-11-22T25:00", "2026-11-22x",
    "0000-01-01", "2026-11-22T10:30:00+99:00", "2026-11-22T10:30:00Zx", "２０２６-11-22",
  ])
  func refuses(_ text: String) {
    #expect(TemplateDate.parse(text) == nil)
  }

  @Test func everyDayThereAndBack() {
    var weekday = 0
    for day in stride(from: -719_162, through: 2_932_896, by: 97) {
      let date = TemplateDate(secondsSince1970: day * 86_400 + 3661)
      #expect(
        TemplateDate(year: date.year, month: date.month, day: date.day, hour: 1, minute: 1, second: 1)?.secondsSince1970
          == day * 86_400 + 3661)
      weekday = ((day + 3) % 7 + 7) % 7
      #expect(date.weekday == weekday)
    }
  }

  @Test func momentsCompareAcrossOffsets() throws {
    let here = try #require(TemplateDate.parse("2026-11-22T10:00:00+02:00"))
    let there = try #require(TemplateDate.parse("2026-11-22T08:00:00Z"))
    #expect(here == there)
    #expect(!(here < there))
    #expect(here.hour == 10)
    #expect(TemplateDate(secondsSince1970: Int.max).year == 9999)
    #expect(TemplateDate(secondsSince1970: Int.min).year == 1)
  }

  @Test(arguments: [
    ("2021-01-03", "2020-W53-7 003 00 01"), ("2024-12-30", "2025-W01-1 365 53 52"),
    ("2026-01-01", "2026-W01-4 001 00 00"),
  ])
  func weeks(_ text: String, _ expected: String) {
    #expect(TemplateDate.parse(text)?.formatted("%G-W%V-%u %j %W %U") == expected)
  }
}
