import ArgumentParser
import Foldlog
import Query
import Views

extension CompletionKind {
  /// Fields of the table that the words before name, else of events; of several with commas between,
  /// the last one.
  static var tableFields: CompletionKind {
    .custom { words, _, prefix in
      let tables = ProjectorCatalogue.builtIn.answers
      let named = words.lazy.map { TableAddress($0).table }
      let table = named.compactMap { name in tables.first { $0.name == name } }.first
      let fields = (table?.columns ?? EventColumn.columns).map(\.name)
      let before = prefix.lastIndex(of: ",").map { String(prefix[...$0]) } ?? ""
      return fields.map { before + $0 }
    }
  }
}
