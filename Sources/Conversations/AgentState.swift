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
  /// What was done before the first request that lines tell of, and when that was.
  var unrequested: Turn?
  var askedAt: Timestamp?
  /// The turns so far, the last ones, by what their requests follow: a person may take them back.
  var past: [PastTurn] = []
  /// What a person wrote while the agent worked, the longest waiting first.
  var queued: [String] = []
  /// Of what was queued: what began a turn when it was taken from there, and what did before that.
  var taken: [Hash128] = []
  var attached: [Hash128] = []
  /// What was sent to the model in a person's place: the request, where the file tells of none.
  var sent: String?
  /// As its turn will be called, where the line says it.
  var sentID: String?
  /// Whether a file of the session itself is known, which tells all that its runs print.
  var hasFile = false
  /// What runs printed before that file was known: the calls of models and tools, and how many
  /// failures, which the file tells again.
  var printedCalls: [Hash128] = []
  var printedTools: [Hash128] = []
  var printedFailures: UInt64 = 0
  /// The running totals that its tool told, the last ones, in the order of their times.
  var totals: [RunningTotal] = []
  /// Whether these go on from another session's, which need stand in none of its own lines.
  var goesOnFromOther = false
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
  /// When it was at work before the first of these, in order.
  var activeBefore: [Timestamp] = []
  /// Whether another agent asks what is asked in the session.
  var isSubAgent = false
  /// What its tool says that it works on.
  var task: String?
  /// The tier of service of its calls, where these do not say it themselves.
  var serviceTier: String?
  /// What runs said that the session used in all, the least first.
  var runTotals: [SessionTotal] = []

  static let processesMax = 32
  static let unaskedMax = 16
  static let pastMax = 64
  static let queuedMax = 16
  static let printedMax = 4_096
  static let totalsMax = 256
  static let activeBeforeMax = 64

  /// The fields that hold until another line says otherwise.
  static let contextFields: [Field] = [
    .project, .agent, .agentVersion, .gitBranch, .model, .effort, .permissionMode, .provider,
  ]

  init() {}

  func encode(into writer: inout ByteWriter) {
    context.encode(into: &writer)
    writer.append(varint: turnCount)
    turn.encode(into: &writer)
    unrequested.encode(into: &writer)
    (askedAt?.nanoseconds).encode(into: &writer)
    past.encode(into: &writer)
    queued.encode(into: &writer)
    taken.encode(into: &writer)
    attached.encode(into: &writer)
    sent.encode(into: &writer)
    sentID.encode(into: &writer)
    writer.append(bool: hasFile)
    printedCalls.encode(into: &writer)
    printedTools.encode(into: &writer)
    writer.append(varint: printedFailures)
    totals.encode(into: &writer)
    writer.append(bool: goesOnFromOther)
    writer.append(varint: callCount)
    writer.append(bool: isRun)
    unasked.encode(into: &writer)
    copiedFrom.encode(into: &writer)
    processes.encode(into: &writer)
    chain.encode(into: &writer)
    writer.append(varint: eventCount)
    activeBefore.map(\.nanoseconds).encode(into: &writer)
    writer.append(bool: isSubAgent)
    task.encode(into: &writer)
    serviceTier.encode(into: &writer)
    runTotals.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    context = try Fields(from: &reader)
    turnCount = try reader.varint()
    turn = try Turn?(from: &reader)
    unrequested = try Turn?(from: &reader)
    askedAt = try Int64?(from: &reader).map(Timestamp.init(nanoseconds:))
    past = try [PastTurn](from: &reader)
    queued = try [String](from: &reader)
    taken = try [Hash128](from: &reader)
    attached = try [Hash128](from: &reader)
    sent = try String?(from: &reader)
    sentID = try String?(from: &reader)
    hasFile = try reader.bool()
    printedCalls = try [Hash128](from: &reader)
    printedTools = try [Hash128](from: &reader)
    printedFailures = try reader.varint()
    totals = try [RunningTotal](from: &reader)
    goesOnFromOther = try reader.bool()
    callCount = try reader.varint()
    isRun = try reader.bool()
    unasked = try [Turn](from: &reader)
    copiedFrom = try String?(from: &reader)
    processes = try [RunningProcess](from: &reader)
    chain = try Hash128?(from: &reader)
    eventCount = try reader.varint()
    activeBefore = try [Int64](from: &reader).map(Timestamp.init(nanoseconds:))
    isSubAgent = try reader.bool()
    task = try String?(from: &reader)
    serviceTier = try String?(from: &reader)
    runTotals = try [SessionTotal](from: &reader)
  }
}

