// Places in files, as compilers write them before their complaints.
extension Span where Element == UInt8 {
  /// Where the complaint begins when a place stands before it and it names itself an error or a warning
  /// (`main.rs:4:5: error[E0382]: …`, `a.ts(14,23): error TS2307: …`, `a.ts:3:5 - error TS2304: …`);
  /// else where the range begins.
  func complaintStart(in range: Range<Int>) -> Int {
    guard var index = placeEnd(in: range) else { return range.lowerBound }
    if index < range.upperBound, self[index] == UInt8(ascii: ":") {
      index += 1
    } else if has(" -" as StaticString, at: index..<range.upperBound) {
      index += 2
    } else {
      return range.lowerBound
    }
    while index < range.upperBound, self[index].isSpace { index += 1 }
    let rest = index..<range.upperBound
    let names = ["error", "warning", "fatal error"].contains { has($0, at: rest) }
    return names ? index : range.lowerBound
  }

  /// The end of `main.go:5:2`, `C:\a.c:7` or `a.ts(14,23)` at the beginning of a range; nil when none
  /// stands there.
  private func placeEnd(in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound, self[index].isSpace { index += 1 }
    let start = index
    if index + 2 < range.upperBound, self[index].isLetter, self[index + 1] == UInt8(ascii: ":"),
      self[index + 2] == UInt8(ascii: "\\") || self[index + 2] == UInt8(ascii: "/")
    {
      index += 2
    }
    while index < range.upperBound, self[index].isPath { index += 1 }
    guard index > start, index < range.upperBound else { return nil }
    if self[index] == UInt8(ascii: "(") {
      let inside = index + 1
      index = numbersEnd(inside..<range.upperBound, separator: UInt8(ascii: ","))
      guard index > inside, index < range.upperBound, self[index] == UInt8(ascii: ")") else {
        return nil
      }
      return index + 1
    }
    guard self[index] == UInt8(ascii: ":") else { return nil }
    let end = numbersEnd((index + 1)..<range.upperBound, separator: UInt8(ascii: ":"))
    return end > index + 1 ? end : nil
  }

  /// The end of numbers with a mark between them, which is no part when no digit follows it.
  private func numbersEnd(_ range: Range<Int>, separator: UInt8) -> Int {
    var index = range.lowerBound
    while index < range.upperBound {
      let isBetween =
        self[index] == separator && index > range.lowerBound && index + 1 < range.upperBound
        && self[index + 1].isDigit
      guard self[index].isDigit || isBetween else { break }
      index += 1
    }
    return index
  }
}
