internal import Views

/// The first few rows of an order, kept in a heap with the last of them on top; equal ones stay as
/// they came. Memory is that of the rows kept, and as many without a value.
struct TopRows {
  private struct Entry {
    let key: SortKey
    let cells: [Cell]
  }

  private let sort: SortOrder
  private let limit: Int
  private var heap: [Entry] = []
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
    let entry = Entry(key: SortKey(prefix: sort.prefix(cell), sequence: sequence), cells: cells)
    if heap.count < limit {
      heap.append(entry)
      siftUp(heap.count - 1)
    } else if let last = heap.first, precedes(entry, last) {
      heap[0] = entry
      siftDown(0)
    }
  }

  /// Calls `body` for each row in order until it returns false.
  mutating func forEach(_ body: ([Cell]) throws(TableError) -> Bool) throws(TableError) -> Int {
    var shown = 0
    let first = heap.sorted(by: precedes).map(\.cells)
    for cells in first + nulls.prefix(limit - first.count) {
      shown += 1
      if try !body(cells) { break }
    }
    return shown
  }

  private func precedes(_ left: Entry, _ right: Entry) -> Bool {
    guard left.key.prefix == right.key.prefix, !sort.isWhole(left.key.prefix) else {
      return SortKey.precedes(left.key, right.key)
    }
    let order = sort.order(left.cells, right.cells)
    return order != 0 ? order < 0 : left.key.sequence < right.key.sequence
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
      for child in [2 * place + 1, 2 * place + 2]
      where child < heap.count && precedes(heap[last], heap[child]) {
        last = child
      }
      if last == place { return }
      heap.swapAt(last, place)
      place = last
    }
  }
}
