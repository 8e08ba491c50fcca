import Base
import Glibc
import Testing

@Suite struct LocalTimeTests {
  /// The whole process runs in the zone of its users. Set once: the environment is shared by all threads.
  private static let zone: Void = {
    setenv("TZ", "Asia/Shanghai", 1)
    tzset()
  }()

  init() { Self.zone }

  @Test(arguments: [
    (Int64(1_798_819_199), "2027-01-01 23:59:59 CST +08:00", "2027-01-01"),
    (0, "1970-01-01 08:00:00 CST +08:00", "1970-01-01"),
    (253_402_300_799, "10000-01-01 07:59:59 CST +08:00", "10000-01-01"),
  ])
  func writesLocalTime(seconds: Int64, text: String, date: String) {
    #expect(LocalTime.text(seconds) == text)
    #expect(LocalTime.date(seconds) == date)
  }

  @Test func survivesExtremeTimes() {
    #expect(LocalTime.text(.max) == "@9223372036854775807")
    #expect(LocalTime.date(.min) == "@-9223372036854775808")
    #expect(LocalTime.date(-62_167_219_200 - 86_400 * 365) == "-0001-01-01")
  }

  @Test func writesTimeForPrograms() {
    #expect(isoTime(1_798_819_199) == "2027-01-01T23:59:59+08:00")
    #expect(isoTime(.max) == "9223372036854775807")
  }
}
