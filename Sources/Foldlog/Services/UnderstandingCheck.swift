internal import Bytes
internal import EventLog
internal import Events
internal import Files
internal import Formats
internal import Ingest
internal import JSON
internal import Provenance
internal import Query

/// Finds out of which sources nothing was understood, and says what their content looks like.
struct UnderstandingCheck {
  private let reader: LogReader
  /// What the log had before.
  private let before: [SourceID: SourceRecord]
  private let quarantineStart: Offset
  private let recognizers: [ContentLook.Recognizer]
  private let formats: FormatSet
  private let stream: Stream?
  private let start: Offset

  /// How many sources, and how many files that were left out, are named.
  private static let namesMax = 5

  /// - Parameters:
  ///   - formats: what tells the lines and documents of tools.
  ///   - stream: of which lines are said to be.
  init(_ reader: LogReader, formats: FormatSet, stream: Stream?) throws {
    self.reader = reader
    self.stream = stream
    self.formats = formats
    recognizers = formats.recognizers
    start = try reader.end()
    before = Dictionary(uniqueKeysWithValues: try reader.sources().map { ($0.id, $0) })
    quarantineStart = try reader.end(of: .quarantine)
  }

  /// What became of the sources since.
  struct Finding {
    /// Sentences about sources of which nothing, or less than half, was understood.
    var sentences: [String] = []
    /// Whether of a file or folder that was named nothing was understood.
    var isFailure = false
  }

  /// - Parameter arguments: the files of each path that was given, as they are opened.
  func finding(_ arguments: [[String]]) throws -> Finding {
    var poor: [SourceRecord] = []
    var partly: [SourceRecord] = []
    var refused: Set<String> = []
    var understood: Set<String> = []
    for source in try reader.sources() {
      let earlier = before[source.id]
      let quarantined = source.quarantined - (earlier?.quarantined ?? 0)
      if quarantined > source.events - (earlier?.events ?? 0) {
        poor.append(source)
      } else if quarantined > 0 {
        partly.append(source)
      }
      if source.events > 0 { understood.insert(source.path) }
      if quarantined > 0, source.events == 0 { refused.insert(source.path) }
    }
    var finding = Finding()
    finding.sentences = try sentences(poor) + oddities(partly)
    let files = Set(arguments.joined())
    for path in files.subtracting(understood).subtracting(refused).sorted() {
      if let twin = twins(of: path).first(where: understood.contains) {
        understood.insert(path)
        finding.sentences.append(
          "\(shownPath(path)) is a copy of \(shownPath(twin)), one of them packed: its lines are in "
            + "the log")
        continue
      }
      guard let look = try lookOfUnread(path) else { continue }
      refused.insert(path)
      finding.sentences.append("\(shownPath(path)): nothing was understood; it looks like \(look)")
    }
    finding.isFailure = arguments.contains { files in
      files.contains(where: refused.contains) && !files.contains(where: understood.contains)
    }
    try addUnreadFormats(to: &finding)
    // Standard input has no path.
    if arguments.isEmpty || files.isEmpty {
      finding.isFailure = finding.isFailure || !refused.isEmpty
    }
    return finding
  }

  /// Lines that were taken and are not read yet: where there are no others, nothing was understood.
  private func addUnreadFormats(to finding: inout Finding) throws {
    var counts: [String: UInt64] = [:]
    var read: UInt64 = 0
    func count(_ kind: String, _ lines: UInt64) {
      if let format = formats.format(ofKind: kind), !format.isRead {
        counts[format.title, default: 0] += lines
      } else {
        read += lines
      }
    }
    for entry in try reader.blocks(in: start..<Offset.max) {
      guard entry.first < start else {
        for kind in entry.header.kinds { count(kind.entry.name, kind.count) }
        continue
      }
      // It was joined with what was there before.
      let found = try reader.unpack(at: start, with: BlockUnpacker())
      guard let (first, block) = found.map({ ($0.entry.first, $0.block) }) else { continue }
      for index in Int(start - first)..<block.count { count(block.kind(index).name, 1) }
    }
    for (title, count) in counts.sorted(by: { $0.key < $1.key }) {
      finding.sentences.append(
        "\(HumanNumbers.counted(count, "line")) look\(count == 1 ? "s" : "") like \(title), which foldlog keeps but does not "
          + "read yet")
    }
    if read == 0, !counts.isEmpty { finding.isFailure = true }
  }

