internal import Bytes
internal import Views

/// Writes JSON by hand: the same input gives the same bytes.
struct JSONText {
  private(set) var bytes: [UInt8] = []

  /// Appends syntax, as it is.
  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends a string with its quotes. Only what RFC 8259 requires is escaped.
  mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case UInt8(ascii: "\n"): raw("\\n")
      case UInt8(ascii: "\r"): raw("\\r")
      case UInt8(ascii: "\t"): raw("\\t")
      case 0..<0x20: raw("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends a row as `query --format jsonl` gives it.
  mutating func row(_ columns: [Column], _ cells: [Cell]) {
    object(zip(columns, cells).map { column, cell in (column.name, { $0.cell(cell) }) })
  }

  /// Appends a cell of the types that the tables of datasets have.
  private mutating func cell(_ cell: Cell) {
    switch cell {
    case .bool(let value): raw(value ? "true" : "false")
    case .integer(let value): raw("\(value)")
    case .decimal(let value): raw(value.description)
    case .text(let value): string(value)
    case .offsets(let values): raw("[" + values.map(\.description).joined(separator: ",") + "]")
    case .null, .real, .time, .texts: raw("null")
    }
  }

  /// Appends an object of members, whose values are written by their closures.
  mutating func object(_ members: [(String, (inout JSONText) -> Void)]) {
    raw("{")
    for (index, member) in members.enumerated() {
      if index > 0 { raw(",") }
      string(member.0)
      raw(":")
      member.1(&self)
    }
    raw("}")
  }
}
