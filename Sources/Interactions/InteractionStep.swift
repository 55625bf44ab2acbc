import Bytes
package import Events
package import Facts
package import Scoring
import Similarity
package import Tables
package import Views

/// Folds events into interactions: who belongs together, how it ended, what it was worth.
///
/// All that it remembers is in its tables, of which none counts in a digest: its version and its
/// settings do, in the digest of every view that uses its facts. The facts depend on the order of
/// the events alone. What DESIGN leaves open is decided, and said, where it is done: the roles of
/// kinds in `EventRole`, how fields merge in `FieldManners`, outcomes in `Verdict`, repeats and
/// re-openings in `Repeats`, feedback in `HeardFeedback` and `FeedbackLimit`. Moreover:
///
/// - Who speaks of an interaction by an id that nobody had yet begins it: files are read one after
///   the other. What it says of the outcome counts at once.
/// - An id that is not known, beside a session and a prompt that are, is the id of the saying.
/// - Feedback that is ignored says what it says of the outcome all the same.
/// - A repeat that brings nothing new is no evidence; one that completes the former is.
/// - Sets of names keep the first 256.
///
/// Cost, without similarity: about a microsecond an event; memory: what was used since the last
/// checkpoint, and at most some 30,000 interactions and 400,000 keys besides.
package final class InteractionStep {
  /// Changes whenever the same log would give other facts.
  package static let version: UInt32 = 4

  let settings: ScoringSettings
  let interactions: InteractionTables
  let feedbackLimit: FeedbackLimit
  let prompts: PromptMemory
  let responses: ResponseMemory
  /// The events of the last batch that repeat others, in the order of their offsets.
  package internal(set) var repeats: [Repeat] = []
  private let counterTable: KeyedTable<UInt64, Counters>
  var counters: Counters
  /// Who watches, for an explanation; nil in a fold that serves.
  package var tracer: InteractionTracer?

  /// The name of its set of tables in a build.
  package static let tables = "interactions"

  /// Opens its tables.
  package init(tables: FoldTables, settings: ScoringSettings) throws(TableError) {
    self.settings = settings
    interactions = try InteractionTables(tables)
    feedbackLimit = try FeedbackLimit(tables, perMinuteMax: settings.feedbackPerMinuteMax)
    prompts = try PromptMemory(tables)
    responses = try ResponseMemory(tables)
    counterTable = try tables.open(Counters.table)
    counters = try counterTable.row(0) ?? Counters()
  }

  /// How many events were ignored as feedback, because their session gave too much in a minute.
  package var ignoredFeedbackCount: UInt64 { counters.ignoredFeedback }

  /// The sketches that `derive` is likely to need of an event. Pure, and the costly part: for
  /// another thread.
  package static func prepare(_ event: Event) -> PreparedTexts { PreparedTexts(event) }

  /// Folds events that follow those folded before. Returns what changed, at most one fact an event.
  ///
  /// - Parameter prepared: what `prepare` gave, event by event; may be shorter, or empty.
  package func derive(
    _ events: [Event], prepared: [PreparedTexts] = []
  ) throws(FoldError) -> [Fact] {
    var facts: [Fact] = []
    repeats.removeAll(keepingCapacity: true)
    let before = counters
    // In place: an event is costly to copy, and most are idle.
    let (span, texts) = (events.span, prepared.span)
    for index in span.indices {
      if index < texts.count, texts[index].isIdle { continue }
      do throws(TableError) {
        let texts = index < texts.count ? texts[index] : PreparedTexts()
        if let fact = try fold(span[index], texts) { facts.append(fact) }
      } catch {
        throw FoldError(
          at: span[index].offset, error.description, isStorage: true, isDamage: error.isDamage)
      }
    }
    if counters != before, let last = events.last {
      do throws(TableError) { try counterTable.put(0, counters) } catch {
        throw FoldError(
          at: last.offset, error.description, isStorage: true, isDamage: error.isDamage)
      }
    }
    return facts
  }
}
