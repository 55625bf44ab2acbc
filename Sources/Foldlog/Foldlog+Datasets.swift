internal import Bytes
internal import DatasetsProjector
internal import Events
internal import Export
internal import Files
internal import Ingest
internal import Masking
internal import Pipeline
internal import SystemPackage
internal import TrainingData
internal import ViewStore
internal import Projection
internal import Tables
internal import Views

/// What a dataset export wrote.
package struct ExportedDataset: Sendable {
  /// Examples or pairs.
  package let rows: Int
  package let lines: Int
  package let bytes: Int
  /// What was masked, by kind, where there was any.
  package let masked: [(kind: String, count: Int)]
  /// Pairs whose sides are in different splits: they are in no file.
  package let droppedPairs: UInt64
  /// The manifest: one JSON object.
  package let manifest: [UInt8]
}

/// What is asked for, as the command line says it.
package struct DatasetSelection: Sendable {
  package var format: String
  /// All of them when nil.
  package var split: String?
  /// A decimal from 0 to 1, such as `0.85`; none when nil.
  package var minScore: String?

  package init(format: String, split: String? = nil, minScore: String? = nil) {
    self.format = format
    self.split = split
    self.minScore = minScore
  }
}

extension Foldlog {
  /// The names of the formats that datasets are exported in.
  package static var datasetFormats: [String] { ExportFormat.allCases.map(\.rawValue) }

  /// The names of the splits of a dataset.
  package static var datasetSplits: [String] { Split.allCases.map(\.name) }

  /// Gives the lines of a training file to `sink`: the same log gives the same bytes.
  ///
  /// - Parameter name: of the file, for the manifest.
  package func exportDataset(
    _ selection: DatasetSelection, name: String, to sink: @escaping ([UInt8]) throws -> Void
  ) throws(FoldlogError) -> ExportedDataset {
    let request = try selection.request()
    return try withViewState(TableAddress(DatasetsProjector.view.name)) {
      tables, state, isOutdated in
      var failure: (any Error)?
      var file = TrainingFile(request) { line in
        do { try sink(line) } catch { failure = error }
        return failure == nil
      }
      if request.format.isOfPairs {
        try PreferencePair.answer.forEachRow(in: tables) { file.write($0) }
      } else {
        try Example.answer.forEachRow(in: tables) { file.write($0) }
      }
      if let failure { throw failure }
      let counts = file.counts
      let dropped = try DatasetsProjector.droppedPairs(in: tables)
      let manifest = ExportManifest(
        view: DatasetsProjector.view.name,
        version: state?.version ?? DatasetsProjector.view.version,
        lastOffset: state.flatMap { $0.checkpoint == 0 ? nil : $0.checkpoint - 1 },
        digest: Digest(sum: state?.sum ?? 0).description,
        configuration: configuration(of: state, isOutdated),
        droppedPairs: dropped, files: [.init(name: name, request: request, counts: counts)])
      return ExportedDataset(
        rows: counts.rows, lines: counts.lines, bytes: counts.bytes,
        masked: MaskKind.allCases.compactMap { kind in
          counts.masked[kind] > 0 ? (kind.rawValue, counts.masked[kind]) : nil
        },
        droppedPairs: dropped, manifest: manifest.json)
    }
  }

  /// Writes a training file, and its manifest beside it under `PATH.manifest.json`. Both have their
  /// names only when all of them is on disk; what is no regular file, such as a pipe, is written to
  /// as it is, and has no manifest.
  package func exportDataset(
    _ selection: DatasetSelection, toFile path: String
  ) throws(FoldlogError) -> ExportedDataset {
    _ = try selection.request()
    if directory.holds(path) {
      throw FoldlogError(
        .usage,
        "\(shownPath(path)) is in the data directory (\(directory.shown)), where an export could take the place "
          + "of the log: choose another folder")
    }
    let name = shownPath(splitPath(path).name)
    do {
      let output = try OutputFiles(path: path, companion: "\(path).manifest.json")
      let exported = try exportDataset(selection, name: name) {
        _ = try output.descriptor.writeAll($0)
      }
      try output.finish(companion: exported.manifest)
      return exported
    } catch let error as FoldlogError {
      throw error
    } catch let error as FileError {
      throw FoldlogError(.inputOutput, "\(error)")
    } catch {
      throw FoldlogError(.inputOutput, "\(shownPath(path)): \(error)")
    }
  }

  /// What the view was built under: a hash that tells whether two are the same, and the settings
  /// themselves while they are those of now; else that they are not.
  private func configuration(of state: ViewState?, _ isOutdated: Bool) -> [(
    name: String, value: String
  )] {
    guard let state else { return [] }
    let hash = [(name: "interactions", value: "\(state.upstream)")]
    return isOutdated
      ? hash + [(name: "settings", value: "of another version or configuration")]
      : hash + configuration.scoring.named
  }
}

extension DatasetSelection {
  fileprivate func request() throws(FoldlogError) -> ExportRequest {
    guard let format = ExportFormat(rawValue: format) else {
      throw FoldlogError(
        .usage,
        "there is no format `\(format)`: there are "
          + Foldlog.datasetFormats.joined(separator: ", "))
    }
    var request = ExportRequest(format: format)
    if let split {
      guard let known = Split.allCases.first(where: { $0.name == split }) else {
        throw FoldlogError(
          .usage,
          "there is no split `\(split)`: there are \(Foldlog.datasetSplits.joined(separator: ", "))"
        )
      }
      request.split = known
    }
    if let minScore {
      guard minScore.utf8.allSatisfy({ $0 &- 0x30 < 10 || $0 == 0x2e }),
        let score = Double(minScore).flatMap({ FixedPoint($0) }), score <= .one
      else {
        throw FoldlogError(
          .usage, "a score is a decimal from 0 to 1, such as 0.85, not `\(minScore)`")
      }
      request.minScore = score
    }
    return request
  }
}
