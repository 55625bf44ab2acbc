internal import DeploymentsProjector
internal import ErrorsProjector
internal import Events
internal import Files
internal import Pipeline
internal import Projection
package import Query
internal import Views

/// Asks views.
package struct QueryService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Gives the bytes of an answer out, of the view as it is or as it was.
  ///
  /// - Parameters:
  ///   - isForTerminal: whether a table shows no more rows than a person reads, unless a limit is given.
  ///   - moreKeys: reads the keys of requests that standard input has.
  ///   - write: called with each part; an error of it ends the answer.
  @available(*, noasync)
  package func run(
    _ request: QueryRequest.Checked, style: TextStyle = TextStyle(), isForTerminal: Bool = false,
    moreKeys: () -> [String] = { [] }, progress: @escaping (Progress?) -> Void = { _ in },
    write: @escaping ([UInt8]) throws -> Void
  ) throws(FoldlogError) {
    var plan = try plan(request.question, moreKeys)
    if request.format == .table, isForTerminal { plan = plan.forTerminalTable() }
    try withView(request, progress) { tables, offset in
      if case .serving(let taskType, _) = request.question { try requireServing(taskType, tables) }
      var failure: (any Error)?
      let formatter = AnswerFormatter(
        request.format, AnswerHeading(plan, offset: offset), style: style
      ) { bytes in
        do { try write(bytes) } catch { failure = error }
      }
      let count = try plan.write(to: formatter, in: tables) { failure == nil }
      if let failure { throw failure }
      // Of a log without an event at that time another note tells.
      guard count.shown == 0, request.end == nil || offset >= 0,
        let empty = try EmptyAnswer(plan, in: tables)
      else { return }
      for sentence in try empty.sentences + incompleteEvents(of: request.address) {
        store.notices.tell(sentence)
      }
    }
  }

  /// Of the events that a view takes by their kinds: those that lack a field that their kind needs.
  private func incompleteEvents(of address: TableAddress) throws -> [String] {
    guard let needs = store.projectors.projector(of: address.view)?.view.needs else { return [] }
    let snapshot = try store.reading.snapshot(of: address)
    return try DecodingCounts.mismatches(in: snapshot).filter { mismatch in
      mismatch.isMissing
        && (needs.isOfKinds && needs.include(kind: mismatch.kind)
          || needs.payloads.contains { $0.isCarried(by: mismatch.kind) })
    }.map { Status.Mismatch($0).sentence }
  }

  private func requireServing(_ taskType: String, _ tables: any ViewReader) throws {
    guard let others = try taskTypes(besideUnserved: taskType, in: tables) else { return }
    let known =
      others.isEmpty
      ? "no deployment names a task type" : "there are \(others.joined(separator: ", "))"
    let near = suggestion(for: taskType, among: others)
    throw FoldlogError(
      .noInput,
      "nothing serves requests of the task type `\(taskType)`\(near.isEmpty ? ": \(known)" : near)")
  }

  /// The task types that deployments name.
  @available(*, noasync)
  package func knownTaskTypes() throws(FoldlogError) -> [String] {
    var names: [String] = []
    try store.reporting {
      try store.forEachRow(of: "deployments") { row in
        if let name = row["task_type"]?.text, !names.contains(name) { names.append(name) }
        return true
      }
    }
    return names
  }

  /// Opens the view that is asked, as it is or as it was.
  @available(*, noasync)
  func withView(
    _ request: QueryRequest.Checked, _ progress: @escaping (Progress?) -> Void = { _ in },
    _ body: (any ViewReader, Int64) throws -> Void
  ) throws(FoldlogError) {
    guard let end = request.end else {
      return try store.reading.withView(request.address, body)
    }
    try AsOfService(store).withView(request.address, asOf: end, progress: { progress($0) }) {
      tables, offset in
      progress(nil)
      try body(tables, offset)
    }
  }

  /// What is known of an error like a message, as a table of the view `errors`.
  static func knownFixes(_ message: String) -> any AnswerTable {
    knownFixesAnswer(message: message)
  }

  private func plan(
    _ question: QueryRequest.Question, _ moreKeys: () -> [String]
  ) throws(FoldlogError) -> QueryPlan {
    switch question {
    case .rows(let plan): return plan
    case .known(let message):
      return try store.reporting { try QueryPlan(Self.knownFixes(message)) }
    case .serving(let taskType, let keys):
      if keys.contains("-"), !StandardDescriptors.hasInput {
        throw FoldlogError(.noInput, "standard input is closed, and --key - reads keys from it")
      }
      let requests = keys.flatMap { $0 == "-" ? moreKeys() : [$0] }
      return try store.reporting {
        try QueryPlan(servingAnswer(taskType: taskType, requests: requests))
      }
    }
  }
}

/// A question whose rows are no table's, as `foldlog schema` names it.
struct AskedQuestion {
  let name: String
  /// How it is asked.
  let command: String
  let table: any AnswerTable

  static let all = [
    AskedQuestion(
      name: "questions/serving",
      command: "foldlog query deployments --for TASK_TYPE --key REQUEST",
      table: servingAnswer(taskType: "", requests: [])),
    AskedQuestion(
      name: "questions/fixes", command: "foldlog query errors --for MESSAGE",
      table: knownFixesAnswer(message: "")),
  ]

  var schema: TableSchema { TableSchema(table, ofQuestion: name, askedBy: command) }
}
