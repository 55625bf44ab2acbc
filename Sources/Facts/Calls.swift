public import Bytes
public import Events
public import Views

/// Who a call belongs to: the session, and what held in it.
public struct CallContext: Equatable, Sendable {
  public var stream: Stream
  public var session: String?
  /// The person who asked.
  public var user: String?
  /// The sub-agent within the session; nil for its own agent.
  public var agentID: String?
  /// The tool that the agent runs in, such as `claude-code`.
  public var agent: String?
  public var project: String?
  /// The turn, or the interaction, that it is part of.
  public var interaction: String?
  public var time: Timestamp
  /// Whether no line says the time.
  public var isTimeInferred: Bool

  public init(
    stream: Stream, session: String? = nil, user: String? = nil, agentID: String? = nil,
    agent: String? = nil,
    project: String? = nil, interaction: String? = nil, time: Timestamp,
    isTimeInferred: Bool = false
  ) {
    self.isTimeInferred = isTimeInferred
    self.stream = stream
    self.session = session
    self.user = user
    self.agentID = agentID
    self.agent = agent
    self.project = project
    self.interaction = interaction
    self.time = time
  }
}

extension Fields {
  /// The model that answered, where a field says more of it than where it ran.
  public var modelName: String? { name(.model) ?? name(.llmUsed) }

  /// Whether the model ran on a machine of one's own; nil where nothing says so.
  public var isOfLocalModel: Bool? {
    bool(.isLocal) ?? text(.llmUsed).flatMap(Self.isLocal) ?? text(.model).flatMap(Self.isLocal)
  }

  private func name(_ field: Field) -> String? {
    text(field).flatMap { Self.isLocal($0) == nil ? $0 : nil }
  }

  private static func isLocal(_ word: String) -> Bool? {
    switch word.lowercased() {
    case "local": true
    case "remote": false
    default: nil
    }
  }
}

/// A call of a model, as known at one offset.
public struct ModelCall: Equatable, Sendable {
  /// The event that first told of it.
  public var event: EventID
  /// The id of its message, or of its event.
  public var id: String
  /// As the maker of the model calls it, where that is told beside the message.
  public var requestID: String?
  public var context: CallContext
  public var model: String?
  /// What it read and wrote; a count that nobody told is nil.
  public var usage: TokenUsage
  /// Read and written together, where nobody told how much of each: no part of `usage`.
  public var tokensUnsplit: UInt64?
  /// The tier of service that it was made at, as its provider calls it; nil where that is the usual.
  public var serviceTier: String?
  /// Nil where nothing says what it cost.
  public var cost: Money?
  /// What the cost rests on, also where there is none.
  public var basis: CostBasis
  /// Whether it was still being written when its tokens were counted.
  public var isPartial = false
  /// The rest of a total that a run told, beyond its calls: it counts as no call.
  public var isUnattributed = false
  /// Whether it lies between the failure of a tool and the same tool's being tried again.
  public var isRetry = false
  /// Whether another record tells of it, too, and better: it counts nothing.
  public var isToldTwice = false

  public init(
    event: EventID, id: String, context: CallContext, model: String?, usage: TokenUsage,
    cost: Money?, basis: CostBasis
  ) {
    self.event = event
    self.id = id
    self.context = context
    self.model = model
    self.usage = usage
    self.cost = cost
    self.basis = basis
  }
}

/// A tool that an agent used, as known at one offset.
public struct ToolCall: Equatable, Sendable {
  /// How a call ended, as far as is known; the numbers lie on disk.
  public enum Ending: UInt8, Sendable {
    /// Its result has not come.
    case open = 0
    case succeeded = 1
    case failed = 2
    /// A person did not let it run.
    case rejected = 3
  }

  /// What took longer waited for a person.
  public static let runMinutesMax: Int64 = 10

  /// The event that first told of it.
  public var event: EventID
  public var id: String
  public var context: CallContext
  public var tool: String
  public var command: String?
  /// By which commands are counted together: `git push`.
  public var commandHead: String?
  /// A hash of the tool's name and input.
  public var input = Hash128(value: 0)
  public var ending = Ending.open
  /// How the command ended that it is counted by, where that is known to be otherwise: the last of
  /// a pipe may succeed though its first failed, and of several any may have failed.
  private var ownCommandEnding: Ending?
  /// From the call to its result; nil where a person was waited for, or time was not told.
  public var latencyMS: FixedPoint?
  /// Bytes that the model was given to read.
  public var outputSize: UInt64 = 0
  /// Whether the same tool had failed with the same input earlier in the turn.
  public var isRetry = false
  public var paths: [String] = []
  /// Whether it changed files.
  public var isEdit = false
  public var linesAdded: UInt64 = 0
  public var linesRemoved: UInt64 = 0
  /// Commits that git said in the output that it made.
  public var toldCommits: UInt64 = 0
  /// Whether another record tells of it, too, and better: it counts nothing.
  public var isToldTwice = false

  public init(event: EventID, id: String, context: CallContext, tool: String) {
    self.event = event
    self.id = id
    self.context = context
    self.tool = tool
  }

  /// How the command ended that it is counted by.
  public var commandEnding: Ending {
    get { ownCommandEnding ?? ending }
    set { ownCommandEnding = newValue == ending ? nil : newValue }
  }
}

