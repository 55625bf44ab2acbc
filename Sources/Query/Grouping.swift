internal import Bytes
internal import Views

/// What rows are grouped by, and what is told of each group beside how many rows it has.
package struct Grouping: Equatable, Sendable {
  /// Fields of one value each; null is a value. None for one group of all rows.
  package var fields: [String]
  /// Fields of numbers, or of true and false, where true counts 1.
  package var sums: [String]
  package var means: [String]

  package init(by fields: [String] = [], sums: [String] = [], means: [String] = []) {
    self.fields = fields
    self.sums = sums
    self.means = means
  }
}

/// The groups of a table's rows as a table: their fields, `count`, `sum_F` and `mean_F`, in the order
/// of the fields. Sums are exact, so that the order of the rows does not count; nulls are left out.
///
/// Memory grows with the groups.
struct GroupedTable: AnswerTable {
  private let source: any AnswerTable
  private let filter: RowFilter
  private let places: [Int]
  private let sums: [Int]
  private let means: [Int]
  let columns: [Column]
  let key: [String]

  var name: String { source.name }

  init(
    _ source: any AnswerTable, _ filter: RowFilter, _ grouping: Grouping
  ) throws(QueryError) {
    self.source = source
    self.filter = filter
    func places(
      _ fields: [String], _ task: String, _ isFit: (ColumnType) -> Bool
    ) throws(QueryError) -> [Int] {
      var places: [Int] = []
      for field in fields {
        let place = try fieldPlace(field, of: source)
        let type = source.columns[place].type
        guard isFit(type) else {
          throw QueryError(.usage, "`\(field)` holds \(type.content), which cannot be \(task)")
        }
        if !places.contains(place) { places.append(place) }
      }
      return places
    }
    self.places = try places(grouping.fields, "grouped by") { $0 != .texts && $0 != .offsets }
    sums = try places(grouping.sums, "summed", \.isSummable)
    means = try places(grouping.means, "averaged", \.isSummable)
    let grouped = self.places.map { source.columns[$0] }
    key = grouped.map(\.name)
    columns =
      grouped + [Column("count", .integer)]
      + sums.map { place in
        let column = source.columns[place]
        var sum = Column("sum_\(column.name)", column.type == .bool ? .integer : column.type)
        sum.unit = column.unit
        return sum
      }
      + means.map { place in
        var mean = Column("mean_\(source.columns[place].name)", .real)
        mean.unit = source.columns[place].unit
        return mean
      }
    let names = columns.map(\.name)
    for (place, name) in names.enumerated() where names[..<place].contains(name) {
      throw QueryError(.usage, "the answer would have two columns that are called `\(name)`")
    }
  }

  /// Of a field that the groups do not have: those that they have, and what would add it.
  func lacks(_ field: String) -> QueryError {
    let names = columns.map(\.name)
    var adding = ""
    if let place = place(of: field, in: source.columns) {
      let (name, type) = (source.columns[place].name, source.columns[place].type)
      if type.isSummable {
        adding = "; `--mean \(name)` adds mean_\(name), `--sum \(name)` adds sum_\(name)"
      } else if type != .texts, type != .offsets {
        adding = "; `--group-by \(name)` adds it"
      }
    }
    return QueryError(
      .usage,
      "the groups of \(name) have no field `\(field)`"
        + (adding.isEmpty ? suggestion(for: field, among: names) : adding),
      notes: wrapped("fields of the groups: ", names))
  }

