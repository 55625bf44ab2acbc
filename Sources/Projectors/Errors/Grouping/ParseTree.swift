internal import Bytes
internal import ErrorText
internal import Tables
internal import Views

/// Drain's parse tree of fixed depth: by the number of words, the first word and the second, to a
/// leaf with the groups to compare (He, Zhu, Zheng, Lyu: Drain, an online log parsing approach with
/// fixed depth tree, ICWS 2017).
///
/// Where Drain joins a message to a group by a share of equal words, at once and for good, this one
/// waits for evidence: a message joins a group whose template covers it, else it begins a group; and
/// groups become one when several values were seen at the places where they differ. The earliest
/// group's number stays. So words that seldom vary go on telling errors apart, and the order of two
/// messages does not decide what a third one means.
///
/// All of it is in tables. Finding a group costs at most four leaves of 64 groups, mostly of one
/// comparison each, however many groups there are. Of messages that are ever new, a number of words
/// takes at most 256 first words of 64 second words each, and 64 groups in each leaf.
final class ParseTree {
  /// Groups that became one, and the template that covers them.
  struct Merge: Equatable {
    let into: UInt64
    let from: [UInt64]
    let template: [WordHash]
  }

  /// Where a message without a group belongs.
  struct Position {
    fileprivate let leaf: UInt64
    /// The words that lead there.
    fileprivate let branch: [WordHash]
    /// The leaf is full: this group takes what fits none.
    let overflow: UInt64?
  }

  let leaves: KeyedTable<UInt64, Leaf>
  private let nodes: KeyedTable<UInt64, Branches>
  let groups: KeyedTable<UInt64, Group>
  let places: PlaceTable
  let merged: KeyedTable<UInt64, GroupNumber>
  let opaque: KeyedTable<Hash128, GroupNumber>
  var merges: [Merge] = []

  init(tables: FoldTables) throws(TableError) {
    leaves = try tables.open(Leaf.table)
    nodes = try tables.open(Branches.table)
    groups = try tables.open(Group.table)
    places = try PlaceTable(tables: tables)
    merged = try tables.open(GroupNumber.merged)
    opaque = try tables.open(GroupNumber.opaque)
  }

  /// The group that a group is part of by now.
  func root(_ group: UInt64) throws(TableError) -> UInt64 {
    var group = group
    while let row = try merged.row(group) { group = row.number }
    return group
  }

  /// The group of a message; nil when there is none yet.
  func group(of wording: Wording) throws(TableError) -> UInt64? {
    if let whole = wording.whole { return try opaque.row(whole)?.number }
    return try group(of: wording.hashes, salt: wording.salt)
  }

  /// The group whose template covers a message: the one with the most words, of these the earliest.
  ///
  /// - Parameter salt: tells apart messages that have no word at all.
  func group(of hashes: [WordHash], salt: UInt64) throws(TableError) -> UInt64? {
    try Self.best(of: hashes, salt: salt, by: Self.coverage) { key throws(TableError) in
      try leaves.row(key)
    }
  }

  /// The group with the best mark of those in the leaves where a message belongs; of equal ones the
  /// earliest. A message that has words needs one in common.
  ///
  /// - Parameters:
  ///   - mark: how well a template fits, of the words of a leaf from a place on; nil when it does not.
  ///   - leaf: the leaf of a key.
  static func best(
    of hashes: [WordHash], salt: UInt64,
    by mark: (_ flat: [WordHash], _ start: Int, _ hashes: [WordHash]) -> Int?,
    leaf: (UInt64) throws(TableError) -> Leaf?
  ) throws(TableError) -> UInt64? {
    let hasWords = hashes.contains { $0 != .wildcard }
    var best: (words: Int, group: UInt64)?
    for key in leafKeys(hashes, salt: salt) {
      guard let leaf = try leaf(key) else { continue }
      for (index, group) in leaf.groups.enumerated() {
        guard let words = mark(leaf.hashes, index * hashes.count, hashes) else { continue }
        if words == 0, hasWords { continue }
        if let found = best, (words, found.group) <= (found.words, group) { continue }
        best = (words, group)
      }
    }
    return best?.group
  }

  /// How many words a template shares with a message; nil for fewer than half of the message's.
  static func likeness(_ flat: [WordHash], _ start: Int, _ hashes: [WordHash]) -> Int? {
    let words = hashes.indices.count { hashes[$0] != .wildcard && flat[start + $0] == hashes[$0] }
    return 2 * words >= hashes.count { $0 != .wildcard } ? words : nil
  }

  /// How many words a template shares with a message; nil when it does not cover it.
  static func coverage(_ flat: [WordHash], _ start: Int, _ hashes: [WordHash]) -> Int? {
    var words = 0
    for index in hashes.indices {
      let word = flat[start + index]
      if word == .wildcard {
        if hashes[index].isTelling { return nil }
        continue
      }
      if word != hashes[index] { return nil }
      words += 1
    }
    return words
  }

