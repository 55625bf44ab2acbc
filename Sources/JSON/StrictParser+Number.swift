extension StrictParser {
  /// A number. Integers beyond 64 bits and numbers beyond a double are valid, and absent.
  @_lifetime(self: copy self)
  mutating func number() throws(JSONError) {
    let start = position
    let isNegative = byte(position) == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let first = position
    guard skipDigits() > 0 else { throw unexpected("a digit") }
    if byte(first) == UInt8(ascii: "0"), position > first + 1 {
      throw JSONError(.notJSON, at: first, "a number with a leading zero")
    }
    var isInteger = true
    if byte(position) == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard skipDigits() > 0 else { throw unexpected("a digit") }
    }
    if byte(position) | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      if byte(position) == UInt8(ascii: "+") || byte(position) == UInt8(ascii: "-") {
        position += 1
      }
      guard skipDigits() > 0 else { throw unexpected("a digit") }
    }
    if isInteger {
      appendInteger(digits: first..<position, isNegative: isNegative)
    } else {
      appendDouble(start..<position)
    }
  }

  @_lifetime(self: copy self)
  private mutating func skipDigits() -> Int {
    let start = position
    while UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte(position) { position += 1 }
    return position - start
  }

  @_lifetime(self: copy self)
  private mutating func appendInteger(digits: Range<Int>, isNegative: Bool) {
    var magnitude: UInt64 = 0
    for index in digits {
      let (tenfold, isTooHigh) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, isOver) = tenfold.addingReportingOverflow(UInt64(line[index] - UInt8(ascii: "0")))
      guard !isTooHigh && !isOver else { return tape.append(TapeTag.absent) }
      magnitude = sum
    }
    if isNegative {
      guard magnitude <= Int64.min.magnitude else { return tape.append(TapeTag.absent) }
      tape.append(TapeTag.int64, number: 0 &- magnitude)
    } else {
      let fits = magnitude <= UInt64(Int64.max)
      tape.append(fits ? TapeTag.int64 : TapeTag.uint64, number: magnitude)
    }
  }

  @_lifetime(self: copy self)
  private mutating func appendDouble(_ range: Range<Int>) {
    guard let value = Double(String(decoding: line.extracting(range))), value.isFinite else {
      return tape.append(TapeTag.absent)
    }
    tape.append(TapeTag.double, number: value.bitPattern)
  }
}
