import ErrorsProjector
import Events
import TestSupport
import Testing
import Views

#if canImport(Glibc)
  import Glibc
#endif

/// Measures how well messages are grouped, on log files whose true templates are known: set
/// FOLDLOG_LOGHUB to a folder of `*_structured.csv` files with the columns Content and EventId.
///
/// Grouping accuracy is the share of messages whose group holds exactly those of the true group
/// (Zhu et al.: Tools and Benchmarks for Automated Log Parsing, ICSE-SEIP 2019).
@Suite struct GroupingAccuracyTests {
  static let folder = environment("FOLDLOG_LOGHUB")

  @Test(.enabled(if: folder != nil)) func `groups known logs as people did`() throws {
    var sum = 0.0
    let files = try names(Self.folder ?? "").filter { $0.hasSuffix("_structured.csv") }.sorted()
    for name in files {
      let rows = StructuredCSV(try contents("\(Self.folder ?? "")/\(name)")).rows
      let groups = try groups(rows.map { $0["Content"] ?? "" })
      let truth = rows.map { $0["EventId"] ?? "" }
      let accuracy = groupingAccuracy(groups.map(String.init), truth)
      sum += accuracy
      print(
        "\(name): \(percent(accuracy)) of \(rows.count), \(Set(groups).count) groups, "
          + "\(Set(truth).count) true")
    }
    let mean = sum / Double(max(files.count, 1))
    print("mean of \(files.count): \(percent(mean))")
    #expect(mean >= 0.97)
  }

  @Test func `groups failures of many languages and tools by what went wrong`() throws {
    var random = SeededRandom(seed: 0xfa11)
    let failures = failures(5, &random)
    let groups = try groups(failures.map(\.message)).map(String.init)
    let truth = failures.map(\.truth)
    let accuracy = groupingAccuracy(groups, truth)
    print("failures: \(percent(accuracy)) of \(truth.count), \(Set(truth).count) true groups")
    #expect(failures.count >= 500)
    #expect(accuracy >= 0.95, "\(misses(groups, truth, failures.map(\.message)))")
  }

  /// A message of each true group that is no group of its own, with the groups that it went to.
  private func misses(_ groups: [String], _ truth: [String], _ messages: [String]) -> String {
    let byTruth = Dictionary(grouping: truth.indices) { truth[$0] }
    let byGroup = Dictionary(grouping: truth.indices) { groups[$0] }
    return byTruth.sorted { $0.key < $1.key }.compactMap { name, members in
      let parts = Set(members.map { groups[$0] })
      let others = Set(parts.flatMap { byGroup[$0] ?? [] }.map { truth[$0] })
      if parts.count == 1, others.count == 1 { return nil }
      return "\(name): \(parts.count) groups, with \(others.sorted()): \(messages[members[0]])"
    }.joined(separator: "\n")
  }

  @Test func `groups made-up messages of many systems by what went wrong`() throws {
    let groups = try groups(madeUpErrors.map(\.message)).map(String.init)
    let truth = madeUpErrors.map(\.truth)
    let accuracy = groupingAccuracy(groups, truth)
    print("made-up messages: \(percent(accuracy)) of \(truth.count)")
    let groupsOfTruth = Dictionary(grouping: zip(groups, truth), by: \.1)
      .mapValues { Set($0.map(\.0)).sorted() }.sorted { $0.key < $1.key }
    #expect(accuracy >= 0.90, "\(groupsOfTruth)")
  }

  @Test func `groups lists of errors and explanations of resolvers by what went wrong`() throws {
    let errors = listedErrors + resolverErrors
    let groups = try groups(errors.map(\.message)).map(String.init)
    let truth = errors.map(\.truth)
    let accuracy = groupingAccuracy(groups, truth)
    print("lists of errors: \(percent(accuracy)) of \(truth.count)")
    let groupsOfTruth = Dictionary(grouping: zip(groups, truth), by: \.1)
      .mapValues { Set($0.map(\.0)).sorted() }.sorted { $0.key < $1.key }
    #expect(truth.count >= 120 && accuracy >= 0.95, "\(groupsOfTruth)")
  }

  @Test func `accuracy counts exact groups only`() {
    #expect(groupingAccuracy(["1", "1", "2"], ["a", "a", "b"]) == 1)
    #expect(groupingAccuracy(["1", "2", "3", "3"], ["a", "a", "b", "b"]) == 0.5)
    #expect(groupingAccuracy(["1", "1", "1"], ["a", "a", "b"]) == 0)
  }

  private func groups(_ messages: [String]) throws -> [Int64] {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given(
      messages.enumerated().map { index, message in
        event(Offset(index), "error", [.errorMessage: .text(message)])
      })
    return try spec.rows("errors/events").map { row in
      guard case .integer(let id)? = row["pattern_id"] else { return -1 }
      return id
    }
  }

  private func percent(_ share: Double) -> String {
    let thousandths = Int((share * 1000).rounded())
    return "\(thousandths / 10).\(thousandths % 10) %"
  }
}

func groupingAccuracy(_ predicted: [String], _ truth: [String]) -> Double {
  let predictedSizes = sizes(predicted)
  let trueSizes = sizes(truth)
  let bothSizes = sizes(zip(predicted, truth).map { "\($0)\u{0}\($1)" })
  var right = 0
  for (group, truth) in zip(predicted, truth) {
    let both = bothSizes["\(group)\u{0}\(truth)"]
    if both == predictedSizes[group], both == trueSizes[truth] { right += 1 }
  }
  return Double(right) / Double(max(predicted.count, 1))
}

private func sizes(_ names: [String]) -> [String: Int] {
  var sizes: [String: Int] = [:]
  for name in names { sizes[name, default: 0] += 1 }
  return sizes
}

private func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}

private struct FileFailure: Error {
  let path: String
}

private func names(_ folder: String) throws -> [String] {
  guard let directory = unsafe opendir(folder) else { throw FileFailure(path: folder) }
  defer { _ = unsafe closedir(directory) }
  var names: [String] = []
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
    }
    names.append(name)
  }
  return names
}

private func contents(_ path: String) throws -> [UInt8] {
  let file = unsafe open(path, O_RDONLY)
  guard file >= 0 else { throw FileFailure(path: path) }
  defer { _ = close(file) }
  var bytes: [UInt8] = []
  while true {
    let piece = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = unsafe max(0, read(file, buffer.baseAddress, buffer.count))
    }
    if piece.isEmpty { return bytes }
    bytes += piece
  }
}
