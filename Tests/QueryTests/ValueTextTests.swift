import Bytes
import Events
import TestSupport
import Testing

@testable import Query

@Suite struct DecimalTextTests {
  @Test(arguments: [
    ("0", 0), ("-0", 0), ("0.000", 0), ("1", 1_000_000_000), ("+1.5", 1_500_000_000),
    ("-0.000000001", -1), ("1e-9", 1), ("0.1e1", 1_000_000_000), ("12.", 12_000_000_000),
    (".5", 500_000_000), ("0.1000000000000", 100_000_000), ("1e9", 1_000_000_000_000_000_000),
    ("9223372036.854775807", Int64.max), ("-9223372036.854775808", Int64.min),
    ("0000000000000000000000000001", 1_000_000_000), ("100e-2", 1_000_000_000),
    ("0e99999", 0),
  ])
  func `reads decimals exactly`(text: String, units: Int64) throws {
    #expect(try decimal(text).units == units)
  }

  @Test(arguments: [
    ("", ValueProblem.otherForm), ("-", .otherForm), (".", .otherForm), ("1.2.3", .otherForm),
    ("1 2", .otherForm), ("e5", .otherForm), ("1e", .otherForm), ("1e1.5", .otherForm),
    ("--1", .otherForm), ("0.0000000001", .tooFine), ("1e-400", .tooFine),
    ("9223372036.854775808", .beyondRange), ("-9223372036.854775809", .beyondRange),
    ("1e10", .beyondRange), ("1e99999", .beyondRange), ("123456789012345678901", .beyondRange),
  ])
  func `says why a text is no decimal`(text: String, problem: ValueProblem) {
    #expect(throws: problem) { try decimal(text) }
  }

  @Test func `reads back what a decimal writes`() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<2_000 {
      let units =
        Int64.random(in: .min ... .max, using: &random)
        >> Int64.random(
          in: 0...62, using: &random)
      let value = FixedPoint(units: units)
      #expect(try decimal(value.description) == value)
    }
  }
}

@Suite struct TimeRangeTests {
  private func range(_ text: String) -> [String]? {
    TimeRange(text).map { [$0.first.description, $0.last.description] }
  }

  @Test(arguments: [
    ("2026", "2026-01-01T00:00:00Z", "2026-12-31T23:59:59.999999999Z"),
    ("2024-02", "2024-02-01T00:00:00Z", "2024-02-29T23:59:59.999999999Z"),
    ("2025-12", "2025-12-01T00:00:00Z", "2025-12-31T23:59:59.999999999Z"),
    ("2026-01-05", "2026-01-05T00:00:00Z", "2026-01-05T23:59:59.999999999Z"),
    ("2026-01-05T17", "2026-01-05T17:00:00Z", "2026-01-05T17:59:59.999999999Z"),
    ("2026-01-05 17:49", "2026-01-05T17:49:00Z", "2026-01-05T17:49:59.999999999Z"),
    ("2026-01-05t17:49:37", "2026-01-05T17:49:37Z", "2026-01-05T17:49:37.999999999Z"),
    ("2026-01-05T17:49:37.06", "2026-01-05T17:49:37.06Z", "2026-01-05T17:49:37.069999999Z"),
    ("2026-1-5", "2026-01-05T00:00:00Z", "2026-01-05T23:59:59.999999999Z"),
    ("2026-W02-1", "2026-01-05T00:00:00Z", "2026-01-05T23:59:59.999999999Z"),
    ("5 Jan 2026", "2026-01-05T00:00:00Z", "2026-01-05T23:59:59.999999999Z"),
    ("1960-01-01", "1960-01-01T00:00:00Z", "1960-01-01T23:59:59.999999999Z"),
  ])
  func `a prefix is all that begin so`(text: String, first: String, last: String) {
    #expect(range(text) == [first, last])
  }

  @Test(arguments: [
    ("2026-01-05T17:49:37Z", "2026-01-05T17:49:37Z"),
    ("2026-01-05T17:49:37z", "2026-01-05T17:49:37Z"),
    ("2026-01-05T17:49:37.069463+00:00", "2026-01-05T17:49:37.069463Z"),
    ("2026-01-05T17:49:37-07:30", "2026-01-06T01:19:37Z"),
    ("2026-01-05T00:00:00.1234567891+05:00", "2026-01-04T19:00:00.123456789Z"),
    ("2026-01-05T17:49Z", "2026-01-05T17:49:00Z"),
    ("Mon, 05 Jan 2026 17:49:37 +0000", "2026-01-05T17:49:37Z"),
    ("1767635377.5", "2026-01-05T17:49:37.5Z"),
    ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
  ])
  func `with a zone it is an instant`(text: String, instant: String) {
    #expect(range(text) == [instant, instant])
  }

