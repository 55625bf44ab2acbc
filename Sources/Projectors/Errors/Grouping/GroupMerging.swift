internal import Bytes
internal import ErrorText
internal import Tables
internal import Views

// When groups become one.
extension ParseTree {
  /// Merges groups that differ at one place only, once enough words were seen there. Returns
  /// whether it did.
  func mergeByPlace(_ group: UInt64) throws(TableError) -> Bool {
    var current = group
    while let row = try groups.row(current), let root = try mergeOnce(current, row) {
      current = root
    }
    return current != group || !merges.isEmpty
  }

  private func mergeOnce(_ group: UInt64, _ row: Group) throws(TableError) -> UInt64? {
    let words = row.hashes.count { $0 != .wildcard }
    guard words > Merging.equalWordsMin else { return nil }
    var sum = mix(mix(UInt64(row.hashes.count), row.salt), row.label)
    for (index, hash) in row.hashes.enumerated() { sum &+= mix(UInt64(index), hash.bits) }
    for (index, hash) in row.hashes.enumerated()
    where hash != .wildcard && !hash.isTelling {
      let key = sum &- mix(UInt64(index), hash.bits) &+ mix(UInt64(index), WordHash.wildcard.bits)
      guard let candidates = try places.note(hash, of: group, at: key) else { continue }
      if let root = try merge(candidates, like: row) {
        try places.remove(key)
        return root
      }
    }
    return nil
  }

  /// Merges groups of one leaf that differ in several places, when each of these has had enough
  /// words; where it had few, the groups must agree with this one.
  func mergeByCrowd(_ group: UInt64, _ leaf: Leaf) throws(TableError) {
    guard let row = try groups.row(group) else { return }
    let width = row.hashes.count
    var crowd: [[WordHash]] = []
    var members: [UInt64] = []
    for (index, other) in leaf.groups.enumerated() where other != group {
      let template = Array(leaf.hashes[index * width..<(index + 1) * width])
      guard isSimilar(template, row.hashes), try groups.row(other)?.label == row.label else {
        continue
      }
      crowd.append(template)
      members.append(other)
    }
    while crowd.count + 1 >= Merging.crowdMin {
      let fixed = (0..<width).filter { place in
        let words = Set(crowd.map { $0[place] } + [row.hashes[place]])
        if words.count > 1, words.contains(where: \.isTelling) { return true }
        return words.count > 1 && words.count < Merging.crowdValuesMin
          && !words.contains(.wildcard)
      }
      if fixed.isEmpty {
        if let root = try merge(members + [group], like: row) { _ = try mergeByPlace(root) }
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
  private func isSimilar(_ left: [WordHash], _ right: [WordHash]) -> Bool {
    var equal = 0
    var words = 0
    for (left, right) in zip(left, right) where left != .wildcard || right != .wildcard {
      words += 1
      if left == right { equal += 1 }
    }
    return equal >= Merging.equalWordsMin && equal * 2 >= words
  }

  /// Makes groups one, under the template that covers all of them, and takes in what else it covers
  /// in its leaf. Returns the earliest; nil when too few words would be left, or the groups do not
  /// agree on what went wrong.
  private func merge(_ candidates: [UInt64], like: Group) throws(TableError) -> UInt64? {
    var members: Set<UInt64> = []
    for candidate in candidates { members.insert(try root(candidate)) }
    var template: [WordHash] = []
    for member in members.sorted() {
      guard let row = try groups.row(member), row.label == like.label else { return nil }
      guard let covering = covering(template.isEmpty ? row.hashes : template, row.hashes) else {
        return nil
      }
      template = covering
    }
    let words = template.count { $0 != .wildcard }
    guard members.count > 1, words >= Merging.equalWordsMin else { return nil }
    for member in members { try remove(member) }
    let (key, _) = try leafKey(placing: template, salt: like.salt)
    for group in try covered(by: template, at: key, label: like.label) {
      members.insert(group)
      try remove(group)
    }
    return try place(template, of: members.sorted(), at: key, like: like)
  }

  /// The groups of a leaf that are instances of a template.
  private func covered(
    by template: [WordHash], at key: UInt64, label: UInt64
  ) throws(TableError) -> [UInt64] {
    guard let leaf = try leaves.row(key) else { return [] }
    var found: [UInt64] = []
    for (index, group) in leaf.groups.enumerated() {
      let start = index * template.count
      let other = Array(leaf.hashes[start..<start + template.count])
      guard covering(template, other) == template, try groups.row(group)?.label == label else {
        continue
      }
      found.append(group)
    }
    return found
  }

  private func place(
    _ template: [WordHash], of members: [UInt64], at key: UInt64, like: Group
  ) throws(TableError) -> UInt64? {
    guard let root = members.first else { return nil }
    for member in members.dropFirst() { try merged.put(member, GroupNumber(root)) }
    var leaf = try leaves.row(key) ?? Leaf()
    leaf.groups.append(root)
    leaf.hashes += template
    try leaves.put(key, leaf)
    try groups.put(
      root, Group(leaf: key, salt: like.salt, label: like.label, hashes: template))
    merges.append(Merge(into: root, from: Array(members.dropFirst()), template: template))
    return root
  }

  /// The template that covers two; nil when they differ in a word that tells what went wrong.
  private func covering(_ left: [WordHash], _ right: [WordHash]) -> [WordHash]? {
    var template: [WordHash] = []
    template.reserveCapacity(left.count)
    for (left, right) in zip(left, right) {
      if left == right {
        template.append(left)
      } else if left.isTelling || right.isTelling {
        return nil
      } else {
        template.append(.wildcard)
      }
    }
    return template
  }
}

/// When groups are one group, seen with more than one value.
enum Merging {
  /// Distinct values at one place, all else being equal.
  static let valuesMin = 4
  /// Words that must be equal then.
  static let equalWordsMin = 2
  /// Similar groups in one leaf that may differ in several places.
  static let crowdMin = 4
  /// Distinct values in each of those places.
  static let crowdValuesMin = 3
}

/// A number: of the group that another became part of, of the group of an opaque message, or of
/// groups so far.
struct GroupNumber: Row {
  var number: UInt64 = 0

  /// The group that each group became part of.
  static let merged = StoredTable<UInt64, GroupNumber>("merged")
  /// The groups of messages that are no text.
  static let opaque = StoredTable<Hash128, GroupNumber>(
    "opaque", isCounted: false, residentMax: 1 << 16)
  static let counters = StoredTable<UInt64, GroupNumber>("counters", isCounted: false)

  init() {}

  init(_ number: UInt64) { self.number = number }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout GroupNumber, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("number", &row.number) }

  /// The group that a group is part of by now.
  static func root(
    of group: UInt64, in tables: any ViewReader
  ) throws(TableError) -> UInt64 {
    let parents = try tables.read(merged)
    var group = group
    while let parent = try parents.row(group) { group = parent.number }
    return group
  }

  /// The groups that became part of others, with the one that each is part of by now.
  static func roots(in tables: any ViewReader) throws(TableError) -> [UInt64: UInt64] {
    var parents: [UInt64: UInt64] = [:]
    // A group joins an earlier one, whose own parent is known by then.
    try tables.read(merged).forEach { group, row in
      parents[group] = parents[row.number] ?? row.number
      return true
    }
    return parents
  }
}
