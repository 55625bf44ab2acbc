package import Effects
package import Events
internal import Files
package import Query

// Servers that are left alone, since they failed too often or ask for that.
extension ReactService {
  /// Where runs leave them to each other.
  var rests: EndpointRests { EndpointRests(path: store.directory.restingServers) }

  /// Has a server asked again that is left alone.
  ///
  /// - Parameter place: `https://host:port`, as `foldlog status` tells it.
  /// - Returns: the one that was; nil for none of that name.
  package func endRest(of place: String, isDryRun: Bool) throws(FoldlogError) -> EndpointRest? {
    try store.requireLog()
    if !isDryRun { try store.requireWritable() }
    return try store.reporting {
      let lock = isDryRun ? nil : try lock()
      defer { withExtendedLifetime(lock) {} }
      let rests = try rests.read()
      guard let found = rests.first(where: { $0.place == place }) else { return nil }
      if !isDryRun { try self.rests.write(rests.filter { $0.place != place }) }
      return found
    }
  }
}

extension EndpointRest {
  /// How it stands, after `is` or in a list.
  package func sentence(at time: Timestamp) -> String {
    let times = failures == 1 ? "once" : "\(failures) times in a row"
    let left = left_ms(at: time)
    let state =
      left > 0
      ? "left alone since \(since) until \(until) (\((left + 999) / 1_000) s)"
      : "no longer left alone, and not asked again since \(failedAt)"
    return "\(state): it failed \(times), last: \(reason)"
  }

  package var document: JSONDocument {
    .object([
      ("server", .text(place)), ("kind", .text(kind)), ("failures", .number(failures)),
      ("since", .text("\(since)")),
      ("failed_at", .text("\(failedAt)")), ("until", .text("\(until)")), ("reason", .text(reason)),
    ])
  }
}
