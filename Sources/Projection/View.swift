public import Events
public import Views

/// A view as its projector declares it.
public struct View: Sendable {
  /// A word, lower-case.
  public let name: String
  /// Changes whenever the same log would give other rows, or the same rows other bytes.
  public let version: UInt32
  /// What it shows, in a sentence.
  public let about: String
  /// What its projector is handed.
  public let needs: Needs
  /// What it answers: its main table first.
  public var tables: [any ExplainedTable] { declaredTables() + (wants.map { [$0.table] } ?? []) }
  /// What it wants done outside of the fold, whose table is the last one; nil for nothing.
  public let wants: Wants?
  /// When silence changes one of its rows; nil for a view of which it changes none.
  public let due: Due?

  /// The earliest time, later than the latest of the log, at which a row of the tables changes though
  /// nothing more happens; nil for none. `foldlog react` then appends an event `tick`.
  public typealias Due = @Sendable (any ViewReader) throws(TableError) -> Timestamp?

  // Columns are declared when they are asked for: most commands need those of one view, or none.
  private let declaredTables: @Sendable () -> [any ExplainedTable]

  public init(
    _ name: String, version: UInt32, _ about: String, needs: Needs,
    tables: @autoclosure @escaping @Sendable () -> [any ExplainedTable], wants: Wants? = nil,
    due: Due? = nil
  ) {
    self.name = name
    self.version = version
    self.about = about
    self.needs = needs
    declaredTables = tables
    self.wants = wants
    self.due = due
  }
}

/// Which events a projector is handed, and whether facts.
///
/// It sees all canonical fields of these events.
public struct Needs: Sendable {
  /// Names of kinds; of neither these nor beginnings any, for every kind.
  public private(set) var kinds: Set<String> = []
  /// What the names of other kinds begin with.
  public private(set) var beginnings: [String] = []
  /// Events that carry one of these fields, a bit each; 0 for all.
  public private(set) var fields: UInt128 = 0
  public private(set) var facts = false
  /// Whether calls of models and tools, and what else happens in sessions.
  public private(set) var calls = false
  public private(set) var events = true
  /// What of these events is decoded beside the canonical fields.
  public private(set) var payloads: [any Payload.Type] = []

  /// Every event.
  public static var events: Needs { Needs() }

  /// Facts, and no events. The version and the settings of the interactions step then count in the
  /// view's digest, and repeats are marked.
  public static var facts: Needs {
    var needs = Needs()
    needs.facts = true
    needs.events = false
    return needs
  }

  /// Calls of models and tools with what else happens in sessions, and no events. The version of the
  /// conversations step and its prices then count in the view's digest.
  public static var calls: Needs {
    var needs = Needs()
    needs.calls = true
    needs.events = false
    return needs
  }

  /// Events that carry at least one of these fields.
  public static func having(_ fields: Field...) -> Needs {
    var needs = Needs()
    needs.fields = Fields.mask(of: fields)
    return needs
  }

  /// Events of these kinds, and of those that begin with one of `beginnings`.
  public static func kinds(_ kinds: Set<String>, beginning beginnings: [String] = []) -> Needs {
    var needs = Needs()
    needs.kinds = kinds
    needs.beginnings = beginnings
    return needs
  }

  /// Events of the kinds that carry a payload, and the payload: `Event.payload` gives it.
  public static func payload<P: Payload>(_ payload: P.Type) -> Needs {
    let families = P.kinds.filter { $0.hasSuffix("*") }
    return kinds(
      Set(P.kinds).subtracting(families), beginning: families.map { String($0.dropLast()) }
    ).andPayload(payload)
  }

  /// These events, and the payload of those among them that carry it.
  public func andPayload<P: Payload>(_ payload: P.Type) -> Needs {
    var needs = self
    needs.payloads.append(payload)
    return needs
  }

  /// These events, and facts.
  public var andFacts: Needs {
    var needs = self
    needs.facts = true
    return needs
  }

  /// These events, and calls of models and tools with what else happens in sessions. The version of
  /// the conversations step and its prices then count in the view's digest.
  public var andCalls: Needs {
    var needs = self
    needs.calls = true
    return needs
  }

  /// Whether the kind alone decides which events are needed, so that other lines need not be read.
  public var isOfKinds: Bool { events && !(kinds.isEmpty && beginnings.isEmpty) }

  /// Whether a projector with these needs is handed an event.
  @inlinable
  public func include(_ event: borrowing Event) -> Bool {
    include(presence: event.fields.presence) && include(kind: event.envelope.kind)
  }

  /// Whether it can be handed events with these fields: a bit for each, as in `Fields.presence`.
  @inlinable
  public func include(presence: UInt128) -> Bool {
    events && (fields == 0 || presence & fields != 0)
  }

  /// Whether no kind is left out.
  @inlinable public var isOfAllKinds: Bool { kinds.isEmpty && beginnings.isEmpty }

  /// Whether it can be handed events of a kind.
  @inlinable
  public func include(kind: String) -> Bool {
    if isOfAllKinds { return true }
    return kinds.contains(kind) || beginnings.contains { kind.hasPrefix($0) }
  }
}
