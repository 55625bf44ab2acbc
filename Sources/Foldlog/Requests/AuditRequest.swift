internal import Query

/// Asks what this program did.
package struct AuditRequest: Request {
  /// At most this many, the last ones; nil for all.
  package var limit: Int?
  package var format = TextFormat.text.rawValue

  package init() {}

  package struct Checked: Equatable, Sendable {
    package let limit: Int
    package let format: TextFormat

    fileprivate init(limit: Int, format: TextFormat) {
      (self.limit, self.format) = (limit, format)
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    if let limit, limit < 0 {
      throw FoldlogError(.usage, "--limit takes 0 or more, and \(limit) is not")
    }
    return Checked(
      limit: limit ?? .max, format: try checkedFormat(format, [TextFormat.text, .json]))
  }
}
