package import Events
internal import Query

/// What content of which no line is an event looks like: said to whoever gave it.
///
/// It is about the form alone. Whose form it is, recognizers say, which are asked first.
package struct ContentLook: Equatable, Sendable {
  package enum Form: Equatable, Sendable {
    /// A name that a recognizer gave.
    case named(String)
    /// With the most frequent keys of the outermost objects.
    case jsonLines(keys: [String])
    /// Lines that begin as objects, and go on otherwise.
    case brokenJSON
    /// One or several over many lines, or one that is no object.
    case jsonDocument(JSONOutline.Value, isOne: Bool)
    /// Objects that cannot be read as they stand.
    case odd(OddLines)
    /// With what parts the columns.
    case csv(columns: [String], separator: Character)
    /// With the name of the outermost element, and whether it is a page.
    case markup(element: String, isHTML: Bool)
    /// JSON values that are no objects, a line each.
    case scalars(String)
    /// Records that each begin with the byte 0x1E, as RFC 7464 has them.
    case recordSeparators
    /// Lines that end with CR alone.
    case carriageReturns
    case text
    /// Text that is not UTF-8, and whether it is of objects of JSON.
    case otherText(Encoding, isJSON: Bool)
    case binary
  }

  /// What text seems to be encoded in, by the name that iconv knows.
  package enum Encoding: String, Equatable, Sendable {
    case latin1
    case windows1252 = "windows-1252"
    case utf16 = "utf-16"
    case utf16LE = "utf-16le"
    case utf16BE = "utf-16be"
    case utf32 = "utf-32"

    var title: String {
      switch self {
      case .latin1: "Latin-1"
      case .windows1252: "Windows-1252"
      case .utf16, .utf16LE, .utf16BE: "UTF-16"
      case .utf32: "UTF-32"
      }
    }
  }

  /// Says of a beginning of content what it is, in words such as `a transcript of X`; nil where it is
  /// of another form.
  package typealias Recognizer = @Sendable (_ beginning: [UInt8]) -> String?

  /// As much of a beginning as is looked at.
  package static let sampleSize = 1 << 16

  package let form: Form

  /// - Parameters:
  ///   - beginning: of the content, its lines with their newlines; at most `sampleSize` is looked at.
  ///   - recognizers: asked in turn.
  package init(_ beginning: [UInt8], recognizers: [Recognizer] = []) {
    let sample = Array(beginning.prefix(Self.sampleSize))
    form = recognizers.lazy.compactMap { $0(sample) }.first.map { .named($0) } ?? Self.form(sample)
  }

  private static func form(_ sample: [UInt8]) -> Form {
    if let encoding = wideEncoding(sample) {
      return .otherText(encoding, isJSON: beginsAsJSON(sample.filter { $0 != 0 && $0 < 0x80 }))
    }
    if separatesRecords(sample) { return .recordSeparators }
    let controls = sample.count { $0 < 0x20 && !(0x09...0x0d).contains($0) && $0 != 0x1b }
    if sample.contains(0) || controls * 20 > sample.count { return .binary }
    if let encoding = byteEncoding(sample) {
      return .otherText(encoding, isJSON: beginsAsJSON(sample))
    }
    if endsWithCarriageReturns(sample) { return .carriageReturns }
    let whole = JSONOutline(sample[...])
    let lines = sample.split(separator: UInt8(ascii: "\n"))
    // Of a beginning, the last line may be cut.
    let complete = lines.count > 1 && sample.count == sampleSize ? lines.dropLast() : lines[...]
    let isOverLines = whole.values.first.map { !$0.isOneLine } ?? false
    if whole.isBroken || !isOverLines, let odd = OddLines(complete) { return .odd(odd) }
    if let first = whole.values.first, !whole.isBroken,
      isOverLines || !first.isObject || isDocument(whole, sample)
    {
      return .jsonDocument(first, isOne: whole.values.count == 1)
    }
    if let markup = markup(sample) { return markup }
    let outlines = complete.map { JSONOutline($0) }
    let objects = outlines.filter(\.isObject).flatMap(\.values)
    if !objects.isEmpty, objects.count * 2 >= complete.count {
      return .jsonLines(keys: frequent(objects.map(\.keys)))
    }
    let begun = complete.count { $0.first == UInt8(ascii: "{") }
    if begun * 2 > complete.count { return .brokenJSON }
    if let scalars = scalars(complete) { return .scalars(scalars) }
    return csv(complete) ?? .text
  }

  /// Whether an object on one line is a document: it holds a list of objects, or is longer than a
  /// beginning that is looked at.
  private static func isDocument(_ whole: JSONOutline, _ sample: [UInt8]) -> Bool {
    guard whole.values.count == 1, let value = whole.values.first else { return false }
    return value.list != nil || (!value.isComplete && sample.count == sampleSize)
  }

  private static func beginsAsJSON(_ bytes: [UInt8]) -> Bool {
    let first = bytes.first { $0 > 0x20 && $0 < 0x80 }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  /// Whether most lines, but for those that a record goes on in, begin with 0x1E.
  private static func separatesRecords(_ sample: [UInt8]) -> Bool {
    guard sample.contains(0x1e) else { return false }
    let records = sample.split(separator: 0x1e)
    return records.count { beginsAsJSON(Array($0.prefix(8))) } * 2 > records.count
  }

  /// Whether lines are parted by CR alone; of what is looked at, every line has a newline behind it.
  private static func endsWithCarriageReturns(_ sample: [UInt8]) -> Bool {
    let text = sample.last == UInt8(ascii: "\n") ? sample.dropLast() : sample[...]
    guard let first = text.firstIndex(of: UInt8(ascii: "\r")), first + 1 < text.endIndex else {
      return false
    }
    return !text.contains(UInt8(ascii: "\n"))
  }

  /// An encoding of two or four bytes a character: a byte-order mark, or zeros at every other place.
  private static func wideEncoding(_ sample: [UInt8]) -> Encoding? {
    if sample.starts(with: [0xff, 0xfe, 0, 0]) || sample.starts(with: [0, 0, 0xfe, 0xff]) {
      return .utf32
    }
    if sample.starts(with: [0xff, 0xfe]) || sample.starts(with: [0xfe, 0xff]) { return .utf16 }
    let pairs = sample.count / 2
    guard pairs > 1 else { return nil }
    return [(0, Encoding.utf16BE), (1, .utf16LE)].first { first, _ in
      let zeros = stride(from: first, to: pairs * 2, by: 2).count { sample[$0] == 0 }
      let others = stride(from: 1 - first, to: pairs * 2, by: 2).count { sample[$0] == 0 }
      return zeros * 10 >= pairs * 8 && others * 10 < pairs
    }?.1
  }

  /// What text that is not UTF-8 seems to be in; nil where it is UTF-8.
  private static func byteEncoding(_ sample: [UInt8]) -> Encoding? {
    // A beginning may be cut within a character.
    let isCut = sample.count == sampleSize
    let end = isCut ? sample.lastIndex { $0 & 0xc0 != 0x80 } ?? sample.endIndex : sample.endIndex
    if String(validating: sample[..<end], as: UTF8.self) != nil { return nil }
    return sample.contains { 0x80...0x9f ~= $0 } ? .windows1252 : .latin1
  }

  /// What sort of values stand a line each, none of them an object; nil where a line is no such value.
  private static func scalars(_ lines: ArraySlice<ArraySlice<UInt8>>) -> String? {
    let values = lines.map { line -> String in
      let end = line.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? line.startIndex
      return String(decoding: line[..<end].drop { $0 <= 0x20 }, as: UTF8.self)
    }
    if values.isEmpty { return nil }
    if values.allSatisfy({ value in
      value.utf8.allSatisfy { 0x30...0x39 ~= $0 || "+-.eE".utf8.contains($0) }
        && Double(value) != nil
    }) {
      return "numbers"
    }
    let isText = values.allSatisfy { value in
      value.utf8.count > 1 && value.first == "\"" && value.last == "\""
        && !value.dropFirst().dropLast().contains("\"")
    }
    if isText { return "strings of JSON" }
    return values.allSatisfy { ["true", "false", "null"].contains($0) } ? "values of JSON" : nil
  }

  private static func frequent(_ keys: [[String]]) -> [String] {
    var counts: [String: Int] = [:]
    var order: [String] = []
    for key in keys.joined() {
      if counts[key] == nil { order.append(key) }
      counts[key, default: 0] += 1
    }
    return order.enumerated().sorted { left, right in
      let (one, other) = (counts[left.element] ?? 0, counts[right.element] ?? 0)
      return one == other ? left.offset < right.offset : one > other
    }.map(\.element)
  }

  /// A document of XML or HTML: it begins with a declaration, a comment or an element, and has an end
  /// of one.
  private static func markup(_ sample: [UInt8]) -> Form? {
    let text = sample.starts(with: [0xef, 0xbb, 0xbf]) ? sample.dropFirst(3) : sample[...]
    let start = text.drop { $0 <= 0x20 }
    guard start.first == UInt8(ascii: "<") else { return nil }
    let tags = start.split(separator: UInt8(ascii: "<"))
    func name(_ tag: ArraySlice<UInt8>) -> String? {
      let name = tag.prefix {
        0x61...0x7a ~= $0 | 0x20 || 0x30...0x39 ~= $0 || "-_.:".utf8.contains($0)
      }
      guard let first = name.first, 0x61...0x7a ~= first | 0x20 else { return nil }
      return String(decoding: name, as: UTF8.self)
    }
    guard let element = tags.lazy.compactMap(name).first else { return nil }
    let hasEnd = tags.contains { tag in
      tag.first == UInt8(ascii: "/") || tag.contains(UInt8(ascii: "/"))
        || tag.starts(with: "?xml".utf8) || tag.starts(with: "!".utf8)
    }
    guard hasEnd, start.contains(UInt8(ascii: ">")) else { return nil }
    let declaration = String(decoding: start.prefix(15), as: UTF8.self).lowercased()
    let isHTML =
      declaration.hasPrefix("<!doctype html")
      || ["html", "head", "body"].contains(element.lowercased())
    return .markup(element: element, isHTML: isHTML)
  }

  /// With the names in the first line, where all lines have as many fields, more than one.
  private static func csv(_ lines: ArraySlice<ArraySlice<UInt8>>) -> Form? {
    let lines = lines.prefix(20)
    guard lines.count > 1 else { return nil }
    for separator in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
      let rows = lines.map { fields($0, separator) }
      if let first = rows.first, first.count > 1, rows.allSatisfy({ $0.count == first.count }) {
        return .csv(columns: first, separator: Character(Unicode.Scalar(separator)))
      }
    }
    return nil
  }

  private static func fields(_ line: ArraySlice<UInt8>, _ separator: UInt8) -> [String] {
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    for byte in line where byte != UInt8(ascii: "\r") {
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if byte == separator, !isQuoted {
        fields.append([])
      } else {
        fields[fields.count - 1].append(byte)
      }
    }
    return fields.map { String(decoding: $0, as: UTF8.self) }
  }
}

