import Bytes
import Events
import Facts
import Views

/// What is known of an agent in a session: the session's own, or one that it sent out.
struct AgentState: StoredRow, Equatable {
  /// What holds for its events until a line says otherwise: project, branch, model and the like.
  var context = Fields()
  var turnCount: UInt64 = 0
  var turn: Turn?
  /// The turns so far, the last ones, by what their requests follow: a person may take them back.
  var past: [PastTurn] = []
  /// What a person wrote while the agent worked, the longest waiting first.
  var queued: [String] = []
  /// Of what was queued: what began a turn when it was taken from there, and what did before that.
  var taken: [Hash128] = []
  var attached: [Hash128] = []
  /// What was sent to the model in a person's place: the request, where the file tells of none.
  var sent: String?
  /// Whether a file of the session itself is known, which tells all that its runs print.
  var hasFile = false
  /// What runs printed before that file was known: the calls of models and tools, and how many
  /// failures, which the file tells again.
  var printedCalls: [Hash128] = []
  var printedTools: [Hash128] = []
  var printedFailures: UInt64 = 0
  /// The running total that its tool told last.
  var total: TokenUsage?
  var callCount: UInt64 = 0
  /// Whether a run of the tool began it, whose request stands in no line.
  var isRun = false
  /// Turns of runs that nothing told the request of, without the turn at hand: a transcript that is
  /// read behind what the runs printed tells it.
  var unasked: [Turn] = []
  /// The session that its first lines were copied from, until it has a line of its own.
  var copiedFrom: String?
  /// Commands that outlived the first wait for them, the one that was told of last behind.
  var processes: [RunningProcess] = []
  /// What its last line is known by, where that has neither a name nor a time.
  var chain: Hash128?
  /// Events that it was told, without those of copied lines.
  var eventCount: UInt64 = 0

  static let processesMax = 32
  static let unaskedMax = 16
  static let pastMax = 64
  static let queuedMax = 16
  static let printedMax = 4_096

  /// The fields that hold until another line says otherwise.
  static let contextFields: [Field] = [
    .project, .agent, .agentVersion, .gitBranch, .model, .effort, .permissionMode, .provider,
  ]

  init() {}

  func encode(into writer: inout ByteWriter) {
    context.encode(into: &writer)
    writer.append(varint: turnCount)
    turn.encode(into: &writer)
    past.encode(into: &writer)
    queued.encode(into: &writer)
    taken.encode(into: &writer)
    attached.encode(into: &writer)
    sent.encode(into: &writer)
    writer.append(bool: hasFile)
    printedCalls.encode(into: &writer)
    printedTools.encode(into: &writer)
    writer.append(varint: printedFailures)
    total.encode(into: &writer)
    writer.append(varint: callCount)
    writer.append(bool: isRun)
    unasked.encode(into: &writer)
    copiedFrom.encode(into: &writer)
    processes.encode(into: &writer)
    chain.encode(into: &writer)
    writer.append(varint: eventCount)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    context = try Fields(from: &reader)
    turnCount = try reader.varint()
    turn = try Turn?(from: &reader)
    past = try [PastTurn](from: &reader)
    queued = try [String](from: &reader)
    taken = try [Hash128](from: &reader)
    attached = try [Hash128](from: &reader)
    sent = try String?(from: &reader)
    hasFile = try reader.bool()
    printedCalls = try [Hash128](from: &reader)
    printedTools = try [Hash128](from: &reader)
    printedFailures = try reader.varint()
    total = try TokenUsage?(from: &reader)
    callCount = try reader.varint()
    isRun = try reader.bool()
    unasked = try [Turn](from: &reader)
    copiedFrom = try String?(from: &reader)
    processes = try [RunningProcess](from: &reader)
    chain = try Hash128?(from: &reader)
    eventCount = try reader.varint()
  }
}

/// A turn that a person may take back.
struct PastTurn: Equatable, ByteCodable {
  var id: String
  /// What its request follows, where the line says it.
  var parent: Hash128?

  func encode(into writer: inout ByteWriter) {
    writer.append(text: id)
    parent.encode(into: &writer)
  }

  init(id: String, parent: Hash128?) {
    self.id = id
    self.parent = parent
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    id = try reader.text()
    parent = try Hash128?(from: &reader)
  }
}

/// A command that runs on after the call that began it, and the calls that wait for it.
struct RunningProcess: Equatable, ByteCodable {
  var id: String
  /// The call that began it; nil where it stands in no line.
  var call: Hash128?
  var waits: [Hash128] = []

  static let waitsMax = 16

