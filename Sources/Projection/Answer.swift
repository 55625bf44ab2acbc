public import Events
public import Facts
public import Views

/// A table that a view answers, declared: its row's columns, how rows come, how one is found, which
/// rows an event went into, and how a row came about.
///
/// `Answer("sessions", "A row a session.", of: Session.table, key: { TextKey($0[0]) })`
public struct Answer<R: Row>: ExplainedTable {
  public let name: String
  public let about: String
  public private(set) var columns: [Column]
  public let key: [String]
  public private(set) var identity: [String]
  public private(set) var numbering: [String] = []
  public private(set) var shownFirst: [String] = []
  public private(set) var needsTrace = false
  // Closures that are made where the row's type is known, so that they are compiled for it.
  private let scan: Scan
  private let find: Find?
  private var touched: Touched?
  private var change: ExplanationChange?
  private var reasons: Reasons?
  private var isOfInteraction = false
  private var modelCalls: (@Sendable (AnswerRow, ModelCall) -> Bool)?
  private var toolCalls: (@Sendable (AnswerRow, ToolCall) -> Bool)?
  private let cells: @Sendable (_ row: R, _ wanted: [Bool]) -> [Cell]
  private var lookups: [(place: Int, lookup: Lookup)] = []

  /// Calls its body for each row, in the order of the key, until that returns false.
  public typealias Scan =
    @Sendable (
      _ tables: any ViewReader, _ body: (R) throws(TableError) -> Bool
    ) throws(TableError) -> Void
  /// The row of a key, found without a look at the others; nil where there is none.
  public typealias Find =
    @Sendable (
      _ key: RowKey, _ tables: any ViewReader
    ) throws(TableError) -> R?
  /// The rows that an event went into.
  public typealias Touched =
    @Sendable (
      _ subject: EventSubject, _ tables: any ViewReader
    ) throws(TableError) -> [R]
  /// Opens other tables of the view, and gives what makes a cell of a row.
  public typealias Lookup =
    /// Why there are no rows, in sentences.
    @Sendable (_ tables: any ViewReader) throws(TableError) -> (R) throws(TableError) -> Cell
  public typealias Reasons =
    /// Changes the explanation that follows from the declaration.
    @Sendable (_ tables: any ViewReader) throws(TableError) -> [String]
  public typealias ExplanationChange =
    @Sendable (
      _ explanation: inout Explanation, _ row: AnswerRow, _ tables: any ViewReader,
      _ trace: FoldTrace?
    ) throws(TableError) -> Void

  /// A table whose rows are computed when they are asked for.
  ///
  /// - Parameters:
  ///   - about: what a row is, in a sentence.
  ///   - rows: calls its body for each row, in the order of the key, until that returns false.
  ///   - row: the row of a key, found without a look at the others.
  @inlinable
  public init(
    _ name: String, _ about: String, rows: @escaping Scan, row: Find? = nil
  ) {
    self.init(
      name, about, columns: R.columns, scan: rows, find: row,
      cells: { row, wanted in row.cells(only: wanted) })
  }

  /// A table that is kept as it is answered. Rows come in the order of the stored keys.
  ///
  /// - Parameters:
  ///   - table: where the rows lie.
  ///   - isAnswered: false for rows that are kept and not answered.
  ///   - key: the stored key of a row that is named so; nil for what can be none.
  @inlinable
  public init<K: Key>(
    _ name: String, _ about: String, of table: StoredTable<K, R>,
    where isAnswered: @escaping @Sendable (R) -> Bool = { _ in true },
    key: @escaping @Sendable (RowKey) -> K?
  ) {
    self.init(
      name, about,
      rows: { tables, body throws(TableError) in
        var tied = TiedRows<K, R>()
        var isOpen = true
        try tables.read(table).forEach { key, row throws(TableError) in
          if !isAnswered(row) { return true }
          if !tied.isContinued(by: key) { isOpen = try tied.give(body) }
          tied.append(key, row)
          return isOpen
        }
        if isOpen { _ = try tied.give(body) }
      },
      row: { named, tables throws(TableError) in
        guard let key = key(named) else { return nil }
        return try tables.read(table).row(key).flatMap { isAnswered($0) ? $0 : nil }
      })
  }

