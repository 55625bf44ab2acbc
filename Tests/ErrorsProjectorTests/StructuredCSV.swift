/// The columns of a small CSV file with a header: quoted fields may hold commas, line breaks and
/// doubled quotes.
struct StructuredCSV {
  let rows: [[String: String]]

  init(_ bytes: [UInt8]) {
    let records = Self.records(bytes)
    guard let header = records.first else {
      rows = []
      return
    }
    rows = records.dropFirst().filter { $0.count == header.count }.map { record in
      Dictionary(zip(header, record)) { first, _ in first }
    }
  }

  private static func records(_ bytes: [UInt8]) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var index = 0
    func endField() {
      record.append(String(decoding: field, as: UTF8.self))
      field = []
    }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch (byte, isQuoted) {
      case (UInt8(ascii: "\""), true) where index < bytes.count && bytes[index] == byte:
        field.append(byte)
        index += 1
      case (UInt8(ascii: "\""), _): isQuoted.toggle()
      case (UInt8(ascii: ","), false): endField()
      case (0x0a, false):
        if field.last == 0x0d { field.removeLast() }
        endField()
        records.append(record)
        record = []
      default: field.append(byte)
      }
    }
    if !field.isEmpty || !record.isEmpty {
      endField()
      records.append(record)
    }
    return records
  }
}
