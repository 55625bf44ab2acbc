import Events
import Formats
import Ingest

/// What the lines of files are, and what becomes of them: counted by format and kind, folder by folder.
public struct FormatCounts: Equatable {
  /// Of the lines of a kind.
  public struct OfKind: Equatable {
    public var lines = 0
    /// Events that they hold.
    public var events = 0
    /// Lines that hold none.
    public var dropped = 0
  }

  /// By the folder, the format and its kind; a line that no format knows counts as native under its
  /// stream, as `unknown` without one, and as `refused` where it is no event.
  public private(set) var rows: [String: OfKind] = [:]
  private let decoder = LineDecoder(formats: FormatCatalogue.builtIn)

  public static func == (left: FormatCounts, right: FormatCounts) -> Bool {
    left.rows == right.rows
  }

  /// Counts the lines of all files in a folder; each folder in it is told apart.
  public init(of folder: String) throws {
    for input in expandInputs([folder], standardInputName: nil, failed: { _ in }) {
      guard case .file(let path) = input, path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson")
      else { continue }
      let names = path.dropFirst(folder.utf8.count).split(separator: "/")
      count(try contents(of: path), in: names.count > 1 ? String(names[0]) : ".")
    }
  }

  private mutating func count(_ bytes: [UInt8], in folder: String) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let line = Array(line)
      if line.allSatisfy({ [0x20, 0x09, 0x0d].contains($0) }) { continue }
      let (kind, events) = read(line)
      var row = rows["\(folder) \(kind)"] ?? OfKind()
      row.lines += 1
      row.events += events
      if events == 0 { row.dropped += 1 }
      rows["\(folder) \(kind)"] = row
    }
  }

  /// The kind of a line, and how many events it holds.
  private func read(_ line: [UInt8]) -> (kind: String, events: Int) {
    guard
      let envelope = try? decoder.envelope(
        of: line.span, isPadded: false, given: nil, fileName: nil)
    else { return ("refused", 0) }
    guard let stream = envelope.stream else { return ("unknown", 0) }
    guard let format = FormatCatalogue.builtIn.format(ofKind: envelope.kind) else {
      return ("native/\(stream)", 1)
    }
    guard format.isRead else { return ("\(envelope.kind) (not read)", 0) }
    let stored = Envelope(
      stream: stream, kind: envelope.kind, time: envelope.time ?? Timestamp(nanoseconds: 0),
      isTimeInferred: envelope.time == nil, source: 1, position: 0,
      recorded: Timestamp(nanoseconds: 0))
    let events = try? decoder.events(of: line.span, isPadded: false, stored, by: format)
    // What tells of its time alone counts as none.
    let isTold = events?.contains { event in
      if case .activity = event.record?.content { false } else { true }
    }
    return (envelope.kind, isTold == true ? events?.count ?? 0 : 0)
  }

  /// A line a kind: folder, kind, lines, events, dropped lines.
  public var table: String {
    rows.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { name, row in
      "\(name) \(row.lines) \(row.events) \(row.dropped)\n"
    }.joined()
  }
}

/// All bytes of a file.
public func contents(of path: String) throws -> [UInt8] {
  let file = try DiskFiles().open(path)
  var bytes: [UInt8] = []
  while try file.read(at: UInt64(bytes.count), count: 1 << 20, into: &bytes) > 0 {}
  return bytes
}
