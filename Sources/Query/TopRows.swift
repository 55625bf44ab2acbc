internal import Views

/// The first few rows of an order, kept in a heap with the last of them on top; equal ones stay as
/// they came. Memory is that of the rows kept, and as many without a value.
struct TopRows {
  /// Small and plain: the heap moves these, and never the rows.
  private struct Entry {
    let key: SortKey
    /// Where the row lies among those kept.
    let slot: Int
  }

  private let sort: SortOrder
  private let limit: Int
  private var heap: [Entry] = []
  private var rows: [[Cell]] = []
  private var nulls: [[Cell]] = []
  private var count = 0

  init(_ sort: SortOrder, limit: Int) {
    self.sort = sort
    self.limit = max(limit, 0)
  }

  mutating func append(_ cells: [Cell]) {
    let cell = sort.cell(cells)
    let sequence = count
    count += 1
    if cell.isNull {
      if nulls.count < limit { nulls.append(cells) }
      return
    }
    let key = SortKey(prefix: sort.prefix(cell), sequence: sequence)
    if rows.count < limit {
      heap.append(Entry(key: key, slot: rows.count))
      rows.append(cells)
      siftUp(heap.count - 1)
    } else if let last = heap.first, precedes(key, cells, last.key, last.slot) {
      heap[0] = Entry(key: key, slot: last.slot)
      rows[last.slot] = cells
      siftDown(0)
    }
  }

  /// Calls `body` for each row in order until it returns false.
  func forEach(_ body: ([Cell]) throws(TableError) -> Bool) throws(TableError) -> Int {
    var shown = 0
    for entry in heap.sorted(by: precedes) {
      shown += 1
      if try !body(rows[entry.slot]) { return shown }
    }
    for cells in nulls.prefix(limit - heap.count) {
      shown += 1
      if try !body(cells) { return shown }
    }
    return shown
  }

  private func precedes(_ left: Entry, _ right: Entry) -> Bool {
    guard left.key.prefix == right.key.prefix, !sort.isWhole(left.key.prefix) else {
      return SortKey.precedes(left.key, right.key)
    }
    return precedes(left.key, rows[left.slot], right.key, right.slot)
  }

  private func precedes(
    _ left: SortKey, _ cells: [Cell], _ right: SortKey, _ slot: Int
  ) -> Bool {
    guard left.prefix == right.prefix, !sort.isWhole(left.prefix) else {
      return SortKey.precedes(left, right)
    }
    let order = sort.order(cells, rows[slot])
    return order != 0 ? order < 0 : left.sequence < right.sequence
  }

  private mutating func siftUp(_ start: Int) {
    var place = start
    while place > 0 {
      let parent = (place - 1) / 2
      guard precedes(heap[parent], heap[place]) else { return }
      heap.swapAt(parent, place)
      place = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var place = start
    while true {
      var last = place
      let child = 2 * place + 1
      if child < heap.count, precedes(heap[last], heap[child]) { last = child }
      if child + 1 < heap.count, precedes(heap[last], heap[child + 1]) { last = child + 1 }
      if last == place { return }
      heap.swapAt(last, place)
      place = last
    }
  }
}
