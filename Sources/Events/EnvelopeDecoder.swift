internal import JSON

/// What a line says of itself when it is taken in.
package struct LineEnvelope: Equatable, Sendable {
  /// Nil when nothing tells.
  package var stream: Stream?
  package var kind: String
  /// Nil when the line does not say.
  package var time: Timestamp?
}

/// Reads envelopes, line after line. Not for two threads at once.
struct EnvelopeDecoder {
  private static let keys = JSONKeyTable([
    "event", "event_type", "kind", "type", "stream", "timestamp", "created_at", "ts", "time",
    "extension", "llm_used", "rag_hits", "source", "task_id", "iteration", "total_iterations",
    "backend",
  ])

  /// The places of the names above.
  private enum Key {
    static let kinds = 0..<3
    static let type = 3
    static let stream = 4
    static let times = 5..<9
    static let `extension` = 9
    static let llmUsed = 10
    static let ragHits = 11
    static let source = 12
    static let taskID = 13
    static let besideTaskID = 14..<17
  }

  private var slots = JSONSlots(keys: Self.keys, places: 1)
  /// Equal kinds share their storage.
  private var kinds: [String: String] = [:]
  private static let kindsMax = 1_024

  /// - Parameters:
  ///   - given: the stream given on the command line.
  ///   - fileName: the stream that the file is named after.
  mutating func decode(_ object: JSONObject, given: Stream?, fileName: Stream?) -> LineEnvelope {
    slots.beginLine()
    slots.note(object, place: 0)
    let kind = kind(object)
    let stream = given ?? ownStream(object) ?? fileName ?? streamOfShape(object, kind: kind)
    return LineEnvelope(stream: stream, kind: kind ?? "unknown", time: time(object))
  }

  private func isThere(_ key: Int, _ object: JSONObject) -> Bool {
    guard let index = slots.index(of: key, place: 0) else { return false }
    let value = object.value(at: index)
    return value.kind != .null && value.kind != .absent && !value.isEmpty
  }

  private func text(_ key: Int, _ object: JSONObject) -> String? {
    guard let index = slots.index(of: key, place: 0) else { return nil }
    let value = object.value(at: index)
    return value.isEmpty ? nil : value.string
  }

  /// `type` is payload in real lines: it counts only when no other name is there.
  private mutating func kind(_ object: JSONObject) -> String? {
    var isNamed = false
    for key in Key.kinds {
      if let kind = text(key, object) { return interned(kind) }
      isNamed = isNamed || isThere(key, object)
    }
    return isNamed ? nil : text(Key.type, object).map { interned($0) }
  }

  private mutating func interned(_ kind: String) -> String {
    if let known = kinds[kind] { return sameBytes(known, kind) ? known : kind }
    if kinds.count < Self.kindsMax { kinds[kind] = kind }
    return kind
  }

  private func ownStream(_ object: JSONObject) -> Stream? {
    text(Key.stream, object).flatMap { Stream(name: $0) }
  }

  private func streamOfShape(_ object: JSONObject, kind: String?) -> Stream? {
    if isThere(Key.extension, object) { return .editor }
    if isThere(Key.llmUsed, object) || isThere(Key.ragHits, object)
      || text(Key.source, object) == "aidb"
    {
      return .aidb
    }
    if let kind, let stream = Kinds.onlyStream(of: kind) { return stream }
    let hasTask = isThere(Key.taskID, object)
    return hasTask && Key.besideTaskID.contains { isThere($0, object) } ? .ralph : nil
  }

  /// The first of the names that reads as a time.
  private func time(_ object: JSONObject) -> Timestamp? {
    for key in Key.times {
      guard let index = slots.index(of: key, place: 0) else { continue }
      let value = object.value(at: index)
      switch value.kind {
      case .text: if let time = Timestamp.parse(value.utf8) { return time }
      case .integer: if let time = value.int64.flatMap({ Timestamp(epoch: $0) }) { return time }
      case .double: if let time = value.double.flatMap({ Timestamp(epoch: $0) }) { return time }
      case .null, .bool, .array, .object, .absent: continue
      }
    }
    return nil
  }
}
