package import Bytes
package import Events
package import Provenance
internal import LMDB

/// What the log knows of its sources.
extension LogReader {
  /// All sources, by id.
  package func sources() throws(LogError) -> [SourceRecord] {
    try reading { snapshot, tables throws(LogError) in
      var records: [SourceRecord] = []
      try forEachEntry(snapshot, tables.sources) { key, value throws(LogError) in
        if let id = number(fromKey: key) { records.append(try decodeSource(id, value)) }
      }
      return records
    }
  }

  /// Those whose bytes are not as they were, by id.
  ///
  /// - Parameter seen: hashes of the bytes of all records as they were; brought up to date.
  package func sources(
    changedSince seen: inout [SourceID: Hash128]
  ) throws(LogError) -> [SourceRecord] {
    let before = seen
    let (hashes, records) = try reading { snapshot, tables throws(LogError) in
      var hashes = before
      var records: [SourceRecord] = []
      try forEachEntry(snapshot, tables.sources) { key, value throws(LogError) in
        guard let id = number(fromKey: key) else { return }
        let hash = Hash128(of: value)
        if hashes.updateValue(hash, forKey: id) != hash {
          records.append(try decodeSource(id, value))
        }
      }
      return (hashes, records)
    }
    seen = hashes
    return records
  }

  /// Another number whenever something was committed.
  package func revision() throws(LogError) -> UInt64 {
    try reading { snapshot, _ in snapshot.number }
  }

  /// The sources that were read at a device and inode, the newest first.
  package func sources(device: UInt64, inode: UInt64) throws(LogError) -> [SourceRecord] {
    try reading { snapshot, tables throws(LogError) in
      let ids = try sourceIDs(snapshot, tables.files, key: fileKey(device: device, inode: inode))
      var records: [SourceRecord] = []
      for id in ids.reversed() {
        if let record = try sourceRecord(snapshot, tables, id) { records.append(record) }
      }
      return records
    }
  }

  package func source(_ id: SourceID) throws(LogError) -> SourceRecord? {
    try reading { snapshot, tables throws(LogError) in try sourceRecord(snapshot, tables, id) }
  }

  /// The named standard source of a name.
  package func source(named name: String) throws(LogError) -> SourceRecord? {
    try reading { snapshot, tables throws(LogError) in
      guard let id = try sourceIDs(snapshot, tables.names, key: nameKey(name)).last else {
        return nil
      }
      return try sourceRecord(snapshot, tables, id)
    }
  }
}

func sourceRecord(
  _ snapshot: Snapshot, _ tables: Tables, _ id: SourceID
) throws(LogError) -> SourceRecord? {
  let key = orderedKey(id)
  let value = try logged { () throws(LMDBError) in
    try snapshot.value(key.span, in: tables.sources)
  }
  guard let value else { return nil }
  return try decodeSource(id, value.span)
}

private func decodeSource(_ id: SourceID, _ value: Span<UInt8>) throws(LogError) -> SourceRecord {
  var reader = ByteReader(value)
  do { return try SourceRecord(id: id, from: &reader) } catch { throw .record(error) }
}

func sourceIDs(_ snapshot: Snapshot, _ table: Table, key: [UInt8]) throws(LogError) -> [SourceID] {
  let value = try logged { () throws(LMDBError) in try snapshot.value(key.span, in: table) }
  return try value.map { bytes throws(LogError) in try decodeIDs(bytes.span) } ?? []
}

func decodeIDs(_ value: Span<UInt8>) throws(LogError) -> [SourceID] {
  var reader = ByteReader(value)
  var ids: [SourceID] = []
  do {
    while !reader.isAtEnd { ids.append(try reader.littleEndian(UInt64.self)) }
  } catch {
    throw .record(error)
  }
  return ids
}

func fileKey(device: UInt64, inode: UInt64) -> [UInt8] {
  var writer = ByteWriter(capacity: 16)
  writer.append(ordered: device)
  writer.append(ordered: inode)
  return writer.bytes
}

func nameKey(_ name: String) -> [UInt8] {
  name.utf8.count <= 480 ? Array(name.utf8) : Array("#\(Hash128(of: name))".utf8)
}
