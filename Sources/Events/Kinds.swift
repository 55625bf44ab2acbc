internal import Bytes

/// How an event changes the interaction that it belongs to.
public enum EventRole: UInt8, Sendable, CaseIterable {
  /// It concerns no interaction.
  case none = 0
  /// It begins an interaction.
  case opens = 1
  /// It ends an interaction; without an id it is an interaction by itself.
  case closes = 2
  /// It adds to an interaction, and never gives it an outcome.
  case part = 3
  /// It says what an interaction was worth, such as feedback or a judgment.
  case annotates = 4

  /// As schemas write it.
  public var name: String { "\(self)" }

  /// What an event of this role does, as the end of a sentence.
  public var about: String {
    switch self {
    case .none: "has nothing to do with an interaction"
    case .opens: "begins an interaction"
    case .closes: "ends an interaction, or is one by itself"
    case .part: "adds to an interaction"
    case .annotates: "says what an interaction was worth"
    }
  }
}

/// What a kind of event by itself says of how something ended, where no field says it.
public enum KindOutcome: Sendable {
  case success, failure
}

/// A kind of event, as it is declared.
public final class Kind: Sendable {
  /// Of a family of kinds, what their names begin with.
  public let name: String
  /// Whether it stands for all kinds whose names begin so.
  public let isFamily: Bool
  /// The streams that are known to write it; a family of none gives a role to unknown kinds.
  public let streams: [Stream]
  /// What an event of it does to interactions, where it says nothing else.
  public let role: EventRole
  /// Whether it has its role only with an id or a prompt, and else none.
  public let isNamedOnly: Bool
  /// Whether it says that an error was resolved, and how.
  public let resolvesError: Bool
  /// The outcome that the kind itself states; nil for kinds that state none. Kinds that end in
  /// `_failed` state a failure without a declaration.
  public let outcome: KindOutcome?
  /// Whether its field `passed` states the outcome, as `success` does on other kinds.
  public let isDecidedByPassed: Bool
  /// Whether what it says of an answer holds until the next event says otherwise: the answer is
  /// assessed again then, and nothing is measured against it.
  public let isProvisional: Bool
  /// What happened, in a sentence.
  public let about: String

  /// As lists show it: a family has a star behind it.
  public var title: String { isFamily ? "\(name)*" : name }

  fileprivate init(
    _ title: String, _ streams: [Stream], _ role: EventRole, isNamedOnly: Bool = false,
    resolvesError: Bool = false, outcome: KindOutcome? = nil, isDecidedByPassed: Bool = false,
    isProvisional: Bool = false, _ about: String
  ) {
    isFamily = title.hasSuffix("*")
    name = isFamily ? String(title.dropLast()) : title
    self.streams = streams
    self.role = role
    self.isNamedOnly = isNamedOnly
    self.resolvesError = resolvesError
    self.outcome = outcome
    self.isDecidedByPassed = isDecidedByPassed
    self.isProvisional = isProvisional
    self.about = about
  }

  /// Whether it stands for a kind that lines name so.
  public func includes(_ kind: String) -> Bool {
    isFamily ? kind.begins(withBytesOf: name) : kind == name
  }
}

/// The kinds of events that are known. Any other kind is an event too, of unknown kind.
public enum Kinds {
  /// The kind of a line that names none.
  public static let unknown = "unknown"
  /// The kind of a line that tells of a query by its hash and text alone.
  public static let queryGap = "query_gap"
  /// The kinds of events that say how a turn stands, and that it is over.
  public static let turnProgressed = "turn_progressed"
  public static let turnEnded = "turn_ended"

  /// Whether a kind says how a turn stands.
  public static func isTurn(_ kind: String) -> Bool {
    kind == turnProgressed || kind == turnEnded
  }

