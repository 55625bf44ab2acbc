import TestSupport
import Testing

/// Who reads views cannot write them: that does not compile.
@Suite(.enabled(if: swiftCompiler != nil, "there is no swiftc on PATH"))
struct ReaderTests {
  private func errors(in body: String) throws -> String {
    try compilerErrors(
      of: """
        import Tables
        import ViewStore
        import Views

        func snippet(_ build: Build) throws {
          let table = StoredTable<UInt64, UInt64>("t")
          let snapshot = try BuildSnapshot(build)
          let tables = ViewTables("v", in: snapshot)
        \(body)
        }
        """)
  }

  @Test func `rows of a snapshot can be read`() throws {
    #expect(try errors(in: "  _ = try tables.read(table).row(7)") == "")
  }

  @Test(arguments: [
    ("  try tables.read(table).put(7, 7)", "has no member 'put'"),
    ("  _ = try tables.open(table)", "has no member 'open'"),
    ("  _ = try snapshot.storage(\"v/t\", isPacked: false)", "has no member 'storage'"),
    ("  _ = FoldTables(view: \"v\", provider: snapshot)", "TableProvider"),
  ])
  func `rows of a snapshot cannot be put`(body: String, reason: String) throws {
    let errors = try errors(in: body)
    #expect(errors.contains(reason), "\(errors)")
  }
}
