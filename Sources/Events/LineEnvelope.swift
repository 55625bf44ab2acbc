package import JSON

/// The parts of an envelope that a line itself gives.
package struct LineEnvelope: Equatable, Sendable {
  /// Nil when neither the line nor its surroundings give the stream.
  package var stream: Stream?
  package var kind: String
  /// Nil when no name of a time reads as one.
  package var time: Timestamp?

  package init(stream: Stream?, kind: String, time: Timestamp?) {
    self.stream = stream
    self.kind = kind
    self.time = time
  }
}

/// Reads the envelopes of lines, one after the other.
package struct EnvelopeReader {
  /// In the order in which they are tried.
  private enum Key: Int, CaseIterable {
    case event = 0, eventType = 1, kind = 2, type = 3
    case timestamp = 4, createdAt = 5, ts = 6, time = 7
    case stream = 8, `extension` = 9, llmUsed = 10, ragHits = 11, source = 12
    case taskID = 13, iteration = 14, totalIterations = 15, backend = 16
    case queryHash = 17, queryText = 18

    var name: String {
      switch self {
      case .eventType: "event_type"
      case .createdAt: "created_at"
      case .llmUsed: "llm_used"
      case .ragHits: "rag_hits"
      case .taskID: "task_id"
      case .totalIterations: "total_iterations"
      case .queryHash: "query_hash"
      case .queryText: "query_text"
      default: "\(self)"
      }
    }
  }

  /// The names of the kind, in the order in which they are tried.
  static let kindNames = [Key.event, .eventType, .kind, .type].map(\.name)

  /// The names of the time, in the order in which they are tried.
  static let timeNames = [Key.timestamp, .createdAt, .ts, .time].map(\.name)

  private static let keys = JSONKeyTable(Key.allCases.map(\.name))

  private var slots = JSONSlots(keys: EnvelopeReader.keys, places: 1)
  private var texts = TextCache()
  private let formats: FormatSet

  package init(formats: FormatSet = .native) { self.formats = formats }

  /// The envelope of a line: its stream is the given one, else the line's own, else that of the
  /// file's name, else that of the line's shape. A line of another tool has the stream of its format.
  ///
  /// - Parameter format: whose lines the source holds: a line that tells nothing else is one of them.
  package mutating func read(
    _ object: JSONObject, given: Stream?, fileName: Stream?, format: String? = nil
  ) -> LineEnvelope {
    slots.beginLine()
    slots.note(object, place: 0)
    let said = kind(object)
    if let forced = formats.forced { return envelope(of: object, said, by: forced) }
    // A native line names its kind otherwise than by `type`; lines of other tools mostly do not.
    let isNamed = (Key.event.rawValue...Key.kind.rawValue).contains {
      slots.index(of: $0, place: 0) != nil
    }
    if !isNamed, let known = envelopeOfFormat(object) { return known }
    let kind = said ?? shapedKind(object)
    let stream = given ?? named(object) ?? fileName ?? shape(object, kind: kind)
    if stream == nil, isNamed, let known = envelopeOfFormat(object) { return known }
    if stream == nil, let known = format.flatMap(formats.format(named:)) {
      return envelope(of: object, kind, by: known)
    }
    return LineEnvelope(stream: stream, kind: kind ?? Kinds.unknown, time: time(object))
  }

  private mutating func envelope(
    of object: JSONObject, _ kind: String?, by format: any LineFormat
  ) -> LineEnvelope {
    let native = format.nativeKind(of: object) ?? kind ?? Kinds.unknown
    return LineEnvelope(
      stream: format.stream, kind: texts.text("\(format.name)/\(native)".utf8.span),
      time: time(object))
  }

  private mutating func envelopeOfFormat(_ object: JSONObject) -> LineEnvelope? {
    guard !formats.isEmpty, let (format, native) = formats.recognise(object) else { return nil }
    let kind = texts.text("\(format.name)/\(native)".utf8.span)
    return LineEnvelope(stream: format.stream, kind: kind, time: time(object))
  }

  /// The envelope of a line that is a list of a tool's lines; nil where not all of them are one tool's.
  mutating func read(list object: JSONObject) -> LineEnvelope? {
    guard let elements = object[FormatSet.list]?.array, let format = formats.recognise(elements)
    else { return nil }
    return LineEnvelope(
      stream: format.stream, kind: texts.text("\(format.name)/\(FormatSet.list)".utf8.span),
      time: nil)
  }

  /// The first name under which a line gives a time, readable or not; nil for none.
  mutating func givenTime(_ object: JSONObject) -> String? {
    slots.beginLine()
    slots.note(object, place: 0)
    let key = (Key.timestamp.rawValue...Key.time.rawValue).first { key in
      guard let value = value(key, object) else { return false }
      return !value.isNothing || value.kind == .text
    }
    return key.flatMap(Key.init(rawValue:))?.name
  }

  @_lifetime(copy object)
  private func value(_ key: Int, _ object: JSONObject) -> JSONValue? {
    guard let index = slots.index(of: key, place: 0) else { return nil }
    return object.value(at: index)
  }

  private mutating func kind(_ object: JSONObject) -> String? {
    for key in Key.event.rawValue...Key.type.rawValue {
      if let value = value(key, object), !value.utf8.isEmpty { return texts.text(value.utf8) }
    }
    return nil
  }

  /// The kind of a line that names none, where what it carries tells it.
  private func shapedKind(_ object: JSONObject) -> String? {
    isText(.queryHash, object) && isText(.queryText, object) ? Kinds.queryGap : nil
  }

  private func time(_ object: JSONObject) -> Timestamp? {
    for key in Key.timestamp.rawValue...Key.time.rawValue {
      if let value = value(key, object), let time = Timestamp(value), Self.isSet(time, value) {
        return time
      }
    }
    return nil
  }

  /// Whether a writer set the time: the beginning of 1970 is what a time is before it is set, and no
  /// count of a time is negative.
  private static func isSet(_ time: Timestamp, _ value: JSONValue) -> Bool {
    if time.nanoseconds > 0 { return true }
    return time.nanoseconds < 0 && value.string?.contains(":") == true
  }

  private func named(_ object: JSONObject) -> Stream? {
    value(Key.stream.rawValue, object)?.string.flatMap(Stream.init(name:))
  }

  private func shape(_ object: JSONObject, kind: String?) -> Stream? {
    if isText(.extension, object) { return .editor }
    if isText(.llmUsed, object) || isNumber(.ragHits, object) { return .aidb }
    if value(Key.source.rawValue, object)?.string == "aidb" { return .aidb }
    if let kind, let stream = Kinds.onlyStream(of: kind) { return stream }
    let isWork =
      isNumber(.iteration, object) || isNumber(.totalIterations, object)
      || isText(.backend, object)
    let isTask = isText(.taskID, object) || isNumber(.taskID, object)
    return isTask && isWork ? .ralph : nil
  }

  private func isText(_ key: Key, _ object: JSONObject) -> Bool {
    guard let value = value(key.rawValue, object) else { return false }
    return !value.utf8.isEmpty
  }

  private func isNumber(_ key: Key, _ object: JSONObject) -> Bool {
    value(key.rawValue, object)?.double != nil
  }
}

