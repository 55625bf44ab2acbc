package import Bytes

/// What a line of a transcript says of its conversation, beside the canonical fields of the event
/// that it is: a format makes it of the line alone, and the conversations step reads it.
package final class ConversationRecord: Sendable {
  /// The session that the line names; nil where it holds for the session that its file is of.
  package let session: String?
  /// The sub-agent within the session; nil for the session's own agent.
  package let agentID: String?
  /// What identifies the line, wherever it is copied to; nil where the tool gives it no name.
  package let line: String?
  /// Of the line's bytes: equal lines have equal hashes.
  package let bytes: Hash128
  /// The session whose file a copy stands in, where the line says so itself: what it tells is of
  /// `session`.
  package let copy: String?
  /// Its number in its conversation, where the tool counts lines.
  package let ordinal: UInt64?
  /// Whether a run printed the line, and not into the file of its session: where there is that file,
  /// it tells the same and more.
  package let isPrinted: Bool
  /// Whether it tells how an agent gets on that was sent out; a copy keeps the session that sent it.
  package let isProgress: Bool
  package let content: Content

  package init(
    session: String?, agentID: String? = nil, line: String? = nil, bytes: Hash128,
    copy: String? = nil, ordinal: UInt64? = nil, isPrinted: Bool = false,
    isProgress: Bool = false, _ content: Content
  ) {
    self.isProgress = isProgress
    self.isPrinted = isPrinted
    self.session = session
    self.agentID = agentID
    self.line = line
    self.bytes = bytes
    self.copy = copy
    self.ordinal = ordinal
    self.content = content
  }

  package enum Content: Sendable {
    /// What holds for the lines that follow; the event's canonical fields say it.
    case context(SessionContext)
    /// A person's request, which begins a turn.
    case prompt(AskedPrompt)
    /// A part of a model's answer, or of what it thought.
    case message(Message)
    case toolUse(ToolUse)
    case toolResult(ToolResult)
    /// What says that a turn is over.
    case turnEnd(TurnEnd)
    /// A person stopped the turn; the task that this was, where the tool names it.
    case interruption(ofTask: String?)
    /// What a run cost, as it says itself.
    case total(RunTotal)
    /// A person took back the last turns, so many of them.
    case undone(UInt64)
    /// What came before was replaced by a summary.
    case compaction
    /// How much of a limit is used.
    case limits([LimitState])
    /// A name that the tool gave the session.
    case title(String)
    /// What the conversation is about that a line ends, which may be another session's.
    case summary(String, ofLine: String)
    /// A pull request that came of the session.
    case pullRequest(String)
    /// A person wrote while the agent worked: the text waits.
    case queued(String)
    /// The text that waits longest was taken: by itself as a prompt, or, where false, by a line that
    /// follows.
    case unqueued(isPrompt: Bool)
    /// All texts that wait were taken back.
    case emptiedQueue
    /// The session was at work at the line's time, and nothing else.
    case activity
  }
}

/// How a turn is named.
package enum TurnID: Equatable, Sendable {
  case named(String)
  /// By its number in the session.
  case numbered
}

/// A person's request; the event's canonical fields have its text.
package struct AskedPrompt: Equatable, Sendable {
  package enum Origin: Sendable {
    /// The line is where the tool tells of requests.
    case told
    /// The person wrote it while the agent worked: a line that says that it was taken may have told
    /// of it.
    case queued
    /// The line is one of what was sent to the model: a request where the file tells of none
    /// otherwise.
    case sent
    /// A command of the tool: a request where the agent does something next.
    case command
  }

  package var turn: TurnID
  package var origin: Origin
  /// What identifies the line that it follows: two requests behind the same line are two ways to go
  /// on, of which the person gave up the first.
  package var parent: Hash128?

  package init(_ turn: TurnID, _ origin: Origin = .told, parent: Hash128? = nil) {
    self.turn = turn
    self.origin = origin
    self.parent = parent
  }
}

/// How a session begins, or goes on.
package struct SessionContext: Equatable, Sendable {
  /// Whether a process begins here, whose totals count from here.
  package var beginsRun = false
  /// Whether the tool's files begin with it: a later one, which names another session, was copied.
  package var isHeader = false
  /// Whether a turn begins here, whose request stands in no line.
  package var beginsTurn = false
  /// Whether what was copied from another session ends here.
  package var endsCopies = false
  /// The session that it holds for, where the line names it otherwise than as the one that it is of.
  package var thread: String?
  /// The tier of service from here on, as the provider calls it.
  package var serviceTier: String?
  package var parentSession: String?
  /// Whether the file goes on from a copy of the parent's.
  package var isFork = false
  /// Lines of the conversation before this one are its parent's.
  package var firstOrdinal: UInt64?
  /// Whether another agent asks what is asked in the session.
  package var isSubAgent = false
  /// As the tool names what it works on from here on: a request, or something that it does by itself.
  package var task: String?

  package init() {}
}

