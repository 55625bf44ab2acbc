package import Bytes
package import Events
import Facts
import Tables
import Views

/// What is known of a tool by its id: its call, or the result of a call that was not read so far.
struct KnownTool: StoredRow, Equatable {
  var call: ToolCall?
  var held: HeldResult?

  init(_ call: ToolCall) { self.call = call }

  init(_ held: HeldResult) { self.held = held }

  func encode(into writer: inout ByteWriter) {
    call.encode(into: &writer)
    held.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    call = try ToolCall?(from: &reader)
    held = try HeldResult?(from: &reader)
  }
}

/// A result that was read before its call, which says what the result means.
struct HeldResult: Equatable, ByteCodable {
  var result: ToolResult
  var fields: Fields
  var time: Timestamp
  var isTimeInferred: Bool
  /// The event that told of its error when it was read; nil where it was not told.
  var told: EventID?

  func encode(into writer: inout ByteWriter) {
    result.encode(into: &writer)
    fields.encode(into: &writer)
    writer.append(zigzag: time.nanoseconds)
    writer.append(bool: isTimeInferred)
    told.encode(into: &writer)
  }

  init(
    _ result: ToolResult, _ fields: Fields, at time: Timestamp, isTimeInferred: Bool,
    told: EventID?
  ) {
    self.result = result
    self.fields = fields
    self.time = time
    self.isTimeInferred = isTimeInferred
    self.told = told
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    result = try ToolResult(from: &reader)
    fields = try Fields(from: &reader)
    time = Timestamp(nanoseconds: try reader.zigzag())
    isTimeInferred = try reader.bool()
    told = try EventID?(from: &reader)
  }
}

// Files of one session may be read in any order, and so a result before its call.
extension Conversations {
  /// Keeps a result until its call is read. What went wrong is told at once, for the call may stand in
  /// no file that is left; but what printed nothing says nothing without its command, and may be an
  /// answer.
  func hold(
    _ result: ToolResult, _ key: Hash128, _ fold: inout ConversationFold
  ) throws(TableError) {
    let isTold = result.ending == .failed && !result.isSilent
    if !isTold {
      fold.isDropped = true
      fold.note(.activity)
    }
    if result.isLocalID { return }
    let held = HeldResult(
      result, fold.event.fields, at: fold.event.time,
      isTimeInferred: fold.event.envelope.isTimeInferred, told: isTold ? fold.event.id : nil)
    try tools.put(key, KnownTool(held))
  }

  /// Ends a call by the result that was read before it.
  func release(
    _ held: HeldResult, for call: ToolCall, _ key: Hash128, _ fold: inout ConversationFold
  ) throws(TableError) {
    var envelope = fold.event.envelope
    envelope.kind = "tool_result"
    (envelope.time, envelope.isTimeInferred) = (held.time, held.isTimeInferred)
    var fields = held.fields
    fields.complete(from: fold.agent.context)
    if !fields.has(.sessionID) { fields.set(.sessionID, fold.session) }
    var late = ConversationFold(
      event: Event(fold.event.id, envelope: envelope, fields: held.fields, record: nil),
      fields: fields, session: fold.session, agentID: fold.agentID, agent: fold.agent)
    try end(call, key, by: held.result, &late)
    fold.agent = late.agent
    fold.modelCalls += late.modelCalls
    fold.toolCalls += late.toolCalls
    fold.notes += late.notes
    if let told = held.told {
      if late.fields.has(.errorMessage) { fold.late.append(late.completion(of: told)) }
    } else if !late.isDropped {
      fold.late.append(late.enriched)
    }
    fold.late += late.endings.map(late.event)
  }
}

extension ToolResult: ByteCodable {
  package func encode(into writer: inout ByteWriter) {
    writer.append(text: id)
    writer.append(bool: isLocalID)
    writer.append(byte: ending.rawValue)
    writer.append(varint: outputSize)
    process.encode(into: &writer)
    for flag in [hasExited, isNotice, isSilent] { writer.append(bool: flag) }
    latencyMS.encode(into: &writer)
    outputTail.encode(into: &writer)
    for count in [commits, linesAdded, linesRemoved] { writer.append(varint: count) }
  }

  package init(from reader: inout ByteReader) throws(BytesError) {
    let id = try reader.text()
    let isLocalID = try reader.bool()
    let raw = try reader.byte()
    guard let ending = Ending(rawValue: raw) else {
      throw BytesError("no result of a tool has the number \(raw)", at: reader.position - 1)
    }
    self.init(id: id, ending: ending)
    self.isLocalID = isLocalID
    outputSize = try reader.varint()
    process = try String?(from: &reader)
    hasExited = try reader.bool()
    isNotice = try reader.bool()
    isSilent = try reader.bool()
    latencyMS = try FixedPoint?(from: &reader)
    outputTail = try String?(from: &reader)
    commits = try reader.varint()
    linesAdded = try reader.varint()
    linesRemoved = try reader.varint()
  }
}