  /// The files whose names say that they hold the same, packed or not.
  private func twins(of path: String) -> [String] {
    guard isPackedName(path), let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else {
      return packedNames(of: path)
    }
    return [String(path[..<dot])]
  }

  /// What a file looks like that has no line yet, since none of it ends; nil where it is empty, is an
  /// object that is being written, or gave lines before, under whatever name.
  private func lookOfUnread(_ path: String) throws -> String? {
    let isRead = try reader.sources().contains { $0.path == path && $0.position > 0 }
    guard !isRead, !isPackedName(path) else { return nil }
    var bytes: [UInt8] = []
    do throws(IngestError) {
      let file = try DiskFiles().open(path)
      _ = try file.read(at: 0, count: ContentLook.sampleSize, into: &bytes)
      // A line that ends, and was not taken now, was taken before.
      if try hasLineEnd(file) { return nil }
    } catch {
      // It was told when it was taken.
      return nil
    }
    let isBlank = bytes.allSatisfy { $0 == 0x20 || (0x09...0x0d).contains($0) }
    guard !isBlank, !JSONOutline(bytes[...]).isBeginningOfObject else { return nil }
    return ContentLook(bytes, recognizers: recognizers).sentence(of: stream)
  }

  private func hasLineEnd(_ file: any OpenFile) throws(IngestError) -> Bool {
    var position: UInt64 = 0
    var bytes: [UInt8] = []
    while true {
      bytes.removeAll(keepingCapacity: true)
      let count = try file.read(at: position, count: 1 << 20, into: &bytes)
      if count == 0 { return false }
      if bytes.contains(UInt8(ascii: "\n")) { return true }
      position += UInt64(count)
    }
  }

  private func sentences(_ sources: [SourceRecord]) throws -> [String] {
    let shown = sources.prefix(Self.namesMax)
    var beginnings = try beginnings(of: Set(shown.map(\.id)))
    var sentences = shown.map { source in
      let look = ContentLook(
        beginnings.removeValue(forKey: source.id) ?? [], recognizers: recognizers)
      let what = source.events == 0 ? "nothing was understood" : "little was understood"
      return "\(shownPath(source.path)): \(what); it looks like \(look.sentence(of: stream))"
    }
    if sources.count > shown.count {
      sentences.append("and of \(sources.count - shown.count) more sources as little")
    }
    return sentences
  }

  /// Of sources that were understood but for some lines: what these are, where a command mends them.
  private func oddities(_ sources: [SourceRecord]) throws -> [String] {
    let shown = sources.prefix(Self.namesMax)
    let beginnings = try beginnings(of: Set(shown.map(\.id)))
    return shown.compactMap { source in
      let lines = (beginnings[source.id] ?? []).split(separator: UInt8(ascii: "\n"))
      guard let odd = OddLines(lines) else { return nil }
      let ingest = stream.map { "foldlog ingest --stream \($0)" } ?? "foldlog ingest"
      return
        "\(shownPath(source.path)): what was refused looks like \(odd.title): "
        + "`\(odd.commandOfRefused) | \(ingest)` takes it"
    }
  }

  /// The refused lines with which each source's content begins, as far as they are looked at.
  private func beginnings(of sources: Set<SourceID>) throws -> [SourceID: [UInt8]] {
    var beginnings: [SourceID: [UInt8]] = [:]
    let unpacker = try BlockUnpacker()
    var next = quarantineStart
    while let (entry, block) = try reader.unpack(.quarantine, at: next, with: unpacker) {
      for index in Int(next - entry.first)..<block.count
      where sources.contains(block.sources[index]) {
        let source = block.sources[index]
        if beginnings[source, default: []].count >= ContentLook.sampleSize { continue }
        beginnings[source, default: []] += block.line(index) + [UInt8(ascii: "\n")]
      }
      next = entry.end
    }
    return beginnings
  }