/// A part of a model's message. All parts of a message have its id, and the same usage or a later
/// one.
package struct Message: Equatable, Sendable {
  /// What identifies the call of the model; nil where only the order of lines tells.
  package var id: String?
  package var requestID: String?
  package var usage: TokenUsage?
  /// A running total of the session, of which the call is the difference to the one before.
  package var totalUsage: TokenUsage?
  /// What the call itself used, where the line of the running total says it, too.
  package var lastUsage: TokenUsage?
  /// What the call cost, where the line says it.
  package var costUSD: FixedPoint?
  /// Whether the total is that of all runs of the session so far, each of which may have a file of
  /// its own.
  package var isTotalOfRuns = false
  /// Whether the counts are of a message that was still being written.
  package var isPartial = false
  /// The tier of service that the call was made at, as its provider calls it: `batch`.
  package var serviceTier: String?
  package var text: String?
  /// Whether the model says that it is done; nil where it does not say.
  package var endsTurn: Bool?
  /// Whether the model was not reached; the event has the error's message.
  package var isError = false
  /// Whether a run's own output tells of it, whose total counts it.
  package var isOfRun = false

  package init() {}
}

/// A tool that a model wants to be run.
package struct ToolUse: Equatable, Sendable {
  package var id: String
  /// Whether the id is unique in its turn alone, and not wherever it is told again.
  package var isLocalID = false
  package var name: String
  /// Whether a line of its end may tell of it better: it counts where its file has no such lines.
  package var isEcho = false
  /// Whether it is told by such a line.
  package var isOfEnd = false
  /// Of the input: equal inputs have equal hashes.
  package var input: Hash128
  /// The files that it changes or reads.
  package var paths: [String] = []
  package var isEdit = false
  /// The running process that it waits for, or writes to.
  package var process: String?
  /// Lines that the edit adds and removes, where the call says it and not its result.
  package var linesAdded: UInt64 = 0
  package var linesRemoved: UInt64 = 0

  package init(id: String, name: String, input: Hash128) {
    self.id = id
    self.name = name
    self.input = input
  }
}

/// How a tool's run ended.
package struct ToolResult: Equatable, Sendable {
  package enum Ending: UInt8, Sendable {
    case succeeded = 0
    case failed = 1
    /// A person did not want it to be run.
    case rejected = 2
    /// It goes on in the background; another call brings its result.
    case unfinished = 3
  }

  package var id: String
  /// Whether the id is unique in its turn alone, as that of its call.
  package var isLocalID = false
  package var ending: Ending
  /// Bytes of what the model was given to read.
  package var outputSize: UInt64 = 0
  /// The process that goes on, by which later calls name it.
  package var process: String?
  /// Whether a process ended, so that there is an exit status.
  package var hasExited = false
  /// Whether it tells how a process ended that nobody waited for.
  package var isNotice = false
  /// Whether the tool failed and printed nothing.
  package var isSilent = false
  /// As the tool measured it; else it is the time from the call to its result.
  package var latencyMS: FixedPoint?
  /// What the run of a check printed last.
  package var outputTail: String?
  /// How many commits git says in the output that it made.
  package var commits: UInt64 = 0
  package var linesAdded: UInt64 = 0
  package var linesRemoved: UInt64 = 0

  package init(id: String, ending: Ending) {
    self.id = id
    self.ending = ending
  }
}

/// How a turn ended, as its tool says.
package struct TurnEnd: Equatable, Sendable {
  package var turn: String?
  /// The task that ended, where the tool names it.
  package var task: String?
  /// Whether no answer was given.
  package var isUnanswered = false
  /// The last message, where the line holds it.
  package var response: String?
  package var latencyMS: FixedPoint?
  /// The model that answered, where the line names one alone.
  package var model: String?
  /// Whether it came to its end; nil where the line does not say.
  package var succeeded: Bool?

  package init() {}
}

/// What a run says that it used, by model.
package struct RunTotal: Equatable, Sendable {
  package struct OfModel: Equatable, Sendable {
    package var model: String
    package var usage: TokenUsage
    package var costUSD: FixedPoint?

    package init(model: String, usage: TokenUsage, costUSD: FixedPoint?) {
      self.model = model
      self.usage = usage
      self.costUSD = costUSD
    }
  }

  package var models: [OfModel]
  package var costUSD: FixedPoint?
  /// The turn that ends with it, where nothing told of that before.
  package var turn: String?
  /// Whether it is of the session so far, and not of one process.
  package var isOfSession: Bool

  package init(
    models: [OfModel], costUSD: FixedPoint?, turn: String? = nil, isOfSession: Bool = false
  ) {
    self.models = models
    self.costUSD = costUSD
    self.turn = turn
    self.isOfSession = isOfSession
  }
}
