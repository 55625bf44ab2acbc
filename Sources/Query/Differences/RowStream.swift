internal import Bytes
internal import Dispatch
internal import Synchronization
internal import Views

/// A table's rows, pulled one by one, while a thread of its own reads some thousand ahead.
///
/// A row whose key is not greater than that of the row before is an error. Must be closed.
final class RowStream {
  private enum Piece: Sendable {
    case rows([[Cell]])
    case end(TableError?)
  }

  /// Handed from thread to thread, never shared.
  private struct Handed: @unchecked Sendable {
    let tables: any ViewReader
  }

  private static let waitingMax = 4
  private let queue = BoundedQueue<Piece>(capacity: waitingMax)
  /// Of its own, not one of the system's pool: the pool may have a single thread, and two scans
  /// that wait for one another would wait for ever.
  private let thread: DispatchQueue
  private var rows: [[Cell]] = []
  private var next = 0
  private var isAtEnd = false

  init(_ table: any AnswerTable, in tables: any ViewReader, _ order: KeyOrder) {
    thread = DispatchQueue(label: "rows of \(table.name)", qos: .userInitiated)
    let handed = Handed(tables: tables)
    thread.async { [queue] in queue.put(.end(Self.read(table, handed.tables, order, into: queue))) }
  }

  /// The next row; nil after the last.
  func pull() throws(TableError) -> [Cell]? {
    while next == rows.count {
      if isAtEnd { return nil }
      switch queue.take() {
      case .rows(let rows): (self.rows, next) = (rows, 0)
      case .end(let error):
        isAtEnd = true
        if let error { throw error }
      }
    }
    next += 1
    return rows[next - 1]
  }

  /// Ends the reading, and waits until the thread has let go of the tables.
  func close() {
    queue.close()
    thread.sync {}
  }

  /// Puts all rows into the queue, until it is closed. Returns the error, if there was one.
  private static func read(
    _ table: any AnswerTable, _ tables: any ViewReader, _ order: KeyOrder,
    into queue: BoundedQueue<Piece>
  ) -> TableError? {
    var batch = RowBatch()
    var last: [Cell]?
    do throws(TableError) {
      try table.forEach(in: tables) { row throws(TableError) in
        if let last, order.order(last, row) >= 0 {
          throw outOfOrder(row, after: last, order, in: table.name)
        }
        last = row
        batch.append(row)
        if !batch.isFull { return true }
        defer { batch = RowBatch() }
        return queue.put(.rows(batch.rows))
      }
    } catch {
      return error
    }
    queue.put(.rows(batch.rows))
    return nil
  }
}

/// Rows that are handed over at once: some hundred, fewer when their texts are long.
private struct RowBatch {
  private(set) var rows: [[Cell]] = []
  private var textSize = 0

  var isFull: Bool { rows.count >= 512 || textSize >= 1 << 20 }

  mutating func append(_ row: [Cell]) {
    for cell in row {
      switch cell {
      case .text(let text): textSize += text.utf8.count
      case .texts(let texts): for text in texts { textSize += text.utf8.count }
      default: continue
      }
    }
    rows.append(row)
  }
}

private func outOfOrder(
  _ row: [Cell], after last: [Cell], _ order: KeyOrder, in table: String
) -> TableError {
  let key = keyText(order.columns, order.key(of: row))
  return TableError(
    table: table,
    reason: order.order(last, row) == 0
      ? "two rows have the key \(key)"
      : "row \(key) comes out of order, after \(keyText(order.columns, order.key(of: last)))")
}

/// Columns that name a row, and the order of rows by them: by one cell after the other.
struct KeyOrder: Sendable {
  let columns: [Column]
  /// Where their cells lie in a row.
  let places: [Int]

  init(_ names: [String], of table: any AnswerTable) {
    places = names.compactMap { place(of: $0, in: table.columns) }
    columns = places.map { table.columns[$0] }
  }

  /// Negative, zero or positive, as the left row comes before, with or after the right.
  func order(_ left: [Cell], _ right: [Cell]) -> Int {
    for place in places {
      let order = Cell.order(left.cell(place), right.cell(place))
      if order != 0 { return order }
    }
    return 0
  }

  func key(of row: [Cell]) -> [Cell] { places.map { row.cell($0) } }

  /// Equal for rows that they name alike.
  func hash(of row: [Cell]) -> Hash128 {
    var writer = ByteWriter(capacity: 256)
    for place in places {
      let cell = row.cell(place)
      writer.append(varint: cell.isNull ? 0 : 1)
      writer.append(text: cell.plainText)
    }
    return Hash128(of: writer.bytes)
  }
}

extension [Cell] {
  /// The cell of a column; null where a row is too short.
  @inline(__always)
  func cell(_ place: Int) -> Cell { place < count ? self[place] : .null }
}

/// A queue from one thread to another. The thread that puts waits while the queue is full.
final class BoundedQueue<Element: Sendable>: Sendable {
  private struct State {
    var waiting: [Element] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let free = DispatchSemaphore(value: 0)
  private let filled = DispatchSemaphore(value: 0)

  init(capacity: Int) {
    // A semaphore must not go with a lower value than it began with.
    for _ in 0..<max(capacity, 1) { free.signal() }
  }

  /// Waits for room. Returns false, and keeps nothing, when the queue is closed.
  @discardableResult
  func put(_ element: Element) -> Bool {
    free.wait()
    let isClosed = state.withLock { state in
      if !state.isClosed { state.waiting.append(element) }
      return state.isClosed
    }
    // After a close, other threads that wait for room must go on too.
    if isClosed { free.signal() } else { filled.signal() }
    return !isClosed
  }

  /// Waits for what comes next.
  func take() -> Element {
    filled.wait()
    let element = state.withLock { $0.waiting.removeFirst() }
    free.signal()
    return element
  }

  /// Drops what waits. Nothing may be taken any more.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.waiting.removeAll()
    }
    free.signal()
  }
}
