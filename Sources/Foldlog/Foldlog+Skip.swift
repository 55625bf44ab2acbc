internal import EventLog
package import Events

extension Foldlog {
  /// Puts an event on a view's skip list, or takes it off. The view is rebuilt by the next
  /// `project`.
  package func setSkipped(
    _ isSkipped: Bool, view: String, offset: Offset
  ) throws(FoldlogError) {
    _ = try chosen([view])
    try requireLog()
    try reporting {
      let log = try openWholeLog()
      let end = try LogReader(log).end()
      if isSkipped, offset >= end {
        throw FoldlogError(
          .usage,
          end == 0
            ? "the log is empty: there is no event \(offset)"
            : "the log ends with event \(end - 1): there is no event \(offset)")
      }
      let hasChanged = try log.setSkipped(isSkipped, view: view, offset: offset)
      if !isSkipped, !hasChanged {
        throw FoldlogError(.noInput, "`\(view)` does not pass over event \(offset)")
      }
    }
  }
}
