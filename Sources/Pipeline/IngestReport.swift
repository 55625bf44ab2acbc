package import Events

/// What an ingest did: its summary.
package struct IngestReport: Equatable, Sendable {
  /// Lines seen, blank ones included.
  package var lines: UInt64 = 0
  package var events: UInt64 = 0
  package var quarantined: UInt64 = 0
  package var blank: UInt64 = 0
  /// Bytes of the lines seen, with their newlines.
  package var bytes: UInt64 = 0
  package var sources = 0
  /// Offset of the first event appended, if any was.
  package var firstOffset: Offset?
  /// What a person should know, each with its source.
  package var warnings: [String] = []
  /// Sources that could not be read.
  package var failures: [String] = []
  /// The first reasons of quarantine, each with how often and where first.
  package var reasons: [QuarantineReason] = []

  package struct QuarantineReason: Equatable, Sendable {
    package var reason: String
    package var source: String
    package var position: UInt64
    package var count: UInt64
  }

  package static let reasonsMax = 5

  package init() {}

  /// Adds the lines of a commit.
  mutating func add(_ other: IngestReport) {
    lines += other.lines
    events += other.events
    quarantined += other.quarantined
    blank += other.blank
    bytes += other.bytes
    for reason in other.reasons { add(reason) }
  }

  private mutating func add(_ reason: QuarantineReason) {
    if let place = reasons.firstIndex(where: {
      $0.reason == reason.reason && $0.source == reason.source
    }) {
      reasons[place].count += reason.count
    } else if reasons.count < Self.reasonsMax {
      reasons.append(reason)
    }
  }

  mutating func count(_ reason: String, source: String, position: UInt64) {
    add(QuarantineReason(reason: reason, source: source, position: position, count: 1))
  }
}
