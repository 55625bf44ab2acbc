#if canImport(Glibc)
  internal import Glibc
#endif
internal import Bytes
internal import Views

extension Cell {
  /// Whether there is no value; a number that is none counts as null.
  var isNull: Bool {
    switch self {
    case .null: true
    case .real(let value): value.isNaN
    default: false
    }
  }

  /// The value as a double; nil for what is no number.
  var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .decimal(let value): value.doubleValue
    case .real(let value): value.isNaN ? nil : value
    default: nil
    }
  }

  /// Billionths of an exact number; nil for others.
  var exactUnits: Int128? {
    switch self {
    case .integer(let value): Int128(value) * 1_000_000_000
    case .decimal(let value): Int128(value.units)
    default: nil
    }
  }

  private var kind: Int {
    switch self {
    case .null: 0
    case .bool: 1
    case .integer, .decimal, .real: 2
    case .time: 3
    case .text: 4
    case .texts: 5
    case .offsets: 6
    }
  }

  /// The same, with nulls after all else.
  static func orderNullsLast(_ left: Cell, _ right: Cell, isDescending: Bool = false) -> Int {
    if left.isNull || right.isNull { return Query.order(left.isNull ? 1 : 0, right.isNull ? 1 : 0) }
    let order = order(left, right)
    return isDescending ? -order : order
  }

  /// Negative, zero or positive, as the left sorts before, with or after the right.
  static func order(_ left: Cell, _ right: Cell) -> Int {
    switch (left, right) {
    case (.text(let left), .text(let right)): Query.byteOrder(left, right)
    case (.bool(let left), .bool(let right)): Query.order(left ? 1 : 0, right ? 1 : 0)
    case (.time(let left), .time(let right)): Query.order(left, right)
    case (.texts(let left), .texts(let right)): listOrder(left, right, Query.byteOrder)
    case (.offsets(let left), .offsets(let right)):
      listOrder(left, right) { Query.order($0, $1) }
    default: numberOrder(left, right) ?? Query.order(left.kind, right.kind)
    }
  }
}

@inline(__always)
func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
  left < right ? -1 : left > right ? 1 : 0
}

/// The order of two numbers, exact but against a real; nil when one is no number.
func numberOrder(_ left: Cell, _ right: Cell) -> Int? {
  if let left = left.exactUnits, let right = right.exactUnits { return order(left, right) }
  guard let left = left.doubleValue, let right = right.doubleValue else { return nil }
  return order(left, right)
}

/// Element by element; a list sorts after its own beginning.
private func listOrder<Element>(
  _ left: [Element], _ right: [Element], _ elementOrder: (Element, Element) -> Int
) -> Int {
  for (left, right) in zip(left, right) {
    let order = elementOrder(left, right)
    if order != 0 { return order }
  }
  return order(left.count, right.count)
}

/// Negative, zero or positive, as the left sorts before, with or after the right as bytes. For
/// UTF-8 that is the order of the Unicode scalars.
func byteOrder(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
  let shared = min(left.count, right.count)
  let order = unsafe left.withUnsafeBufferPointer { left in
    unsafe right.withUnsafeBufferPointer { right -> Int32 in
      guard shared > 0, let left = left.baseAddress, let right = right.baseAddress else { return 0 }
      return unsafe memcmp(left, right, shared)
    }
  }
  return order == 0 ? left.count - right.count : Int(order)
}

/// Whether some bytes occur in others; no bytes occur everywhere.
func contains(_ needle: Span<UInt8>, in haystack: Span<UInt8>) -> Bool {
  guard needle.count > 0 else { return true }
  let first = Int32(needle[0])
  return unsafe haystack.withUnsafeBytes { haystack in
    unsafe needle.withUnsafeBytes { needle in
      guard var start = haystack.baseAddress, let wanted = needle.baseAddress else { return false }
      // The places at which the needle may still begin.
      var left = haystack.count - needle.count + 1
      while left > 0, let found = unsafe memchr(start, first, left) {
        if unsafe memcmp(found, wanted, needle.count) == 0 { return true }
        unsafe left -= UnsafeRawPointer(found) - start + 1
        unsafe start = UnsafeRawPointer(found) + 1
      }
      return false
    }
  }
}

/// The order of two texts' UTF-8: never Unicode's canonical equivalence.
func byteOrder(_ left: String, _ right: String) -> Int {
  byteOrder(left.utf8.span, right.utf8.span)
}
