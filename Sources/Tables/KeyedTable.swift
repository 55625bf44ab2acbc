public import Bytes
public import Views

/// Rows by key, the hot ones in memory; changed ones are written at the checkpoint, and only those.
///
/// Generic code, but compiled for each key and row where it is used.
public final class KeyedTable<K: Key, R: StoredRow> {
  @usableFromInline
  struct Slot: Sendable {
    @usableFromInline let key: K
    @usableFromInline var row: R?
    /// The hash of the row that the digest has, if `isCounted`.
    @usableFromInline var counted: UInt128 = 0
    @usableFromInline var isCounted = false
    @usableFromInline var isDirty = false
    /// Whether the storage has a row of this key.
    @usableFromInline var isStored: Bool

    @inlinable
    init(key: K, row: R?) {
      self.key = key
      self.row = row
      isStored = row != nil
    }

    /// Appends the row's bytes; false when there is no row. In place: rows may be costly to copy.
    @inlinable
    mutating func encode(into writer: inout ByteWriter) -> Bool {
      row?.encodeInPlace(into: &writer) != nil
    }
  }

  @usableFromInline let name: String
  @usableFromInline let storage: any TableStorage
  @usableFromInline let isCounted: Bool
  @usableFromInline let residentMax: Int
  @safe @usableFromInline @exclusivity(unchecked) var slots: [Slot] = []
  @safe @usableFromInline @exclusivity(unchecked) var index = SlotIndex()
  /// Slots that changed since the last flush, in the order of their first change.
  @safe @usableFromInline @exclusivity(unchecked) var dirty: [UInt32] = []
  /// Whether `slots` holds every key that there is, so that a miss needs no look at the storage.
  @usableFromInline var isComplete: Bool
  /// Whether more rows are in memory than may stay. They go when the next one comes, so that a fold
  /// that ends does not sort out what it is about to drop. Never while a row is dirty.
  @safe @usableFromInline @exclusivity(unchecked) var isOverfull = false

  @inlinable
  init(name: String, storage: any TableStorage, isCounted: Bool, residentMax: Int)
    throws(TableError)
  {
    self.name = name
    self.storage = storage
    self.isCounted = isCounted
    self.residentMax = residentMax
    isComplete = try storage.isEmpty
  }

  /// The row of a key; nil when there is none.
  @inlinable
  public func row(_ key: K) throws(TableError) -> R? {
    if let slot = slot(key) { return slots[slot].row }
    if isComplete { return nil }
    if isOverfull { evict() }
    return slots[add(key, try load(key))].row
  }

  /// Puts a row in the place of the one that was there, if any.
  @inlinable
  public func put(_ key: K, _ row: R) throws(TableError) {
    try change(key) { $0 = row }
  }

  @inlinable
  public func remove(_ key: K) throws(TableError) {
    try change(key) { $0 = nil }
  }

  /// Changes a row in place; nil stands for no row, before and after.
  @inlinable
  public func change<Result>(
    _ key: K, _ body: (inout R?) -> Result
  ) throws(TableError) -> Result {
    let slot = try place(key)
    if !slots[slot].isDirty { mark(slot) }
    return body(&slots[slot].row)
  }

  @inlinable
  func place(_ key: K) throws(TableError) -> Int {
    if isOverfull { evict() }
    if let slot = slot(key) { return slot }
    return add(key, isComplete ? nil : try load(key))
  }

  @inline(__always) @inlinable
  func slot(_ key: K) -> Int? {
    index.slot(key.spread) { slots[$0].key == key }
  }

  @inlinable
  func add(_ key: K, _ row: R?) -> Int {
    let slot = slots.count
    slots.append(Slot(key: key, row: row))
    index.insert(slot, key.spread)
    return slot
  }

  /// Notes that a row is about to change, and what the digest has of it.
  @inlinable
  func mark(_ slot: Int) {
    slots[slot].isDirty = true
    dirty.append(UInt32(truncatingIfNeeded: slot))
    guard isCounted, !slots[slot].isCounted, let row = slots[slot].row else { return }
    var writer = RowWriter(table: name)
    slots[slot].counted = writer.hash(slots[slot].key, row).value
    slots[slot].isCounted = true
  }

  @inlinable
  func load(_ key: K) throws(TableError) -> R? {
    var writer = ByteWriter(capacity: 32)
    key.encode(ordered: &writer)
    guard let bytes = try storage.value(writer.span) else { return nil }
    var reader = ByteReader(bytes.span)
    do { return try R(from: &reader) } catch { throw TableError(table: name, error) }
  }

  // MARK: Flush

  @inlinable
  func flush(into digest: inout Digest) throws(TableError) {
    if !dirty.isEmpty {
      // Keys in order: the storage fills its pages from left to right.
      var keys = KeyOrder(count: dirty.count)
      for slot in dirty {
        slots[Int(slot)].key.encode(ordered: &keys.writer)
        keys.endKey(of: slot)
      }
      keys.sort()
      var writer = RowWriter(table: name)
      for entry in keys.entries {
        writer.begin(keys.writer.span.extracting(entry.range))
        try write(Int(entry.slot), &writer, into: &digest)
      }
      try storage.finish()
      dirty.removeAll(keepingCapacity: true)
    }
    isOverfull = slots.count > residentMax
  }

