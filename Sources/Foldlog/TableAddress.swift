/// What is asked: a table of a view, live or kept under a name: `values`, `values/daily`,
/// `values@NAME/daily`.
package struct TableAddress: Equatable, Sendable {
  package let view: String
  /// Nil for the live view.
  package let kept: String?
  /// The table's own name: `values`, `values/daily`.
  package let table: String

  package init(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let names = (parts.first ?? "").split(
      separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    view = names.first.map(String.init) ?? ""
    kept = names.count > 1 ? String(names[1]) : nil
    table = parts.count > 1 ? "\(view)/\(parts[1])" : view
  }

  /// `values@NAME`.
  package var viewName: String { kept.map { "\(view)@\($0)" } ?? view }
}
