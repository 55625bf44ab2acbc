package import Views

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
