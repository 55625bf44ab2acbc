import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What the lines of real and made-up transcripts are, and what becomes of them: a snapshot, by format
/// and kind. `tools/format-counts FOLDER --write FILE` makes one anew.
@Suite struct FormatCountsTests {
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    .dropLast(3).joined(separator: "/")

  @Test func `the lines of the fixtures are counted as before`() throws {
    let counts = try FormatCounts(of: "\(Self.root)/fixtures/transcripts")
    let snapshot = try contents(of: "\(Self.root)/fixtures/transcripts-counts.txt")
    #expect(counts.table == String(decoding: snapshot, as: UTF8.self))
  }

  /// A folder of transcripts that is not in this repository, and a snapshot of it:
  /// `FOLDLOG_TRANSCRIPTS`, `FOLDLOG_TRANSCRIPTS_COUNTS`.
  @Test(.enabled(if: variable("FOLDLOG_TRANSCRIPTS") != nil))
  func `the lines of a given folder are counted as before`() throws {
    let folder = try #require(variable("FOLDLOG_TRANSCRIPTS"))
    let counts = try FormatCounts(of: folder)
    #expect(!counts.rows.isEmpty)
    guard let path = variable("FOLDLOG_TRANSCRIPTS_COUNTS") else { return }
    let snapshot = try contents(of: path)
    #expect(counts.table == String(decoding: snapshot, as: UTF8.self))
  }
}

private func variable(_ name: String) -> String? {
  unsafe getenv(name).map { unsafe String(cString: $0) }
}
