internal import Bytes
package import Foldlog
internal import Query

/// A server of the Model Context Protocol on a pair of descriptors: JSON-RPC 2.0, a message a line, one
/// after the other.
package final class MCPServer {
  /// Bytes of an answer, unless more is asked for.
  package static let answerSizeMax = ToolAnswer.sizeMax

  private let tools: [Tool]
  private let desk: ToolDesk
  private let version: String
  private let write: ([UInt8]) throws -> Void
  /// What both sides agreed on.
  private var protocolVersion = MCPServer.versions[0]

  /// The revisions that are spoken, the newest first.
  static let versions = ["2025-06-18", "2025-03-26"]
  /// The one that has batches.
  private static let versionOfBatches = "2025-03-26"
  /// Bytes of a line.
  private static let lineMax = 1 << 20
  /// Under which Claude Code says what its transcript calls a call.
  private static let callName = "claudecode/toolUseId"

  /// - Parameters:
  ///   - project: the folder that the agent works in.
  ///   - version: of this program.
  ///   - write: gives a line out.
  package init(
    _ store: Store, project: String?, version: String, write: @escaping ([UInt8]) throws -> Void
  ) {
    tools = Tool.all(of: store.projectors)
    desk = ToolDesk(store, project: project)
    self.version = version
    self.write = write
  }

  /// Answers until the input ends.
  @available(*, noasync)
  package func run(_ descriptor: Int32) throws {
    let input = LineInput(descriptor, sizeMax: Self.lineMax)
    while true {
      var lines = input.next()
      if lines.isEmpty { return }
      while !lines.isEmpty {
        // What is taken back before its turn is not done: those lines have come by now.
        lines += input.more()
        let cancelled = Self.cancelled(in: lines)
        try answer(lines.removeFirst(), cancelled)
      }
    }
  }

  /// The requests that lines take back.
  private static func cancelled(in lines: [LineInput.Line]) -> Set<RequestID> {
    guard lines.count > 1 else { return [] }
    var cancelled: Set<RequestID> = []
    for case .line(let line) in lines {
      guard case .success(let read) = Message.reading(line) else { continue }
      for case .notification("notifications/cancelled", let params) in read.messages {
        if let id = RequestID(params["requestId"]) { cancelled.insert(id) }
      }
    }
    return cancelled
  }

  @available(*, noasync)
  private func answer(_ line: LineInput.Line, _ cancelled: Set<RequestID>) throws {
    guard case .line(let bytes) = line else {
      return try send(
        Self.response(to: nil, .unreadable("a line has at most \(Self.lineMax) bytes")))
    }
    if bytes.allSatisfy({ [0x20, 0x09, 0x0d].contains($0) }) { return }
    switch Message.reading(bytes) {
    case .failure(let error): try send(Self.response(to: nil, error))
    case .success(let read) where read.isBatch:
      guard protocolVersion == Self.versionOfBatches else {
        return try send(
          Self.response(
            to: nil, .invalidRequest("there are no batches in revision \(protocolVersion)")))
      }
      let answers = read.messages.compactMap { answer(to: $0, cancelled) }
      if !answers.isEmpty { try send(.list(answers)) }
    case .success(let read):
      for message in read.messages {
        if let answer = answer(to: message, cancelled) { try send(answer) }
      }
    }
  }

  private func send(_ document: JSONDocument) throws {
    try write(document.line + [UInt8(ascii: "\n")])
  }

  /// What is answered; nil for nothing.
  @available(*, noasync)
  private func answer(to message: Message, _ cancelled: Set<RequestID>) -> JSONDocument? {
    switch message {
    case .notification, .response: return nil
    case .invalid(let id, let error): return Self.response(to: id, error)
    case .request(let id, let method, let params):
      if cancelled.contains(id) { return nil }
      do throws(RPCError) {
        return .object([
          ("jsonrpc", .text("2.0")), ("id", id.document), ("result", try result(method, params)),
        ])
      } catch {
        return Self.response(to: id, error)
      }
    }
  }

  private static func response(to id: RequestID?, _ error: RPCError) -> JSONDocument {
    .object([
      ("jsonrpc", .text("2.0")), ("id", id?.document ?? .null),
      ("error", .object([("code", .number(error.code)), ("message", .text(error.message))])),
    ])
  }

  // MARK: Methods

  @available(*, noasync)
  private func result(_ method: String, _ params: AnyJSON) throws(RPCError) -> JSONDocument {
    guard params.isObject else { throw .invalidParams("`params` is an object") }
    switch method {
    case "initialize": return try initialize(params)
    case "ping": return .object([])
    case "tools/list":
      if params["cursor"] != nil {
        throw .invalidParams("there is one page of tools, and no cursor")
      }
      return .object([("tools", .list(tools.map(\.document)))])
    case "tools/call": return try call(params)
    default: throw .unknownMethod(method)
    }
  }

  private func initialize(_ params: AnyJSON) throws(RPCError) -> JSONDocument {
    guard let asked = params["protocolVersion"]?.text else {
      throw .invalidParams("`protocolVersion` is a text")
    }
    protocolVersion = Self.versions.contains(asked) ? asked : Self.versions[0]
    return .object([
      ("protocolVersion", .text(protocolVersion)),
      ("capabilities", .object([("tools", .object([]))])),
      ("serverInfo", .object([("name", .text("foldlog")), ("version", .text(version))])),
    ])
  }

  @available(*, noasync)
  private func call(_ params: AnyJSON) throws(RPCError) -> JSONDocument {
    guard let name = params["name"]?.text else { throw .invalidParams("`name` is a text") }
    guard let tool = tools.first(where: { $0.name == name }) else {
      throw .invalidParams(
        "there is no tool `\(name.prefix(100))`: there are "
          + tools.map(\.name).joined(separator: ", "))
    }
    let arguments = params["arguments"] ?? .object([:])
    guard arguments.isObject else { throw .invalidParams("`arguments` is an object") }
    do throws(FoldlogError) {
      var checked = try tool.checked(arguments)
      checked.call = params["_meta"]?[Self.callName]?.text
      return try tool.run(desk, checked).document
    } catch {
      // What the model can put right, it is told.
      return .object([
        (
          "content",
          .list([.object([("type", .text("text")), ("text", .text(error.description))])])
        ), ("isError", .bool(true)),
      ])
    }
  }
}
