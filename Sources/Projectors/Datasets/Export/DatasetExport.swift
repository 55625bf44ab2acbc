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
}

/// What was exported.
package struct ExportCounts: Equatable, Sendable {
  /// Examples or pairs.
  package var rows = 0
  package var lines = 0
  package var bytes = 0
  package var masked = MaskCounts()
  /// Of all bytes.
  package var sha256 = SHA256Digest(of: [UInt8]().span)

  package init() {}
}

/// Training files out of the view's rows, reproducible to the byte: no clock, no order but that of
/// the rows. Secrets and personal data are masked.
package struct DatasetExport {
  private let tables: TableSet

  package init(tables: TableSet) { self.tables = tables }

  /// Gives the lines of a file to `sink`, until it returns false.
  ///
  /// Memory: a line.
  @discardableResult
  package func write(
    _ request: ExportRequest, to sink: @escaping ([UInt8]) -> Bool
  ) throws(TableError) -> ExportCounts {
    var output = Output(sink: sink)
    if request.format.isOfPairs {
      try writePairs(request, to: &output)
    } else {
      try writeExamples(request, to: &output)
    }
    return output.finished()
  }

  private func writeExamples(
    _ request: ExportRequest, to output: inout Output
  ) throws(TableError) {
    try forEachExample(in: tables) { _, _, example in
      if let split = request.split, example.split != split { return true }
      if let minScore = request.minScore, example.score < minScore { return true }
      let prompt = output.masker.mask(example.prompt)
      let response = output.masker.mask(example.response)
      return output.write([request.format.line(prompt: prompt, response: response)])
    }
  }

  private func writePairs(_ request: ExportRequest, to output: inout Output) throws(TableError) {
    try forEachPair(in: tables) { pair in
      if let split = request.split, pair.split != split { return true }
      if let minScore = request.minScore, let score = pair.chosenScore, score < minScore {
        return true
      }
      return output.write(
        request.format.lines(
          prompt: output.masker.mask(pair.prompt), chosen: output.masker.mask(pair.chosen),
          rejected: output.masker.mask(pair.rejected)))
    }
  }

  private struct Output {
    let sink: ([UInt8]) -> Bool
    var masker = Masker()
    private var counts = ExportCounts()
    private var hash = SHA256Stream()

    init(sink: @escaping ([UInt8]) -> Bool) { self.sink = sink }

    /// Writes the lines of a row. Returns whether more are wanted.
    mutating func write(_ lines: [[UInt8]]) -> Bool {
      counts.rows += 1
      for line in lines {
        counts.lines += 1
        counts.bytes += line.count
        hash.update(line.span)
        if !sink(line) { return false }
      }
      return true
    }

    func finished() -> ExportCounts {
      var counts = counts
      counts.masked = masker.counts
      counts.sha256 = hash.digest
      return counts
    }
  }
}
