import Bytes
import Events
import Facts
import Views

/// A person's request and what the agent did about it, so far.
struct Turn: Equatable, ByteCodable {
  /// As the interaction's id.
  var id: String
  var began: Timestamp
  /// Of the request; a hash, to know it when it is told once more.
  var prompt: Hash128?
  var steps: UInt64 = 0
  var modelCalls: UInt64 = 0
  var failedChecks: UInt64 = 0
  var tools: [String] = []
  /// That of its first call, and when that was told of.
  var model: String?
  var modelAt: Timestamp?
  /// Whether the last run of tests passed.
  var tests: Bool?
  var testsAt: Timestamp?
  /// Whether the last build, type check or lint passed.
  var check: Bool?
  var checkAt: Timestamp?
  /// Whether it worked, as the tool says.
  var success: Bool?
  /// The text of the last message, and the message that it is of.
  var response = ""
  var responseAt: Timestamp?
  var message: String?
  var usage = TokenUsage()
  var cost: Money?
  var latencyMS: FixedPoint?
  var last: Timestamp
  /// The file that told of the last of it, where that says its time.
  var source: SourceID?
  /// Whether several files tell of it, which may be read in any order.
  var isTorn = false
  /// Whether something was said of how it stands.
  var isTold = false
  var state = State.working
  /// Whether a run told that it is over: nothing that follows is of it.
  var isClosed = false
  /// Whether it is counted as a turn though its request stands in no line so far.
  var isUnasked = false
  /// The task that it is for its tool.
  var task: String?
  /// What a tool was called with when it failed.
  var failed: [Hash128] = []
  /// The calls of models since the last failure of a tool.
  var callsSinceFailure: [Hash128] = []

  enum State: UInt8 {
    case working = 0
    /// A message without a call of a tool may have been the last one.
    case mayBeOver = 1
    case over = 2
    case interrupted = 3
    /// A person did not let a tool run, and no message followed.
    case rejected = 4
    /// A person took it back.
    case undone = 5
  }

  static let toolsMax = 256
  static let failedMax = 64
  static let callsMax = 64
  static let responseSizeMax = 1 << 18

  init(id: String, began: Timestamp) {
    self.id = id
    self.began = began
    last = began
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(text: id)
    writer.append(zigzag: began.nanoseconds)
    prompt.encode(into: &writer)
    for count in [steps, modelCalls, failedChecks] { writer.append(varint: count) }
    tools.encode(into: &writer)
    model.encode(into: &writer)
    for flag in [tests, check, success] { flag.encode(into: &writer) }
    for time in [modelAt, testsAt, checkAt, responseAt] {
      (time?.nanoseconds).encode(into: &writer)
    }
    writer.append(text: response)
    message.encode(into: &writer)
    usage.encode(into: &writer)
    cost.encode(into: &writer)
    latencyMS.encode(into: &writer)
    writer.append(zigzag: last.nanoseconds)
    source.encode(into: &writer)
    writer.append(bool: isTorn)
    writer.append(bool: isTold)
    writer.append(byte: state.rawValue)
    writer.append(bool: isClosed)
    writer.append(bool: isUnasked)
    task.encode(into: &writer)
    failed.encode(into: &writer)
    callsSinceFailure.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    id = try reader.text()
    began = Timestamp(nanoseconds: try reader.zigzag())
    prompt = try Hash128?(from: &reader)
    steps = try reader.varint()
    modelCalls = try reader.varint()
    failedChecks = try reader.varint()
    tools = try [String](from: &reader)
    model = try String?(from: &reader)
    tests = try Bool?(from: &reader)
    check = try Bool?(from: &reader)
    success = try Bool?(from: &reader)
    modelAt = try Int64?(from: &reader).map(Timestamp.init(nanoseconds:))
    testsAt = try Int64?(from: &reader).map(Timestamp.init(nanoseconds:))
    checkAt = try Int64?(from: &reader).map(Timestamp.init(nanoseconds:))
    responseAt = try Int64?(from: &reader).map(Timestamp.init(nanoseconds:))
    response = try reader.text()
    message = try String?(from: &reader)
    usage = try TokenUsage(from: &reader)
    cost = try Money?(from: &reader)
    latencyMS = try FixedPoint?(from: &reader)
    last = Timestamp(nanoseconds: try reader.zigzag())
    source = try SourceID?(from: &reader)
    isTorn = try reader.bool()
    isTold = try reader.bool()
    state = State(rawValue: try reader.byte()) ?? .working
    isClosed = try reader.bool()
    isUnasked = try reader.bool()
    task = try String?(from: &reader)
    failed = try [Hash128](from: &reader)
    callsSinceFailure = try [Hash128](from: &reader)
  }

  /// Takes what an event says of when it happened.
  ///
  /// - Returns: whether another file told of what happened later: files are read in any order.
  mutating func reach(_ event: Event) -> Bool {
    if isOfAnotherFile(event) {
      isTorn = true
      if event.time < last {
        if prompt == nil, event.time < began { began = event.time }
        return true
      }
    }
    last = event.time
    source = event.envelope.isTimeInferred ? nil : event.envelope.source
    return false
  }

  /// Whether another file tells of an event than told of the last of the turn, and when that was.
  func isOfAnotherFile(_ event: Event) -> Bool {
    guard let source, !event.envelope.isTimeInferred else { return false }
    return source != event.envelope.source
  }

  /// What is said of it as an interaction, with all that decides how it went.
  func ending(isComplete: Bool) -> Fields {
    var fields = Fields()
    fields.set(.interactionID, id)
    fields.set(.response, response)
    fields.set(.iterations, failedChecks &+ 1)
    fields.set(.steps, steps)
    fields.set(.toolCalls, steps)
    fields.set(.modelCalls, modelCalls)
    if !tools.isEmpty { fields[.toolsUsed] = .texts(tools) }
    fields.set(.model, model)
    fields.set(usage)
    fields.set(.costUSD, cost?.dollars)
    fields.set(.latencyMS, latencyMS ?? elapsedMS)
    switch state {
    case .interrupted:
      fields.set(.status, "stopped")
      fields.set(.outcomeBasis, "human")
    case .rejected:
      fields.set(.status, "rejected")
      fields.set(.outcomeBasis, "human")
    case .undone:
      fields.set(.status, "failed")
      fields.set(.outcomeBasis, "human")
    case .working, .mayBeOver, .over:
      if let tests { fields[.testsPassed] = .bool(tests) }
      if let check { fields.set(.exitCode, check ? .zero : .one) }
      if let success { fields[.success] = .bool(success) }
      fields.set(.status, isComplete ? "completed" : "stopped")
    }
    return fields
  }

  private var elapsedMS: FixedPoint? {
    let (elapsed, isTooLong) = last.nanoseconds.subtractingReportingOverflow(began.nanoseconds)
    guard !isTooLong, elapsed > 0 else { return nil }
    return FixedPoint(elapsed / 1_000_000)
  }
}

extension Turn {
  /// Adds a call of its own, or what changed of one.
  mutating func add(_ call: ModelCall, _ before: ModelCall?) {
    guard call.context.interaction == id || before == nil else { return }
    if let before {
      usage = usage - before.usage
      if let dollars = before.cost { cost = (cost ?? Money()) - dollars }
    }
    usage = usage + call.usage
    if let dollars = call.cost { cost = (cost ?? Money()) + dollars }
  }
}
