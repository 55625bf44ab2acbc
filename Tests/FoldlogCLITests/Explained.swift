import TestSupport
import Testing

/// What `explain … --format json` said, to be computed again.
struct Explained {
  let json: StrictJSON

  init(_ result: ChildResult) throws {
    try #require(result.status == 0, "\(result.errors)")
    json = try #require(StrictJSON(Array(result.output.utf8)), "\(result.output)")
  }

  var rows: [StrictJSON] { json["rows"]?.items ?? [] }
  /// The row that was asked for.
  var row: StrictJSON { rows.first?["row"] ?? .null }
  var explanation: StrictJSON { rows.first?["explanation"] ?? .null }
  var interaction: StrictJSON { json["interaction"] ?? .null }
  var steps: [StrictJSON] { explanation["steps"]?.items ?? [] }
}

extension StrictJSON {
  var items: [StrictJSON] { if case .array(let items) = self { items } else { [] } }
  var text: String? { if case .string(let text) = self { text } else { nil } }
  var number: Double? { if case .number(let text) = self { Double(text) } else { nil } }
  var isTrue: Bool { self == .bool(true) }

  /// A figure of an explanation.
  func figure(_ name: String) -> StrictJSON {
    self["figures"]?.items.first { $0["name"] == .string(name) } ?? .null
  }

  /// The value of an input of a figure.
  func input(_ name: String) -> StrictJSON { entry(name)["value"] ?? .null }

  /// The events that an input of a figure came from.
  func offsets(_ name: String) -> [Int] {
    entry(name)["offsets"]?.items.compactMap { $0.number.map { Int($0) } } ?? []
  }

  private func entry(_ name: String) -> StrictJSON {
    self["inputs"]?.items.first { $0["name"] == .string(name) } ?? .null
  }

  /// The value of a figure of an explanation, as a number.
  func value(_ name: String) -> Double? { figure(name)["value"]?.number }
}

/// Whether two numbers are the same but for rounding.
func isNear(_ one: Double?, _ other: Double?, _ tolerance: Double = 1e-9) -> Bool {
  guard let one, let other else { return one == nil && other == nil }
  return (one - other).magnitude <= tolerance * max(1, one.magnitude, other.magnitude)
}