  @Test(arguments: [
    "", "26", "2026-", "2026-13", "2026-00", "2025-02-29", "2026-01-32",
    "2026-01-05T", "2026-01-05T24:00:01Z", "2026-01-05T17:60", "2026-01-05T17:49:61",
    "2026-01-05T17:49:37.", "20260",
    "2026-01-05T17:49:37+7", "2026-01-05T17:49:37Zx", "2026-01-05Z", " 2026", "٢٠٢٦",
  ])
  func `refuses what is no time`(text: String) {
    #expect(TimeRange(text) == nil)
  }

  /// 2026-01-07 was a Wednesday.
  @Test(arguments: [
    ("now", "2026-01-07T10:30:00Z", "2026-01-07T10:30:00Z"),
    ("today", "2026-01-07T00:00:00Z", "2026-01-07T23:59:59.999999999Z"),
    ("Yesterday", "2026-01-06T00:00:00Z", "2026-01-06T23:59:59.999999999Z"),
    ("monday", "2026-01-05T00:00:00Z", "2026-01-05T23:59:59.999999999Z"),
    ("wed", "2026-01-07T00:00:00Z", "2026-01-07T23:59:59.999999999Z"),
    ("thursday", "2026-01-01T00:00:00Z", "2026-01-01T23:59:59.999999999Z"),
    ("this week", "2026-01-05T00:00:00Z", "2026-01-11T23:59:59.999999999Z"),
    ("last week", "2025-12-29T00:00:00Z", "2026-01-04T23:59:59.999999999Z"),
    ("this month", "2026-01-01T00:00:00Z", "2026-01-31T23:59:59.999999999Z"),
    ("last month", "2025-12-01T00:00:00Z", "2025-12-31T23:59:59.999999999Z"),
    ("3 hours ago", "2026-01-07T07:30:00Z", "2026-01-07T07:30:00Z"),
    ("1 day ago", "2026-01-06T10:30:00Z", "2026-01-06T10:30:00Z"),
    ("tomorrow", "2026-01-08T00:00:00Z", "2026-01-08T23:59:59.999999999Z"),
    ("last wednesday", "2025-12-31T00:00:00Z", "2025-12-31T23:59:59.999999999Z"),
    ("last monday", "2026-01-05T00:00:00Z", "2026-01-05T23:59:59.999999999Z"),
    ("last year", "2025-01-01T00:00:00Z", "2025-12-31T23:59:59.999999999Z"),
    ("last 7 days", "2025-12-31T10:30:00Z", "2026-01-07T10:30:00Z"),
    ("last 7d", "2025-12-31T10:30:00Z", "2026-01-07T10:30:00Z"),
    ("past week", "2025-12-31T10:30:00Z", "2026-01-07T10:30:00Z"),
    ("past month", "2025-12-07T10:30:00Z", "2026-01-07T10:30:00Z"),
    ("a week ago", "2025-12-31T10:30:00Z", "2025-12-31T10:30:00Z"),
    ("an hour ago", "2026-01-07T09:30:00Z", "2026-01-07T09:30:00Z"),
    ("2 months ago", "2025-11-07T10:30:00Z", "2025-11-07T10:30:00Z"),
    ("a year ago", "2025-01-07T10:30:00Z", "2025-01-07T10:30:00Z"),
    ("7d", "2025-12-31T10:30:00Z", "2025-12-31T10:30:00Z"),
    ("90m ago", "2026-01-07T09:00:00Z", "2026-01-07T09:00:00Z"),
  ])
  func `words for a time are counted from now`(text: String, first: String, last: String) {
    let now = Timestamp(parsing: "2026-01-07T10:30:00Z")
    let range = TimeRange(text, now: now)
    #expect(range?.first.description == first)
    #expect(range?.last.description == last)
    #expect(TimeRange(text) == nil)
  }

  @Test(arguments: [
    "", "ago", "3 hours", "hours ago", "3 fortnights ago", "-3 hours ago", "last", "someday",
    "next week", "3 3 hours ago", "99999999999 days ago",
  ])
  func `other words are no time`(text: String) {
    #expect(TimeRange(text, now: Timestamp(nanoseconds: 0)) == nil)
  }

  @Test func `times that cannot be are the nearest that can`() {
    #expect(TimeRange("9999")?.first.nanoseconds == .max)
    #expect(TimeRange("0001-01-01T00:00:00Z")?.first.nanoseconds == .min)
    #expect(TimeRange("0000")?.last.nanoseconds == .min)
  }
}
