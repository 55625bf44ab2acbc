import Files
import Foldlog
import Views

extension QueryCommand {
  /// The table of a question about requests, `--for TASK_TYPE --key REQUEST`; nil when the question
  /// is about rows.
  func servingTable(_ address: TableAddress) throws -> (any AnswerTable)? {
    guard taskType != nil || !keys.isEmpty else { return nil }
    guard address.table == "deployments" else {
      throw FoldlogError(
        .usage, "--for and --key ask which model serves a request, and only deployments knows")
    }
    guard let taskType, !keys.isEmpty else {
      throw FoldlogError(
        .usage, "--for and --key go together: --for TASK_TYPE --key REQUEST")
    }
    guard filters.isEmpty, sort == nil, !desc, limit == nil else {
      throw FoldlogError(
        .usage,
        "--for and --key ask about requests: --where, --sort, --desc and --limit are for rows")
    }
    guard !taskType.isEmpty, !keys.contains("") else {
      throw FoldlogError(.usage, "a task type and the key of a request are not empty")
    }
    if keys.contains("-"), !StandardDescriptors.hasInput {
      throw FoldlogError(.noInput, "standard input is closed, and --key - reads keys from it")
    }
    return Foldlog.serving(keys.flatMap { $0 == "-" ? linesOfInput() : [$0] }, taskType: taskType)
  }
}

/// The lines of standard input that are not empty.
private func linesOfInput() -> [String] {
  var lines: [String] = []
  while let line = readLine() { if !line.isEmpty { lines.append(line) } }
  return lines
}
