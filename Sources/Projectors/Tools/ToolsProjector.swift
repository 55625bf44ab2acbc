internal import Bytes
internal import Events
public import Facts
public import Projection
public import Tables
public import Views

/// A tool, and what its calls came to.
struct ToolRow: Row {
  var tool = ""
  var sums = ToolSums()

  static let table = StoredTable<TextKey, ToolRow>("tools", residentMax: 1 << 12)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout ToolRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("tool", &row.tool, "As the agent calls it.")
    try ToolSums.columns(&row.sums, &visit)
  }

  static let answer = Answer(
    "tools", "What an agent's calls of a tool came to.", of: table, key: { TextKey($0[0]) }
  ).showing(first: "calls", "failures", "failure_rate", "mean_ms", "output_bytes").counting(
    toolCalls: { $1.tool == $0["tool"].text }
  ).explained { explanation, row, tables, _ throws(TableError) in
    ToolSums.explain(&explanation, try tables.read(table).row(TextKey(row["tool"].text))?.sums)
  }
}

/// A command of a shell, by its head, and what its runs came to.
struct CommandRow: Row {
  var command = ""
  var sums = ToolSums()

  static let table = StoredTable<TextKey, CommandRow>("commands", residentMax: 1 << 14)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout CommandRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key(
      "command", &row.command,
      """
      The head of the command: its program, and what it does; of several the last that does not \
      only set the stage or look, of several that failed the one that did, where that is known.
      """)
    try ToolSums.columns(&row.sums, &visit)
  }

  static let answer = Answer(
    "tools/commands", "What an agent's runs of a command came to, by the head of the command.",
    of: table, key: { TextKey($0[0]) }
  ).showing(first: "calls", "failures", "failure_rate", "mean_ms", "output_bytes").counting(
    toolCalls: { $1.commandHead == $0["command"].text }
  ).explained { explanation, row, tables, _ throws(TableError) in
    ToolSums.explain(&explanation, try tables.read(table).row(TextKey(row["command"].text))?.sums)
  }
}

/// An MCP server, and what calls of its tools came to.
struct ServerRow: Row {
  var server = ""
  var tools = NameSet<32>()
  var sums = ToolSums()

  static let table = StoredTable<TextKey, ServerRow>("servers", residentMax: 1 << 12)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout ServerRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("server", &row.server, "As its tools' names have it: `mcp__SERVER__TOOL`.")
    try visit.column("tools", &row.tools, "Its tools that were called, by name; the first 32.")
    try ToolSums.columns(&row.sums, &visit)
  }

  static let answer = Answer(
    "tools/servers", "What an agent's calls of the tools of an MCP server came to.", of: table,
    key: { TextKey($0[0]) }
  ).showing(first: "calls", "failures", "failure_rate", "mean_ms", "output_bytes").counting(
    toolCalls: { mcpNames($1.tool)?.server == $0["server"].text }
  ).explained { explanation, row, tables, _ throws(TableError) in
    ToolSums.explain(&explanation, try tables.read(table).row(TextKey(row["server"].text))?.sums)
  }
}

/// Folds calls of tools into a row a tool, a command and an MCP server.
///
/// Memory: the rows in use, about 0.5 KB each, and the sessions of each in use, 40 bytes each.
public final class ToolsProjector: EventProjector {
  public static let view = View(
    "tools", version: 4, "Which tools and commands agents used, and how these went.",
    needs: .calls, tables: [ToolRow.answer, CommandRow.answer, ServerRow.answer])

  private let tools: KeyedTable<TextKey, ToolRow>
  private let commands: KeyedTable<TextKey, CommandRow>
  private let servers: KeyedTable<TextKey, ServerRow>
  /// The sessions that each row has counted.
  private let sessions: DifferentOnes

  private static let sessionsTable = StoredTable<Hash128, UInt64>(
    "sessions", isCounted: false, residentMax: 1 << 16)

  public init(tables: FoldTables) throws(TableError) {
    tools = try tables.open(ToolRow.table)
    commands = try tables.open(CommandRow.table)
    servers = try tables.open(ServerRow.table)
    sessions = try DifferentOnes(Self.sessionsTable, in: tables)
  }

  public func fold(_ change: borrowing CallChange<ToolCall>) throws(TableError) {
    let change = copy change
    let call = change.after
    var added = try sessions(changed: change.before, call, in: "tool", call.tool)
    try tools.change(TextKey(call.tool)) { slot in
      var row = slot.take() ?? ToolRow(tool: call.tool)
      row.sums.fold(change, sessions: added)
      slot = row.sums.isEmpty ? nil : row
    }
    // Of a line of several commands its result may tell that it was about another one.
    let isMoved = change.before.map { $0.commandHead != call.commandHead } ?? false
    if isMoved, let before = change.before, let command = before.commandHead, !before.isToldTwice {
      added = try sessions(changed: before, nil, in: "command", command)
      try commands.change(TextKey(command)) { slot in
        guard var row = slot.take() else { return }
        row.sums.takeBack(before, of: change, sessions: added)
        slot = row.sums.isEmpty ? nil : row
      }
    }
    if let command = call.commandHead {
      let before = isMoved ? nil : change.before
      added = try sessions(changed: before, call, in: "command", command)
      let own = isMoved ? CallChange(of: change.event, before: nil, after: call) : change
      try commands.change(TextKey(command)) { slot in
        var row = slot.take() ?? CommandRow(command: command)
        row.sums.fold(own, sessions: added, ending: \.commandEnding)
        slot = row.sums.isEmpty ? nil : row
      }
    }
    if let (server, tool) = mcpNames(call.tool) {
      added = try sessions(changed: change.before, call, in: "server", server)
      try servers.change(TextKey(server)) { slot in
        var row = slot.take() ?? ServerRow(server: server)
        row.tools.add(tool)
        row.sums.fold(change, sessions: added)
        slot = row.sums.isEmpty ? nil : row
      }
    }
  }

  /// How many more sessions a row has by a call that it takes back, and one that it counts.
  private func sessions(
    changed before: ToolCall?, _ after: ToolCall?, in table: String, _ name: String
  ) throws(TableError) -> Int {
    let (before, after) = (counted(before), counted(after))
    if let before, let after, before.context.session == after.context.session { return 0 }
    var added = 0
    if let before, let session = before.context.session {
      let stream = before.context.stream.description
      if try sessions.takeBack(table, name, stream, session) { added -= 1 }
    }
    if let after, let session = after.context.session {
      if try sessions.count(table, name, after.context.stream.description, session) { added += 1 }
    }
    return added
  }

  private func counted(_ call: ToolCall?) -> ToolCall? {
    call.flatMap { $0.isToldTwice ? nil : $0 }
  }
}

/// The server and the tool of `mcp__SERVER__TOOL`; nil of another name.
func mcpNames(_ tool: String) -> (server: String, tool: String)? {
  let parts = tool.split(separator: "__", maxSplits: 2, omittingEmptySubsequences: false)
  guard parts.count == 3, parts[0] == "mcp", !parts[1].isEmpty, !parts[2].isEmpty else {
    return nil
  }
  return (String(parts[1]), String(parts[2]))
}
