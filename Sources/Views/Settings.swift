public import Bytes
public import Events

/// Settings that belong together: those of the program, of the interactions step, or of one view.
/// Each is declared once; the check at start, `foldlog settings`, the digest and what a build keeps
/// of its settings are all made from the declaration.
public protocol SettingGroup: Sendable {
  /// With every default.
  init()

  /// Shows each setting to the visitor, which sets it, writes it, or asks what it is called. The
  /// order is that of the bytes that a digest covers, and never changes.
  static func settings<Visitor: SettingVisitor>(
    _ group: inout Self, _ visit: inout Visitor
  ) throws(Visitor.Failure)
}

/// What is done with the settings of a group, one after the other.
public protocol SettingVisitor {
  associatedtype Failure: Error

  /// What a section is about, and what must hold for its settings together.
  mutating func section(_ name: String, _ about: String, rule: SectionRule?)

  mutating func value<Value: SettingValue>(
    _ value: inout Value, within bound: Value.Bound?, as setting: @autoclosure () -> Setting
  ) throws(Failure)

  /// A section whose settings anybody may name.
  mutating func table<Entry: NamedSetting>(
    _ entries: inout [Entry], within bound: Entry.Value.Bound?,
    as setting: @autoclosure () -> Setting
  ) throws(Failure)

  /// A list of sections, `[[name]]`, whose entries are declared by a group of their own.
  mutating func list<Entry: SettingGroup>(
    _ entries: inout [Entry], _ name: String, _ about: String
  ) throws(Failure)

  /// A constant that counts in the digest, and cannot be set.
  mutating func constant<Value: ByteCodable>(_ value: inout Value)
}

// How a declaration reads.
extension SettingVisitor {
  public mutating func section(_ name: String, _ about: String) {
    section(name, about, rule: nil)
  }

  /// - Parameters:
  ///   - name: its section and its key: `values.weights.outcome`.
  ///   - bound: what it must be within.
  ///   - about: what it does, in a sentence.
  public mutating func setting<Value: SettingValue>(
    _ name: String, _ value: inout Value, unit: Unit? = nil, in bound: Value.Bound? = nil,
    _ about: String
  ) throws(Failure) {
    try self.value(
      &value, within: bound,
      as: Setting(
        name, about, unit: unit, requirement: Value.requirement(within: bound, unit: unit)))
  }

  /// - Parameters:
  ///   - name: of the section, with a word for what the keys are: `values.domains.NAME`.
  ///   - bound: what each must be within.
  public mutating func settings<Entry: NamedSetting>(
    _ name: String, _ entries: inout [Entry], unit: Unit? = nil,
    in bound: Entry.Value.Bound? = nil, _ about: String
  ) throws(Failure) {
    try table(
      &entries, within: bound,
      as: Setting(
        name, about, unit: unit, requirement: Entry.Value.requirement(within: bound, unit: unit)))
  }
}

/// A setting, as it is declared.
public struct Setting: Equatable, Sendable {
  /// `values.weights` of `values.weights.outcome`.
  public let section: String
  /// Its name within the section.
  public let key: String
  public let about: String
  /// What its number is of; nil for what is no number.
  public let unit: Unit?
  /// What it must be: `a number from 0 to 1`.
  public let requirement: String

  public init(_ name: String, _ about: String, unit: Unit?, requirement: String) {
    let parts = name.split(separator: ".")
    section = parts.dropLast().joined(separator: ".")
    key = parts.last.map(String.init) ?? ""
    self.about = about
    self.unit = unit
    self.requirement = requirement
  }

  public var name: String { "\(section).\(key)" }
}

/// What must hold for the numbers of a section together.
public enum SectionRule: Sendable {
  case addUpToOne
  case someAboveZero
  /// What each entry of a list has to say.
  case needs([String])
}

/// An entry of a section whose settings anybody may name.
public protocol NamedSetting: Sendable {
  associatedtype Value: SettingValue
  var name: String { get }
  var value: Value { get }
  init(name: String, value: Value)
}

/// A value as the file has it.
public enum SettingInput: Sendable {
  case bool(Bool)
  case integer(Int64)
  case real(Double)
  case text(String)
  case texts([String])
  case other
}