  /// Takes the rows out of memory, for somebody else to release: the table is of no use afterwards.
  @inlinable
  func rowsToRelease() -> any Sendable {
    defer { slots = [] }
    return slots
  }

  /// Lets go of the rows that came into memory first, down to a quarter of what may stay: the newest
  /// are those that come again soonest.
  @inline(never) @inlinable
  func evict() {
    isOverfull = false
    slots.removeFirst(slots.count - residentMax / 4)
    index.removeAll()
    for slot in slots.indices { index.insert(slot, slots[slot].key.spread) }
    isComplete = false
  }

  @inlinable
  func write(
    _ slot: Int, _ writer: inout RowWriter, into digest: inout Digest
  ) throws(TableError) {
    slots[slot].isDirty = false
    let before = slots[slot].isCounted ? Hash128(value: slots[slot].counted) : nil
    guard slots[slot].encode(into: &writer.bytes) else {
      if let before { digest.subtract(before) }
      slots[slot].isCounted = false
      if slots[slot].isStored { try storage.remove(writer.key) }
      slots[slot].isStored = false
      return
    }
    if isCounted {
      let after = writer.hash
      if before == after { return }
      if let before { digest.subtract(before) }
      digest.add(after)
      slots[slot].counted = after.value
      slots[slot].isCounted = true
    }
    slots[slot].isStored = true
    try storage.put(writer.key, writer.row)
  }
}

/// Rows by number, from 0 without gaps, packed many to a chunk: for views with a row an event.
///
/// Rows are appended, and may change later. A number that is cold costs a chunk's unpacking.
public final class ChunkedTable<R: StoredRow> {
  @usableFromInline let name: String
  @usableFromInline let rows: KeyedTable<UInt64, R>
  /// The number of rows.
  @usableFromInline var end: UInt64

  @inlinable
  init(name: String, rows: KeyedTable<UInt64, R>, end: UInt64) {
    self.name = name
    self.rows = rows
    self.end = end
  }

  /// The number of rows.
  @inlinable public var count: UInt64 { end }

  /// Appends a row. Returns its number.
  @inlinable @discardableResult
  public func append(_ row: R) throws(TableError) -> UInt64 {
    let number = end
    try rows.put(number, row)
    end += 1
    return number
  }

  @inlinable
  public func row(_ number: UInt64) throws(TableError) -> R? {
    number < end ? try rows.row(number) : nil
  }

  /// Changes a row in place.
  @inlinable
  public func change(_ number: UInt64, _ body: (inout R) -> Void) throws(TableError) {
    if number >= end { throw TableError(table: name, reason: "there is no row \(number)") }
    try rows.change(number) { row in
      guard var changed = row.take() else { return }
      body(&changed)
      row = changed
    }
  }
}

/// Finds slots of an array by a hash: open addressing, 8 bytes an entry, at most two thirds full.
///
/// Says nothing of order: what is found is compared by the caller.
@usableFromInline
struct SlotIndex {
  /// The hash in the upper half, the slot's number and 1 in the lower; 0 where there is none.
  @usableFromInline var entries: [UInt64]
  @usableFromInline var count = 0
  /// How far a hash is shifted to give a place.
  @usableFromInline var shift: UInt32

  @usableFromInline static let bitsMin: UInt32 = 4

  @inlinable
  init() {
    entries = [UInt64](repeating: 0, count: 1 << Int(Self.bitsMin))
    shift = 32 - Self.bitsMin
  }

  /// The first slot with the hash that `isEqual` takes.
  @inline(__always) @inlinable
  func slot(_ hash: UInt32, _ isEqual: (Int) -> Bool) -> Int? {
    let last = entries.count &- 1
    var place = Int(hash >> shift)
    while true {
      let entry = entries[place]
      if entry == 0 { return nil }
      if UInt32(truncatingIfNeeded: entry >> 32) == hash {
        let slot = Int(UInt32(truncatingIfNeeded: entry)) &- 1
        if isEqual(slot) { return slot }
      }
      place = (place &+ 1) & last
    }
  }

  /// Adds a slot that is not there.
  @inlinable
  mutating func insert(_ slot: Int, _ hash: UInt32) {
    if (count &+ 1) * 3 > entries.count * 2 { grow() }
    put(UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: slot &+ 1)))
    count &+= 1
  }

  @inlinable
  mutating func put(_ entry: UInt64) {
    let last = entries.count &- 1
    var place = Int(UInt32(truncatingIfNeeded: entry >> 32) >> shift)
    while entries[place] != 0 { place = (place &+ 1) & last }
    entries[place] = entry
  }

  @inline(never) @usableFromInline
  mutating func grow() {
    let old = entries
    entries = [UInt64](repeating: 0, count: old.count * 2)
    shift -= 1
    for entry in old where entry != 0 { put(entry) }
  }

  @usableFromInline
  mutating func removeAll() {
    for place in entries.indices { entries[place] = 0 }
    count = 0
  }
}
