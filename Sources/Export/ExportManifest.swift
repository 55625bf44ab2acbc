internal import TrainingData
internal import Bytes
package import Events
internal import Facts
internal import Masking

/// What a set of exported files was made of, so that anyone can make it again and compare.
package struct ExportManifest: Sendable {
  /// A file, by its name.
  package struct File: Sendable {
    package var name: String
    package var request: ExportRequest
    package var counts: ExportCounts

    package init(name: String, request: ExportRequest, counts: ExportCounts) {
      self.name = name
      self.request = request
      self.counts = counts
    }
  }

  /// That the files are made of.
  package var view: String
  /// Of the projector that the view was built by.
  package var version: UInt32
  /// The last event that is in the view; nil for an empty log.
  package var lastOffset: Offset?
  /// The view's digest: 32 hexadecimal digits.
  package var digest: String
  /// Settings that count, by name.
  package var configuration: [(name: String, value: String)]
  /// Pairs whose sides are in different splits: they are in no file.
  package var droppedPairs: UInt64
  package var files: [File]

  package init(
    view: String, version: UInt32, lastOffset: Offset?, digest: String,
    configuration: [(name: String, value: String)],
    droppedPairs: UInt64, files: [File]
  ) {
    self.view = view
    self.version = version
    self.lastOffset = lastOffset
    self.digest = digest
    self.configuration = configuration
    self.droppedPairs = droppedPairs
    self.files = files
  }

  /// One JSON object on one line, its configuration and files sorted by name.
  package var json: [UInt8] {
    var json = JSONText()
    json.object([
      ("view", { $0.string(view) }),
      ("version", { $0.raw("\(version)") }),
      ("digest", { $0.string(digest) }),
      ("log", { logRange(&$0) }),
      ("configuration", { settings(&$0) }),
      ("masking", { $0.raw("\(Masker.version)") }),
      ("dropped_pairs", { $0.raw("\(droppedPairs)") }),
      ("files", { list(&$0) }),
    ])
    json.raw("\n")
    return json.bytes
  }

  /// Whether bytes are those of a manifest.
  package static func isOne(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.hasPrefix("{\"view\":\"") && text.contains("\"masking\":")
  }

  private func logRange(_ json: inout JSONText) {
    guard let lastOffset else {
      json.raw("null")
      return
    }
    json.object([("first_offset", { $0.raw("0") }), ("last_offset", { $0.raw("\(lastOffset)") })])
  }

  private func settings(_ json: inout JSONText) {
    let sorted = configuration.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    json.object(sorted.map { setting in (setting.name, { $0.string(setting.value) }) })
  }

  private func list(_ json: inout JSONText) {
    json.raw("[")
    for (index, file) in files.sorted(by: { $0.name < $1.name }).enumerated() {
      if index > 0 { json.raw(",") }
      describe(file, &json)
    }
    json.raw("]")
  }

  private func describe(_ file: File, _ json: inout JSONText) {
    let (request, counts) = (file.request, file.counts)
    json.object([
      ("name", { $0.string(file.name) }),
      ("format", { $0.string(request.format.rawValue) }),
      ("split", { $0.string(request.split?.name ?? "all") }),
      ("min_score", { $0.raw(request.minScore?.description ?? "null") }),
      ("min_basis", { $0.string(request.minBasis.name) }),
      ("per_domain", { $0.raw(request.perDomainMax?.description ?? "null") }),
      ("rows", { $0.raw("\(counts.rows)") }),
      ("lines", { $0.raw("\(counts.lines)") }),
      ("bytes", { $0.raw("\(counts.bytes)") }),
      ("alike", { $0.raw("\(counts.alike)") }),
      ("bases", { bases(counts.bases, &$0) }),
      ("sha256", { $0.string(counts.sha256.description) }),
      ("masked", { masked(counts.masked, &$0) }),
    ])
  }

  private func bases(_ counts: [String: Int], _ json: inout JSONText) {
    json.object(
      counts.sorted { $0.key < $1.key }.map { basis, count in (basis, { $0.raw("\(count)") }) })
  }

  private func masked(_ counts: MaskCounts, _ json: inout JSONText) {
    json.object(MaskKind.allCases.map { kind in (kind.rawValue, { $0.raw("\(counts[kind])") }) })
  }
}
