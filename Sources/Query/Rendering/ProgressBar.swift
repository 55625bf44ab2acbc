/// The progress of a long piece of work, as one line. It has no clock: the caller passes the time.
package struct ProgressBar: Equatable, Sendable {
  /// What is counted.
  package enum Unit: Equatable, Sendable {
    case count(String)
    case bytes
  }

  package let label: String
  package let unit: Unit
  /// Columns that the line may take.
  package var width: Int
  package var isASCII: Bool

  package init(_ label: String, unit: Unit, width: Int = 80, isASCII: Bool = false) {
    self.label = label
    self.unit = unit
    self.width = width
    self.isASCII = isASCII
  }

  private static let barWidthMax = 30
  private static let barWidthMin = 10

  /// `replay  ██████░░░░  61 %  612,000 of 1,000,000 events  210,334/s  2 s left`, never longer
  /// than the width: first the rate goes, then the counts, the time, and the bar.
  ///
  /// - Parameters:
  ///   - total: nil when it is not known; then there is no bar.
  ///   - start: what had been done before: it counts neither for the rate nor for the time left.
  ///   - elapsedSeconds: since then.
  package func line(
    done: UInt64, total: UInt64?, from start: UInt64 = 0, elapsedSeconds: Double
  ) -> String {
    let counts = self.counts(done, total)
    let gained = done - min(done, start)
    let rate = self.rate(gained, elapsedSeconds)
    guard let total, total > 0 else {
      let elapsed = HumanNumbers.duration(seconds: elapsedSeconds)
      return firstFitting([[counts, rate, elapsed], [counts, rate], [counts], []])
    }
    let percent = percentText(min(done, total), total)
    let time = remaining(total - min(done, total), gained, elapsedSeconds)
    let tails = [[counts, rate, time], [counts, time], [time], []]
    for tail in tails {
      let room = width - columns([label, percent] + tail) - 1
      guard room >= Self.barWidthMin else { continue }
      let bar = bar(min(done, total), total, width: min(room, Self.barWidthMax))
      return joined([label, "\(bar) \(percent)"] + tail)
    }
    return firstFitting([[percent, counts], [percent, time], [percent], []])
  }

  private func firstFitting(_ tails: [[String]]) -> String {
    for tail in tails where columns([label] + tail) <= width { return joined([label] + tail) }
    return DisplayText(label, width: width, isASCII: isASCII).text
  }

  private func joined(_ parts: [String]) -> String {
    parts.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private func columns(_ parts: [String]) -> Int { DisplayText(joined(parts)).width }

  private func bar(_ done: UInt64, _ total: UInt64, width: Int) -> String {
    let filled = Int(UInt128(done) * UInt128(width) / UInt128(total))
    let (full, empty) = isASCII ? ("#", ".") : ("█", "░")
    return String(repeating: full, count: filled) + String(repeating: empty, count: width - filled)
  }

  /// Rounded down, so that only the end is 100 %.
  private func percentText(_ done: UInt64, _ total: UInt64) -> String {
    let percent = String(UInt128(done) * 100 / UInt128(total))
    return String(repeating: " ", count: 3 - percent.utf8.count) + percent + " %"
  }

  private func counts(_ done: UInt64, _ total: UInt64?) -> String {
    let amounts = [done, total].compactMap { $0 }.map(amount).joined(separator: " of ")
    if case .count(let name) = unit { return "\(amounts) \(name)" }
    return amounts
  }

  private func amount(_ value: UInt64) -> String {
    unit == .bytes ? HumanNumbers.bytes(value) : HumanNumbers.grouped(value)
  }

  private func rate(_ done: UInt64, _ seconds: Double) -> String {
    guard done > 0 else { return "" }
    return unit == .bytes
      ? HumanNumbers.byteRate(done, seconds: seconds) : HumanNumbers.rate(done, seconds: seconds)
  }

  /// The time left at the pace so far; at the end the time that it took.
  private func remaining(_ rest: UInt64, _ gained: UInt64, _ seconds: Double) -> String {
    if rest == 0 {
      let duration = HumanNumbers.duration(seconds: seconds)
      return duration.isEmpty ? "" : "in \(duration)"
    }
    guard gained > 0, seconds > 0 else { return "" }
    let left = Double(rest) / (Double(gained) / seconds)
    let duration = HumanNumbers.duration(seconds: left)
    return duration.isEmpty ? "" : "\(duration) left"
  }
}
