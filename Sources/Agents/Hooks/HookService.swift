internal import Bytes
internal import Events
package import Foldlog
internal import Query

/// What an agent is told at a moment, and that it was.
package struct HookService {
  private let store: Store

  package init(_ store: Store) { self.store = store }

  /// What is given out, and what is noted once it is.
  package struct Told: Sendable {
    /// In the agent's format, with a newline.
    package let bytes: [UInt8]
    fileprivate let advices: [GivenAdvice]
  }

  /// Tokens of what is told at a moment.
  private static let budget_tokens = 400

  /// Nil where there is nothing to tell.
  ///
  /// - Parameter isLate: whether there is no more time to look.
  @available(*, noasync)
  package func answer(
    _ moment: HookMoment, _ input: [UInt8], isLate: @escaping () -> Bool
  ) throws(FoldlogError) -> Told? {
    guard let input = HookInput(input) else { return nil }
    var request = ContextRequest()
    request.budget_tokens = Self.budget_tokens
    request.project = input.folder.flatMap { $0.isEmpty ? nil : $0 }
    switch moment {
    case .sessionStart: break
    case .prompt:
      guard let prompt = input.prompt else { return nil }
      request.prompt = prompt
      request.isBrief = true
    case .toolFailed:
      guard let error = input.error, !error.allSatisfy(\.isWhitespace) else { return nil }
      request.error = error
      request.isBrief = true
    // There is nothing that an agent which is done should be told.
    case .stop: return nil
    }
    var answer = try ContextService(store).run(
      request.checked(for: store.projectors), isLate: isLate)
    // Once a session: who was told what mends an error has tried it, or does not want to. At its start, and
    // once its beginning is forgotten, nothing of it was met yet.
    if moment != .sessionStart, let session = input.session,
      answer.lines.contains(where: { $0.pattern != nil })
    {
      answer = answer.without(
        AdviceSpool(store).advices(toldTo: session, since: HookMoment.sessionStart.rawValue))
    }
    // What it costs and who was there helps nobody by itself.
    guard answer.sections.contains(where: { $0.name != "costs" }) else { return nil }
    let context = "From foldlog, out of what was recorded earlier:\n" + answer.text
    let document = JSONDocument.object([
      (
        "hookSpecificOutput",
        .object([
          ("hookEventName", .text(input.event)), ("additionalContext", .text(context)),
        ])
      )
    ])
    let advices = answer.advices(by: moment.rawValue).map { advice in
      var advice = advice
      advice.session = input.session
      advice.call = moment == .toolFailed ? input.call : nil
      advice.prompt = moment == .prompt ? input.prompt.map { "\(Hash128(of: $0))" } : nil
      return advice
    }
    return Told(bytes: document.line + [UInt8(ascii: "\n")], advices: advices)
  }

  /// Notes what was told, for the next writer of the log.
  package func note(_ told: Told) throws(FoldlogError) {
    try AdviceSpool(store).append(told.advices)
  }
}
