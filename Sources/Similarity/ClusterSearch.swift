package import Views

/// From which similarity on, in hundredths, texts are in one cluster: in a wide one, and in a narrow.
package struct ClusterBounds: Sendable {
  package let wide: Int
  package let narrow: Int

  /// - Parameter narrow: no less than `wide`.
  package init(wide: Int, narrow: Int) {
    self.wide = wide
    self.narrow = max(wide, narrow)
  }
}

/// What a text found when it joined an index.
package struct Joined: Equatable, Sendable {
  /// Texts are numbered from 0 as they come, but for those that are equal to one before: these have
  /// its number.
  package let number: UInt32
  /// How many texts before it are similar, from the wide bound on, up to a limit.
  package let count: Int
  /// Its wide cluster, by the number of the first text there.
  package let wide: UInt32
  /// Its narrow cluster, likewise.
  package let narrow: UInt32
}

/// What is kept of the similar texts that are come upon by a text that joins.
struct ClusterSearch {
  private let bounds: ClusterBounds
  private let limit: Int
  private(set) var count = 0
  /// The earliest first texts so far.
  private(set) var wide: UInt32?
  private(set) var narrow: UInt32?
  /// First texts that turned out not to be similar enough.
  private var refused: (wide: [UInt32], narrow: [UInt32]) = ([], [])
  /// An equal text, whose clusters stand.
  private(set) var equal: UInt32?

  init(_ bounds: ClusterBounds, upTo limit: Int) {
    self.bounds = bounds
    self.limit = max(limit, 0)
  }

  /// Takes an equal text, of which there is one record at most.
  mutating func takeEqual(_ head: SketchRecords.Head, _ number: UInt32) {
    equal = number
    count(head)
    wide = head.wide
    narrow = head.narrow
  }

  mutating func count(_ head: SketchRecords.Head) {
    count += min(Int(clamping: head.count), limit - count)
  }

  var isCounted: Bool { count == limit }

  /// Whether more candidates would be of use.
  var isDone: Bool { isCounted && wide != nil && narrow != nil }

  /// The least similarity that is of use.
  var bound: Int { isCounted && wide != nil ? bounds.narrow : bounds.wide }

  var narrowBound: Int { bounds.narrow }

  /// Whether the first text of a cluster comes before the one that is known; nothing does before
  /// that of an equal text.
  func wantsWide(_ first: UInt32) -> Bool {
    equal == nil && first < (wide ?? .max) && !refused.wide.contains(first)
  }

  func wantsNarrow(_ first: UInt32) -> Bool {
    equal == nil && first < (narrow ?? .max) && !refused.narrow.contains(first)
  }

  mutating func takeWide(_ first: UInt32, _ similarity: Similarity?) {
    if let similarity, similarity.isAtLeast(hundredths: bounds.wide) {
      wide = first
    } else {
      refused.wide.append(first)
    }
  }

  mutating func takeNarrow(_ first: UInt32, _ similarity: Similarity?) {
    if let similarity, similarity.isAtLeast(hundredths: bounds.narrow) {
      narrow = first
    } else {
      refused.narrow.append(first)
    }
  }

  /// What a text found that has this number: itself, where nothing else was first.
  func joined(_ number: UInt32) -> Joined {
    Joined(number: number, count: count, wide: wide ?? number, narrow: narrow ?? number)
  }
}

extension SketchRecords.Head {
  /// Of a record that joined: the first text of its wide cluster.
  var wide: UInt32 { UInt32(truncatingIfNeeded: id) }
  /// Of its narrow cluster.
  var narrow: UInt32 { UInt32(truncatingIfNeeded: id >> 32) }
}

extension SimilarityIndex {
  /// Adds a text to the clusters of the earliest texts that it is similar to, of those that began
  /// one; where there is none it begins one. So every text of a cluster is similar to the first.
  ///
  /// One search serves all: it goes on until `limit` similar texts and both clusters are found. An
  /// equal text is in the clusters of its equal at once. Not to be used beside `insert` in one index.
  ///
  /// - Parameters:
  ///   - sketch: of a text that has words.
  ///   - bounds: the same for all texts of an index; none below its `lowest`.
  package func join(
    _ sketch: Sketch, _ bounds: ClusterBounds, upTo limit: Int
  ) throws(TableError) -> Joined {
    var search = ClusterSearch(bounds, upTo: limit)
    if let equal = try equal(to: sketch) {
      let head = try records.head(equal)
      search.takeEqual(head, equal)
      try look(for: sketch, &search)
      try records.addText(equal, id: head.id)
      return search.joined(equal)
    }
    try look(for: sketch, &search)
    let number = try records.append(sketch, id: 0)
    let joined = search.joined(number)
    try records.setID(number, UInt64(joined.narrow) << 32 | UInt64(joined.wide))
    try file(number, sketch)
    return joined
  }

  private func look(for sketch: Sketch, _ search: inout ClusterSearch) throws(TableError) {
    if search.isDone || sketch.isAlone(atLeast: search.bound) { return }
    candidates.begin(sketch, atLeast: search.bound)
    let isCrowd = try banded.collect(sketch, into: &candidates)
    try compare(sketch, &search)
    if !isCrowd || search.isDone { return }
    candidates.setAside(sketch, atLeast: search.bound)
    let isAll = try rare.collect(sketch, atLeast: search.bound, into: &candidates)
    try compare(sketch, &search)
    if isAll || search.isDone { return }
    candidates.setAside(sketch, atLeast: search.bound)
    _ = try crowded.collect(sketch, into: &candidates)
    try compare(sketch, &search)
  }

  /// Counts the candidates that are similar, and looks at the first texts of their clusters, to which
  /// no band may have led.
  private func compare(_ sketch: Sketch, _ search: inout ClusterSearch) throws(TableError) {
    let (bound, narrow) = (search.bound, search.narrowBound)
    try candidates.select { number throws(TableError) in try records.head(number).parities }
    for number in candidates.numbers where number != search.equal {
      let head = try records.head(number)
      var own: Similarity?
      if !search.isCounted {
        own = try similarity(of: sketch, number, atLeast: bound)
        if own == nil { continue }
        search.count(head)
      }
      if search.equal != nil, search.isDone { return }
      if search.wantsWide(head.wide) {
        var first = head.wide == number ? own : nil
        if first == nil { first = try similarity(of: sketch, head.wide, atLeast: bound) }
        search.takeWide(head.wide, first)
      }
      if search.wantsNarrow(head.narrow) {
        var first = head.narrow == number ? own : nil
        if first == nil { first = try similarity(of: sketch, head.narrow, atLeast: narrow) }
        search.takeNarrow(head.narrow, first)
      }
    }
  }

  /// How similar a record is; nil when it is less than so many hundredths.
  private func similarity(
    of sketch: Sketch, _ number: UInt32, atLeast hundredths: Int
  ) throws(TableError) -> Similarity? {
    let head = try records.head(number)
    return sketch.similarity(
      to: try records.hashes(head), isWhole: head.isWhole, atLeast: hundredths)
  }
}
