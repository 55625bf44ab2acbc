import Provenance
import Effects
import Bytes
import EventLog
import Events
import Files
import Projection
import Query
import Synchronization
import Tables
import TestSupport
import Testing
import Views

@testable import Foldlog

/// What views want done, done for real over loopback.
@Suite struct ReactTests {
  /// A view that never hears of an answer.
  private final class Deaf: EventProjector {
    static let view = View(
      "tells", version: 1, "Whom to tell.", needs: .kinds(["query"]), tables: [],
      wants: Wants(kinds: ["webhook"], in: TellingRow.answer))
    private let rows: KeyedTable<TextKey, TellingRow>

    init(tables: FoldTables) throws(TableError) { rows = try tables.open(TellingRow.table) }

    func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
      guard let prompt = event.fields.text(.prompt) else { return }
      let want = WantedEffect("webhook", of: prompt, revision: 1, since: event.offset)
      var row = TellingRow()
      row.want = want
      try rows.put(TextKey(want.requestID), row)
    }
  }

  /// Asks to stop once something is so.
  private final class StopWhen: StopRequest {
    let descriptor: Int32 = -1
    private let isSo: () -> Bool

    init(_ isSo: @escaping () -> Bool = { false }) { self.isSo = isSo }

    var isRaised: Bool { isSo() }
  }

  private func log(
    _ count: Int, server: LoopbackServer?, settings: String = "",
    projector: any Projector.Type = TellingProjector.self
  ) throws -> ContractLog {
    let lines = (0..<count).map { number in
      #"{"event":"query","query_id":"q\#(number)","prompt":"prompt \#(number), "#
        + #"mail to someone@example.com","ts":"2026-03-01T00:00:00Z"}"#
    }
    let log = try ContractLog(
      [LogPiece(stream: .aidb, lines: lines)], catalogue: .builtIn.adding([projector]))
    let url = server.map { "webhook_url = \"\($0.address("/hook"))\"\n" } ?? ""
    try log.store.configure("[react]\n\(url)\(settings)")
    return log
  }

  private func asked(_ change: (inout ReactRequest) -> Void = { _ in }) throws
    -> ReactRequest.Checked
  {
    var request = ReactRequest()
    change(&request)
    return try request.checked(for: .builtIn)
  }

  private func lines(_ store: Store) throws -> [String] {
    let reader = LogReader(try store.openLog())
    let unpacker = try BlockUnpacker()
    var lines: [String] = []
    for entry in try reader.blocks() {
      guard let (_, bytes) = try reader.lines(at: entry.first, with: unpacker) else { continue }
      lines += String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
    return lines
  }

  @Test func `every want is answered once, and a replay asks nobody`() throws {
    let server = try LoopbackServer { _, number in
      LoopbackServer.answer(number == 1 ? 503 : 200)
    }
    let log = try log(5, server: server)
    let service = ReactService(log.store)
    var report = try service.run(try asked(), stop: StopWhen(), tell: { _ in })
    #expect(report.answered == 5 && report.calls == 6)
    #expect(server.requests.count == 6)
    #expect(Set(server.requests.compactMap { $0.headers["webhook-id"] }).count == 5)
    // What leaves the machine is masked.
    #expect(
      server.requests.allSatisfy {
        !String(decoding: $0.body, as: UTF8.self).contains("someone@example.com")
      })
    let answers = try lines(log.store).filter { $0.contains("alert_sent") }
    #expect(answers.count == 5)
    let digests = try log.store.replay(["tells"])
    report = try service.run(try asked(), stop: StopWhen(), tell: { _ in })
    #expect(report.calls == 0 && server.requests.count == 6)
    server.stop()
    #expect(try log.store.replay(["tells"]) == digests)
    #expect(try service.wants(try asked(), tell: { _ in }).isEmpty)
    let reader = LogReader(try log.store.openLog())
    try reader.verifySources()
    // The lines are of long ago, so that the clock is past what views wait for: one tick tells them.
    #expect(try lines(log.store).count { $0.contains("\"tick\"") } == 1)
    #expect(try reader.sources().filter { $0.form == .own }.map(\.events) == [6])
  }

  @Test func `a view that lags behind an answer asks for nothing twice`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let log = try log(3, server: server, projector: Deaf.self)
    let service = ReactService(log.store)
    #expect(try service.run(try asked(), stop: StopWhen(), tell: { _ in }).answered == 3)
    #expect(try service.run(try asked(), stop: StopWhen(), tell: { _ in }).answered == 0)
    #expect(server.requests.count == 3)
  }

  @Test func `a dry run asks nobody, a limit holds, one of two is refused`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let log = try log(4, server: server)
    let service = ReactService(log.store)
    #expect(try service.wants(try asked(), tell: { _ in }).count == 4)
    #expect(server.requests.isEmpty)
    let two = try asked { $0.limit = "2" }
    #expect(try service.run(two, stop: StopWhen(), tell: { _ in }).answered == 2)
    let lock = try FileLock(path: log.store.directory.reactLock)
    #expect(lock != nil)
    let error = #expect(throws: FoldlogError.self) {
      try service.run(try asked(), stop: StopWhen(), tell: { _ in })
    }
    #expect(error?.code == .locked)
    withExtendedLifetime(lock) {}
    for wrong in ["0", "-1", "x"] {
      #expect(throws: FoldlogError.self) { try asked { $0.limit = wrong } }
    }
    #expect(throws: FoldlogError.self) { try asked { $0.only = "nothing" } }
  }

  @Test func `what fails keeps nobody from the others, and is given up for nobody's fault`() throws
  {
    // The first two are refused each time.
    let server = try LoopbackServer { request, _ in
      let body = String(decoding: request.body, as: UTF8.self)
      let isRefused = ["prompt 0,", "prompt 1,"].contains(where: body.contains)
      return LoopbackServer.answer(isRefused ? 400 : 200)
    }
    // That it fails again and again is no alert here, which the server would take.
    let log = try log(4, server: server, settings: "[alerts]\nerror_count = 1000\n")
    let service = ReactService(log.store)
    let two = try asked { $0.limit = "2" }
    #expect(try service.run(two, stop: StopWhen(), tell: { _ in }).failed == 2)
    #expect(try service.run(two, stop: StopWhen(), tell: { _ in }).answered == 2)
    // The server takes no other in these runs: it may be its settings.
    for _ in 0..<6 {
      let report = try service.run(two, stop: StopWhen(), tell: { _ in })
      #expect(report.failed == 2 && report.givenUp == 0)
    }
    #expect(try service.wants(two, tell: { _ in }).count == 2)
    #expect(server.requests.count == 16)
  }

  @Test func `what fails again and again is an alert, of which somebody is told`() throws {
    let server = try LoopbackServer { request, _ in
      let isRefused = String(decoding: request.body, as: UTF8.self).contains("prompt 0,")
      return LoopbackServer.answer(isRefused ? 400 : 200)
    }
    let log = try log(1, server: server)
    let service = ReactService(log.store)
    for run in 1...5 {
      #expect(try service.run(asked(), stop: StopWhen(), tell: { _ in }).failed == 1, "run \(run)")
    }
    #expect(try service.run(asked(), stop: StopWhen(), tell: { _ in }).answered == 1)
    let told = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(told.count { $0.contains("is new: webhook: ") } == 1, "\(told)")
  }

  @Test func `what a server refuses while it takes others is given up, and that is said`() throws {
    let server = try LoopbackServer { request, _ in
      let isRefused = String(decoding: request.body, as: UTF8.self).contains("prompt 0,")
      return LoopbackServer.answer(isRefused ? 422 : 200)
    }
    let log = try log(8, server: server)
    let service = ReactService(log.store)
    var reports: [EffectReport] = []
    // Each run does one that is taken, and then the one that is not.
    for number in 0..<7 {
      let path = try log.directory.write(
        "more-\(number).jsonl",
        #"{"event":"query","query_id":"n\#(number)","prompt":"new \#(number)","#
          + #""ts":"2026-03-01T00:00:00Z"}"# + "\n")
      _ = try log.store.ingest(files: [path], stream: .aidb)
      reports.append(try service.run(try asked(), stop: StopWhen(), tell: { _ in }))
    }
    #expect(reports.reduce(0) { $0 + $1.givenUp } == 1)
    #expect(try service.wants(try asked(), tell: { _ in }).isEmpty)
  }

  @Test func `a setting that becomes wrong ends no follower`() throws {
    let first = try LoopbackServer { _, _ in LoopbackServer.answer(503) }
    let second = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let log = try log(1, server: first)
    var isChanged = false
    let told = Mutex<String>("")
    let report = try ReactService(log.store).run(
      try asked { $0.isFollowing = true },
      stop: StopWhen {
        if first.requests.count >= 3, !isChanged {
          isChanged = true
          try? log.store.configure(
            "[react]\nwebhook_url = \"\(second.address())\"\nchat_url = \"\(second.address())\"\n"
              + "chat_model = \"m\"\nkey_env = \"FOLDLOG_NO_SUCH_KEY\"\n")
        }
        return !second.requests.isEmpty
      }, tell: { message in told.withLock { $0 += "\(message)" } })
    #expect(report.failed >= 1 && second.requests.count == 1)
    #expect(told.withLock { $0.contains("FOLDLOG_NO_SUCH_KEY") })
  }

  @Test func `what a day may take is known after a restart`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let log = try log(5, server: server, settings: "daily_calls = 3\n")
    let told = Mutex<[String]>([])
    for _ in 0..<2 {
      _ = try ReactService(log.store).run(try asked(), stop: StopWhen()) { message in
        if case .warning(let text) = message { told.withLock { $0.append(text) } }
      }
    }
    #expect(server.requests.count == 3)
    #expect(told.withLock { $0.count { $0.contains("3 of 3 calls") } } == 2)
  }

  @Test func `a server that failed too often is left alone by the next run, until it answers`()
    throws
  {
    let isWell = Atomic(false)
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer(isWell.load(ordering: .relaxed) ? 200 : 503)
    }
    let log = try log(9, server: server)
    let service = ReactService(log.store)
    var told = ""
    func run() throws -> EffectReport {
      try service.run(try asked(), stop: StopWhen()) { told += "\($0)" }
    }
    _ = try run()
    let count = server.requests.count
    #expect((5...8).contains(count))
    // Another process knows of it.
    let report = try run()
    #expect(server.requests.count == count && report.waiting == 9)
    let place = "http://127.0.0.1:\(server.port)"
    let resting = try StatusService(log.store).status().react.resting
    #expect(resting.map(\.place) == [place] && report.resting == resting)
    #expect(resting.first.map { $0.failures >= 5 } == true)
    #expect(told.contains("\(place) is left alone since "))
    #expect(told.contains("times in a row, last: it has a fault (status 503)"), "\(told)")
    let document = String(
      decoding: try StatusService(log.store).status().document.bytes, as: UTF8.self)
    #expect(
      document.contains("\"server\": \"\(place)\"") || document.contains("\"server\":\"\(place)\""))
    // Whoever mended it need not wait.
    isWell.store(true, ordering: .relaxed)
    #expect(try service.endRest(of: "http://127.0.0.1:1", isDryRun: false) == nil)
    #expect(try service.endRest(of: place, isDryRun: true) == resting.first)
    #expect(try service.endRest(of: place, isDryRun: false) == resting.first)
    #expect(try run().answered == 9)
    #expect(try StatusService(log.store).status().react.resting.isEmpty)
    // Nor is anybody remembered who is not asked any more.
    isWell.store(false, ordering: .relaxed)
    let other = try log.directory.write(
      "more.jsonl", #"{"event":"query","query_id":"n","prompt":"n"}"# + "\n")
    _ = try log.store.ingest(files: [other], stream: .aidb)
    try service.rests.write(resting)
    let elsewhere = try LoopbackServer { _, _ in LoopbackServer.answer() }
    try log.store.configure("[react]\nwebhook_url = \"\(elsewhere.address())\"\n")
    #expect(try run().answered == 1)
    #expect(try service.rests.read().isEmpty)
  }

  @Test func `a follower of wants does what comes, and ends when it is asked to`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let log = try log(2, server: server)
    let report = try ReactService(log.store).run(
      try asked { $0.isFollowing = true }, stop: StopWhen { server.requests.count >= 2 },
      tell: { _ in })
    #expect(server.requests.count == 2)
    #expect(report.answered + report.failed + report.waiting == 2)
  }

  @Test func `a key comes from a private place, and is nowhere else`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer(401, [], "not key-of-ours!") }
    let directory = try TemporaryDirectory()
    let file = try directory.write("key", "key-of-ours\n")
    let setting = "webhook_key_file = \"\(file)\"\n"
    let log = try log(1, server: server, settings: setting)
    let service = ReactService(log.store)
    var told = ""
    func run() throws { _ = try service.run(try asked(), stop: StopWhen()) { told += "\($0)" } }
    #expect(try TestSupport.run("chmod", ["644", file]).status == 0)
    let wide = #expect(throws: FoldlogError.self) { try run() }
    #expect(wide?.code == .usage && wide?.description.contains("0600") == true)
    #expect(try TestSupport.run("chmod", ["600", file]).status == 0)
    try run()
    let sent = try #require(server.requests.first)
    #expect(sent.headers["webhook-signature"]?.hasPrefix("v1,") == true)
    let all = try lines(log.store).joined() + told + sent.headers.values.joined()
    #expect(all.contains("401") && !all.contains("key-of-ours"))
    try log.store.configure(
      "[react]\nwebhook_url = \"\(server.address())\"\nwebhook_key_env = \"FOLDLOG_NO_SUCH_KEY\"\n")
    let unset = #expect(throws: FoldlogError.self) { try run() }
    #expect(unset?.description.contains("FOLDLOG_NO_SUCH_KEY") == true)
  }

  @Test func `without an address, what is wanted waits, and that is said`() throws {
    let log = try log(2, server: nil)
    var told = ""
    let report = try ReactService(log.store).run(try asked(), stop: StopWhen()) { told += "\($0)" }
    #expect(report.calls == 0 && told.contains("2 wants of the kind webhook cannot be done"))
    for wrong in ["ftp://x", "host", "https://me:secret@host/"] {
      let error = #expect(throws: FoldlogError.self) {
        try log.store.configure("[react]\nwebhook_url = \"\(wrong)\"\n")
      }
      #expect(error?.code == .usage && error?.description.contains("secret") == false)
    }
  }
}
