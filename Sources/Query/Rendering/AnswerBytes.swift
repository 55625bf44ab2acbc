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
