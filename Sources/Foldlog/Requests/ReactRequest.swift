internal import Query

/// Does what views want done, and writes down what came of it.
package struct ReactRequest: Request {
  /// The kind of the wants that are meant; nil for all.
  package var only: String?
  /// Wants that are tried at most, in a run.
  package var limit: String?
  package var isFollowing = false
  package var isDryRun = false
  /// A kind or a request_id of what was given up, and is wanted again.
  package var again: String?
  package var format = TextFormat.text.rawValue

  package init() {}

  package struct Checked: Equatable, Sendable {
    package let only: String?
    package let limit: Int
    package let isFollowing: Bool
    package let isDryRun: Bool
    package let again: String?
    package let format: TextFormat

    fileprivate init(
      only: String?, limit: Int, isFollowing: Bool, isDryRun: Bool, again: String?,
      format: TextFormat
    ) {
      self.only = only
      self.limit = limit
      self.isFollowing = isFollowing
      self.isDryRun = isDryRun
      self.again = again
      self.format = format
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    let kinds = WantService.kinds(of: projectors)
    if let only, !kinds.contains(only) {
      let known =
        kinds.isEmpty ? "no view wants anything" : "there is " + kinds.joined(separator: ", ")
      throw FoldlogError(
        .usage, "there is no kind of want `\(only)`: \(known)\(suggestion(for: only, among: kinds))"
      )
    }
    var count = Int.max
    if let limit {
      guard let number = Int(limit), number > 0 else {
        throw FoldlogError(.usage, "--limit takes a number from 1 on, not `\(limit)`")
      }
      count = number
    }
    if isFollowing && isDryRun {
      throw FoldlogError(.usage, "--dry-run says what is wanted now: leave --follow out")
    }
    if let again {
      if again.isEmpty {
        throw FoldlogError(.usage, "--again takes a kind or a request_id, and nothing is given")
      }
      if isFollowing || only != nil || limit != nil {
        throw FoldlogError(
          .usage,
          "--again asks nobody: it says what is wanted again, so leave --follow, --only and --limit out"
        )
      }
    }
    return Checked(
      only: only, limit: count, isFollowing: isFollowing, isDryRun: isDryRun, again: again,
      format: try checkedFormat(format, [.text, .json]))
  }
}
