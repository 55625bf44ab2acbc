internal import Bytes
internal import DatasetsProjector
internal import Scoring
internal import Events
internal import SystemPackage
internal import Views

/// What a dataset export wrote.
package struct ExportedDataset: Sendable {
  /// Examples or pairs.
  package let rows: Int
  package let lines: Int
  package let bytes: Int
  /// What was masked, by kind, where there was any.
  package let masked: [(kind: String, count: Int)]
  /// The manifest: one JSON object.
  package let manifest: [UInt8]
}

extension Foldlog {
  /// The names of the formats that datasets are exported in.
  package static var datasetFormats: [String] { ExportFormat.allCases.map(\.rawValue) }

  /// The names of the splits of a dataset.
  package static var datasetSplits: [String] { Split.allCases.map(\.rawValue) }

  /// Gives the lines of a training file to `sink`: the same log gives the same bytes.
  ///
  /// - Parameters:
  ///   - split: all of them when nil.
  ///   - minScore: a decimal such as `0.85`; none when nil.
  ///   - name: of the file, for the manifest.
  package func exportDataset(
    format: String, split: String?, minScore: String?, name: String,
    to sink: @escaping ([UInt8]) throws -> Void
  ) throws(FoldlogError) -> ExportedDataset {
    let request = try exportRequest(format: format, split: split, minScore: minScore)
    return try withView(DatasetsProjector.view) { tables, offset in
      var failure: (any Error)?
      let counts = try DatasetExport(tables: tables).write(request) { line in
        do { try sink(line) } catch { failure = error }
        return failure == nil
      }
      if let failure { throw failure }
      let manifest = ExportManifest(
        lastOffset: offset < 0 ? nil : Offset(offset), digest: tables.digest.description,
        configuration: [("scoring", "\(Hash128(of: configuration.scoring.canonicalBytes))")],
        files: [.init(name: name, request: request, counts: counts)])
      return ExportedDataset(
        rows: counts.rows, lines: counts.lines, bytes: counts.bytes,
        masked: MaskKind.allCases.compactMap { kind in
          counts.masked[kind] > 0 ? (kind.rawValue, counts.masked[kind]) : nil
        },
        manifest: manifest.json)
    }
  }

  private func exportRequest(
    format: String, split: String?, minScore: String?
  ) throws(FoldlogError) -> ExportRequest {
    guard let format = ExportFormat(rawValue: format) else {
      throw FoldlogError(
        .usage,
        "there is no format `\(format)`: there are \(Self.datasetFormats.joined(separator: ", "))")
    }
    var request = ExportRequest(format: format)
    if let split {
      guard let known = Split(rawValue: split) else {
        throw FoldlogError(
          .usage,
          "there is no split `\(split)`: there are \(Self.datasetSplits.joined(separator: ", "))")
      }
      request.split = known
    }
    if let minScore {
      guard let score = Double(minScore).flatMap({ FixedPoint($0) }) else {
        throw FoldlogError(.usage, "a score is a decimal such as 0.85, not `\(minScore)`")
      }
      request.minScore = score
    }
    return request
  }

  /// Writes a file whole: it has its name only when all of it is on disk.
  package func writeFile(
    _ path: String, _ body: (@escaping ([UInt8]) throws -> Void) throws -> Void
  ) throws(FoldlogError) {
    let unfinished = "\(path).unfinished"
    do {
      let descriptor = try FileDescriptor.open(
        FilePath(unfinished), .writeOnly, options: [.create, .truncate],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try descriptor.closeAfter {
        try body { bytes in try descriptor.writeAll(bytes) }
        try synchronise(descriptor)
      }
      try rename(unfinished, to: path)
    } catch let error as FoldlogError {
      throw error
    } catch {
      throw FoldlogError(.inputOutput, "\(path): \(error)")
    }
  }
}
