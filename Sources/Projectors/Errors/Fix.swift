internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// What was done about a pattern, and how it went.
struct Fix: Row {
  /// The key that it is kept under: known when it is read for an answer.
  var key = FixKey(group: 0, fix: nil)
  var successes: UInt64 = 0
  var failures: UInt64 = 0
  /// From each error to its success, in event time.
  var nanosecondsToFix = WideInteger.zero
  /// Hashes of the projects where it worked, sorted.
  var projects: [UInt64] = []
  var evidence = Evidence()
  /// In the order of their events, the first 32.
  private(set) var trials: [Trial] = []

  static let table = StoredTable<FixKey, Fix>("fixes", residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Fix, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived("pattern_id", isKey: true, "The pattern.") { row.key.group }
    visit.derived(
      "fix", isKey: true,
      "What was done; null: the same thing passed later, and nobody said why."
    ) { row.key.text }
    visit.derived("attempts", rule: "successes + failures") { row.successes + row.failures }
    try visit.column("successes", &row.successes, "Times it worked.")
    try visit.column("failures", &row.failures, "Times it did not.")
    try visit.hidden("nanoseconds_to_fix", &row.nanosecondsToFix)
    visit.derived(
      "seconds_to_fix", unit: .seconds, "Mean time, of events, from the error to the success.",
      rule: "the time from the error to its success, over the successes"
    ) {
      row.successes == 0
        ? nil : Double(row.nanosecondsToFix.limbs.low) / 1e9 / Double(row.successes)
    }
    try visit.hidden("project_hashes", &row.projects)
    visit.derived("projects", "Different projects where it worked; they are not named.") {
      UInt64(row.projects.count)
    }
    visit.derived(
      "global", "Whether it is known, and worked in two or more projects.",
      rule: "named, and projects ≥ 2"
    ) { row.key.fix != nil && row.projects.count >= 2 }
    try visit.evidence(&row.evidence)
    try visit.hidden("trials", &row.trials)
  }

  static let answer = Answer<Fix>(
    "errors/fixes",
    """
    A fix works when, after an error, the same thing succeeds in the same session or task: the same \
    command or call of a tool, or the task that completes, or an event that says so. The fix is what \
    that event calls so, else the last other command or tool that succeeded in between, else nobody \
    named it. When the same fails in the same way after such an action, the action has failed as a fix.
    """,
    rows: { tables, body throws(TableError) in try forEachRow(in: tables, body) },
    row: { key, tables throws(TableError) in
      guard let pattern = UInt64(key[0]) else { return nil }
      if key[1] == "null", let row = try row(of: pattern, nil, in: tables) { return row }
      return try row(of: pattern, key[1], in: tables)
    }
  ).lookingUp(Pattern.templateColumn, after: "pattern_id") { tables throws(TableError) in
    let template = try Pattern.templates(in: tables)
    return { row throws(TableError) in try template(row.key.group) }
  }.showing(first: "template", "attempts", "successes", "failures").explained {
    explanation, row, tables, _ throws(TableError) in
    let id = UInt64(clamping: row["pattern_id"].integer ?? 0)
    let story = try FixStory(of: id, in: tables, of: FixKey(group: id, row["fix"].text))
    if case .real(let mean) = row["seconds_to_fix"] {
      let sum = mean * Double(row["successes"].integer ?? 0)
      explanation.add(Input("seconds in all", .real(sum)), to: "seconds_to_fix")
    }
    explanation.steps = story.steps
    explanation.offsets = Set(row.offsets + story.errors).sorted()
    explanation.offsetCount = nil
  }

  mutating func add(_ trial: Trial) {
    if trials.count < Evidence.keptMax { trials.append(trial) }
  }

  mutating func add(project: UInt64) {
    guard projects.count < ErrorLimits.projectsMax, !projects.contains(project) else { return }
    projects.append(project)
    projects.sort()
  }

  /// Takes in what is known of the same fix under a pattern that became part of this one.
  mutating func absorb(_ other: Fix) {
    successes += other.successes
    failures += other.failures
    nanosecondsToFix += other.nanosecondsToFix
    for project in other.projects { add(project: project) }
    evidence.absorb(other.evidence)
    trials = Array((trials + other.trials).sorted().prefix(Evidence.keptMax))
  }
}

/// That a fix was tried: by what event, on which error, and whether it worked.
struct Trial: ByteCodable, Comparable {
  let event: EventID
  let error: Offset
  let worked: Bool

  init(event: EventID, error: Offset, worked: Bool) {
    self.event = event
    self.error = error
    self.worked = worked
  }

  func encode(into writer: inout ByteWriter) {
    event.encode(into: &writer)
    error.encode(into: &writer)
    writer.append(bool: worked)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    event = try EventID(from: &reader)
    error = try reader.varint()
    worked = try reader.bool()
  }

  static func < (left: Trial, right: Trial) -> Bool {
    left.event != right.event ? left.event < right.event : left.error < right.error
  }
}

