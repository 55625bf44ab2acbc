internal import Effects
internal import Bytes
package import Query

extension Status {
  /// All of it as an object of JSON: sizes are bytes, what there is none of is null.
  package var document: JSONDocument {
    .object([
      ("data", .text(path)), ("events", .number(events)), ("head", .text("\(head)")),
      ("raw_bytes", .number(rawSize)), ("stored_bytes", .number(storedSize)),
      ("blocks", .number(blocks)), ("quarantined", .number(quarantined)),
      ("retried", .number(retried)), ("sources", .list(sources.map(\.document))),
      ("views", .list(views.map(\.document))), ("rebuilds", .list(rebuilds.map(\.document))),
      (
        "kept",
        .list(
          kept.map { kept in
            .object([
              ("name", .text(kept.name)), ("views", .texts(kept.views)),
              ("events", .number(kept.checkpoint)),
            ])
          })
      ),
      (
        "skips",
        .list(
          skips.map { skip in
            .object([
              ("view", .text(skip.view)), ("offsets", .list(skip.offsets.map { .number($0) })),
            ])
          })
      ),
      ("addresses", .list(addresses.map(\.document))), ("react", react.document),
      ("files", .list(usage.files.map(\.document))),
      ("readers", .list(usage.readers.map(\.document))),
      (
        "unknown_kinds",
        .list(
          unknownKinds.map { kind in
            .object([
              ("kind", .text(kind.kind)), ("stream", .text(kind.stream)),
              ("events", .number(kind.count)),
            ])
          })
      ),
      (
        "wrong_types", .list(mismatches.filter { !$0.isMissing }.map(\.document))
      ),
      ("missing_fields", .list(mismatches.filter(\.isMissing).map(\.document))),
      ("has_unwritten_settings", .bool(hasUnwrittenSettings)),
    ])
  }
}

extension Status.Address {
  fileprivate var document: JSONDocument {
    .object([
      ("address", .text(file.shown)), ("source", .optional(file.source)),
      ("path", .text(shownPath(file.path))), ("bytes", file.size.map { .number($0) } ?? .null),
      ("position", .number(position)), ("version", .optional(file.version)),
      ("part_bytes", file.part.map { .number($0) } ?? .null),
      ("asked_at", .text("\(file.askedAt)")), ("error", .optional(file.error)),
    ])
  }
}

extension Status.React {
  fileprivate var document: JSONDocument {
    .object([
      ("waiting", .number(waiting)), ("tried", .number(tried)), ("given_up", .number(givenUp)),
      ("calls_today", .number(callsToday)), ("daily_calls", .number(callsMost)),
      ("cost_today_usd", .raw("\(costToday)")), ("daily_usd", .raw("\(costMost)")),
      ("left_alone", .list(resting.map(\.document))),
    ])
  }
}

extension Status.Source {
  fileprivate var document: JSONDocument {
    .object([
      ("id", .number(id)), ("path", .text(path)), ("position", .number(position)),
      ("generation", .number(generation)), ("events", .number(events)),
      ("quarantined", .number(quarantined)), ("format", .text(format)),
    ])
  }
}

extension Status.Mismatch {
  fileprivate var document: JSONDocument {
    .object([
      ("field", .text(field)), ("kind", .text(kind)), ("events", .number(count)),
      ("first_offset", firstOffset.map { .number($0) } ?? .null),
    ])
  }
}

extension Status.View {
  /// In one word, how the view stands.
  package var state: String {
    if isOff { return "off" }
    if stopped != nil { return "stopped" }
    if !isCurrent { return "outdated" }
    return lag == 0 ? "live" : "behind"
  }

  fileprivate var document: JSONDocument {
    .object([
      ("view", .text(name)), ("state", .text(state)), ("events", .number(checkpoint)),
      ("lag", .number(lag)), ("version", .number(version)), ("digest", .text("\(digest)")),
      ("build", .text(build)), ("stopped", .optional(stopped)),
    ])
  }
}

extension Status.Rebuild {
  fileprivate var document: JSONDocument {
    .object([
      ("views", .texts(views)), ("name", .optional(name.isEmpty ? nil : name)),
      ("events", .number(done)), ("of_events", .number(total)), ("is_running", .bool(isRunning)),
    ])
  }
}

extension StorageUsage.File {
  fileprivate var document: JSONDocument {
    .object([
      ("file", .text(name)), ("bytes", .number(size)), ("free_bytes", .number(free)),
      ("held_bytes", .number(held)),
    ])
  }
}

extension StorageUsage.OldReader {
  fileprivate var document: JSONDocument {
    .object([
      ("file", .text(file)), ("process", process.map { .number($0) } ?? .null),
      ("name", .optional(name)), ("is_stopped", .bool(isStopped)),
      ("commits_since", .number(commits)), ("held_bytes", .number(held)),
    ])
  }
}
