internal import CGlibc
internal import EventLog
internal import Events
package import Projection

/// Which lines of the log a fold reads: the others are passed over, most of them without a look.
package struct LineSelection: Sendable {
  /// The needs of the views that are folded; nil for all lines.
  private var needs: [Needs]?
  /// Bytes of which a line holds at least one; empty for all lines.
  private var texts: [[UInt8]] = []

  package static let all = LineSelection()

  private init() {}

  /// The lines that some of these views need.
  package init(for needs: [Needs]) {
    // Facts come of all events; and a kind is known from a block's header, a field is not.
    if needs.allSatisfy({ !$0.facts && $0.isOfKinds }) { self.needs = needs }
  }

  /// The lines that hold one of these texts as a value of JSON; a line with escapes may, and counts
  /// as one that does.
  package init(holding texts: [String]) { self.texts = texts.map { Array($0.utf8) } }

  /// Whether a block can hold a line that is read.
  func includes(_ entry: BlockEntry, _ formats: FormatSet) -> Bool {
    needs == nil || entry.header.kinds.contains { includes(kind: $0.entry.name, formats) }
  }

  /// For each kind of a block, whether lines of that kind are read.
  func included(_ block: EventBlock, _ formats: FormatSet) -> [Bool]? {
    needs == nil ? nil : block.kinds.map { includes(kind: $0.name, formats) }
  }

  private func includes(kind: String, _ formats: FormatSet) -> Bool {
    // What the lines of a format tell of is not known before they are read.
    formats.format(ofKind: kind) != nil || needs?.contains { $0.include(kind: kind) } ?? true
  }

  /// Whether a line is read, as far as its bytes tell.
  func includes(_ line: Span<UInt8>) -> Bool {
    if texts.isEmpty || line.holds([UInt8(ascii: "\\")]) { return true }
    return texts.contains { line.holds($0) }
  }
}

extension Span<UInt8> {
  fileprivate func holds(_ text: [UInt8]) -> Bool {
    if text.isEmpty { return true }
    return unsafe withUnsafeBytes { line in
      unsafe text.withUnsafeBytes { text in
        guard let line = line.baseAddress, let wanted = text.baseAddress else { return false }
        return unsafe memmem(line, count, wanted, text.count) != nil
      }
    }
  }
}
