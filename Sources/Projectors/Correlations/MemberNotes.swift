internal import Events
internal import Views

/// Which samples have which metrics, while a fold is watched: the sums of a pair do not tell.
struct MemberNotes {
  private let notes: FoldNotes
  /// By the set of metrics, as in `MomentRow`.
  private var members = [SampleOffsets](repeating: SampleOffsets(), count: 128)

  init(_ notes: FoldNotes) { self.notes = notes }

  mutating func add(_ sample: borrowing Sample) {
    members[sample.measures.pairedMask].add(sample.offset)
  }

  mutating func remove(_ sample: borrowing Sample) {
    members[sample.measures.pairedMask].remove(sample.offset)
  }

  /// Tells how it stands.
  func tell() {
    for (mask, offsets) in members.enumerated() {
      notes.setMembers(of: Self.subject(mask), offsets.kept)
    }
  }

  private static func subject(_ mask: Int) -> String { "metrics \(mask)" }

  /// The first samples that have both metrics of a pair, by the places of these in `Metric.paired`.
  static func offsets(
    ofPair pair: (x: Int, y: Int), in notes: FoldNotes
  ) -> [Offset] {
    let masks = (0..<128).filter { $0 & (1 << pair.x) != 0 && $0 & (1 << pair.y) != 0 }
    return masks.flatMap { notes.members(of: subject($0)) }.sorted()
  }
}
