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
    case csv(columns: [String])
    case text
    case otherText
    case utf16
    case binary
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
    if isUTF16(sample) { return .utf16 }
    let controls = sample.count { $0 < 0x20 && !(0x09...0x0d).contains($0) && $0 != 0x1b }
    if sample.contains(0) || controls * 20 > sample.count { return .binary }
    let whole = JSONOutline(sample[...])
    if let first = whole.values.first, !whole.isBroken, !first.isOneLine || !first.isObject {
      return .jsonDocument(first, isOne: whole.values.count == 1)
    }
    let lines = sample.split(separator: UInt8(ascii: "\n"))
    // Of a beginning, the last line may be cut.
    let complete = lines.count > 1 && sample.count == sampleSize ? lines.dropLast() : lines[...]
    let outlines = complete.map { JSONOutline($0) }
    let objects = outlines.filter(\.isObject).flatMap(\.values)
    if !objects.isEmpty, objects.count * 2 >= complete.count {
      return .jsonLines(keys: frequent(objects.map(\.keys)))
    }
    let begun = complete.count { $0.first == UInt8(ascii: "{") }
    if begun * 2 > complete.count { return .brokenJSON }
    // A beginning may be cut within a character.
    let isCut = sample.count == sampleSize
    let end = isCut ? sample.lastIndex { $0 & 0xc0 != 0x80 } ?? sample.endIndex : sample.endIndex
    guard String(validating: sample[..<end], as: UTF8.self) != nil else { return .otherText }
    return csvColumns(complete).map { .csv(columns: $0) } ?? .text
  }

  /// A byte-order mark, or zeros at every other place.
  private static func isUTF16(_ sample: [UInt8]) -> Bool {
    if sample.starts(with: [0xff, 0xfe]) || sample.starts(with: [0xfe, 0xff]) { return true }
    let pairs = sample.count / 2
    guard pairs > 1 else { return false }
    return [0, 1].contains { first in
      let zeros = stride(from: first, to: pairs * 2, by: 2).count { sample[$0] == 0 }
      let others = stride(from: 1 - first, to: pairs * 2, by: 2).count { sample[$0] == 0 }
      return zeros * 10 >= pairs * 8 && others * 10 < pairs
    }
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

  /// The names in the first line, where all lines have as many fields, more than one.
  private static func csvColumns(_ lines: ArraySlice<ArraySlice<UInt8>>) -> [String]? {
    let lines = lines.prefix(20)
    guard lines.count > 1 else { return nil }
    for separator in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
      let rows = lines.map { fields($0, separator) }
      if let first = rows.first, first.count > 1, rows.allSatisfy({ $0.count == first.count }) {
        return first
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
        + "stream that is known: give --stream if they are of one (ralph, aidb, hybrid, editor)"
    case .brokenJSON:
      "JSON objects, a line each, that are broken: `foldlog quarantine list` says where"
    case .jsonDocument(let value, let isOne): Self.sentence(of: value, isOne: isOne)
    case .csv(let columns):
      "CSV with \(Self.list("the columns", columns)); an object of JSON a line is what is read"
    case .text: "plain text; an object of JSON a line is what is read"
    case .otherText:
      "text that is not UTF-8; an object of JSON a line is what is read, in UTF-8 "
        + "(`iconv -t utf-8 FILE | foldlog ingest`)"
    case .utf16:
      "UTF-16, and UTF-8 is what is read: `iconv -f utf-16 -t utf-8 FILE | foldlog ingest`"
    case .binary: "binary data; an object of JSON a line is what is read"
    }
  }

  private static func sentence(of value: JSONOutline.Value, isOne: Bool) -> String {
    let keys = value.keys.isEmpty ? "" : " with \(list("the keys", value.keys))"
    guard value.isObject else {
      let count =
        value.isComplete ? HumanNumbers.counted(value.elements, "element") : "many elements"
      return "one JSON document, an array of \(count); an object a line is what is read: "
        + "`jq -c '.[]' FILE | foldlog ingest`"
    }
    return
      (isOne
      ? "one JSON document, an object\(keys)" : "JSON documents of several lines each\(keys)")
      + "; an object a line is what is read: `jq -c . FILE | foldlog ingest`"
  }

  /// The first few of some names, quoted, and how many more there are.
  private static func list(_ label: String, _ names: [String]) -> String {
    let shown = names.prefix(6).map { "`\($0)`" }.joined(separator: ", ")
    return names.count > 6 ? "\(label) \(shown) and \(names.count - 6) more" : "\(label) \(shown)"
  }
}

