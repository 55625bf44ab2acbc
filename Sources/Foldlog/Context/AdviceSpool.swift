internal import Bytes
internal import EventLog
package import Events
internal import Files
internal import Ingest
internal import Pipeline

/// What agents were told, beside the log: a hook appends lines without a wait for whoever writes to the
/// log, and the next writer takes them in. As of any file, the log knows how far it has read, so that
/// each line is taken once.
package final class AdviceSpool {
  private let store: Store
  /// As it was when it was last taken in by this one.
  private var taken: FileStatus?

  package init(_ store: Store) { self.store = store }

  /// Appends what an agent was told.
  package func append(_ advices: [GivenAdvice]) throws(FoldlogError) {
    if advices.isEmpty { return }
    let now = wallClock()
    let bytes = advices.flatMap { Self.line($0, at: now) + [UInt8(ascii: "\n")] }
    try store.reporting {
      try appendLines(bytes, toPrivateFile: store.directory.advice, owner: .folder)
    }
  }

  /// Bytes of the file above which nobody looks what it tells.
  private static let readMax: UInt64 = 4 << 20

  /// What a session was told of errors since it was last told something by a hook, which is `start`: an
  /// advice, or any where none is named.
  package func advices(
    toldTo session: String, since start: String
  ) -> (_ pattern: String, _ advice: String?) -> Bool {
    let path = store.directory.advice
    // What cannot be read says nothing; the most that comes of it is that something is told twice.
    guard let size = DiskFiles().status(path)?.size, size <= Self.readMax,
      let bytes = try? bytesOfFile(path)
    else { return { _, _ in false } }
    let (mine, begins) = (Self.member("to_session", session), Self.member("hook", start))
    let lines = bytes.split(separator: UInt8(ascii: "\n")).filter { $0.firstRange(of: mine) != nil }
    let last = lines.lastIndex { $0.firstRange(of: begins) != nil }
    let since = lines[((last ?? -1) + 1)...]
    return { pattern, advice in
      var named = [Self.member("pattern", pattern)]
      if let advice { named.append(Self.member("advice", advice)) }
      return since.contains { line in named.allSatisfy { line.firstRange(of: $0) != nil } }
    }
  }

  /// As it stands in a line.
  private static func member(_ name: String, _ text: String) -> ArraySlice<UInt8> {
    var line = JSONLineWriter()
    line.member(name, text: text)
    return line.bytes.dropFirst().dropLast()
  }

  private static func line(_ advice: GivenAdvice, at time: Timestamp) -> [UInt8] {
    var line = JSONLineWriter()
    line.member("event", text: GivenAdvice.kinds[0])
    line.member("ts", text: "\(time)")
    line.member("section", text: advice.section)
    line.member("advice", text: advice.advice)
    line.member("hook", text: advice.hook)
    line.member("to_session", text: advice.session)
    line.member("to_call", text: advice.call)
    line.member("to_prompt", text: advice.prompt)
    line.member("pattern", text: advice.pattern)
    line.member("evidence_offset", json: advice.evidence.map { "\($0)" })
    return line.bytes
  }

  /// Takes into the log what was appended since; what cannot be read stays, and is told.
  func takeIn(_ log: LogEnvironment) throws {
    let path = store.directory.advice
    guard let status = DiskFiles().status(path), status.size > 0, status != taken else { return }
    let loop = IngestLoop(
      log: log, workers: store.workers, formats: .native, now: wallClock, logger: store.logger)
    let report = try loop.run([.file(path: path)], stream: .foldlog)
    for failure in report.failures { store.notices.tellOnce(failure) }
    taken = status
  }
}