  /// What is known of a group.
  private struct Group {
    let cells: [Cell]
    var count: Int64 = 0
    var sums: [CellSum]
  }

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let summed = sums + means.filter { !sums.contains($0) }
    var numbers: [[UInt8]: Int] = [:]
    var groups: [Group] = []
    func number(of cells: [Cell]) -> Int {
      // As JSON, equal values have equal bytes, but for the two zeros.
      var bytes: [UInt8] = []
      for cell in cells {
        if case .real(0) = cell { bytes.append(json: .real(0)) } else { bytes.append(json: cell) }
        bytes.append(UInt8(ascii: ","))
      }
      if let known = numbers[bytes] { return known }
      numbers[bytes] = groups.count
      groups.append(Group(cells: cells, sums: summed.map { _ in CellSum() }))
      return groups.count - 1
    }
    if places.isEmpty { _ = number(of: []) }
    try source.forEach(
      in: tables, only: filter.columns + places + summed,
      choosing: { filter.matches($0) ? .wantedCells : .nothing }
    ) { cells in
      let group = number(of: places.map { $0 < cells.count ? cells[$0] : .null })
      groups[group].count += 1
      for (index, place) in summed.enumerated() where place < cells.count {
        groups[group].sums[index].add(cells[place])
      }
      return true
    }
    groups.sort { left, right in
      for (left, right) in zip(left.cells, right.cells) {
        let order = Cell.orderNullsLast(left, right)
        if order != 0 { return order < 0 }
      }
      return false
    }
    for group in groups {
      func sum(_ place: Int) -> CellSum? {
        summed.firstIndex(of: place).map { group.sums[$0] }
      }
      let cells =
        group.cells + [.integer(group.count)] + sums.map { sum($0)?.sum ?? .null }
        + means.map { sum($0)?.mean ?? .null }
      if try !body(cells) { return }
    }
  }
}

extension ColumnType {
  fileprivate var isSummable: Bool {
    switch self {
    case .bool, .integer, .decimal, .real: true
    case .text, .time, .texts, .offsets: false
    }
  }
}

/// How many billionths one has.
private let unit: Int128 = 1_000_000_000

/// The exact sum of some cells, nulls left out.
private struct CellSum {
  private var count: Int64 = 0
  /// Of whole numbers, truths and decimals, in billionths.
  private var units: Int128 = 0
  private var isWhole = true
  private var reals = RealSum()
  private var hasReals = false

  mutating func add(_ cell: Cell) {
    if let more = cell.exactUnits {
      units &+= more
      if case .decimal = cell { isWhole = false }
    } else if case .bool(let value) = cell {
      units &+= value ? unit : 0
    } else if let value = cell.doubleValue {
      reals.add(value)
      hasReals = true
    } else {
      return
    }
    count += 1
  }

  private var total: Double {
    guard hasReals else { return Double(units) / 1e9 }
    var all = reals
    all.add(Double(units) / 1e9)
    return all.value
  }

  /// Null of nothing. Beyond what a decimal holds, a whole number, else the nearest number.
  var sum: Cell {
    if count == 0 { return .null }
    if hasReals { return Cell(total) }
    let (whole, rest) = units.quotientAndRemainder(dividingBy: unit)
    if !isWhole, let units = Int64(exactly: units) { return .decimal(FixedPoint(units: units)) }
    if rest == 0, let whole = Int64(exactly: whole) { return .integer(whole) }
    return Cell(total)
  }

  var mean: Cell { count == 0 ? .null : Cell(total / Double(count)) }
}

/// The sum of doubles as if it were rounded once, at the end: of numbers that do not overlap
/// (Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997).
private struct RealSum {
  /// From the least to the greatest.
  private var parts: [Double] = []
  /// Of infinities, which have no parts.
  private var infinite = 0.0

  mutating func add(_ value: Double) {
    guard value.isFinite else {
      infinite += value
      return
    }
    var rest = value
    var kept: [Double] = []
    for part in parts {
      let (great, small) = rest.magnitude < part.magnitude ? (part, rest) : (rest, part)
      let sum = great + small
      let lost = small - (sum - great)
      if lost != 0 { kept.append(lost) }
      rest = sum
    }
    parts = kept + [rest]
  }

  var value: Double {
    if infinite != 0 { return infinite }
    guard var sum = parts.last else { return 0 }
    var lost = 0.0
    var rest = parts.dropLast()
    while lost == 0, let part = rest.popLast() {
      let before = sum
      sum = before + part
      lost = part - (sum - before)
    }
    // What lies half way is rounded to even, unless what follows says on which side it lies.
    if let next = rest.last, lost > 0 && next > 0 || lost < 0 && next < 0 {
      let doubled = lost * 2
      let moved = sum + doubled
      if moved - sum == doubled { sum = moved }
    }
    return sum
  }
}