extension ContentLook {
  /// What it looks like and what to do, behind "it looks like".
  package var sentence: String {
    switch form {
    case .named(let name): name
    case .jsonLines(let keys):
      "JSON objects, a line each\(keys.isEmpty ? "" : " with \(Self.list("the keys", keys))"), of no "
        + "stream that is known: give --stream if they are of one ("
        + Stream.telemetry.map(\.name).joined(separator: ", ") + ")"
    case .brokenJSON:
      "JSON objects, a line each, that are broken: `foldlog quarantine list` says where"
    case .jsonDocument(let value, let isOne): Self.sentence(of: value, isOne: isOne)
    case .odd(let lines):
      "\(lines.title); an object of JSON a line is what is read: "
        + "`\(lines.command(from: "FILE")) | foldlog ingest`"
    case .csv(let columns, let separator): Self.sentence(ofCSV: columns, separator)
    case .markup(_, isHTML: true):
      "a page of HTML, such as a server gives for an error: an object of JSON a line is what is read, "
        + "and no command makes one of it"
    case .markup(let element, isHTML: false):
      "XML in an element `\(element)`; an object of JSON a line is what is read: of each element in it "
        + "`python3 -c 'import json,sys,xml.etree.ElementTree as E; [print(json.dumps({**e.attrib, "
        + "**{c.tag: c.text for c in e}})) for e in E.parse(sys.stdin).getroot()]' < FILE "
        + "| foldlog ingest`"
    case .scalars(let sort): "\(sort), one a line; an object of JSON a line is what is read"
    case .recordSeparators:
      "JSON with a separator (0x1E) before each record, as RFC 7464 has it; an object a line is what "
        + "is read: `tr -d '\\036' < FILE | jq -c . | foldlog ingest`"
    case .carriageReturns:
      "text whose lines end with CR alone; they end with a newline in what is read: "
        + "`tr '\\r' '\\n' < FILE | foldlog ingest`"
    case .text: "plain text; an object of JSON a line is what is read"
    case .otherText(let encoding, let isJSON):
      "\(isJSON ? "JSON" : "text") in \(encoding.title), as it seems; an object of JSON a line is what "
        + "is read, in UTF-8: `iconv -f \(encoding.rawValue) -t utf-8 FILE | foldlog ingest`"
    case .binary: "binary data; an object of JSON a line is what is read"
    }
  }