  /// Where a message belongs that no template covers.
  func position(for hashes: [WordHash], salt: UInt64) throws(TableError) -> Position {
    let (key, branch) = try leafKey(placing: hashes, salt: salt)
    let leaf = try leaves.row(key)
    let isFull = (leaf?.groups.count ?? 0) >= ErrorLimits.leafMax
    return Position(leaf: key, branch: branch, overflow: isFull ? leaf?.overflow : nil)
  }

  /// Makes a message a group of its own, where it belongs. Only groups with one label become one.
  func insert(
    _ hashes: [WordHash], at position: Position, salt: UInt64, label: UInt64, as group: UInt64
  ) throws(TableError) -> [Merge] {
    var leaf = try leaves.row(position.leaf) ?? Leaf()
    if leaf.groups.count >= ErrorLimits.leafMax {
      leaf.overflow = group
      try leaves.put(position.leaf, leaf)
      let rest = repeatElement(WordHash.wildcard, count: hashes.count - position.branch.count)
      return [Merge(into: group, from: [], template: position.branch + rest)]
    }
    leaf.groups.append(group)
    leaf.hashes += hashes
    try leaves.put(position.leaf, leaf)
    try groups.put(group, Group(leaf: position.leaf, salt: salt, label: label, hashes: hashes))
    merges = []
    if try !mergeByPlace(group) { try mergeByCrowd(group, leaf) }
    return merges
  }
}

// Where templates lie in the tree.
extension ParseTree {
  private static func leafKeys(_ hashes: [WordHash], salt: UInt64) -> [UInt64] {
    let node = mix(UInt64(hashes.count), salt)
    guard let first = hashes.first else { return [node] }
    let firsts = first == .wildcard ? [first] : [first, .wildcard]
    guard hashes.count > 1 else { return firsts.map { mix(node, $0.bits) } }
    let second = hashes[1]
    var keys: [UInt64] = []
    keys.reserveCapacity(4)
    for first in firsts {
      keys.append(mix(mix(node, first.bits), second.bits))
      if second != .wildcard { keys.append(mix(mix(node, first.bits), 0)) }
    }
    return keys
  }

  /// The leaf where a template is put, and the words that lead there.
  func leafKey(
    placing hashes: [WordHash], salt: UInt64
  ) throws(TableError) -> (key: UInt64, branch: [WordHash]) {
    var node = mix(UInt64(hashes.count), salt)
    var branch: [WordHash] = []
    for (hash, most) in zip(hashes, [ErrorLimits.firstWordsMax, ErrorLimits.secondWordsMax]) {
      let child = try admits(node, hash, most) ? hash : .wildcard
      branch.append(child)
      node = mix(node, child.bits)
    }
    return (node, branch)
  }

  private func admits(_ node: UInt64, _ hash: WordHash, _ most: Int) throws(TableError) -> Bool {
    if hash == .wildcard { return true }
    return try nodes.change(node) { row in
      var children = row?.children ?? []
      if children.contains(hash) { return true }
      if children.count >= most { return false }
      children.append(hash)
      row = Branches(children: children)
      return true
    }
  }

  /// Takes a group out of its leaf.
  func remove(_ group: UInt64) throws(TableError) {
    guard let row = try groups.row(group) else { return }
    let width = row.hashes.count
    try leaves.change(row.leaf) { leaf in
      guard var changed = leaf, let index = changed.groups.firstIndex(of: group) else { return }
      changed.groups.remove(at: index)
      changed.hashes.removeSubrange(index * width..<(index + 1) * width)
      leaf = changed
    }
    try groups.remove(group)
  }
}

/// A leaf of the parse tree: its groups, each with the hashes of its template's words.
struct Leaf: Row {
  /// In the order in which they came here.
  var groups: [UInt64] = []
  /// As many for each group as its template has words.
  var hashes: [WordHash] = []
  /// The group of what found no place when the leaf was full.
  var overflow: UInt64?

  static let table = StoredTable<UInt64, Leaf>(
    "tree/leaves", isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Leaf, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("groups", &row.groups)
    try visit.hidden("hashes", &row.hashes)
    try visit.hidden("overflow", &row.overflow)
  }
}

/// The words that an inner node of the tree branches into.
struct Branches: Row {
  var children: [WordHash] = []

  static let table = StoredTable<UInt64, Branches>(
    "tree/nodes", isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Branches, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("children", &row.children) }
}

/// A group that stands in a leaf.
struct Group: Row {
  var leaf: UInt64 = 0
  var salt: UInt64 = 0
  /// Of its category, type and built-in pattern: groups with different ones stay apart.
  var label: UInt64 = 0
  var hashes: [WordHash] = []

  static let table = StoredTable<UInt64, Group>(
    "tree/templates", rowsPerChunk: 32, isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Group, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("leaf", &row.leaf)
    try visit.hidden("salt", &row.salt)
    try visit.hidden("label", &row.label)
    try visit.hidden("hashes", &row.hashes)
  }
}
