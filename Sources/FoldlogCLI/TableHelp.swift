import Foldlog
import Query
import Views

/// What the help of commands says of tables. It is worked out only where help is asked for: each start
/// reads what all commands say, and to declare the columns of all tables takes longer than the rest of
/// a start.
enum TableHelp {
  /// The names of all tables.
  static let names = whereAsked {
    ProjectorCatalogue.builtIn.answers.map(\.name).joined(separator: ", ")
  }

  /// Each table with the columns that name its rows.
  static let keys = whereAsked {
    ProjectorCatalogue.builtIn.answers.map { table in
      "  \(table.name): \(table.key.filter { $0 != partColumn }.joined(separator: " "))"
    }.joined(separator: "\n")
  }

  private static func whereAsked(_ text: () -> String) -> String {
    CommandWords.given().askForHelp ? text() : ""
  }
}
