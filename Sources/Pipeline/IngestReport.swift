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

  mutating func count(_ reason: String, source: String, position: UInt64) {
    if let place = reasons.firstIndex(where: { $0.reason == reason && $0.source == source }) {
      reasons[place].count += 1
    } else if reasons.count < Self.reasonsMax {
      reasons.append(
        QuarantineReason(reason: reason, source: source, position: position, count: 1))
    }
  }
}
