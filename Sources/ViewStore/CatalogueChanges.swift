internal import Bytes
internal import LMDB

// What changes the catalogue: each in one transaction.

extension ViewCatalogue {
  /// Lets builds serve views in the place of those that do, all at once, and discards the builds
  /// that nothing names then.
  ///
  /// - Parameters:
  ///   - unfit: builds that nobody is to go back to.
  ///   - kept: a name that these builds had: it is theirs no more.
  ///   - settings: what is to be configured from then on; it waits in `pendingSettings` until it is
  ///     written to its file.
  package func swap(
    _ placements: [Placement], inPlaceOf unfit: Set<String> = [], fromKept kept: String? = nil,
    settings: String? = nil
  ) throws(StoreError) {
    try changing { transaction throws(StoreError) in
      let before: [CatalogueEntry] = try transaction.snapshot.records()
      for placement in placements {
        for view in placement.views {
          let live = before.first { $0.view == view }
          let previous = live?.live == placement.build ? live?.previous : live?.live
          try transaction.put(
            CatalogueEntry(
              view: view, live: placement.build,
              previous: previous.flatMap { unfit.contains($0) ? nil : $0 }))
        }
        try transaction.remove(UnfinishedBuild.self, placement.build)
      }
      let views = placements.flatMap(\.views)
      if !views.isEmpty { try transaction.put(LastSwap(views: views)) }
      if let kept { try transaction.remove(KeptBuilds.self, kept) }
      if let settings { try transaction.put(pendingSettings: settings) }
    }
    try discardUnused()
  }

  /// Keeps builds under a name, in the place of those that had it.
  package func keep(_ kept: KeptBuilds) throws(StoreError) {
    try changing { transaction throws(StoreError) in
      try transaction.put(kept)
      for placement in kept.placements {
        try transaction.remove(UnfinishedBuild.self, placement.build)
      }
    }
    try discardUnused()
  }

  /// Forgets a name, and discards its builds.
  package func drop(_ name: String) throws(StoreError) {
    try changing { transaction throws(StoreError) in
      try transaction.remove(KeptBuilds.self, name)
    }
    try forget(unfinished().filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.build))
    try discardUnused()
  }

  /// Discards unfinished builds.
  package func forget(_ unfinished: [String]) throws(StoreError) {
    if unfinished.isEmpty { return }
    try changing { transaction throws(StoreError) in
      for name in unfinished { try transaction.remove(UnfinishedBuild.self, name) }
    }
    try discardUnused()
  }

  /// Forgets builds wherever they are named but as live ones, and discards them: what was kept with
  /// one of them under a name goes as a whole.
  package func forget(builds unfit: Set<String>) throws(StoreError) {
    if unfit.isEmpty { return }
    try changing { transaction throws(StoreError) in
      let entries: [CatalogueEntry] = try transaction.snapshot.records()
      for var entry in entries where entry.previous.map(unfit.contains) == true {
        entry.previous = nil
        try transaction.put(entry)
      }
      let kept: [KeptBuilds] = try transaction.snapshot.records()
      for kept in kept where kept.placements.contains(where: { unfit.contains($0.build) }) {
        try transaction.remove(KeptBuilds.self, kept.name)
      }
      for name in unfit { try transaction.remove(UnfinishedBuild.self, name) }
    }
    try discardUnused()
  }

  /// Notes where the data directory is.
  ///
  /// - Parameter copied: builds that were copied with it.
  package func note(
    _ place: PlaceNote, copied: [String] = []
  ) throws(StoreError) {
    try changing { transaction throws(StoreError) in
      for name in copied {
        try transaction.put(CopiedBuild(build: name, isChecked: false))
      }
      try transaction.put(place)
    }
  }

  /// Notes that the rows of a copied build are what its digests say.
  package func noteChecked(_ name: String) throws(StoreError) {
    try changing { transaction throws(StoreError) in
      try transaction.put(CopiedBuild(build: name, isChecked: true))
    }
  }

  /// A build that is made is no copy, whatever had its name before.
  func forgetCopied(_ name: String) throws(StoreError) {
    guard try copied().contains(where: { $0.build == name }) else { return }
    try changing { transaction throws(StoreError) in
      try transaction.remove(CopiedBuild.self, name)
    }
  }

  /// Notes that a build is being folded.
  package func note(_ unfinished: UnfinishedBuild) throws(StoreError) {
    try changing { transaction throws(StoreError) in try transaction.put(unfinished) }
  }

  /// Notes how far a build is, unless it serves by now.
  package func renew(_ unfinished: UnfinishedBuild) throws(StoreError) {
    try changing { transaction throws(StoreError) in
      let known: [UnfinishedBuild] = try transaction.snapshot.records()
      guard known.contains(where: { $0.build == unfinished.build }) else { return }
      try transaction.put(unfinished)
    }
  }

  /// Notes that the pending settings are in their file.
  package func settingsAreWritten() throws(StoreError) {
    try changing { transaction throws(StoreError) in try transaction.put(pendingSettings: nil) }
  }

  func changing(_ body: (borrowing WriteTransaction) throws(StoreError) -> Void) throws(StoreError)
  {
    let transaction = try stored { () throws(LMDBError) in try WriteTransaction(environment) }
    try body(transaction)
    do { try transaction.commit() } catch { throw .storage(error) }
  }
}