  init(id: String, call: Hash128?) {
    self.id = id
    self.call = call
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(text: id)
    call.encode(into: &writer)
    waits.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    id = try reader.text()
    call = try Hash128?(from: &reader)
    waits = try [Hash128](from: &reader)
  }
}

extension AgentState {
  /// Whether the turn is over for good, and the next one will not be told of by a request.
  var isTurnClosed: Bool { turn.map { $0.isClosed && $0.prompt == nil } ?? false }

  /// The first turn of a run whose request was not told.
  mutating func takeUnasked() -> Turn? {
    if let turn, turn.isUnasked { unasked.append(turn) }
    return unasked.isEmpty ? nil : unasked.removeFirst()
  }

  /// A call began a process, which goes on.
  mutating func begin(_ process: String, by call: Hash128) {
    processes.removeAll { $0.id == process }
    keep(RunningProcess(id: process, call: call))
  }

  /// A call waits for a process.
  mutating func wait(for process: String, by call: Hash128) {
    var running = RunningProcess(id: process, call: nil)
    if let index = processes.firstIndex(where: { $0.id == process }) {
      running = processes.remove(at: index)
    }
    if running.waits.count == RunningProcess.waitsMax { running.waits.removeFirst() }
    running.waits.append(call)
    keep(running)
  }

  private mutating func keep(_ process: RunningProcess) {
    if processes.count == Self.processesMax { processes.removeFirst() }
    processes.append(process)
  }
}

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
  var model: String?
  /// Whether the last run of tests passed.
  var tests: Bool?
  /// Whether the last build, type check or lint passed.
  var check: Bool?
  /// Whether it worked, as the tool says.
  var success: Bool?
  /// The text of the last message, and the message that it is of.
  var response = ""
  var message: String?
  var usage = TokenUsage()
  var cost: Money?
  var latencyMS: FixedPoint?
  var last: Timestamp
  var state = State.working
  /// Whether a run told that it is over: nothing that follows is of it.
  var isClosed = false
  /// Whether it is counted as a turn though its request stands in no line so far.
  var isUnasked = false
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
    writer.append(text: response)
    message.encode(into: &writer)
    usage.encode(into: &writer)
    cost.encode(into: &writer)
    latencyMS.encode(into: &writer)
    writer.append(zigzag: last.nanoseconds)
    writer.append(byte: state.rawValue)
    writer.append(bool: isClosed)
    writer.append(bool: isUnasked)
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
    response = try reader.text()
    message = try String?(from: &reader)
    usage = try TokenUsage(from: &reader)
    cost = try Money?(from: &reader)
    latencyMS = try FixedPoint?(from: &reader)
    last = Timestamp(nanoseconds: try reader.zigzag())
    state = State(rawValue: try reader.byte()) ?? .working
    isClosed = try reader.bool()
    isUnasked = try reader.bool()
    failed = try [Hash128](from: &reader)
    callsSinceFailure = try [Hash128](from: &reader)
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

/// Which session the lines of a source are of, where they do not say so themselves.
struct SourceCursor: StoredRow, Equatable {
  var session: String?
  /// Whether the lines at hand were copied from another session.
  var isCopying = false
  var began = Timestamp(nanoseconds: 0)
  /// Lines of the conversation before this one were copied from another session.
  var firstOrdinal: UInt64?
  /// Of its last line without a name that tells its time, and how many before that are equal to it.
  var last = Hash128(value: 0)
  var repeats: UInt64 = 0
  /// Over its lines so far that have neither a name nor a time.
  var chain = Hash128(value: 0)
  /// Whether a turn began in lines that are copies.
  var awaitsTurn = false
  /// The session that its first line names, and the tool that wrote the line.
  var owner: String?
  var ownerAgent: String?
  /// Whether it tells of requests otherwise than by what was sent to the model.
  var tellsRequests = false

  init() {}

  func encode(into writer: inout ByteWriter) {
    session.encode(into: &writer)
    writer.append(bool: isCopying)
    writer.append(zigzag: began.nanoseconds)
    firstOrdinal.encode(into: &writer)
    writer.append(hash: last)
    writer.append(varint: repeats)
    writer.append(hash: chain)
    writer.append(bool: awaitsTurn)
    owner.encode(into: &writer)
    ownerAgent.encode(into: &writer)
    writer.append(bool: tellsRequests)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    session = try String?(from: &reader)
    isCopying = try reader.bool()
    began = Timestamp(nanoseconds: try reader.zigzag())
    firstOrdinal = try UInt64?(from: &reader)
    last = try reader.hash()
    repeats = try reader.varint()
    chain = try reader.hash()
    awaitsTurn = try reader.bool()
    owner = try String?(from: &reader)
    ownerAgent = try String?(from: &reader)
    tellsRequests = try reader.bool()
  }
}