extension Timestamp {
  /// The time that a value of a line says: a text or a number, or `{"$date": …}` as MongoDB's extended
  /// JSON has it, where a number is of milliseconds, or `{"seconds": …, "nanos": …}` as protocol buffers
  /// and others do, or the parts of a date and a time of day in a list, in UTC, as Java's are written;
  /// nil for anything else.
  init?(_ value: JSONValue) {
    switch value.kind {
    case .text: self.init(parsing: value.utf8)
    case .integer:
      guard let count = value.int64 else { return nil }
      self.init(number: count)
    case .double:
      guard let count = value.double else { return nil }
      self.init(epoch: count)
    case .object:
      guard let date = value.object?["$date"] else {
        guard let object = value.object, let time = Self.ofParts(object) else { return nil }
        self = time
        return
      }
      let count = date.object?["$numberLong"]?.string.flatMap { Int64($0) } ?? date.int64
      guard let count else {
        guard date.kind == .text else { return nil }
        self.init(parsing: date.utf8)
        return
      }
      let (nanoseconds, isTooLong) = count.multipliedReportingOverflow(by: 1_000_000)
      if isTooLong { return nil }
      self.init(nanoseconds: nanoseconds)
    case .array:
      guard let list = value.array, let time = Self.ofList(list) else { return nil }
      self = time
    default: return nil
    }
  }

  /// Seconds since 1970 and nanoseconds beside them, by the names that writers have for the two.
  private static func ofParts(_ object: JSONObject) -> Timestamp? {
    guard let name = secondNames.first(where: { object[$0] != nil }), let value = object[name],
      let seconds = whole(value)
    else { return nil }
    var rest: Int64? = 0
    if let name = nanosecondNames.first(where: { object[$0] != nil }), let value = object[name] {
      rest = whole(value)
    }
    guard let rest, 0..<1_000_000_000 ~= rest else { return nil }
    let (start, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (nanoseconds, isBeyond) = start.addingReportingOverflow(rest)
    return isTooLong || isBeyond ? nil : Timestamp(nanoseconds: nanoseconds)
  }

  /// `[2026, 5, 2, 10, 0]`, a second and nanoseconds behind where they are not zero.
  private static func ofList(_ list: JSONArray) -> Timestamp? {
    guard 5...7 ~= list.count else { return nil }
    var parts: [Int64] = []
    var elements = list.elements
    while let element = elements.next() {
      guard let part = element.int64 else { return nil }
      parts.append(part)
    }
    parts += [0, 0]
    let date = CivilDate(year: parts[0], month: parts[1], day: parts[2])
    guard 1677...2262 ~= parts[0], date.isValid, 0..<24 ~= parts[3], 0..<60 ~= parts[4],
      0..<60 ~= parts[5], 0..<1_000_000_000 ~= parts[6]
    else { return nil }
    let seconds = date.number * 86_400 + parts[3] * 3_600 + parts[4] * 60 + parts[5]
    let (start, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (nanoseconds, isBeyond) = start.addingReportingOverflow(parts[6])
    return isTooLong || isBeyond ? nil : Timestamp(nanoseconds: nanoseconds)
  }

  /// A whole number, which some write as a text.
  private static func whole(_ value: JSONValue) -> Int64? {
    value.int64 ?? value.string.flatMap { Int64($0) }
  }

  private static let secondNames = [
    "seconds", "_seconds", "secs", "sec", "tv_sec", "epochSecond", "epochSeconds",
    "secs_since_epoch",
  ]
  private static let nanosecondNames = [
    "nanos", "nanoseconds", "_nanoseconds", "nsec", "tv_nsec", "nano", "nanosecondsOfSecond",
    "nanos_since_epoch",
  ]
}
