internal import EventLog
internal import Events
internal import Provenance
internal import Views

extension LogReader {
  /// The source that a file gave lines as before it was rewritten, by the source that it gives them as
  /// since; nil for none.
  var previousSource: (SourceID) throws(TableError) -> SourceID? {
    { id throws(TableError) in
      do throws(LogError) {
        return try self.source(id).flatMap { $0.previous == 0 ? nil : $0.previous }
      } catch {
        throw TableError(table: "sources", reason: "\(error)")
      }
    }
  }
}
