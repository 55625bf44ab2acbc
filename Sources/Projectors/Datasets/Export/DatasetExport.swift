package import Bytes
package import Views

/// What to export.
package struct ExportRequest: Equatable, Sendable {
  package var format: ExportFormat
  /// Nil for all splits.
  package var split: Split?
  /// Examples below are left out, and pairs whose chosen answer has a score below.
  package var minScore: FixedPoint?

  package init(format: ExportFormat, split: Split? = nil, minScore: FixedPoint? = nil) {
    self.format = format
    self.split = split
    self.minScore = minScore
  }

  /// Whether a row is asked for; one without a score is, whatever the least score.
  func takes(_ split: Split, _ score: FixedPoint?) -> Bool {
    if let wanted = self.split, wanted != split { return false }
    if let minScore, let score, score < minScore { return false }
    return true
  }
}

/// What was exported.
package struct ExportCounts: Equatable, Sendable {
  /// Examples or pairs.
  package var rows = 0
  package var lines = 0
  package var bytes = 0
  package var masked = MaskCounts()
  /// Pairs that were left out, because once masked their sides are the same.
  package var alike = 0
  /// Of all bytes.
  package var sha256 = SHA256Digest(of: [UInt8]().span)

  package init() {}
}

/// Training files out of the view's rows, reproducible to the byte: no clock, no order but that of
/// the rows. Secrets and personal data are masked in every text of them.
package struct DatasetExport {
  private let tables: any ViewReader

  package init(tables: any ViewReader) { self.tables = tables }

  /// How many pairs are in no file, because their sides are in different splits.
  package func droppedPairs() throws(TableError) -> UInt64 {
    try Counts.Kind.droppedPairs.count(in: tables)
  }

  /// Gives the lines of a file to `sink`, until it returns false.
  ///
  /// Memory: a row.
  @discardableResult
  package func write(
    _ request: ExportRequest, to sink: @escaping ([UInt8]) -> Bool
  ) throws(TableError) -> ExportCounts {
    var output = ExportOutput(sink: sink)
    if request.format.isOfPairs {
      try forEachPair(in: tables) { pair in
        if !request.takes(pair.split, pair.chosenScore) { return true }
        return output.write(pair, as: request.format)
      }
    } else {
      try forEachExample(in: tables) { example in
        if !request.takes(example.answer.split, example.answer.score) { return true }
        return output.write(example, as: request.format)
      }
    }
    return output.finished()
  }
}
