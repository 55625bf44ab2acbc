internal import Bytes
internal import Events
internal import Provenance

extension SourceRecord {
  /// Whether enough was read of it at once to tell it from others by its first bytes.
  var hasHead: Bool { head != Hash128(value: 0) }
}

/// Sources of a folder by what was read of them: those that a file begins with are found without a look
/// at each.
final class PrefixIndex {
  private struct Key: Hashable {
    /// The hash of the first bytes; 0 for a source that is too short for it.
    let head: Hash128
    let position: UInt64
    /// The hash of all bytes before the position.
    let prefix: Hash128
  }

  /// By head, position and prefix.
  private var sources: [Hash128: [UInt64: [Hash128: [TrackedSource]]]] = [:]
  private var keys: [ObjectIdentifier: Key] = [:]
  /// By head, in order.
  private var positions: [Hash128: [UInt64]] = [:]
  /// Whether some have the hashes of records of version 1.
  private(set) var hasPlainPrefixes = false

  /// Enters a source, or moves it to where it belongs by now.
  func enter(_ source: TrackedSource) {
    let content = source.content
    let key = Key(head: content.head, position: content.position, prefix: content.prefix)
    if keys[ObjectIdentifier(source)] == key { return }
    remove(source)
    if key.position == 0 { return }
    keys[ObjectIdentifier(source)] = key
    if sources[key.head]?[key.position] == nil {
      let index = insertionIndex(of: key.position, key.head)
      positions[key.head, default: []].insert(key.position, at: index)
    }
    sources[key.head, default: [:]][key.position, default: [:]][key.prefix, default: []]
      .append(source)
    if content.isPrefixPlain { hasPlainPrefixes = true }
  }

  func remove(_ source: TrackedSource) {
    guard let key = keys.removeValue(forKey: ObjectIdentifier(source)) else { return }
    sources[key.head]?[key.position]?[key.prefix]?.removeAll { $0 === source }
    if sources[key.head]?[key.position]?[key.prefix]?.isEmpty == true {
      sources[key.head]?[key.position]?[key.prefix] = nil
    }
    if sources[key.head]?[key.position]?.isEmpty == true {
      sources[key.head]?[key.position] = nil
      let index = insertionIndex(of: key.position, key.head)
      positions[key.head]?.remove(at: index)
    }
    if sources[key.head]?.isEmpty == true {
      sources[key.head] = nil
      positions[key.head] = nil
    }
  }

  /// The index of a position among those of a head, or where it would be inserted.
  private func insertionIndex(of position: UInt64, _ head: Hash128) -> Int {
    let positions = positions[head] ?? []
    var low = 0
    var high = positions.count
    while low < high {
      let middle = (low + high) / 2
      if positions[middle] < position { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The positions up to which sources were read that have the head of a file, or none; in order.
  ///
  /// - Parameter head: the hash of the file's first bytes; nil when it has not as many.
  func positions(beginningWith head: Hash128?) -> [UInt64] {
    let lists = heads(head).compactMap { positions[$0] }
    return lists.count > 1 ? Set(lists.joined()).sorted() : lists.first ?? []
  }

  /// The sources that have the head of a file, or none, and were read up to a position; the oldest first.
  func sources(beginningWith head: Hash128?, readTo position: UInt64) -> [TrackedSource] {
    inOrder(heads(head).flatMap { sources[$0]?[position]?.values.flatMap { $0 } ?? [] })
  }

  /// The sources among these whose bytes up to a position have a hash; the oldest first.
  ///
  /// - Parameter limit: how many of those with the same bytes are looked at.
  func sources(
    beginningWith head: Hash128?, readTo position: UInt64, prefix: PrefixHash.Digests,
    atMost limit: Int
  ) -> [TrackedSource] {
    var found: [TrackedSource] = []
    for prefix in [prefix.segmented, prefix.plain] {
      guard let prefix else { continue }
      for head in heads(head) { found += (sources[head]?[position]?[prefix] ?? []).prefix(limit) }
    }
    return inOrder(found)
  }

  private func heads(_ head: Hash128?) -> Set<Hash128> {
    let none = Hash128(value: 0)
    return [head ?? none, none]
  }

  /// The oldest first; new sources have no id yet, and come last.
  private func inOrder(_ sources: [TrackedSource]) -> [TrackedSource] {
    sources.filter { !$0.isNew }.sorted { $0.id < $1.id } + sources.filter(\.isNew)
  }
}
