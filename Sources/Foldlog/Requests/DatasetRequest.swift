internal import Bytes
package import Export
internal import Facts
internal import Query
internal import TrainingData

/// Asks for a training file.
package struct DatasetRequest: Request {
  package var format: String
  /// All of them when nil.
  package var split: String?
  /// A decimal from 0 to 1, such as `0.85`; none when nil.
  package var minScore: String?
  /// The weakest basis of an outcome; nil for that which is trained on by default.
  package var minBasis: String?
  /// How many examples of each domain there are at most: a whole number from 1; nil for all.
  package var perDomain: String?
  /// The file; nil, or one of the names of standard output, for standard output.
  package var out: String?

  package init(format: String) { self.format = format }

  /// The names of the formats that datasets are exported in.
  package static var formats: [String] { ExportFormat.allCases.map(\.rawValue) }

  /// The names of the splits of a dataset.
  package static var splits: [String] { Split.allCases.map(\.name) }

  /// What an outcome can rest on, weak to strong, and the weakest that is exported by default.
  package static var bases: [String] { OutcomeBasis.allCases.map(\.name) }
  package static var basisByDefault: String { OutcomeBasis.trainingMin.name }

  /// What standard output is called. The system's names would lead to something else that is open
  /// there, or nowhere when it is closed.
  private static let outputNames = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]

  package struct Checked: Sendable {
    package let export: ExportRequest
    /// Nil for standard output.
    package let file: String?

    fileprivate init(_ export: ExportRequest, file: String?) {
      self.export = export
      self.file = file
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    if out == "" { throw FoldlogError(.usage, "--out takes a name that is not empty") }
    let file = out.flatMap { Self.outputNames.contains($0) ? nil : $0 }
    return Checked(try checkedExport(), file: file)
  }

  private func checkedExport() throws(FoldlogError) -> ExportRequest {
    guard let format = ExportFormat(rawValue: format) else {
      throw FoldlogError(
        .usage,
        "there is no format `\(format)`: there are \(Self.formats.joined(separator: ", "))"
          + suggestion(for: format, among: Self.formats))
    }
    var request = ExportRequest(format: format)
    if let split {
      guard let known = Split.allCases.first(where: { $0.name == split }) else {
        throw FoldlogError(
          .usage,
          "there is no split `\(split)`: there are \(Self.splits.joined(separator: ", "))"
            + suggestion(for: split, among: Self.splits))
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
    if let minBasis {
      guard let basis = OutcomeBasis(name: minBasis) else {
        throw FoldlogError(
          .usage,
          "there is no basis `\(minBasis)`: there are \(Self.bases.joined(separator: ", "))"
            + suggestion(for: minBasis, among: Self.bases))
      }
      request.minBasis = basis
    }
    if let perDomain {
      guard let count = Int(perDomain), count > 0 else {
        throw FoldlogError(
          .usage, "--per-domain takes a whole number from 1 on, such as 200, not `\(perDomain)`")
      }
      if format.isOfPairs {
        throw FoldlogError(
          .usage,
          "pairs have no domain: --per-domain bounds examples, so leave it out of "
            + "--format \(format.rawValue)")
      }
      request.perDomainMax = count
    }
    return request
  }
}
