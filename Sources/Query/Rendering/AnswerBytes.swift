internal import Bytes
internal import Events
internal import Views

/// Values as bytes of JSON, CSV and tables, without strings between.
extension [UInt8] {
  mutating func append(ascii text: StaticString) {
    unsafe append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(utf8 text: String) {
    append(text.utf8.span, 0..<text.utf8.count)
  }

  private mutating func append(_ span: Span<UInt8>, _ range: Range<Int>) {
    let part = span.extracting(range)
    unsafe part.withUnsafeBufferPointer { buffer in unsafe append(contentsOf: buffer) }
  }

  mutating func append(unsigned value: UInt64, digits least: Int = 1) {
    let start = count
    var rest = value
    repeat {
      append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    while count - start < least { append(0x30) }
    // Reversing a slice would copy it.
    var (first, last) = (start, count - 1)
    while first < last {
      swapAt(first, last)
      first += 1
      last -= 1
    }
  }

  mutating func append(integer value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(unsigned: value.magnitude)
  }

  /// As `FixedPoint.description`.
  mutating func append(decimal value: FixedPoint) {
    if value.units < 0 { append(UInt8(ascii: "-")) }
    let (whole, rest) = value.units.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    append(unsigned: whole)
    guard rest > 0 else { return }
    append(UInt8(ascii: "."))
    append(unsigned: rest, digits: 9)
    while last == 0x30 { removeLast() }
  }

  /// The shortest digits that read back as the same number, a number of JSON; null for none.
  mutating func append(real value: Double) {
    if value.isFinite { append(utf8: value.description) } else { append(ascii: "null") }
  }

  /// As `Timestamp.description`; without the fraction for tables.
  mutating func append(time: Timestamp, hasFraction: Bool = true) {
    let seconds = time.seconds
    let day = time.day
    let date = CivilDate(day: day)
    let inDay = UInt64(seconds - day * 86_400)
    append(unsigned: date.year.magnitude, digits: 4)
    append(UInt8(ascii: "-"))
    append(unsigned: date.month.magnitude, digits: 2)
    append(UInt8(ascii: "-"))
    append(unsigned: date.day.magnitude, digits: 2)
    append(UInt8(ascii: "T"))
    append(unsigned: inDay / 3_600, digits: 2)
    append(UInt8(ascii: ":"))
    append(unsigned: inDay / 60 % 60, digits: 2)
    append(UInt8(ascii: ":"))
    append(unsigned: inDay % 60, digits: 2)
    let fraction = UInt64(time.nanoseconds &- seconds &* 1_000_000_000)
    if hasFraction, fraction > 0 {
      append(UInt8(ascii: "."))
      append(unsigned: fraction, digits: 9)
      while last == 0x30 { removeLast() }
    }
    append(UInt8(ascii: "Z"))
  }

  /// A text as a string of JSON: quotes, backslashes and control characters escaped.
  mutating func append(json text: String) {
    append(UInt8(ascii: "\""))
    let span = text.utf8.span
    var start = 0
    while start < span.count {
      let end = escapeIndex(span, from: start)
      append(span, start..<end)
      if end < span.count { append(escaped: span[end]) }
      start = end + 1
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func append(escaped byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: append(UInt8(ascii: "b"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x0a: append(UInt8(ascii: "n"))
    case 0x0c: append(UInt8(ascii: "f"))
    case 0x0d: append(UInt8(ascii: "r"))
    case 0x00..<0x20:
      append(ascii: "u00")
      append(hex: byte >> 4)
      append(hex: byte & 0xf)
    default: append(byte)
    }
  }

  private mutating func append(hex digit: UInt8) {
    append(digit < 10 ? 0x30 + digit : 0x57 + digit)
  }

  /// A cell as a value of JSON.
  mutating func append(json cell: Cell) {
    switch cell {
    case .null: append(ascii: "null")
    case .bool(let value): if value { append(ascii: "true") } else { append(ascii: "false") }
    case .integer(let value): append(integer: value)
    case .decimal(let value): append(decimal: value)
    case .real(let value): append(real: value)
    case .text(let value): append(json: value)
    case .time(let value):
      append(UInt8(ascii: "\""))
      append(time: value)
      append(UInt8(ascii: "\""))
    case .texts(let values): appendArray(values) { $0.append(json: $1) }
    case .offsets(let values): appendArray(values) { $0.append(unsigned: $1) }
    }
  }

  mutating func appendArray<Item>(
    _ elements: [Item], _ body: (inout [UInt8], Item) -> Void
  ) {
    append(UInt8(ascii: "["))
    for (place, element) in elements.enumerated() {
      if place > 0 { append(UInt8(ascii: ",")) }
      body(&self, element)
    }
    append(UInt8(ascii: "]"))
  }
}

/// The first byte from `start` on that JSON escapes, or the end; eight bytes at a time.
private func escapeIndex(_ span: Span<UInt8>, from start: Int) -> Int {
  var index = start
  let bytes = unsafe span.bytes
  while index + 8 <= span.count {
    let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
    if mayNeedEscape(word) { break }
    index += 8
  }
  while index < span.count {
    let byte = span[index]
    if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
    index += 1
  }
  return index
}

/// Whether one of eight bytes is a quote, a backslash or below a space. The borrows of subtracting
/// set the upper bit of a byte that was smaller (Bit Twiddling Hacks, "haszero" and "hasless").
@inline(__always)
private func mayNeedEscape(_ word: UInt64) -> Bool {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let quotes = word ^ (ones &* 0x22)
  let slashes = word ^ (ones &* 0x5c)
  let found =
    ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)
  return found & (ones &* 0x80) != 0
}
