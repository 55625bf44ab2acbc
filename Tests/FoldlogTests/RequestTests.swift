import Events
import Export
import Foldlog
import Query
import Testing
import Views

/// What is wrong with a request is told by its check, without any data directory.
@Suite struct RequestTests {
  private func refused<R: Request>(
    _ request: R, _ change: (inout R) -> Void
  ) -> FoldlogError? {
    var request = request
    change(&request)
    do throws(FoldlogError) {
      _ = try request.checked(for: .builtIn)
      return nil
    } catch {
      return error
    }
  }

  private func isUsage<R: Request>(
    _ request: R, _ part: String, _ change: (inout R) -> Void,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let error = refused(request, change)
    #expect(error?.code == .usage, "\(String(describing: error))", sourceLocation: location)
    #expect(
      error?.description.contains(part) == true, "\(String(describing: error))",
      sourceLocation: location)
  }

  @Test func `what is taken in, and what is followed, are two things`() throws {
    var request = IngestRequest()
    request.paths = ["a.jsonl"]
    request.stream = "vscode"
    request.isStrict = true
    guard case .once(let job) = try request.checked(for: .builtIn) else {
      Issue.record("it is followed")
      return
    }
    #expect(job.paths == ["a.jsonl"] && job.stream == .editor && job.isStrict && job.isProjecting)
    request.isFollowing = true
    guard case .following(let follow) = try request.checked(for: .builtIn) else {
      Issue.record("it is not followed")
      return
    }
    #expect(follow.paths == ["a.jsonl"] && follow.stream == .editor && follow.isStrict)
  }

  @Test func `wrong ways to take lines in are named`() {
    isUsage(IngestRequest(), "there is no stream `rolf`: there are ralph") { $0.stream = "rolf" }
    isUsage(IngestRequest(), "--source takes a name that is not empty") { $0.source = "" }
    isUsage(IngestRequest(), "only files are given") {
      $0.source = "host"
      $0.paths = ["a"]
    }
    for paths in [[], ["-"], ["a", ""]] {
      isUsage(IngestRequest(), "--follow takes files, folders or patterns") {
        $0.isFollowing = true
        $0.paths = paths
      }
    }
    isUsage(IngestRequest(), "which --follow does not take") {
      $0.isFollowing = true
      $0.paths = ["a"]
      $0.source = "host"
    }
    isUsage(RetryRequest(), "there is no stream `x`") { $0.stream = "x" }
  }

  @Test func `skips are views and offsets in turn`() throws {
    isUsage(ProjectRequest(), "--skip takes a view and an offset") { $0.skip = ["errors"] }
    isUsage(ProjectRequest(), "--no-skip errors takes an offset, not `last`") {
      $0.noSkip = ["errors", "last"]
    }
    let unknown = refused(ProjectRequest()) { $0.skip = ["error", "1"] }
    #expect(unknown?.code == .noInput)
    var request = ProjectRequest()
    request.skip = ["errors", "41", "values", "2"]
    request.noSkip = ["errors", "3"]
    let changes = try request.checked(for: .builtIn).changes
    #expect(changes.map(\.view) == ["errors", "values", "errors"])
    #expect(
      changes.map(\.offset) == [41, 2, 3] && changes.map(\.isSkipped) == [true, true, false])
  }

  @Test func `a replay is one of five things`() throws {
    func checked(_ change: (inout ReplayRequest) -> Void) throws -> ReplayRequest.Checked {
      var request = ReplayRequest()
      change(&request)
      return try request.checked(for: .builtIn)
    }
    let views = ProjectorCatalogue.builtIn.views
    func said(_ change: (inout ReplayRequest) -> Void) throws -> String {
      switch try checked(change) {
      case .replay(let job): "replay \(job.views.joined(separator: " "))"
      case .use(let name): "use \(name.text)"
      case .drop(let name): "drop \(name.text)"
      case .rollBack(let job): "roll back \(job.views?.joined(separator: " ") ?? "the last")"
      case .forecast: "forecast"
      }
    }
    #expect(try said { _ in } == "replay \(views.joined(separator: " "))")
    #expect(try said { $0.views = ["errors", "values"] } == "replay values errors")
    #expect(try said { $0.use = "a" } == "use a")
    #expect(try said { $0.drop = "a" } == "drop a")
    #expect(try said { $0.isRollingBack = true } == "roll back the last")
    guard
      case .forecast(let job) = try checked({
        $0.whatIf = "b.toml"
        $0.keep = "b"
        $0.format = "json"
      })
    else {
      Issue.record("it is no forecast")
      return
    }
    #expect(job.views == views && job.settings == "b.toml" && job.keepAs == "b")
    #expect(job.format == .json)
  }

  @Test func `parts of replays that do not go together are named`() {
    isUsage(ReplayRequest(), "--use and --rollback do not go together") {
      $0.use = "a"
      $0.isRollingBack = true
    }
    isUsage(ReplayRequest(), "--keep NAME goes with --what-if FILE or --set NAME=VALUE") {
      $0.keep = "a"
    }
    isUsage(ReplayRequest(), "name no views") {
      $0.drop = "a"
      $0.views = ["errors"]
    }
    isUsage(ReplayRequest(), "there is no format `yaml`") { $0.format = "yaml" }
    isUsage(ReplayRequest(), "--format is for --dry-run, --what-if and --set") {
      $0.format = "json"
    }
    for name in ["", "a b", "a/b", String(repeating: "a", count: 65)] {
      isUsage(ReplayRequest(), "a name is 1 to 64 letters") {
        $0.whatIf = "a.toml"
        $0.keep = name
      }
    }
    #expect(refused(ReplayRequest()) { $0.views = ["vlaues"] }?.code == .noInput)
  }

  @Test func `a question has a table, and what it asks of that`() throws {
    var request = QueryRequest(table: "values@heavier/daily")
    request.sort = ["count,stream:desc"]
    request.asOf = "-1"
    request.format = "csv"
    let checked = try request.checked(for: .builtIn)
    #expect(checked.address == TableAddress("values@heavier/daily"))
    #expect(checked.end == .events(0) && checked.format == .csv)
    guard case .rows(let plan) = checked.question else {
      Issue.record("it is about requests")
      return
    }
    #expect(plan.table.name == "values/daily" && plan.columns.count > 3)
  }

  @Test func `wrong questions are named`() {
    isUsage(QueryRequest(table: "values"), "there is no format `xml`") { $0.format = "xml" }
    isUsage(QueryRequest(table: "values"), "--as-of takes an offset or a time") {
      $0.asOf = "someday"
    }
    isUsage(QueryRequest(table: "values@a b"), "a name is 1 to 64 letters") { _ in }
    isUsage(QueryRequest(table: "values"), "did you mean") { $0.filters = ["scor > 1"] }
    isUsage(QueryRequest(table: "values"), "a limit is 0 or more") { $0.limit = -1 }
    #expect(refused(QueryRequest(table: "value")) { _ in }?.code == .noInput)
    isUsage(QueryRequest(table: "values"), "which model serves a request") {
      $0.taskType = "code"
      $0.keys = ["a"]
    }
    isUsage(QueryRequest(table: "deployments"), "--for and --key go together") {
      $0.keys = ["a"]
    }
    isUsage(QueryRequest(table: "deployments"), "are for rows") {
      $0.taskType = "code"
      $0.keys = ["a"]
      $0.limit = 1
    }
    isUsage(QueryRequest(table: "deployments"), "are not empty") {
      $0.taskType = "code"
      $0.keys = [""]
    }
  }

  @Test func `what is explained is an event or a row`() throws {
    var request = ExplainRequest()
    request.words = ["48"]
    #expect(try request.checked(for: .builtIn).subject == .event(EventID(48)))
    request.words = ["errors/fixes", "7", "npm", "ci"]
    #expect(
      try request.checked(for: .builtIn).subject
        == .row(TableAddress("errors/fixes"), key: ["7", "npm", "ci"]))
    isUsage(ExplainRequest(), "explain what?") { _ in }
    isUsage(ExplainRequest(), "an event is named by its offset") { $0.words = ["-1"] }
    isUsage(ExplainRequest(), "one event at a time") { $0.words = ["1", "2"] }
    isUsage(ExplainRequest(), "there is no format `csv` here") {
      $0.words = ["1"]
      $0.format = "csv"
    }
  }

  @Test func `events of the log are named by what holds for them`() throws {
    var request = LogRequest()
    request.stream = "ralph"
    request.from = "41"
    request.filters = ["exit_code != 0"]
    request.format = "jsonl"
    let checked = try request.checked(for: .builtIn)
    #expect(checked.selection.stream == .ralph && checked.selection.from == .offset(41))
    #expect(checked.selection.filter.alternatives.count == 1 && checked.format == .jsonl)
    isUsage(LogRequest(), "--to takes an offset or a time") { $0.to = "later" }
    isUsage(LogRequest(), "did you mean `exit_code`") { $0.filters = ["exitcode = 0"] }
    isUsage(LogRequest(), "there are table, json and jsonl") { $0.format = "csv" }
  }

  @Test func `declarations are asked for by a name, in a format that there is`() throws {
    var schema = SchemaRequest()
    schema.name = "questions/fixes"
    schema.format = "json"
    let asked = try schema.checked(for: .builtIn)
    #expect(asked.format == .json)
    #expect(try asked.page.json().starts(with: Array("{\n  \"$schema\"".utf8)))
    isUsage(SchemaRequest(), "there are text and json") { $0.format = "toml" }
    let near = refused(SchemaRequest()) { $0.name = "questions/fixs" }
    #expect(near?.code == .noInput && near?.description.contains("questions/fixes") == true)
    isUsage(SettingsRequest(), "there are toml, json and markdown") { $0.format = "xml" }
    #expect(refused(SettingsRequest()) { $0.name = "valeus" }?.code == .noInput)
    isUsage(CompactRequest(), "there are text and json") { $0.format = "csv" }
  }

  @Test func `a training file has a format, a split, a score and a place`() throws {
    var request = DatasetRequest(format: "dpo")
    request.split = "train"
    request.minScore = "0.85"
    request.out = "/dev/stdout"
    let checked = try request.checked(for: .builtIn)
    #expect(checked.file == nil && checked.export.split != nil && checked.export.minScore != nil)
    isUsage(DatasetRequest(format: "x"), "there is no format `x`: there are openai") { _ in }
    isUsage(DatasetRequest(format: "dpo"), "there is no split `all`") { $0.split = "all" }
    for score in ["1.1", "-1", "half"] {
      isUsage(DatasetRequest(format: "dpo"), "a score is a decimal from 0 to 1") {
        $0.minScore = score
      }
    }
    isUsage(DatasetRequest(format: "dpo"), "--out takes a name") { $0.out = "" }
  }
}
