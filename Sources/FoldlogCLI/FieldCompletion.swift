import ArgumentParser
import Foldlog
import Query
import Views

/// The names of all tables; none unless a script for completion may list them: working out what all
/// tables have takes longer than the rest of a start.
private let tableNames =
  CommandWords.given().askForHelp ? ProjectorCatalogue.builtIn.answers.map(\.name) : []

extension CompletionKind {
  /// Every table that can be asked for.
  static var tables: CompletionKind { .list(tableNames) }

  /// Fields of the table that the words name, before or behind; of any table while none is named; of
  /// events where it is the log that is asked. Of several with commas between, the last one.
  static var tableFields: CompletionKind {
    .custom { words, _, prefix in completed(WordsBefore(words).fields, prefix) }
  }

  /// The same of an answer: where rows are grouped, what the groups have.
  static var answerFields: CompletionKind {
    .custom { words, _, prefix in
      let before = WordsBefore(words)
      return completed(before.fieldsOfGroups ?? before.fields, prefix)
    }
  }

  /// Task types that a deployment names; nothing of errors, whose messages are anything.
  static var taskTypes: CompletionKind {
    .custom { words, _, _ in
      let before = WordsBefore(words)
      guard before.tableName == "deployments" else { return [] }
      do {
        let directory = try DataDirectory.resolve(given: before.values(of: ["--data"]).last)
        return try QueryService(try Store(directory: directory)).knownTaskTypes()
      } catch {
        // There is nobody to tell in the middle of a line that is being typed.
        return []
      }
    }
  }

  private static func completed(_ fields: [String], _ prefix: String) -> [String] {
    let before = prefix.lastIndex(of: ",").map { String(prefix[...$0]) } ?? ""
    return fields.map { before + $0 }
  }
}

/// What the words of an unfinished command line say of it.
private struct WordsBefore {
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  /// The values of an option, under any of its names.
  func values(of names: [String]) -> [String] {
    words.indices.compactMap { index in
      for name in names {
        if words[index] == name, index + 1 < words.count { return words[index + 1] }
        if words[index].hasPrefix("\(name)=") {
          return String(words[index].dropFirst(name.count + 1))
        }
      }
      return nil
    }
  }

  private var table: (any AnswerTable)? {
    let tables = ProjectorCatalogue.builtIn.answers
    return words.lazy.compactMap { word in
      tables.first { $0.name == TableAddress(word).table }
    }.first
  }

  var tableName: String? { table?.name }

  var fields: [String] {
    if CommandWords(Array(words.dropFirst())).isOfLog { return EventColumn.columns.map(\.name) }
    let tables = table.map { [$0] } ?? ProjectorCatalogue.builtIn.answers
    var known: Set<String> = []
    return tables.flatMap { $0.columns.map(\.name) }.filter { known.insert($0).inserted }
  }

  /// Nil where nothing is grouped.
  var fieldsOfGroups: [String]? {
    func fields(_ option: String) -> [String] {
      values(of: [option]).flatMap { $0.split(separator: ",").map(String.init) }
    }
    let (groups, sums, means) = (fields("--group-by"), fields("--sum"), fields("--mean"))
    if groups.isEmpty, sums.isEmpty, means.isEmpty { return nil }
    return groups + ["count"] + sums.map { "sum_\($0)" } + means.map { "mean_\($0)" }
  }
}