  private static func sentence(ofCSV columns: [String], _ separator: Character) -> String {
    let reader =
      switch separator {
      case ",": "csv.DictReader(sys.stdin)"
      case "\t": #"csv.DictReader(sys.stdin, delimiter="\t")"#
      default: "csv.DictReader(sys.stdin, delimiter=\"\(separator)\")"
      }
    return
      "\(separator == "\t" ? "TSV" : "CSV") with \(list("the columns", columns)); an object of JSON a "
      + "line is what is read: `python3 -c 'import csv,json,sys; [print(json.dumps(r)) for r in "
      + "\(reader)]' < FILE | foldlog ingest`"
  }

  private static func sentence(of value: JSONOutline.Value, isOne: Bool) -> String {
    let keys = value.keys.isEmpty ? "" : " with \(list("the keys", value.keys))"
    if isOne, let list = value.list {
      let count =
        value.isComplete ? HumanNumbers.counted(list.count, "object") : "many objects"
      let sort =
        list.path == ["log", "entries"] && value.keys == ["log"]
        ? "a HAR, in which a browser keeps what it asked the network" : "an object\(keys)"
      let path = list.path.map(jqName).joined()
      return
        "one JSON document, \(sort), with a list of \(count) at `\(path)`\(lastRead(list.lacksLast)); "
        + "an object a line is what is read: `jq -c '\(path)\(all(list.lacksLast))' FILE | foldlog ingest`"
    }
    guard value.isObject else {
      let count =
        value.isComplete ? HumanNumbers.counted(value.elements, "element") : "many elements"
      return
        "one JSON document, an array of \(count)\(lastRead(value.lacksLast)); an object a line is "
        + "what is read: `jq -c '.\(all(value.lacksLast))' FILE | foldlog ingest`"
    }
    return
      (isOne
      ? "one JSON document, an object\(keys)" : "JSON documents of several lines each\(keys)")
      + "; an object a line is what is read: `jq -c . FILE | foldlog ingest`"
  }