// Fixes are kept under the group that an error went to; those of groups that became one are put
// together when they are read.
extension Fix {
  /// Calls `body` for each row, until it returns false. Holds in memory what is kept under groups that
  /// became part of others.
  private static func forEachRow(
    in tables: any ViewReader, _ body: (Fix) throws(TableError) -> Bool
  ) throws(TableError) {
    let roots = try GroupNumber.roots(in: tables)
    let fixes = try tables.read(table)
    var joined: [FixKey: [Fix]] = [:]
    for group in roots.keys.sorted() {
      try fixes.forEach(from: FixKey(group: group, fix: nil)) { key, fix in
        guard key.group == group else { return false }
        let root = FixKey(group: roots[group] ?? group, fix: key.fix)
        joined[root, default: []].append(fix)
        return true
      }
    }
    var rest = joined.keys.sorted()[...]
    func give(before key: FixKey?) throws(TableError) -> Bool {
      while let next = rest.first, key.map({ next < $0 }) ?? true {
        rest.removeFirst()
        if let row = together(joined[next] ?? [], next), try !body(row) { return false }
      }
      return true
    }
    var isOpen = true
    try fixes.forEach { key, fix throws(TableError) in
      if roots[key.group] != nil { return true }
      isOpen = try give(before: key)
      guard isOpen else { return false }
      let others = joined[key] ?? []
      if !others.isEmpty { rest.removeFirst() }
      if let row = together([fix] + others, key) { isOpen = try body(row) }
      return isOpen
    }
    if isOpen { _ = try give(before: nil) }
  }

  private static func row(
    of pattern: UInt64, _ text: String?, in tables: any ViewReader
  ) throws(TableError) -> Fix? {
    let roots = try GroupNumber.roots(in: tables)
    if roots[pattern] != nil { return nil }
    let fixes = try tables.read(table)
    let key = FixKey(group: pattern, text)
    var found: [Fix] = []
    for group in [pattern] + roots.filter({ $0.value == pattern }).keys.sorted() {
      if let fix = try fixes.row(FixKey(group: group, fix: key.fix)) { found.append(fix) }
    }
    return together(found, key)
  }

  /// What is kept of one fix under several groups, by the earliest first.
  private static func together(_ fixes: [Fix], _ key: FixKey) -> Fix? {
    guard var row = fixes.first else { return nil }
    for other in fixes.dropFirst() { row.absorb(other) }
    row.key = key
    return row
  }
}

/// What was done about a group. Sorts by the group and the text, none first.
struct FixKey: Key, Comparable {
  let group: UInt64
  /// The text's UTF-8, at most `ErrorLimits.fixSizeMax` bytes, so that it fits a key; nil when nobody
  /// said what it was.
  let fix: [UInt8]?

  var text: String? { fix.map { String(decoding: $0, as: UTF8.self) } }

  init(group: UInt64, fix: [UInt8]?) {
    self.group = group
    self.fix = fix
  }

  init(group: UInt64, _ text: String?) {
    self.init(group: group, fix: text.map { Array($0.bounded(ErrorLimits.fixSizeMax).utf8) })
  }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: group)
    writer.append(bool: fix != nil)
    if let fix { writer.append(fix) }
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    group = try reader.ordered(UInt64.self)
    fix = try reader.bool() ? try reader.array(reader.remaining) : nil
  }

  static func < (left: FixKey, right: FixKey) -> Bool {
    if left.group != right.group { return left.group < right.group }
    guard let fix = left.fix, let other = right.fix else {
      return left.fix == nil && right.fix != nil
    }
    return fix.lexicographicallyPrecedes(other)
  }
}

/// What became of the fixes of a pattern, trial by trial: of each fix the first 32.
struct FixStory {
  /// The groups that became part of the pattern.
  let joined: [UInt64]
  private var trials: [(fix: String?, trial: Trial)] = []

  /// - Parameter key: of this fix alone; nil for all.
  init(
    of pattern: UInt64, in tables: any ViewReader, of key: FixKey? = nil
  ) throws(TableError) {
    let roots = try GroupNumber.roots(in: tables)
    joined = roots.filter { $0.value == pattern }.keys.sorted()
    for group in [pattern] + joined {
      try tables.read(Fix.table).forEach(from: FixKey(group: group, fix: nil)) { found, fix in
        guard found.group == group else { return false }
        if let key, key.fix != found.fix { return true }
        for trial in fix.trials { trials.append((found.text, trial)) }
        return true
      }
    }
    trials.sort { $0.trial < $1.trial }
  }

  /// The first errors that were tried on.
  var errors: [Offset] { trials.prefix(Evidence.keptMax).map(\.trial.error) }

  var steps: [Step] {
    trials.map { name, trial in
      let fix = name.map { "`\($0)`" } ?? "something that nobody named"
      let verb = trial.worked ? "mended" : "did not mend"
      return Step(
        trial.event.offset,
        trial.error == trial.event.offset
          ? "says of its own error that \(fix) \(verb) it"
          : "\(fix) \(verb) the error of event \(trial.error)")
    }
  }
}