  // MARK: Files that were left out

  /// Which files of the folders that were given were not read, and why; unless it is to be brief, what
  /// the first ones look like.
  static func sentences(
    leftOut: [LeftOutFile], recognizers: [ContentLook.Recognizer], isBrief: Bool = false
  ) -> [String] {
    let reasons: [(LeftOutFile.Reason, String)] = [
      (.name, "not named *.jsonl or *.ndjson, or such a .gz or .zst"),
      (.kindOfName, "hidden, unfinished, a copy or a checksum by name"),
      (.form, "no regular file"),
    ]
    return reasons.flatMap { reason, text -> [String] in
      let files = leftOut.filter { $0.reason == reason }
      if files.isEmpty { return [] }
      let names = files.prefix(namesMax).map { shownPath($0.path) }.joined(separator: ", ")
      let more = files.count > namesMax ? " and \(files.count - namesMax) more" : ""
      let verb = files.count == 1 ? "1 file was" : "\(files.count) files were"
      return ["\(verb) left out (\(text)): \(names)\(more)"]
        + (reason == .name && !isBrief ? looks(files.map(\.path), recognizers) : [])
    }
  }

  private static func looks(
    _ paths: [String], _ recognizers: [ContentLook.Recognizer]
  ) -> [String] {
    paths.prefix(namesMax).compactMap { path -> String? in
      var bytes: [UInt8] = []
      do throws(IngestError) {
        _ = try DiskFiles().open(path).read(at: 0, count: ContentLook.sampleSize, into: &bytes)
      } catch {
        return "\(error)"
      }
      if bytes.isEmpty { return nil }
      return
        "\(shownPath(path)) looks like \(ContentLook(bytes, recognizers: recognizers).sentence)"
    }
  }
}

extension FormatSet {
  /// What says of content whose it is.
  var recognizers: [ContentLook.Recognizer] { [{ look(of: $0) }] }

  /// What a known tool wrote, by how it begins; nil where that is none that is known.
  private func look(of beginning: [UInt8]) -> String? {
    // A document that is cut off is none.
    let text = String(decoding: beginning, as: UTF8.self)
    let title = try? JSONParser.withText(text) { recognise($0)?.format.title }
    if let title = title.flatMap({ $0 }) {
      if firstLines(text).count == 1 { return lines(of: title) }
      return
        "what \(title) writes, as one document of several lines; an object a line is what is read: "
        + "`jq -c . FILE | foldlog ingest`"
    }
    let first = text.prefix { $0 != "\n" }
    if let title = try? JSONParser.withText(String(first), { recognise($0)?.format.title }) {
      return lines(of: title)
    }
    let (keys, isList) = firstKeys(beginning)
    let unread = UnreadDocument.having(keys, isList: isList) ?? .beginning(firstLines(text))
    return unread.map { "\($0.title), which foldlog does not read yet" }
  }

  /// Of a file that is left out for its name: what stands in it is read.
  private func lines(of title: String) -> String {
    "what \(title) writes, a line each: name the file itself, and it is taken"
  }

  /// The keys of the outermost object, or of the first one of a list.
  private func firstKeys(_ beginning: [UInt8]) -> (keys: [String], isList: Bool) {
    var text = beginning[...].drop { $0 <= 0x20 }
    let isList = text.first == UInt8(ascii: "[")
    if isList { text = text.dropFirst().drop { $0 <= 0x20 } }
    guard text.first == UInt8(ascii: "{") else { return ([], isList) }
    return (JSONOutline(text).values.first?.keys ?? [], isList)
  }

  private func firstLines(_ text: String) -> [String] {
    text.split(separator: "\n", maxSplits: 32).prefix(32).map(String.init)
  }
}