  /// A table of numbered rows, in the order of an event that names each by its first two key
  /// columns.
  @inlinable
  public init(
    _ name: String, _ about: String, of table: NumberedTable<R>,
    by event: @escaping @Sendable (R) -> EventID
  ) {
    self.init(
      name, about,
      rows: { tables, body throws(TableError) in
        try tables.read(table).forEach { _, row throws(TableError) in try body(row) }
      },
      row: { key, tables throws(TableError) in
        guard let wanted = key.event(0) else { return nil }
        return try tables.read(table).row(by: event, wanted)
      })
  }

  @usableFromInline
  init(
    _ name: String, _ about: String, columns: [Column], scan: @escaping Scan, find: Find?,
    cells: @escaping @Sendable (_ row: R, _ wanted: [Bool]) -> [Cell]
  ) {
    self.name = name
    self.about = about
    self.columns = columns
    key = columns.filter(\.isKey).map(\.name)
    identity = key
    self.scan = scan
    self.find = find
    self.cells = cells
  }

  /// The same table, which knows the rows that an event went into, by itself or with its
  /// interaction. Without, these are looked for among all rows by their `offsets`, and by the calls
  /// that they count.
  public func touched(by rows: @escaping Touched) -> Self {
    var answer = self
    answer.touched = rows
    return answer
  }

  /// The same table, which changes the explanation of a row that follows from its declaration.
  ///
  /// - Parameters:
  ///   - byTrace: whether it needs the notes of a traced fold, which costs a replay of the view; a
  ///     view that needs a few kinds alone reads only their lines.
  ///   - change: is handed the explanation that follows from the declaration, and changes it.
  public func explained(byTrace: Bool = false, _ change: @escaping ExplanationChange) -> Self {
    var answer = self
    answer.change = change
    answer.needsTrace = byTrace
    return answer
  }

  /// The same table, of which a narrow terminal shows these columns beside the key before the others.
  public func showing(first columns: String...) -> Self {
    var answer = self
    answer.shownFirst = columns
    return answer
  }

  /// The same table, of which these columns tell which rows of two states are of the same thing, and not
  /// the numbers that were handed out in passing.
  ///
  /// - Parameters:
  ///   - columns: nil for the key.
  ///   - numbering: the columns of those numbers.
  public func identified(by columns: [String]? = nil, numbering: [String] = []) -> Self {
    var answer = self
    answer.identity = columns ?? key
    answer.numbering = numbering
    return answer
  }

  /// The same table, which can say why it has no rows.
  public func whenEmpty(_ reasons: @escaping Reasons) -> Self {
    var answer = self
    answer.reasons = reasons
    return answer
  }

  public func reasonsForNone(in tables: any ViewReader) throws(TableError) -> [String] {
    try reasons?(tables) ?? []
  }

  /// The same table with a column more, whose cells are looked up in the view's other tables.
  ///
  /// - Parameters:
  ///   - name: the column that it stands behind.
  ///   - lookup: opens what is looked into, and gives what looks into it.
  public func lookingUp(
    _ column: Column, after name: String, _ lookup: @escaping Lookup
  ) -> Self {
    var answer = self
    let place = columns.firstIndex { $0.name == name }.map { $0 + 1 } ?? columns.count
    answer.columns.insert(column, at: place)
    answer.lookups.append((place, lookup))
    return answer
  }

  /// The same table, whose rows count calls of models.
  ///
  /// - Parameter isCounted: whether a row counts a call.
  public func counting(
    modelCalls isCounted: @escaping @Sendable (AnswerRow, ModelCall) -> Bool
  ) -> Self {
    var answer = self
    answer.modelCalls = isCounted
    return answer
  }

  /// The same table, whose rows count calls of tools.
  public func counting(
    toolCalls isCounted: @escaping @Sendable (AnswerRow, ToolCall) -> Bool
  ) -> Self {
    var answer = self
    answer.toolCalls = isCounted
    return answer
  }

  public func modelCalls(of row: AnswerRow) -> ((ModelCall) -> Bool)? {
    modelCalls.map { isCounted in { isCounted(row, $0) } }
  }

  public func toolCalls(of row: AnswerRow) -> ((ToolCall) -> Bool)? {
    toolCalls.map { isCounted in { isCounted(row, $0) } }
  }

