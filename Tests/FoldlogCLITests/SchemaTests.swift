import TestSupport
import Testing

/// Fixtures and real answers against schemas/, by a validator of others.
@Suite struct SchemaTests {
  @Test func `fixtures are what the schemas of events say`() throws {
    let result = try run("python3", ["\(packageRoot)/tools/validate.py", "events"])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  @Test func `schemas are what the tables declare: tools/schemas writes them`() throws {
    let tables = try listedTables()
    #expect(tables.count > 17)
    for table in tables {
      let file = "schemas/views/\(table.replacing("/", with: "-")).schema.json"
      let declared = try run(foldlogBinary, ["schema", table, "--format", "json"]).output
      let kept = try run("cat", ["\(packageRoot)/\(file)"]).output
      #expect(declared == kept, "\(file) is not what the table declares: run tools/schemas")
    }
    let files = try run("ls", ["\(packageRoot)/schemas/views"]).output.split(separator: "\n")
    #expect(files.count == tables.count)
  }

  @Test func `the page of memory says of each view, and of all, what it may take`() throws {
    let page = try run("cat", ["\(packageRoot)/schemas/views-memory.md"]).output
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
    let named = rows.map {
      $0.split(separator: "|")[0].filter { !" `".contains($0) }
    }
    let views = try listedTables().filter { !$0.contains("/") }
    #expect(named.sorted() == (views + ["all"]).sorted(), "schemas/views-memory.md")
    // tools/costs reads them so.
    let wanted = /\| `?\w+`? +\| +[\d,]+ +\| +[\d,]+ +\|.*/
    for row in rows { #expect(try wanted.wholeMatch(in: row) != nil, "\(row)") }
  }

  @Test func `README lists every table with its sentence: tools/schemas writes them`() throws {
    let readme = try run("cat", ["\(packageRoot)/README.md"]).output
    for line in try run(foldlogBinary, ["schema"]).output.split(separator: "\n") {
      if line.hasPrefix("events") || line.hasPrefix("questions/") { continue }
      let name = line.prefix { $0 != " " }
      let sentence = line.dropFirst(name.count).drop { $0 == " " }.replacing("|", with: #"\|"#)
      #expect(readme.contains("| `\(name)` | \(sentence) |\n"), "\(name)")
    }
  }

  @Test func `schemas of questions are what is declared: tools/schemas writes them`() throws {
    let listed = try run(foldlogBinary, ["schema"]).output.split(separator: "\n")
      .map { String($0.prefix { $0 != " " }) }.filter { $0.hasPrefix("questions/") }
    #expect(listed == ["questions/serving", "questions/fixes"])
    for question in listed {
      let declared = try run(foldlogBinary, ["schema", question, "--format", "json"]).output
      let kept = try run("cat", ["\(packageRoot)/schemas/\(question).schema.json"]).output
      #expect(declared == kept, "\(question) is not what is declared: run tools/schemas")
    }
    let files = try run("ls", ["\(packageRoot)/schemas/questions"]).output.split(separator: "\n")
    #expect(files.count == listed.count)
  }

  @Test(arguments: ["fields", "ralph", "aidb", "hybrid", "editor", "foldlog"])
  func `schemas of events are what is declared: tools/schemas writes them`(_ name: String) throws {
    let subject = name == "fields" ? "events" : "events/\(name)"
    let declared = try run(foldlogBinary, ["schema", subject, "--format", "json"]).output
    let file = "schemas/events/\(name).schema.json"
    let kept = try run("cat", ["\(packageRoot)/\(file)"]).output
    #expect(declared == kept, "\(file) is not what is declared: run tools/schemas")
  }

  @Test func `the page of settings is what is declared: tools/schemas writes it`() throws {
    let declared = try run(foldlogBinary, ["settings", "--format", "markdown"]).output
    let kept = try run("cat", ["\(packageRoot)/schemas/settings.md"]).output
    #expect(declared == kept, "schemas/settings.md is not what is declared: run tools/schemas")
  }

  @Test func `kinds are listed, described and completed as they are declared`() throws {
    let listed = try run(foldlogBinary, ["schema"]).output
    let completed = try run(foldlogBinary, ["--generate-completion-script", "bash"]).output
    for kind in ["task_submitted", "ab_result", "health-check"] {
      #expect(listed.contains("\nevents/\(kind) "), "\(kind)")
      #expect(completed.contains(kind), "\(kind)")
      let shown = try run(foldlogBinary, ["schema", "events/\(kind)"])
      #expect(shown.status == 0 && shown.output.contains("role"), "\(shown.errors)")
    }
    let wrong = try run(foldlogBinary, ["schema", "events/task_submited"])
    #expect(wrong.status == 66 && wrong.errors.contains("task_submitted"))
  }

  @Test func `settings are printed, and a name that is none is refused`() throws {
    let printed = try run(foldlogBinary, ["settings", "values.weights"])
    #expect(printed.status == 0 && printed.output.contains("\nnovelty = 0.1\n"))
    #expect(try run(foldlogBinary, ["settings", "values.wieghts"]).status == 66)
    #expect(try run(foldlogBinary, ["settings", "--format", "xml"]).status == 64)
  }

  @Test func `the rows of every table are what its schema says`() throws {
    let session = try Session()
    try session.ingestFixtures()
    try session.ingestWhatFixturesLack()
    let schemas = try run("ls", ["\(packageRoot)/schemas/views"]).output.split(separator: "\n")
    #expect(schemas.count >= 17)
    for schema in schemas {
      let name = String(schema.dropLast(".schema.json".count))
      let table = name.replacing("-", with: "/", maxReplacements: 1)
      let answer = try session.foldlog("query", table, "--format", "jsonl")
      #expect(answer.status == 0 && !answer.output.isEmpty, "\(table): \(answer.errors)")
      let result = try run(
        "python3", ["\(packageRoot)/tools/validate.py", "view", table],
        input: Array(answer.output.utf8))
      #expect(result.status == 0, "\(table): \(result.output)\(result.errors)")
    }
  }
}