/// What an event made of a call: begun, or otherwise than before.
public struct CallChange<Call: Equatable & Sendable>: Equatable, Sendable {
  public let event: EventID
  /// Nil when it is new.
  public let before: Call?
  /// As it is from this event on.
  public let after: Call

  public init(of event: EventID, before: Call?, after: Call) {
    self.event = event
    self.before = before
    self.after = after
  }
}

/// What happened in a session beside its calls.
public struct SessionNote: Equatable, Sendable {
  /// What happened in a session beside its calls.
  public enum What: Equatable, Sendable {
    /// A person's request began a turn.
    case turn(prompt: String?)
    /// What was asked in a turn that had begun without it.
    case request(String)
    case interruption
    case compaction
    case title(String)
    /// What it is about, as its tool says; a title counts more.
    case summary(String)
    case pullRequest(String)
    case parent(String)
    case limits([LimitState])
    /// The session was at work then.
    case activity
  }

  public let event: EventID
  public let context: CallContext
  public let what: What

  public init(of event: EventID, _ context: CallContext, _ what: What) {
    self.event = event
    self.context = context
    self.what = what
  }
}

extension CallContext: ByteCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.append(byte: stream.rawValue)
    for text in [session, user, agentID, agent, project, interaction] { text.encode(into: &writer) }
    writer.append(zigzag: time.nanoseconds)
    writer.append(bool: isTimeInferred)
  }

  public init(from reader: inout ByteReader) throws(BytesError) {
    let raw = try reader.byte()
    guard let stream = Stream(rawValue: raw) else {
      throw BytesError("no stream has the number \(raw)", at: reader.position - 1)
    }
    self.stream = stream
    session = try String?(from: &reader)
    user = try String?(from: &reader)
    agentID = try String?(from: &reader)
    agent = try String?(from: &reader)
    project = try String?(from: &reader)
    interaction = try String?(from: &reader)
    time = Timestamp(nanoseconds: try reader.zigzag())
    isTimeInferred = try reader.bool()
  }
}

extension ModelCall: StoredRow {
  public func encode(into writer: inout ByteWriter) {
    event.encode(into: &writer)
    writer.append(text: id)
    requestID.encode(into: &writer)
    context.encode(into: &writer)
    model.encode(into: &writer)
    usage.encode(into: &writer)
    tokensUnsplit.encode(into: &writer)
    serviceTier.encode(into: &writer)
    cost.encode(into: &writer)
    basis.encode(into: &writer)
    writer.append(bool: isPartial)
    writer.append(bool: isUnattributed)
    writer.append(bool: isRetry)
    writer.append(bool: isToldTwice)
  }

  public init(from reader: inout ByteReader) throws(BytesError) {
    event = try EventID(from: &reader)
    id = try reader.text()
    requestID = try String?(from: &reader)
    context = try CallContext(from: &reader)
    model = try String?(from: &reader)
    usage = try TokenUsage(from: &reader)
    tokensUnsplit = try UInt64?(from: &reader)
    serviceTier = try String?(from: &reader)
    cost = try Money?(from: &reader)
    basis = try CostBasis(from: &reader)
    isPartial = try reader.bool()
    isUnattributed = try reader.bool()
    isRetry = try reader.bool()
    isToldTwice = try reader.bool()
  }
}

extension ToolCall.Ending {
  fileprivate init(from reader: inout ByteReader) throws(BytesError) {
    let raw = try reader.byte()
    guard let ending = Self(rawValue: raw) else {
      throw BytesError("no ending of a tool has the number \(raw)", at: reader.position - 1)
    }
    self = ending
  }
}

extension ToolCall: StoredRow {
  public func encode(into writer: inout ByteWriter) {
    event.encode(into: &writer)
    writer.append(text: id)
    context.encode(into: &writer)
    writer.append(text: tool)
    command.encode(into: &writer)
    commandHead.encode(into: &writer)
    input.encode(into: &writer)
    writer.append(byte: ending.rawValue)
    writer.append(byte: commandEnding.rawValue)
    latencyMS.encode(into: &writer)
    writer.append(varint: outputSize)
    writer.append(bool: isRetry)
    paths.encode(into: &writer)
    writer.append(bool: isEdit)
    writer.append(varint: linesAdded)
    writer.append(varint: linesRemoved)
    writer.append(varint: toldCommits)
    writer.append(bool: isToldTwice)
  }

  public init(from reader: inout ByteReader) throws(BytesError) {
    event = try EventID(from: &reader)
    id = try reader.text()
    context = try CallContext(from: &reader)
    tool = try reader.text()
    command = try String?(from: &reader)
    commandHead = try String?(from: &reader)
    input = try Hash128(from: &reader)
    ending = try Ending(from: &reader)
    commandEnding = try Ending(from: &reader)
    latencyMS = try FixedPoint?(from: &reader)
    outputSize = try reader.varint()
    isRetry = try reader.bool()
    paths = try [String](from: &reader)
    isEdit = try reader.bool()
    linesAdded = try reader.varint()
    linesRemoved = try reader.varint()
    toldCommits = try reader.varint()
    isToldTwice = try reader.bool()
  }
}