/// The values of JSON in a text, as far as brackets, strings and what stands between them tell: nothing
/// is decoded, and what is cut off at the end is no error.
package struct JSONOutline: Sendable {
  package struct Value: Equatable, Sendable {
    package let isObject: Bool
    /// Of an object, in order; of an array, none.
    package var keys: [String] = []
    /// Members or elements.
    package var elements = 0
    package var isOneLine = true
    /// Whether it ends in the text.
    package var isComplete = false
  }

  private enum Expected { case value, key, colon, comma }

  package private(set) var values: [Value] = []
  /// Whether something stands in the text that JSON cannot have there.
  package private(set) var isBroken = false

  /// Of each bracket that is open, whether it is an object's.
  private var open: [Bool] = []
  private var expected = Expected.value

  /// Whether the text is one object.
  var isObject: Bool {
    !isBroken && values.count == 1 && values.allSatisfy { $0.isObject && $0.isComplete }
  }

  /// Whether the text is an object of one line that is not at its end yet.
  var isBeginningOfObject: Bool {
    !isBroken && values.count == 1
      && values.allSatisfy { $0.isObject && $0.isOneLine && !$0.isComplete }
  }

  init(_ text: ArraySlice<UInt8>) {
    var place = text.starts(with: [0xef, 0xbb, 0xbf]) ? text.startIndex + 3 : text.startIndex
    while place < text.endIndex, !isBroken {
      let byte = text[place]
      let start = place
      place += 1
      switch byte {
      case UInt8(ascii: "\n"): if !open.isEmpty { values[values.count - 1].isOneLine = false }
      case 0x20, 0x09, 0x0d: break
      case UInt8(ascii: "{"), UInt8(ascii: "["): begin(isObject: byte == UInt8(ascii: "{"))
      case UInt8(ascii: "}"), UInt8(ascii: "]"): end(isObject: byte == UInt8(ascii: "}"))
      case UInt8(ascii: ":"): pass(.colon, to: .value)
      case UInt8(ascii: ","): pass(.comma, to: open.last == true ? .key : .value)
      case UInt8(ascii: "\""):
        while place < text.endIndex, text[place] != UInt8(ascii: "\"") {
          place += text[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        place = min(place, text.endIndex)
        take(string: text[(start + 1)..<place])
        place = min(place + 1, text.endIndex)
      default:
        while place < text.endIndex, Self.scalarBytes.contains(text[place]) { place += 1 }
        isBroken = !Self.scalarStarts.contains(byte) || open.isEmpty
        takeValue()
      }
    }
  }

  private static let scalarStarts = Array("-0123456789tfn".utf8)
  private static let scalarBytes = Array("0123456789+-.eEtrufalsn".utf8)

  private mutating func begin(isObject: Bool) {
    if open.isEmpty {
      values.append(Value(isObject: isObject))
    } else {
      takeValue()
    }
    open.append(isObject)
    expected = isObject ? .key : .value
  }

  private mutating func end(isObject: Bool) {
    // A comma before the end is let pass: the last line of a list may be an event, and not be here.
    isBroken =
      open.popLast() != isObject || expected == (isObject ? .value : .key)
      || expected == .colon
    if open.isEmpty, !values.isEmpty { values[values.count - 1].isComplete = true }
    expected = .comma
  }

  private mutating func pass(_ punctuation: Expected, to next: Expected) {
    isBroken = expected != punctuation || open.isEmpty
    expected = next
  }

  private mutating func take(string: ArraySlice<UInt8>) {
    guard expected == .key else { return takeValue() }
    if open.count == 1 {
      values[values.count - 1].keys.append(String(decoding: string, as: UTF8.self))
      values[values.count - 1].elements += 1
    }
    expected = .colon
  }

  private mutating func takeValue() {
    if expected != .value || open.isEmpty { isBroken = true }
    if open == [false] { values[values.count - 1].elements += 1 }
    expected = .comma
  }
}