  /// Every kind that is known. To add another kind, add a line.
  public static let all: [Kind] = [
    // Several streams.
    Kind("completion", Stream.telemetry, .closes, "A model completed a text or code."),
    Kind(
      "error", Stream.telemetry, .closes, isNamedOnly: true, outcome: .failure, "Something failed."),
    Kind("feedback", Stream.telemetry, .annotates, "Somebody said what an answer was worth."),

    // Agent task loops.
    Kind("task_submitted", [.ralph], .opens, "A task was handed to an agent."),
    Kind(
      "adaptive_limit_calculated", [.ralph], .part, "How many iterations a task may take was set."),
    Kind("iteration_started", [.ralph], .part, "The agent began another attempt at a task."),
    Kind("iteration_completed", [.ralph], .part, "An attempt at a task ended, with its exit code."),
    Kind("step_completed", [.ralph], .part, "A step within a task ended."),
    Kind("exit_code_blocked", [.ralph], .part, "The agent wanted to stop and was sent on."),
    Kind(
      "task_completed", [.ralph], .closes, outcome: .success, "A task ended; its status says how."),
    Kind("task_failed", [.ralph], .closes, "A task failed."),
    Kind("checkpoint_saved", [.ralph], .part, "The state of a task was saved."),
    Kind(
      "error_resolved", [.ralph], .part, resolvesError: true, outcome: .success,
      "An error was resolved."),
    Kind(
      "error_resolution", [.ralph], .part, resolvesError: true, outcome: .success,
      "An error was resolved, and how."),

    // Conversations with agents, as their transcripts tell them.
    Kind("session_started", [.ralph], .none, "A session of an agent began, or was taken up again."),
    Kind("session_context", [.ralph], .none, "What holds in a session from here on."),
    Kind("session_titled", [.ralph], .none, "A session was given a title."),
    Kind("session_ended", [.ralph], .none, "A run of an agent ended, and says what it used."),
    Kind(
      "inference", [.ralph], .part, "A model was called; a call may be told of by several lines."),
    Kind("message", [.ralph], .part, "A part of a model's answer."),
    Kind("tool_call", [.ralph], .part, "A model wanted a tool to be run."),
    Kind("prompt_queued", [.ralph], .none, "A person wrote while the agent was at work."),
    Kind(
      turnProgressed, [.ralph], .closes, isProvisional: true,
      "How an agent's work on a request stands, which may go on."),
    Kind(turnEnded, [.ralph], .closes, "An agent is done with a request."),
    Kind("turn_interrupted", [.ralph], .part, "A person stopped the agent."),
    Kind("turn_undone", [.ralph], .none, "A person took back what an agent was last asked."),
    Kind("context_compacted", [.ralph], .none, "A conversation was replaced by its summary."),
    Kind("limit_reported", [.ralph], .none, "How much of a limit is used."),
    Kind("limit_reached", [.ralph], .none, "A limit is used up."),

    // Queries to models and retrieval.
    Kind("query", [.aidb], .opens, "A question was asked."),
    Kind("query_completion", [.aidb], .closes, "A question was answered."),
    Kind("cache_hit", [.aidb], .closes, "A question was answered from a cache."),
    Kind("context_augmentation", [.aidb], .part, "A prompt was given more context."),
    Kind("tool_invocation", [.aidb], .part, "A tool was called."),
    Kind("tool_execute", [.aidb], .part, "A tool was run."),
    Kind("telemetry_probe", [.aidb], .none, "A trial request, to see that telemetry works."),
    Kind("parallel_generate", [.aidb], .closes, "Several answers were generated side by side."),
    Kind("skills_list", [.aidb], .none, "The list of skills was asked for."),
    Kind("skill_get", [.aidb], .none, "A skill was read."),
    Kind("skill_import", [.aidb], .none, "A skill was taken in."),
    Kind("tools_list", [.aidb], .none, "The list of tools was asked for."),
    Kind("documents_list", [.aidb], .none, "The list of documents was asked for."),
    Kind("document_import", [.aidb], .none, "A document was taken in."),
    Kind("discovery_info", [.aidb], .none, "A client asked what the server is."),
    Kind("discovery_quickstart", [.aidb], .none, "A client asked how to begin with the server."),
    Kind("discovery_capabilities", [.aidb], .none, "A client asked what the server can do."),
    Kind(
      "discovery_capability_detail", [.aidb], .none,
      "A client asked about one of the things that the server can do."),

    // Routing, learning, training and deployment.
    Kind("context_augmented", [.hybrid], .part, "A prompt was given more context."),
    Kind(
      "interaction_tracked", [.hybrid], .part,
      "A request was noted with its model, tokens and latency."),
    Kind("hybrid_search", [.hybrid], .none, "Documents were searched, by meaning and by words."),
    Kind(
      queryGap, [.hybrid], .closes, outcome: .failure,
      "A query found nothing; lines that carry `query_hash` and `query_text` need not name it."),
    Kind("route_query", [.hybrid], .part, "A query was given a route."),
    Kind("route_search", [.hybrid], .part, "A query was given a route and a retrieval profile."),
    Kind("route_decided", [.hybrid], .part, "A route was decided on."),
    Kind("routing_decision", [.hybrid], .part, "A model or backend was chosen for a request."),
    Kind("agent_memory_store", [.hybrid], .none, "An agent stored something to remember."),
    Kind("agent_memory_recall", [.hybrid], .none, "An agent looked up what it remembers."),
    Kind(
      "harness_eval", [.hybrid], .closes, isDecidedByPassed: true,
      "An answer was put to a test; `passed` says how it went."),
    Kind("learning_feedback", [.hybrid], .annotates, "Feedback arrived for the learner."),
    Kind("learning_triggered", [.hybrid], .none, "A learning run was started."),
    Kind("pattern_stored", [.hybrid], .none, "A pattern was learned and stored."),
    Kind("dataset_updated", [.hybrid], .none, "A training set was added to."),
    Kind("local_inference", [.hybrid], .closes, "A model on this machine answered a prompt."),
    Kind("agent_step_complete", [.hybrid], .closes, "An agent finished a piece of work."),
    Kind("agent_thinking", [.hybrid], .part, "What an agent thought before it acted."),
    Kind("agent_tool_call", [.hybrid], .part, "An agent called a tool."),
    Kind("tool_result", [.ralph, .hybrid], .part, "What a tool gave back to an agent."),
    Kind("workflow_started", [.hybrid], .none, "A workflow began."),
    Kind(
      "workflow_step_dispatched", [.hybrid], .part, "A step of a workflow was handed to an agent."),
    Kind("workflow_step_complete", [.hybrid], .closes, "A step of a workflow ended."),
    Kind("workflow_aggregated", [.hybrid], .none, "The results of a workflow's steps were joined."),
    Kind("judgment", [.hybrid], .annotates, "A judge said which of several answers is better."),
    Kind("preference", [.hybrid], .annotates, "Somebody preferred one answer to another."),
    Kind("quality_assessment", [.hybrid], .annotates, "The quality of an answer was measured."),
    Kind("model_registered", [.hybrid], .none, "A version of a model was registered."),
    Kind("model_promoted", [.hybrid], .none, "A version of a model took the place of the others."),
    Kind("model_deprecated", [.hybrid], .none, "A version of a model is no longer to be used."),
    Kind("training_queued", [.hybrid], .none, "A training run waits to begin."),
    Kind("training_started", [.hybrid], .none, "A training run began."),
    Kind("training_progress", [.hybrid], .none, "How far a training run has come."),
    Kind("training_completed", [.hybrid], .none, "A training run ended well."),
    Kind("training_failed", [.hybrid], .none, "A training run failed."),
    Kind("training_requested", [.hybrid], .none, "Somebody asked for a training."),
    Kind(
      "cycle_completed", [.hybrid], .none,
      "A training, an evaluation or a search for patterns that comes again and again ended."),
    Kind("model_evaluated", [.hybrid], .none, "A model was compared with the one before it."),
    Kind("deployment_created", [.hybrid], .none, "A deployment of a model was set up."),
    Kind("deployment_started", [.hybrid], .none, "A deployment began to be rolled out."),
    Kind("deployment_active", [.hybrid], .none, "A deployment began to serve requests."),
    Kind("deployment_promoted", [.hybrid], .none, "A deployment was given more of the requests."),
    Kind("deployment_demoted", [.hybrid], .none, "A deployment was taken out of service."),
    Kind("deployment_failed", [.hybrid], .none, "A deployment could not be rolled out."),
    Kind("deployment_rolled_back", [.hybrid], .none, "A deployment gave way to the one before it."),
    Kind("deployment_checked", [.hybrid], .none, "Whether a deployment answers was tried."),
    Kind("deployment_scaled", [.hybrid], .none, "A deployment has another number of replicas."),
    Kind("deployment_stopped", [.hybrid], .none, "A deployment without requests was shut down."),
    Kind("prediction_made", [.hybrid], .none, "How likely a success is was foretold."),
    Kind("health_checked", [.hybrid], .none, "Whether a part of the stack works was tried."),
    Kind(
      "ab_result", [.hybrid], .none,
      "How one request went, of a deployment or of what it is compared with."),
    Kind("health_spider_*", [.hybrid], .none, "What a watcher of the machine's services found."),
    Kind(
      "apparmor_fix_*", [.hybrid], .none, "A rule for access rights was proposed or put in force."),

    // Completions in an editor.
    Kind("refactoring", [.editor], .closes, "A model rewrote code in an editor."),
    Kind("health-check", [.editor], .none, "An editor's extension said that it runs."),
    Kind("health_check", [.editor], .none, "An editor's extension said that it runs."),

    // What foldlog itself appends. Those of every stream may also be told by others.
    Kind(
      "skill_extracted", [.foldlog], .none, "A model made a skill of an interaction that worked."),
    Kind("skill_shared", [.foldlog], .none, "A skill came from another foldlog."),
    Kind(
      "effect_failed", [.foldlog], .none, "What a view wanted done was tried, and did not work."),
    Kind(
      "effect_wanted_again", [.foldlog], .none,
      "What was given up for good, somebody wants all the same."),
    Kind("tick", [.foldlog], .none, "So late it was when silence had changed a row of a view."),
    Kind("alert_sent", [.foldlog], .none, "Somebody was told of an alert."),
    Kind("alert_acknowledged", Stream.allCases, .none, "Somebody has taken note of an alert."),
    Kind("skill_used", Stream.allCases, .none, "A skill was used, and perhaps how it went."),
    Kind("advice_given", [.foldlog], .none, "An agent was told something, out of what was known."),
    Kind("knowledge_noted", Stream.allCases, .none, "Something is to be remembered."),

    // Unknown kinds that have a role by their names.
    Kind("context_*", [], .part, "Something about the context of a prompt."),
    Kind(
      "error_fixed", [], .part, resolvesError: true, outcome: .success, "An error was resolved."),
    Kind(
      "fix_applied", [], .part, resolvesError: true, outcome: .success,
      "What mends an error was done."),
    Kind("route_*", [], .part, "Something about where a request goes."),
    Kind("tool_*", [], .part, "Something about a tool that was used."),
  ]