/// What a session used in all so far, when that was told, and the call that it is the end of.
struct RunningTotal: Equatable, ByteCodable {
  let usage: TokenUsage
  /// What the call itself used, where that is told.
  let last: TokenUsage?
  var time: Timestamp
  let source: SourceID
  /// Nil for one that was copied from another session.
  let call: Hash128?

  init(
    _ usage: TokenUsage, last: TokenUsage? = nil, at time: Timestamp, from source: SourceID,
    endOf call: Hash128?
  ) {
    self.usage = usage
    self.last = last
    self.time = time
    self.source = source
    self.call = call
  }

  func encode(into writer: inout ByteWriter) {
    usage.encode(into: &writer)
    last.encode(into: &writer)
    writer.append(zigzag: time.nanoseconds)
    source.encode(into: &writer)
    call.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    usage = try TokenUsage(from: &reader)
    last = try TokenUsage?(from: &reader)
    time = Timestamp(nanoseconds: try reader.zigzag())
    source = try SourceID(from: &reader)
    call = try Hash128?(from: &reader)
  }
}

/// What a session used in all when a run of it ended, and the call that it is the end of.
struct SessionTotal: Equatable, ByteCodable {
  let usage: TokenUsage
  let call: Hash128
  let source: SourceID
  /// Of totals that count on from one another; a count that falls in a file begins a new one.
  let count: UInt64

  init(usage: TokenUsage, call: Hash128, source: SourceID, count: UInt64) {
    self.usage = usage
    self.call = call
    self.source = source
    self.count = count
  }

  func encode(into writer: inout ByteWriter) {
    usage.encode(into: &writer)
    writer.append(hash: call)
    source.encode(into: &writer)
    writer.append(varint: count)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    usage = try TokenUsage(from: &reader)
    call = try reader.hash()
    source = try SourceID(from: &reader)
    count = try reader.varint()
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

/// Which session the lines of a source are of, where they do not say so themselves.
struct SourceCursor: StoredRow, Equatable {
  var session: String?
  /// Whether the lines at hand were copied from another session.
  var isCopying = false
  var began = Timestamp(nanoseconds: 0)
  /// Whether a line says that time: others that say none are given it.
  var saysBegan = false
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
  /// Whether it tells of the ends of tools whose calls stand beside them.
  var tellsEnds = false

  init() {}

  func encode(into writer: inout ByteWriter) {
    session.encode(into: &writer)
    writer.append(bool: isCopying)
    writer.append(zigzag: began.nanoseconds)
    writer.append(bool: saysBegan)
    firstOrdinal.encode(into: &writer)
    writer.append(hash: last)
    writer.append(varint: repeats)
    writer.append(hash: chain)
    writer.append(bool: awaitsTurn)
    owner.encode(into: &writer)
    ownerAgent.encode(into: &writer)
    writer.append(bool: tellsRequests)
    writer.append(bool: tellsEnds)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    session = try String?(from: &reader)
    isCopying = try reader.bool()
    began = Timestamp(nanoseconds: try reader.zigzag())
    saysBegan = try reader.bool()
    firstOrdinal = try UInt64?(from: &reader)
    last = try reader.hash()
    repeats = try reader.varint()
    chain = try reader.hash()
    awaitsTurn = try reader.bool()
    owner = try String?(from: &reader)
    ownerAgent = try String?(from: &reader)
    tellsRequests = try reader.bool()
    tellsEnds = try reader.bool()
  }
}
