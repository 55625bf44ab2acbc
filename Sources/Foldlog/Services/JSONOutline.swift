/// The values of JSON in a text, as far as brackets, strings and what stands between them tell: nothing
/// is decoded, and what is cut off at the end is no error.
package struct JSONOutline: Sendable {
  package struct Value: Equatable, Sendable {
    package let isObject: Bool
    /// Of an object, in order; of an array, none.
    package var keys: [String] = []
    /// Members or elements.
    package var elements = 0
    /// Whether a comma ends an array: its last element, which counts, is an event and not here.
    package fileprivate(set) var lacksLast = false
    package var isOneLine = true
    /// Whether it ends in the text.
    package var isComplete = false
    /// Of the lists of objects in it, not within others, the longest.
    package var list: List? {
      lists.max { ($0.count, $1.path.count) < ($1.count, $0.path.count) }
    }
    fileprivate var lists: [List] = []
  }

  package struct List: Equatable, Sendable {
    /// The keys that lead there.
    package let path: [String]
    /// Of objects.
    package fileprivate(set) var count: Int
    /// As of a value.
    package fileprivate(set) var lacksLast = false
  }

  private enum Expected { case value, key, colon, comma }

  package private(set) var values: [Value] = []
  /// Whether something stands in the text that JSON cannot have there.
  package private(set) var isBroken = false

  /// Of each bracket that is open, whether it is an object's.
  private var open: [Bool] = []
  private var expected = Expected.value
  /// The last key of each bracket that is open; empty for an array's.
  private var keys: [String] = []

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
      if isObject { countInList() }
    }
    open.append(isObject)
    keys.append("")
    expected = isObject ? .key : .value
  }

  /// Counts an object that begins, where it stands in a list that objects alone lead to.
  private mutating func countInList() {
    guard values.count == 1, open.last == false, open.count > 1,
      open.dropLast().allSatisfy({ $0 })
    else { return }
    let path = Array(keys.dropLast())
    if let index = values[0].lists.firstIndex(where: { $0.path == path }) {
      values[0].lists[index].count += 1
    } else if values[0].lists.count < Self.listsMax {
      values[0].lists.append(List(path: path, count: 1))
    }
  }

  private static let listsMax = 64

  /// An array ends after a comma, or empty.
  private mutating func noteLast() {
    guard values.count > 0, open.last == false else { return }
    if open.count == 1, values[values.count - 1].elements > 0 {
      values[values.count - 1].elements += 1
      values[values.count - 1].lacksLast = true
    }
    let path = Array(keys.dropLast())
    if open.count > 1, let index = values[0].lists.firstIndex(where: { $0.path == path }) {
      values[0].lists[index].count += 1
      values[0].lists[index].lacksLast = true
    }
  }

  private mutating func end(isObject: Bool) {
    if !isObject, expected == .value { noteLast() }
    _ = keys.popLast()
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
    keys[keys.count - 1] = String(decoding: string, as: UTF8.self)
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
