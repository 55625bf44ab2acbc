internal import Bytes
internal import DatasetsProjector
internal import EventLog
package import Events
internal import Export
internal import Facts
internal import Files
internal import Masking
internal import Pipeline
internal import SystemPackage
internal import TrainingData
internal import ViewStore
internal import Projection
internal import Query
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
  /// Rows that were there and not asked for: of each reason how many, and the option that is in the
  /// way.
  package let refused: [String]
  /// Of a file without rows, of a view that has none: why.
  package let absence: [String]
  /// The last event that is in it; nil where there is none.
  package let lastOffset: Offset?
  /// The manifest: one JSON object.
  package let manifest: [UInt8]
}

/// Training files.
package struct DatasetService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Gives the lines of a training file to `sink`, which is standard output: the same log gives the same
  /// bytes.
  package func export(
    _ asked: DatasetRequest.Checked, to sink: @escaping ([UInt8]) throws -> Void
  ) throws(FoldlogError) -> ExportedDataset {
    let exported = try write(asked.export, name: "standard output", to: sink)
    note(exported, asked.export, to: standardOutputName)
    return exported
  }

  private func note(_ exported: ExportedDataset, _ request: ExportRequest, to target: String) {
    let split = request.split.map { ["--split \($0.name)"] } ?? []
    AuditService(store).note(
      .datasetExport, of: [request.format.rawValue] + split, rows: UInt64(exported.rows),
      to: target, before: exported.lastOffset.map { $0 + 1 })
  }

  /// - Parameter name: of the file, for the manifest.
  private func write(
    _ request: ExportRequest, name: String, to sink: @escaping ([UInt8]) throws -> Void
  ) throws(FoldlogError) -> ExportedDataset {
    try store.reading.withViewState(TableAddress(DatasetsProjector.view.name)) {
      tables, state, isOutdated in
      var failure: (any Error)?
      var file = TrainingFile(request) { line in
        do { try sink(line) } catch { failure = error }
        return failure == nil
      }
      if request.format.isOfPairs {
        try PreferencePair.answer.forEachRow(in: tables) { file.write($0) }
      } else {
        var balance = DomainBalance(request)
        if balance != nil {
          try Example.answer.forEachRow(in: tables) { example in
            balance?.show(example)
            return true
          }
        }
        let chosen = balance?.chosen
        try Example.answer.forEachRow(in: tables) { example in
          file.write(example, isChosen: chosen?.contains(example.id) ?? true)
        }
      }
      if let failure { throw failure }
      let counts = file.counts
      let dropped = try DatasetsProjector.droppedPairs(in: tables)
      let lastOffset = state.flatMap { $0.checkpoint == 0 ? nil : $0.checkpoint - 1 }
      let isEmpty = counts.rows == 0 && counts.refused.isEmpty
      let table: any AnswerTable =
        request.format.isOfPairs ? PreferencePair.answer : Example.answer
      let manifest = ExportManifest(
        view: DatasetsProjector.view.name,
        version: state?.version ?? DatasetsProjector.view.version,
        lastOffset: lastOffset,
        digest: Digest(sum: state?.sum ?? 0).description,
        configuration: configuration(of: state, isOutdated),
        droppedPairs: dropped, files: [.init(name: name, request: request, counts: counts)])
      return ExportedDataset(
        rows: counts.rows, lines: counts.lines, bytes: counts.bytes,
        masked: MaskKind.allCases.compactMap { kind in
          counts.masked[kind] > 0 ? (kind.rawValue, counts.masked[kind]) : nil
        },
        droppedPairs: dropped,
        refused: refusals(counts, of: request),
        absence: isEmpty ? try table.reasonsForNone(in: tables) : [], lastOffset: lastOffset,
        manifest: manifest.json)
    }
  }

  private func refusals(_ counts: ExportCounts, of request: ExportRequest) -> [String] {
    ExportRefusal.allCases.compactMap { refusal -> String? in
      guard let count = counts.refused[refusal], count > 0 else { return nil }
      let number = HumanNumbers.grouped(count)
      switch refusal {
      case .basis:
        let strongest = counts.strongestRefused?.name ?? OutcomeBasis.text.name
        return "\(number) on weaker evidence than --min-basis \(request.minBasis.name) asks for "
          + "(--min-basis \(strongest) takes those that rest on most)"
      case .split: return "\(number) in other splits than --split asks for"
      case .score:
        return "\(number) below --min-score"
          + (counts.greatestRefused.map { " (the best has \($0))" } ?? "")
      }
    }
  }

  /// Writes a training file, and its manifest beside it under `PATH.manifest.json`. Both have their
  /// names only when all of them is on disk; what is no regular file, such as a pipe, is written to
  /// as it is, and has no manifest. A link is followed: the file that it leads to is written, and the
  /// link stays.
  package func export(
    _ asked: DatasetRequest.Checked, toFile path: String
  ) throws(FoldlogError) -> ExportedDataset {
    let target = try OutputFiles.target(of: path)
    for place in [path, target] { try requireElsewhere(place) }
    do {
      let output = try OutputFiles(
        path: target, companion: "\(path).manifest.json", isOwnCompanion: ExportManifest.isOne)
      let exported = try write(asked.export, name: shownPath(splitPath(path).name)) {
        _ = try output.descriptor.writeAll($0)
      }
      try output.finish(companion: exported.manifest)
      note(exported, asked.export, to: path)
      return exported
    } catch let error as FoldlogError {
      throw error
    } catch let error as FileError {
      throw FoldlogError(.inputOutput, "\(error)")
    } catch {
      throw FoldlogError(.inputOutput, "\(shownPath(path)): \(error)")
    }
  }

  private func requireElsewhere(_ path: String) throws(FoldlogError) {
    if store.directory.holds(path) {
      throw FoldlogError(
        .usage,
        "\(shownPath(path)) is in the data directory (\(store.directory.shown)), where an export "
          + "could take the place of the log: choose another folder")
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
      : hash + store.configuration.scoring.named
        + (store.configuration.folding.views[DatasetsProjector.view.name]?.named ?? [])
  }
}