  private static let named: [String: Kind] = Dictionary(
    all.filter { !$0.isFamily }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  private static let families = all.filter(\.isFamily)
  private static let table = ShortTextTable(named)

  /// The declaration that holds for a kind; nil when there is none.
  public static func declared(_ kind: String) -> Kind? {
    table[kind] ?? families.first { $0.includes(kind) }
  }

  /// The kinds that say that an error was resolved.
  public static let resolvingErrors = all.filter(\.resolvesError).map(\.name)

  /// Whether a kind says that an error was resolved, by its declaration or the words of its name,
  /// however they are written: `bug_fixed`, `error.resolved`, `ErrorCleared`.
  public static func resolvesError(_ kind: String) -> Bool {
    if let named = table[kind] { return named.resolvesError }
    // Most kinds end otherwise.
    guard let last = kind.utf8.last, "dDnN".utf8.contains(last) else { return false }
    let words = words(of: kind)
    if let named = named[words.joined(separator: "_")] { return named.resolvesError }
    guard words.count > 1, let last = words.last, !words.contains("not") else { return false }
    let isOfError = !errorWords.isDisjoint(with: words)
    if ["cleared", "recovered", "solved"].contains(last) { return isOfError }
    // What a route or a tool resolves is no error, unless it says so.
    let isOfFamily = families.contains { $0.includes(kind) }
    return ["resolved", "resolution", "fixed"].contains(last) && (isOfError || !isOfFamily)
  }

  /// Whether an event says that an error was resolved: by its kind, or because it names an error
  /// whose status is that it was, as in `{"event": "error", "status": "resolved"}`.
  public static func resolvesError(_ kind: String, status: String?) -> Bool {
    if resolvesError(kind) { return true }
    guard let status, status.utf8.count <= 9, resolvedWords.contains(status.lowercased()) else {
      return false
    }
    return !errorWords.isDisjoint(with: words(of: kind))
  }

  private static let resolvedWords: Set = [
    "resolved", "fixed", "solved", "mended", "cleared", "recovered",
  ]
  private static let errorWords: Set = [
    "error", "errors", "problem", "failure", "fault", "bug", "issue", "exception", "incident",
    "crash",
  ]

  /// The words of a name in small letters: a separator or a capital after a small letter begins one.
  private static func words(of kind: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasSmall = false
    for scalar in kind.unicodeScalars {
      let properties = scalar.properties
      let isPart = properties.isAlphabetic || properties.numericType != nil
      if !isPart || (wasSmall && properties.isUppercase) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if isPart { word += properties.lowercaseMapping }
      wasSmall = properties.isLowercase
    }
    return word.isEmpty ? words : words + [word]
  }

  /// The stream that alone writes a kind; nil when several do, or none.
  public static func onlyStream(of kind: String) -> Stream? {
    guard let streams = declared(kind)?.streams, streams.count == 1 else { return nil }
    return streams[0]
  }

  /// Whether what events of a kind say of an answer holds until the next one says otherwise.
  public static func isProvisional(_ kind: String) -> Bool {
    declared(kind)?.isProvisional == true
  }

  /// Whether a stream is known to write a kind.
  public static func isKnown(_ kind: String, in stream: Stream) -> Bool {
    declared(kind)?.streams.contains(stream) == true
  }
}

extension EventRole {
  /// Whether events of a kind close an interaction whatever they carry: they say how a piece of
  /// work ended.
  public static func closes(_ kind: String) -> Bool {
    guard let declared = Kinds.declared(kind) else { return false }
    return declared.role == .closes && !declared.isNamedOnly
  }

  /// The role of its kind, whatever the stream. A kind that is not declared closes when it has a
  /// prompt, and `success` or a response; else, in ralph and with an id, it is a part, as every
  /// other kind of ralph is.
  ///
  /// What foldlog itself says concerns no interaction.
  public init(of event: borrowing Event) {
    if event.envelope.stream == .foldlog {
      self = .none
      return
    }
    let present = event.fields.presence
    func has(_ field: Field) -> Bool { present & Fields.bit(field) != 0 }
    // Of a task whose error it calls resolved, it says no more than `error_resolved` does.
    if has(.status),
      Kinds.resolvesError(event.envelope.kind, status: event.fields.text(.status))
    {
      self = .part
    } else if let kind = Kinds.declared(event.envelope.kind) {
      let isNamed = !kind.isNamedOnly || has(.interactionID) || has(.prompt)
      self = isNamed ? kind.role : .none
    } else if has(.prompt), has(.success) || has(.response) {
      self = .closes
    } else {
      self = event.envelope.stream == .ralph && has(.interactionID) ? .part : .none
    }
  }
}
