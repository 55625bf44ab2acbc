internal import Bytes
internal import JSON

/// What a value says of a field.
enum FieldReading {
  case value(FieldValue)
  /// Is used unless another name gives a more definite value.
  case fallback(FieldValue)
  /// Null, empty, or nothing that can be represented.
  case absent
  case wrongType
  /// Of the right type, and nothing that the field can be: it is told as a wrong type is.
  case outOfRange
}

extension FieldReading {
  /// Reads a value that is not empty.
  init(_ value: JSONValue, as shape: FieldShape, name: FieldPlan.Name, texts: inout TextCache) {
    switch shape {
    case .text: self = .text(value)
    case .term: self = .term(value, &texts)
    case .identifier: self = .identifier(value, &texts)
    case .version: self = .version(value, &texts)
    case .number: self = .number(value) { $0.multiplied(by: name.factor) }
    case .fraction: self = .share(value)
    case .count: self = .count(value)
    case .sign: self = .number(value, among: FixedPoint.signs.contains)
    case .rating: self = .number(value, among: FixedPoint.ratings.contains)
    case .flag, .verdict: self = .flag(value)
    case .share: self = value.bool.map { .value(.bool($0)) } ?? .share(value)
    case .complexity: self = .complexity(value)
    case .terms: self = .terms(value, isSingle: name.isSingle, &texts)
    case .presence: self = .presence(value)
    }
  }

  private static func text(_ value: JSONValue) -> FieldReading {
    value.string.map { .value(.text($0)) } ?? .wrongType
  }

  private static func term(_ value: JSONValue, _ texts: inout TextCache) -> FieldReading {
    guard case .text = value.kind else { return .wrongType }
    return .value(.text(texts.text(value.utf8)))
  }

  private static func identifier(_ value: JSONValue, _ texts: inout TextCache) -> FieldReading {
    if let number = value.int64 { return .value(.text(String(number))) }
    if let number = value.uint64 { return .value(.text(String(number))) }
    return term(value, &texts)
  }

  private static func version(_ value: JSONValue, _ texts: inout TextCache) -> FieldReading {
    guard case .double = value.kind else { return identifier(value, &texts) }
    guard let number = FixedPoint(value) else { return .absent }
    return .value(.text(number.description))
  }

  private static func number(
    _ value: JSONValue, _ accept: (FixedPoint) -> FixedPoint?
  ) -> FieldReading {
    switch value.kind {
    case .integer, .double:
      FixedPoint(value).flatMap(accept).map { .value(.number($0)) } ?? .absent
    default: .wrongType
    }
  }

  private static func number(
    _ value: JSONValue, among isMeant: (FixedPoint) -> Bool
  ) -> FieldReading {
    let reading = number(value) { $0 }
    if case .value(.number(let number)) = reading, !isMeant(number) { return .outOfRange }
    return reading
  }

  private static func share(_ value: JSONValue) -> FieldReading {
    number(value, among: FixedPoint.shares.contains)
  }

  /// A word of `StatedComplexity`, or a number from 0 to 1, also one in a text.
  private static func complexity(_ value: JSONValue) -> FieldReading {
    if case .text = value.kind {
      let text = String(decoding: value.utf8)
      if let word = StatedComplexity(word: text) { return .value(.text(word.rawValue)) }
      guard let share = Double(text).flatMap({ FixedPoint($0) }), FixedPoint.shares.contains(share)
      else { return .outOfRange }
      return .value(.text(share.description))
    }
    let reading = share(value)
    if case .value(.number(let number)) = reading { return .value(.text(number.description)) }
    return reading
  }

  private static func count(_ value: JSONValue) -> FieldReading {
    guard let array = value.array else { return number(value) { $0 } }
    return FixedPoint(Int64(array.count)).map { .value(.number($0)) } ?? .absent
  }

  private static func flag(_ value: JSONValue) -> FieldReading {
    value.bool.map { .value(.bool($0)) } ?? .wrongType
  }

  private static func presence(_ value: JSONValue) -> FieldReading {
    switch value.kind {
    case .array: .value(.bool(true))
    case .bool: value.bool == true ? .value(.bool(true)) : .fallback(.bool(false))
    case .integer, .double:
      switch value.double ?? -1 {
      case let count where count > 0: .value(.bool(true))
      case 0: .fallback(.bool(false))
      default: .absent
      }
    default: .wrongType
    }
  }

  private static func terms(
    _ value: JSONValue, isSingle: Bool, _ texts: inout TextCache
  ) -> FieldReading {
    guard let array = value.array else {
      guard isSingle, case .text = value.kind else { return .wrongType }
      return .value(.texts([texts.text(value.utf8)]))
    }
    var terms: [String] = []
    var isWrong = false
    var elements = array.elements
    while let element = elements.next() {
      switch element.kind {
      case .text where !element.isEmpty: terms.append(texts.text(element.utf8))
      case .text, .null, .absent: continue
      default:
        guard let name = element.object?["name"], !name.utf8.isEmpty else {
          isWrong = true
          continue
        }
        terms.append(texts.text(name.utf8))
      }
    }
    if terms.isEmpty { return isWrong ? .wrongType : .absent }
    return .value(.texts(terms))
  }
}

extension FixedPoint {
  fileprivate static let signs = [
    FixedPoint(hundredths: -100), FixedPoint.zero, FixedPoint.one,
  ]
  fileprivate static let ratings = FixedPoint.one...FixedPoint(hundredths: 500)
  fileprivate static let shares = FixedPoint.zero...FixedPoint.one

  /// A number of a line; nil beyond the range.
  fileprivate init?(_ value: JSONValue) {
    if let number = value.int64 {
      self.init(number)
    } else if case .double = value.kind, let number = value.double {
      self.init(number)
    } else {
      return nil
    }
  }

  /// Nil beyond the range.
  fileprivate func multiplied(by factor: Int64) -> FixedPoint? {
    let (units, overflow) = units.multipliedReportingOverflow(by: factor)
    return overflow ? nil : FixedPoint(units: units)
  }
}