/// A value that a setting can have.
public protocol SettingValue: ByteCodable, Sendable {
  associatedtype Bound: Sendable
  /// Nil where it has another type, or is beyond its bound.
  init?(_ input: SettingInput, within bound: Bound?)
  /// What a value must be, for errors and help.
  static func requirement(within bound: Bound?, unit: Unit?) -> String
  /// As people write it.
  var text: String { get }
  /// False for a value that nobody gave, and that has no default.
  var isGiven: Bool { get }
  /// Whether the file has it in quotation marks.
  static var isText: Bool { get }
}

extension SettingValue {
  public static var isText: Bool { false }
  public var isGiven: Bool { true }
}

/// A value that need not be given.
extension Optional: SettingValue where Wrapped: SettingValue {
  public init?(_ input: SettingInput, within bound: Wrapped.Bound?) {
    guard let value = Wrapped(input, within: bound) else { return nil }
    self = .some(value)
  }
  public static func requirement(within bound: Wrapped.Bound?, unit: Unit?) -> String {
    Wrapped.requirement(within: bound, unit: unit)
  }
  public var text: String { self?.text ?? "" }
  public static var isText: Bool { Wrapped.isText }
  public var isGiven: Bool { self != nil }
}

extension Bool: SettingValue {
  public init?(_ input: SettingInput, within bound: Never?) {
    guard case .bool(let bool) = input else { return nil }
    self = bool
  }
  public static func requirement(within bound: Never?, unit: Unit?) -> String { "true or false" }
  public var text: String { "\(self)" }
}

extension FixedPoint: SettingValue {
  public init?(_ input: SettingInput, within bound: ClosedRange<FixedPoint>?) {
    let number: FixedPoint? =
      switch input {
      case .integer(let integer): FixedPoint(integer)
      case .real(let real): FixedPoint(real)
      default: nil
      }
    guard let number, bound?.contains(number) != false else { return nil }
    self = number
  }
  public static func requirement(within bound: ClosedRange<FixedPoint>?, unit: Unit?) -> String {
    numbers(
      unit,
      bound.map { ("\($0.lowerBound)", $0.upperBound.units == .max ? nil : "\($0.upperBound)") })
  }
  public var text: String { description }
}

extension UInt64: SettingValue {
  public init?(_ input: SettingInput, within bound: ClosedRange<UInt64>?) {
    guard case .integer(let integer) = input, let number = UInt64(exactly: integer),
      bound?.contains(number) != false
    else { return nil }
    self = number
  }
  public static func requirement(within bound: ClosedRange<UInt64>?, unit: Unit?) -> String {
    numbers(
      unit, bound.map { ("\($0.lowerBound)", $0.upperBound == .max ? nil : "\($0.upperBound)") })
  }
  public var text: String { "\(self)" }
}

/// What a number must be.
///
/// - Parameter most: nil where there is none that anybody would meet.
private func numbers(_ unit: Unit?, _ bound: (least: String, most: String?)?) -> String {
  let numbers = "a number" + (unit?.plural.map { " of \($0)" } ?? "")
  guard let bound else { return numbers }
  guard let most = bound.most else { return "\(numbers), at least \(bound.least)" }
  return "\(numbers) from \(bound.least) to \(most)"
}

/// A list of names.
public struct NameList: SettingValue, Equatable {
  public var names: [String]

  public init(_ names: [String] = []) { self.names = names }

  public init?(_ input: SettingInput, within bound: Never?) {
    guard case .texts(let texts) = input else { return nil }
    names = texts
  }
  public static func requirement(within bound: Never?, unit: Unit?) -> String { "a list of names" }
  public var text: String { "[" + names.map { "\"\($0)\"" }.joined(separator: ", ") + "]" }

  public func encode(into writer: inout ByteWriter) { names.encode(into: &writer) }
  public init(from reader: inout ByteReader) throws(BytesError) {
    names = try [String](from: &reader)
  }
}

extension SettingValue where Self: NamedChoice {
  public init?(_ input: SettingInput, within bound: Never?) {
    guard case .text(let text) = input,
      let choice = Self.allCases.first(where: { $0.name.utf8.elementsEqual(text.utf8) })
    else { return nil }
    self = choice
  }
  public static func requirement(within bound: Never?, unit: Unit?) -> String {
    choices.map { "\"\($0)\"" }.joined(separator: " or ")
  }
  public var text: String { name }
  public static var isText: Bool { true }
}
