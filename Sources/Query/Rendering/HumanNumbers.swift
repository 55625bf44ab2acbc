/// Numbers as people read them, always the same whatever the locale.
package enum HumanNumbers {
  /// `1,234,567`.
  package static func grouped<Number: FixedWidthInteger>(_ value: Number) -> String {
    let digits = Array(String(value.magnitude).utf8)
    var grouped: [UInt8] = value < 0 ? [UInt8(ascii: "-")] : []
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { grouped.append(UInt8(ascii: ",")) }
      grouped.append(digit)
    }
    return String(decoding: grouped, as: UTF8.self)
  }

  /// A number with its noun: `1 block`, `2 blocks`.
  package static func counted<Number: FixedWidthInteger>(
    _ value: Number, _ noun: String
  ) -> String {
    "\(grouped(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  /// `999 B`, `585.2 MB`: powers of a thousand, one digit after the point.
  package static func bytes<Number: FixedWidthInteger>(_ count: Number) -> String {
    let magnitude = UInt128(count.magnitude)
    let sign = count < 0 ? "-" : ""
    guard magnitude >= 1_000 else { return "\(sign)\(magnitude) B" }
    var unit: UInt128 = 1_000
    for name in ["kB", "MB", "GB", "TB", "PB", "EB"] {
      let tenths = (magnitude * 10 + unit / 2) / unit
      if tenths < 10_000 || name == "EB" {
        return "\(sign)\(grouped(tenths / 10)).\(tenths % 10) \(name)"
      }
      unit *= 1_000
    }
    return "\(sign)\(magnitude) B"
  }

  /// `850 ms`, `2 s`, `3 min 10 s`, `1 h 5 min`, `2 d 3 h`; nothing for what is no duration.
  package static func duration(seconds: Double) -> String {
    guard seconds >= 0, seconds < 1e12 else { return "" }
    if seconds < 0.9995 { return "\(Int((seconds * 1_000).rounded())) ms" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3_600 { return pair(whole, 60, "min", 1, "s") }
    if whole < 86_400 { return pair(whole, 3_600, "h", 60, "min") }
    return pair(whole, 86_400, "d", 3_600, "h")
  }

  private static func pair(
    _ seconds: Int, _ large: Int, _ largeName: String, _ small: Int, _ smallName: String
  ) -> String {
    let rest = seconds % large / small
    let first = "\(grouped(seconds / large)) \(largeName)"
    return rest == 0 ? first : "\(first) \(rest) \(smallName)"
  }

  /// `210,334/s`; nothing when no time has passed.
  package static func rate(_ count: UInt64, seconds: Double) -> String {
    perSecond(count, seconds).map { "\(grouped($0))/s" } ?? ""
  }

  /// `417.2 MB/s`; nothing when no time has passed.
  package static func byteRate(_ count: UInt64, seconds: Double) -> String {
    perSecond(count, seconds).map { "\(bytes($0))/s" } ?? ""
  }

  private static func perSecond(_ count: UInt64, _ seconds: Double) -> UInt64? {
    guard seconds > 0 else { return nil }
    return UInt64(exactly: (Double(count) / seconds).rounded())
  }

  /// `12.3 %`, `100 %`; nothing of nothing is nothing.
  package static func percent(_ part: UInt64, of whole: UInt64) -> String {
    guard whole > 0 else { return "" }
    let (part, whole) = (UInt128(part), UInt128(whole))
    let tenths = (part * 1_000 + whole / 2) / whole
    return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
  }
}
