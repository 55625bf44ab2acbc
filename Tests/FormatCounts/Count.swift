import TestSupport

/// Prints what the lines of a folder's files are, and what becomes of them.
@main
struct Count {
  static func main() throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "."
    print(try FormatCounts(of: folder).table, terminator: "")
  }
}
