internal import Bytes
internal import Events

/// Sources of a folder by what was read of them: those that a file begins with are found without a look
/// at each.
final class PrefixIndex {
  private struct Key: Hashable {
    /// Over the first bytes; of a source that is too short for it, none.
    let head: Hash128
    let position: UInt64
    /// Over all bytes before the position.
    let prefix: Hash128
  }

  /// By head, position and prefix.
  private var sources: [Hash128: [UInt64: [Hash128: [TrackedSource]]]] = [:]
  private var keys: [ObjectIdentifier: Key] = [:]
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
    }
    if sources[key.head]?.isEmpty == true { sources[key.head] = nil }
  }

  /// How far those were read that begin like a file, as far as is known of both; from the beginning on.
  ///
  /// - Parameter head: the hash of the file's first bytes; nil when it has not as many.
  func positions(beginningWith head: Hash128?) -> [UInt64] {
    Set(heads(head).flatMap { sources[$0]?.keys.map { $0 } ?? [] }).sorted()
  }

  /// Those of them that were read up to a position; the oldest first.
  func sources(beginningWith head: Hash128?, readTo position: UInt64) -> [TrackedSource] {
    inOrder(heads(head).flatMap { sources[$0]?[position]?.values.flatMap { $0 } ?? [] })
  }

  /// Those whose bytes up to a position have a hash; the oldest first.
  func sources(
    beginningWith head: Hash128?, readTo position: UInt64, prefix: PrefixHash.Digests
  ) -> [TrackedSource] {
    var found: [TrackedSource] = []
    for prefix in [prefix.segmented, prefix.plain] {
      guard let prefix else { continue }
      for head in heads(head) { found += sources[head]?[position]?[prefix] ?? [] }
    }
    return inOrder(found)
  }

  private func heads(_ head: Hash128?) -> Set<Hash128> {
    let none = Hash128(value: 0)
    return [head ?? none, none]
  }

  /// New ones have no number yet.
  private func inOrder(_ sources: [TrackedSource]) -> [TrackedSource] {
    sources.filter { !$0.isNew }.sorted { $0.id < $1.id } + sources.filter(\.isNew)
  }
}
