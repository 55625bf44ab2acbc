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
/// comparison each, however many groups there are.
final class ParseTree {
  /// Groups that became one, and the template that covers them: 0 where it has a wildcard.
  struct Merge: Equatable {
    let into: UInt64
    let from: [UInt64]
    let template: [UInt64]
  }

  /// Where a message without a group went.
  enum Insertion {
    case group(merges: [Merge])
    /// The leaf is full: this group takes what fits none.
    case overflow(UInt64)
  }

  private let leaves: KeyedTable<UInt64, LeafRow>
  private let nodes: KeyedTable<UInt64, NodeRow>
  private let groups: KeyedTable<UInt64, GroupRow>
  private let places: KeyedTable<UInt64, PlaceRow>
  private let merged: KeyedTable<UInt64, NumberRow>
  private var merges: [Merge] = []

  init(tables: TableSet) throws(TableError) {
    func table<R: Row>(_ name: String, _ row: R.Type) throws(TableError) -> KeyedTable<UInt64, R> {
      try tables.keyed(
        "tree/\(name)", key: UInt64.self, row: row, isCounted: false, residentMax: 1 << 16)
    }
    leaves = try table("leaves", LeafRow.self)
    nodes = try table("nodes", NodeRow.self)
    groups = try table("groups", GroupRow.self)
    places = try table("places", PlaceRow.self)
    merged = try tables.keyed("merged", key: UInt64.self, row: NumberRow.self)
  }

  /// The group that a group is part of by now.
  func root(_ group: UInt64) throws(TableError) -> UInt64 {
    var group = group
    while let row = try merged.row(group) { group = row.number }
    return group
  }

  /// The group whose template covers a message: the one with the most words, of these the earliest.
  ///
  /// - Parameter salt: tells apart messages that have no word at all.
  func group(of hashes: [UInt64], salt: UInt64) throws(TableError) -> UInt64? {
    let hasWords = hashes.contains { $0 != Token.wildcardHash }
    var best: (words: Int, group: UInt64)?
    for key in leafKeys(hashes, salt: salt) {
      guard let leaf = try leaves.row(key) else { continue }
      for (index, group) in leaf.groups.enumerated() {
        guard let words = coverage(leaf.hashes, index * hashes.count, hashes) else { continue }
        if words == 0, hasWords { continue }
        if let found = best, (words, found.group) <= (found.words, group) { continue }
        best = (words, group)
      }
    }
    return best?.group
  }

  /// How many words a template shares with a message; nil when it does not cover it.
  private func coverage(_ flat: [UInt64], _ start: Int, _ hashes: [UInt64]) -> Int? {
    var words = 0
    for index in hashes.indices {
      let word = flat[start + index]
      if word == Token.wildcardHash { continue }
      if word != hashes[index] { return nil }
      words += 1
    }
    return words
  }

  /// Makes a message that no template covers a group of its own.
  func insert(_ hashes: [UInt64], salt: UInt64, as group: UInt64) throws(TableError) -> Insertion {
    let key = try leafKey(placing: hashes, salt: salt)
    var leaf = try leaves.row(key) ?? LeafRow()
    if leaf.groups.count >= Limits.leafMax {
      if let overflow = leaf.overflow { return .overflow(overflow) }
      leaf.overflow = group
      try leaves.put(key, leaf)
      return .group(merges: [])
    }
    leaf.groups.append(group)
    leaf.hashes += hashes
    try leaves.put(key, leaf)
    try groups.put(group, GroupRow(leaf: key, salt: salt, hashes: hashes))
    merges = []
    if try !mergeByPlace(group) { try mergeByCrowd(group, leaf) }
    return .group(merges: merges)
  }
}

// Where templates lie in the tree.
extension ParseTree {
  private func leafKeys(_ hashes: [UInt64], salt: UInt64) -> [UInt64] {
    let node = mix(UInt64(hashes.count), salt)
    guard let first = hashes.first else { return [node] }
    let firsts = first == 0 ? [0] : [first, 0]
    guard hashes.count > 1 else { return firsts.map { mix(node, $0) } }
    let second = hashes[1]
    var keys: [UInt64] = []
    keys.reserveCapacity(4)
    for first in firsts {
      keys.append(mix(mix(node, first), second))
      if second != 0 { keys.append(mix(mix(node, first), 0)) }
    }
    return keys
  }

  private func leafKey(placing hashes: [UInt64], salt: UInt64) throws(TableError) -> UInt64 {
    var node = mix(UInt64(hashes.count), salt)
    for (hash, most) in zip(hashes, [Limits.firstWordsMax, Limits.secondWordsMax]) {
      let child = try admits(node, hash, most) ? hash : Token.wildcardHash
      node = mix(node, child)
    }
    return node
  }

  private func admits(_ node: UInt64, _ hash: UInt64, _ most: Int) throws(TableError) -> Bool {
    if hash == Token.wildcardHash { return true }
    return try nodes.change(node) { row in
      var children = row?.children ?? []
      if children.contains(hash) { return true }
      if children.count >= most { return false }
      children.append(hash)
      var changed = NodeRow()
      changed.children = children
      row = changed
      return true
    }
  }