  /// What makes cells of rows.
  ///
  /// - Parameter places: of the cells that are wanted, the others are null; nil for all.
  private func reading(
    _ tables: any ViewReader, only places: [Int]? = nil
  ) throws(TableError) -> (R) throws(TableError) -> [Cell] {
    var wanted = places.map { places in columns.indices.map(places.contains) } ?? []
    var opened: [(place: Int, cell: ((R) throws(TableError) -> Cell)?)] = []
    for (place, lookup) in lookups.reversed() {
      // The last that was put in is the first to be taken out again.
      let isWanted = wanted.isEmpty || wanted.remove(at: place)
      opened.insert((place, isWanted ? try lookup(tables) : nil), at: 0)
    }
    return { [wanted, opened] row throws(TableError) in
      var cells = cells(row, wanted)
      for (place, cell) in opened { cells.insert(try cell?(row) ?? .null, at: place) }
      return cells
    }
  }

  /// The same table, each of whose rows is of one interaction: that of its first event.
  public var ofInteractions: Self {
    var answer = self
    answer.isOfInteraction = true
    return answer
  }

  public func beginning(of row: AnswerRow) -> Offset? {
    isOfInteraction ? row["offsets"].offsets?.first : nil
  }

  /// Calls `body` for each row, in key order, until it returns false.
  public func forEachRow(
    in tables: any ViewReader, _ body: (R) throws(TableError) -> Bool
  ) throws(TableError) { try scan(tables, body) }

  public func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let cells = try reading(tables)
    try scan(tables) { row throws(TableError) in try body(cells(row)) }
  }

  public func forEach(
    in tables: any ViewReader, only wanted: [Int]?, choosing choose: ([Cell]) -> RowChoice,
    _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let (some, all) = (try reading(tables, only: wanted), try reading(tables))
    try scan(tables) { row throws(TableError) in
      let cells = try some(row)
      switch choose(cells) {
      case .nothing: return true
      case .wantedCells: return try body(cells)
      case .allCells: return try body(all(row))
      }
    }
  }

  public func row(_ key: RowKey, in tables: any ViewReader) throws(TableError) -> [Cell]? {
    guard let row = try find?(key, tables) else { return nil }
    return try reading(tables)(row)
  }

  public func rows(
    about subject: EventSubject, in tables: any ViewReader
  ) throws(TableError) -> [AnswerRow] {
    if let touched {
      let cells = try reading(tables)
      var rows: [AnswerRow] = []
      for row in try touched(subject, tables) {
        rows.append(AnswerRow(columns: columns, cells: try cells(row)))
      }
      return rows
    }
    return try rows(in: tables) { row in
      row.offsets.contains(subject.offset)
        || modelCalls.map { isCounted in subject.modelCalls.contains { isCounted(row, $0) } }
          == true
        || toolCalls.map { isCounted in subject.toolCalls.contains { isCounted(row, $0) } } == true
    }
  }

  public func explanation(
    of row: AnswerRow, in tables: any ViewReader, trace: FoldTrace?
  ) throws(TableError) -> Explanation {
    var explanation = Explanation(of: row, in: self)
    try change?(&explanation, row, tables, trace)
    return explanation
  }
}

/// Collects rows whose stored keys do not give their order, until all of them are read.
@usableFromInline
struct TiedRows<K: Key, R: Row> {
  @usableFromInline var last: K?
  @usableFromInline var rows: [R] = []

  @inlinable init() {}

  @inlinable
  func isContinued(by key: K) -> Bool { last.map { $0.isTied(with: key) } ?? true }

  @inlinable
  mutating func append(_ key: K, _ row: R) {
    last = key
    rows.append(row)
  }

  /// Gives the rows in the order of their key columns.
  @inlinable
  mutating func give(_ body: (R) throws(TableError) -> Bool) throws(TableError) -> Bool {
    if rows.count > 1 { sort() }
    for row in rows { if try !body(row) { return false } }
    rows.removeAll(keepingCapacity: true)
    return true
  }

  @inlinable
  mutating func sort() {
    let columns = R.columns
    let places = columns.indices.filter { columns[$0].isKey }
    let keyed = rows.map { row in
      let cells = row.cells
      return (texts: places.map { Array(cells[$0].plainText.utf8) }, row: row)
    }
    rows = keyed.sorted { left, right in
      for (text, other) in zip(left.texts, right.texts) where text != other {
        return text.lexicographicallyPrecedes(other)
      }
      return false
    }.map(\.row)
  }
}