private let settingsTable = "settings"
private let pendingKey = Array("pending".utf8)

extension Snapshot {
  /// The entries of a table, in the order of their keys.
  func records<Record: CatalogueRecord>() throws(StoreError) -> [Record] {
    var records: [Record] = []
    var failure: BytesError?
    try stored { () throws(LMDBError) in
      guard let table = try table(Record.table) else { return }
      let cursor = try cursor(table)
      var step = Cursor.Step.first
      while let record: Result<Record, BytesError> = try cursor.move(step, decode) {
        switch record {
        case .success(let record): records.append(record)
        case .failure(let error): failure = error
        }
        step = .next
      }
    }
    if let failure { throw .record(failure) }
    return records
  }

  func pendingSettings() throws(StoreError) -> String? {
    let bytes = try stored { () throws(LMDBError) -> [UInt8]? in
      guard let table = try table(settingsTable) else { return nil }
      return try value(pendingKey.span, in: table)
    }
    guard let bytes else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .record(BytesError("settings that are not UTF-8", at: 0))
    }
    return text
  }
}

private func decode<Record: CatalogueRecord>(
  _ key: Span<UInt8>, _ value: Span<UInt8>
) -> Result<Record, BytesError> {
  do throws(BytesError) {
    guard let key = String(validating: key) else {
      throw BytesError("a name that is not UTF-8", at: 0)
    }
    var reader = ByteReader(value)
    return .success(try Record(key: key, from: &reader))
  } catch {
    return .failure(error)
  }
}

extension WriteTransaction {
  func put(_ record: some CatalogueRecord) throws(StoreError) {
    var value = ByteWriter()
    record.encode(into: &value)
    let key = Array(record.key.utf8)
    try stored { () throws(LMDBError) in
      try put(key.span, value.span, in: try table(type(of: record).table))
    }
  }

  func remove<Record: CatalogueRecord>(_: Record.Type, _ name: String) throws(StoreError) {
    let key = Array(name.utf8)
    try stored { () throws(LMDBError) in _ = try remove(key.span, in: try table(Record.table)) }
  }

  func put(pendingSettings text: String?) throws(StoreError) {
    let bytes = text.map { Array($0.utf8) }
    try stored { () throws(LMDBError) in
      let table = try table(settingsTable)
      if let bytes {
        try put(pendingKey.span, bytes.span, in: table)
      } else {
        _ = try remove(pendingKey.span, in: table)
      }
    }
  }
}
