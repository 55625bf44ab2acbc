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

  private func mergeOnce(_ group: UInt64, _ row: GroupRow) throws(TableError) -> UInt64? {
    let words = row.hashes.count { $0 != Token.wildcardHash }
    guard words > Merging.equalWordsMin else { return nil }
    var sum = mix(mix(UInt64(row.hashes.count), row.salt), row.label)
    for (index, hash) in row.hashes.enumerated() { sum &+= mix(UInt64(index), hash) }
    for (index, hash) in row.hashes.enumerated()
    where hash != Token.wildcardHash && !Token.isTelling(hash) {
      let key = sum &- mix(UInt64(index), hash) &+ mix(UInt64(index), Token.wildcardHash)
      guard let candidates = try note(hash, of: group, at: key) else { continue }
      if let root = try merge(candidates, like: row) {
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
  func mergeByCrowd(_ group: UInt64, _ leaf: LeafRow) throws(TableError) {
    guard let row = try groups.row(group) else { return }
    let width = row.hashes.count
    var crowd: [[UInt64]] = []
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
        if words.count > 1, words.contains(where: Token.isTelling) { return true }
        return words.count > 1 && words.count < Merging.crowdValuesMin
          && !words.contains(Token.wildcardHash)
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
  /// in its leaf. Returns the earliest; nil when too few words would be left, or the groups do not
  /// agree on what went wrong.
  private func merge(_ candidates: [UInt64], like: GroupRow) throws(TableError) -> UInt64? {
    var members: Set<UInt64> = []
    for candidate in candidates { members.insert(try root(candidate)) }
    var template: [UInt64] = []
    for member in members.sorted() {
      guard let row = try groups.row(member), row.label == like.label else { return nil }
      guard let covering = covering(template.isEmpty ? row.hashes : template, row.hashes) else {
        return nil
      }
      template = covering
    }
    let words = template.count { $0 != Token.wildcardHash }
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
    by template: [UInt64], at key: UInt64, label: UInt64
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
    _ template: [UInt64], of members: [UInt64], at key: UInt64, like: GroupRow
  ) throws(TableError) -> UInt64? {
    guard let root = members.first else { return nil }
    for member in members.dropFirst() { try merged.put(member, NumberRow(root)) }
    var leaf = try leaves.row(key) ?? LeafRow()
    leaf.groups.append(root)
    leaf.hashes += template
    try leaves.put(key, leaf)
    try groups.put(
      root, GroupRow(leaf: key, salt: like.salt, label: like.label, hashes: template))
    merges.append(Merge(into: root, from: Array(members.dropFirst()), template: template))
    return root
  }

  /// The template that covers two; nil when they differ in a word that tells what went wrong.
  private func covering(_ left: [UInt64], _ right: [UInt64]) -> [UInt64]? {
    var template: [UInt64] = []
    template.reserveCapacity(left.count)
    for (left, right) in zip(left, right) {
      if left == right {
        template.append(left)
      } else if Token.isTelling(left) || Token.isTelling(right) {
        return nil
      } else {
        template.append(Token.wildcardHash)
      }
    }
    return template
  }
}
