internal import CTOML

/// A value of a TOML 1.0 document, read by toml++.
package struct TOMLValue: Equatable, Sendable {
  package enum Content: Equatable, Sendable {
    /// In the order of the file's lines.
    case table([(key: String, value: TOMLValue)])
    case array([TOMLValue])
    case text(String)
    case integer(Int64)
    case real(Double)
    case bool(Bool)
    /// As `2026-03-05`.
    case date(String)
    /// A time of day, with or without a date.
    case time

    package static func == (left: Content, right: Content) -> Bool {
      switch (left, right) {
      case (.table(let left), .table(let right)):
        left.elementsEqual(right) { $0.key == $1.key && $0.value == $1.value }
      case (.array(let left), .array(let right)): left == right
      case (.text(let left), .text(let right)): left == right
      case (.integer(let left), .integer(let right)): left == right
      case (.real(let left), .real(let right)): left == right
      case (.bool(let left), .bool(let right)): left == right
      case (.date(let left), .date(let right)): left == right
      case (.time, .time): true
      default: false
      }
    }
  }

  package let content: Content
  /// From 1: the line of its key, or of its own beginning where it has none.
  package let line: Int

  /// What a table holds; nil for what is none.
  package var table: [(key: String, value: TOMLValue)]? {
    if case .table(let entries) = content { entries } else { nil }
  }

  /// What an array holds; nil for what is none.
  package var array: [TOMLValue]? {
    if case .array(let elements) = content { elements } else { nil }
  }

  /// The table of a whole document.
  package init(document text: String) throws(TOMLError) {
    var reason = [CChar](repeating: 0, count: 512)
    var line: UInt32 = 0
    var text = text
    let document: OpaquePointer? = text.withUTF8 { bytes in
      unsafe ctoml_parse(bytes.baseAddress, bytes.count, &reason, reason.count, &line)
    }
    guard let document = unsafe document else {
      let bytes = reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      throw TOMLError(reason: String(decoding: bytes, as: UTF8.self), line: Int(line))
    }
    defer { unsafe ctoml_destroy(document) }
    var count = 0
    let first = unsafe ctoml_values(document, &count)
    var values = unsafe UnsafeBufferPointer(start: first, count: count)[...]
    unsafe self.init(&values)
  }

  /// Takes a value, and those within it, from what the reader made of the document.
  private init(_ values: inout Slice<UnsafeBufferPointer<ctoml_value>>) {
    let value = unsafe values.removeFirst()
    line = unsafe Int(value.line)
    let count = unsafe value.count
    switch unsafe value.kind {
    case CTOML_TABLE:
      var entries: [(key: String, value: TOMLValue)] = []
      for _ in 0..<count {
        let entry = unsafe values[values.startIndex]
        let key = unsafe Self.text(entry.key, entry.key_length)
        unsafe entries.append((key, TOMLValue(&values)))
      }
      content = .table(entries)
    case CTOML_ARRAY:
      var elements: [TOMLValue] = []
      for _ in 0..<count { unsafe elements.append(TOMLValue(&values)) }
      content = .array(elements)
    case CTOML_TEXT: content = unsafe .text(Self.text(value.text, value.text_length))
    case CTOML_INTEGER: content = unsafe .integer(value.integer)
    case CTOML_REAL: content = unsafe .real(value.real)
    case CTOML_BOOL: content = unsafe .bool(value.integer != 0)
    case CTOML_DATE:
      let parts = unsafe [(Int(value.year), 4), (Int(value.month), 2), (Int(value.day), 2)]
      content = .date(
        parts.map { number, width in
          let digits = String(number)
          return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }.joined(separator: "-"))
    default: content = .time
    }
  }

  private static func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
    guard let start = unsafe start else { return "" }
    return unsafe UnsafeRawBufferPointer(start: start, count: length).withMemoryRebound(
      to: UInt8.self
    ) { unsafe String(decoding: $0, as: UTF8.self) }
  }
}

/// Why a text is no TOML document.
package struct TOMLError: Error, Equatable {
  package let reason: String
  /// From 1.
  package let line: Int
}