  /// The last element stands on a line of its own, without a comma: it is an event by itself.
  private static func lastRead(_ isRead: Bool) -> String {
    isRead ? ", the last of which was read" : ""
  }

  /// The elements that are left to be read, as jq has it.
  private static func all(_ isLastRead: Bool) -> String { isLastRead ? "[:-1][]" : "[]" }

  /// The same, where what is given is said to be of a stream.
  package func sentence(of stream: Stream?) -> String {
    guard let stream else { return sentence }
    return sentence.replacing(
      "| foldlog ingest`", with: "| foldlog ingest --stream \(stream)`")
  }

  /// `.name` or `."a name"`, as jq has it.
  private static func jqName(_ key: String) -> String {
    let isPlain =
      key.utf8.first.map { !(0x30...0x39 ~= $0) } ?? false
      && key.utf8.allSatisfy {
        0x30...0x39 ~= $0 || 0x41...0x5a ~= $0 || 0x61...0x7a ~= $0 || $0 == 0x5f
      }
    return isPlain ? ".\(key)" : ".\"\(key)\""
  }

  /// The first few of some names, quoted, and how many more there are.
  private static func list(_ label: String, _ names: [String]) -> String {
    let shown = names.prefix(6).map { "`\($0)`" }.joined(separator: ", ")
    return names.count > 6 ? "\(label) \(shown) and \(names.count - 6) more" : "\(label) \(shown)"
  }
}
