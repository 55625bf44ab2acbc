package import Query

// Reports as objects of JSON: sizes are bytes, what there is none of is null or an empty list.

extension LogCheck {
  package var isGood: Bool { damages.isEmpty }

  package var document: JSONDocument {
    .object([
      ("is_good", .bool(isGood)), ("events", .number(events)), ("blocks", .number(blocks)),
      ("quarantined", .number(quarantined)), ("head", .text("\(head)")),
      ("damages", .texts(damages)),
    ])
  }
}

extension ViewVerdict {
  fileprivate var document: JSONDocument {
    .object([
      ("view", .text(view)), ("is_good", .bool(isGood)), ("is_current", .bool(isCurrent)),
      ("is_off", .bool(isOff)), ("events", .number(checkpoint)),
      ("digest_kept", .text("\(kept)")), ("digest_of_rows", .optional(rows.map { "\($0)" })),
      ("digest_refolded", .optional(refolded.map { "\($0)" })),
      ("unreadable", .optional(unreadable)), ("tables", .texts(tables)),
      ("state_tables", .texts(stateTables)),
      (
        "differences",
        .texts(differences.isEmpty ? [] : TableDifference.lines(differences, TextStyle()))
      ),
    ])
  }
}

/// What a check of the log and the views found.
package struct Verification: Sendable {
  package let log: LogCheck
  package let views: [ViewVerdict]

  package init(log: LogCheck, views: [ViewVerdict]) {
    self.log = log
    self.views = views
  }

  package var isGood: Bool { log.isGood && views.allSatisfy(\.isGood) }

  package var document: JSONDocument {
    .object([
      ("is_good", .bool(isGood)), ("log", log.document), ("views", .list(views.map(\.document))),
    ])
  }
}

extension CompactReport {
  package var document: JSONDocument {
    .object([
      (
        "files",
        .list(
          files.map { file in
            .object([
              ("file", .text(file.name)), ("file_now", .text(file.newName ?? file.name)),
              ("before_bytes", .number(file.sizeBefore)),
              ("after_bytes", .number(file.sizeAfter)),
            ])
          })
      ),
      ("dropped", .texts(dropped)),
      (
        "left_out",
        .list(
          leftOut.map { part in
            .object([("name", .text(part.name)), ("reason", .text(part.reason))])
          })
      ),
    ])
  }
}

extension DayReport {
  package var document: JSONDocument {
    .object([
      ("date", .text("\(date)")), ("zone", .optional(zone.isEmpty ? nil : zone)),
      ("offset", .number(offset)),
      (
        "views",
        .list(
          views.map { .object([("view", .text($0.name)), ("offset", .number($0.offset))]) })
      ),
      ("projects", .list(projects.map(\.document))), ("worked_on", items(sessions)),
      ("broke", items(broken)), ("mended", items(mended)), ("worth_learning_from", items(learnt)),
      ("left_open", items(open)),
    ])
  }

  private func items(_ items: [Item]) -> JSONDocument {
    .list(
      items.map { item in
        .object([
          ("title", .text(item.title)), ("detail", .text(item.detail)),
          ("command", .text(item.command)),
        ])
      })
  }
}

extension DayReport.Project {
  fileprivate var document: JSONDocument {
    .object([
      ("project", .text(name)), ("sessions", .number(sessions)), ("turns", .number(turns)),
      ("model_calls", .number(calls)), ("successes", .number(successes)),
      ("partials", .number(partials)), ("failures", .number(failures)),
      ("tokens", .number(tokens)), ("active_s", .raw("\(activeSeconds)")),
      ("cost_usd", costUSD.map { .raw("\($0)") } ?? .null),
      ("is_cost_lower_bound", .bool(isLowerBound)), ("is_time_inferred", .bool(isTimeInferred)),
    ])
  }
}
