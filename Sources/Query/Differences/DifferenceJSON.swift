internal import Views

extension TableDifference {
  /// One object of JSON, without a newline at its end.
  package var json: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(ascii: "{\"table\":")
    bytes.append(json: table)
    let counts: [(StaticString, Int)] = [
      (",\"rows_before\":", rowsBefore), (",\"rows_after\":", rowsAfter), (",\"added\":", added),
      (",\"removed\":", removed), (",\"changed\":", changed),
    ]
    for (name, count) in counts {
      bytes.append(ascii: name)
      bytes.append(integer: Int64(count))
    }
    let keys = JSONRows(key)
    bytes.append(ascii: ",\"fields\":")
    bytes.appendArray(fields) { bytes, field in field.append(to: &bytes, keys) }
    bytes.append(ascii: ",\"added_keys\":")
    bytes.appendArray(addedKeys) { bytes, key in keys.append(key, to: &bytes) }
    bytes.append(ascii: ",\"removed_keys\":")
    bytes.appendArray(removedKeys) { bytes, key in keys.append(key, to: &bytes) }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }
}

extension FieldDifference {
  fileprivate func append(to bytes: inout [UInt8], _ keys: JSONRows) {
    bytes.append(ascii: "{\"field\":")
    bytes.append(json: field)
    bytes.append(ascii: ",\"changed\":")
    bytes.append(integer: Int64(changed))
    bytes.append(ascii: ",\"mean_change\":")
    bytes.append(json: Cell(meanChange))
    bytes.append(ascii: ",\"largest\":")
    bytes.appendArray(examples) { bytes, change in change.append(to: &bytes, keys) }
    bytes.append(UInt8(ascii: "}"))
  }
}

extension CellChange {
  fileprivate func append(to bytes: inout [UInt8], _ keys: JSONRows) {
    bytes.append(ascii: "{\"key\":")
    keys.append(key, to: &bytes)
    let cells: [(StaticString, Cell)] = [
      (",\"before\":", before), (",\"after\":", after), (",\"difference\":", difference),
    ]
    for (name, cell) in cells {
      bytes.append(ascii: name)
      bytes.append(json: cell)
    }
    bytes.append(UInt8(ascii: "}"))
  }
}