  /// Takes a group out of its leaf.
  private func remove(_ group: UInt64) throws(TableError) {
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

// When groups become one.
extension ParseTree {
  /// Merges groups that differ at one place only, once enough words were seen there. Returns
  /// whether it did.
  private func mergeByPlace(_ group: UInt64) throws(TableError) -> Bool {
    var current = group
    while let row = try groups.row(current), let root = try mergeOnce(current, row) {
      current = root
    }
    return current != group || !merges.isEmpty
  }

  private func mergeOnce(_ group: UInt64, _ row: GroupRow) throws(TableError) -> UInt64? {
    let words = row.hashes.count { $0 != Token.wildcardHash }
    guard words > Merging.equalWordsMin else { return nil }
    var sum = mix(UInt64(row.hashes.count), row.salt)
    for (index, hash) in row.hashes.enumerated() { sum &+= mix(UInt64(index), hash) }
    for (index, hash) in row.hashes.enumerated() where hash != Token.wildcardHash {
      let key = sum &- mix(UInt64(index), hash) &+ mix(UInt64(index), Token.wildcardHash)
      guard let candidates = try note(hash, of: group, at: key) else { continue }
      if let root = try merge(candidates, salt: row.salt) {
        try places.remove(key)
        return root
      }
    }
    return nil
  }

  /// Notes a word at a place. Returns the groups that had one there when there are enough.
  private func note(
    _ word: UInt64, of group: UInt64, at key: UInt64
  ) throws(TableError) -> [UInt64]? {
    try places.change(key) { row in
      var place = row ?? PlaceRow()
      if let index = place.values.firstIndex(of: word) {
        place.groups[index] = group
      } else if place.values.count < Merging.valuesMin {
        place.values.append(word)
        place.groups.append(group)
      }
      row = place
      return place.values.count >= Merging.valuesMin ? place.groups + [group] : nil
    }
  }

  /// Merges groups of one leaf that differ in several places, when each of these has had enough
  /// words; where it had few, the groups must agree with this one.
  private func mergeByCrowd(_ group: UInt64, _ leaf: LeafRow) throws(TableError) {
    guard let row = try groups.row(group) else { return }
    let width = row.hashes.count
    var crowd: [[UInt64]] = []
    var members: [UInt64] = []
    for (index, other) in leaf.groups.enumerated() where other != group {
      let template = Array(leaf.hashes[index * width..<(index + 1) * width])
      guard isSimilar(template, row.hashes) else { continue }
      crowd.append(template)
      members.append(other)
    }
    while crowd.count + 1 >= Merging.crowdMin {
      let fixed = (0..<width).filter { place in
        let words = Set(crowd.map { $0[place] } + [row.hashes[place]])
        return words.count > 1 && words.count < Merging.crowdValuesMin
          && !words.contains(Token.wildcardHash)
      }
      if fixed.isEmpty {
        if let root = try merge(members + [group], salt: row.salt) { _ = try mergeByPlace(root) }
        return
      }
      let kept = crowd.indices.filter { index in
        fixed.allSatisfy { crowd[index][$0] == row.hashes[$0] }
      }
      members = kept.map { members[$0] }
      crowd = kept.map { crowd[$0] }
    }
  }

  /// Whether at least half of the words are equal, and enough of them.
  private func isSimilar(_ left: [UInt64], _ right: [UInt64]) -> Bool {
    var equal = 0
    var words = 0
    for (left, right) in zip(left, right) where left != 0 || right != 0 {
      words += 1
      if left == right { equal += 1 }
    }
    return equal >= Merging.equalWordsMin && equal * 2 >= words
  }

  /// Makes groups one, under the template that covers all of them, and takes in what else it covers
  /// in its leaf. Returns the earliest; nil when too few words would be left.
  private func merge(_ candidates: [UInt64], salt: UInt64) throws(TableError) -> UInt64? {
    var members: Set<UInt64> = []
    for candidate in candidates { members.insert(try root(candidate)) }
    var template: [UInt64] = []
    for member in members.sorted() {
      guard let row = try groups.row(member) else { return nil }
      template = template.isEmpty ? row.hashes : covering(template, row.hashes)
    }
    let words = template.count { $0 != Token.wildcardHash }
    guard members.count > 1, words >= Merging.equalWordsMin else { return nil }
    for member in members { try remove(member) }
    let key = try leafKey(placing: template, salt: salt)
    if let leaf = try leaves.row(key) {
      for (index, group) in leaf.groups.enumerated() {
        let start = index * template.count
        let other = Array(leaf.hashes[start..<start + template.count])
        if coverage(template, 0, other) != nil { members.insert(group) }
      }
      for member in members { try remove(member) }
    }
    return try place(template, of: members.sorted(), at: key, salt: salt)
  }

  private func place(
    _ template: [UInt64], of members: [UInt64], at key: UInt64, salt: UInt64
  ) throws(TableError) -> UInt64? {
    guard let root = members.first else { return nil }
    for member in members.dropFirst() { try merged.put(member, NumberRow(root)) }
    var leaf = try leaves.row(key) ?? LeafRow()
    leaf.groups.append(root)
    leaf.hashes += template
    try leaves.put(key, leaf)
    try groups.put(root, GroupRow(leaf: key, salt: salt, hashes: template))
    merges.append(Merge(into: root, from: Array(members.dropFirst()), template: template))
    return root
  }

  private func covering(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
    zip(left, right).map { $0 == $1 ? $0 : Token.wildcardHash }
  }
}

/// Mixes two numbers into one, as SplitMix64 does: the same on every machine.
func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
  var value = (left &* 0x9e37_79b9_7f4a_7c15) ^ right
  value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
  value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
  return value ^ (value >> 31)
}
