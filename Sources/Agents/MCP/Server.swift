internal import Bytes
package import Foldlog
internal import Masking
internal import Query

/// A server of the Model Context Protocol on a pair of descriptors: JSON-RPC 2.0, a message a line, one
/// after the other.
package final class MCPServer {
  private let tools: [Tool]
  private let desk: ToolDesk
  private let version: String
  private let write: ([UInt8]) throws -> Void
  /// Of the lines that have come, the requests that were taken back.
  private var cancelled: Set<RequestID> = []
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
    var waiting: [Waiting] = []
    var isOpen = true
    while isOpen || !waiting.isEmpty {
      if waiting.isEmpty {
        waiting = input.next().map(Waiting.init).reversed()
        isOpen = !waiting.isEmpty
        cancel(by: waiting)
      }
      // What is taken back before its turn is not done: those lines have come by now.
      if waiting.count < Self.waitingMax {
        let more = input.more().map(Waiting.init)
        cancel(by: more)
        waiting = more.reversed() + waiting
      }
      guard let next = waiting.popLast() else { continue }
      try answer(next)
      if waiting.isEmpty { cancelled = [] }
    }
  }

  /// Requests that wait, before no more are read.
  private static let waitingMax = 256

  /// A line that came, read once.
  private enum Waiting {
    case tooLong(RequestID?)
    case blank
    case unreadable(RPCError)
    case messages(isBatch: Bool, [Message])

    init(_ line: LineInput.Line) {
      switch line {
      case .tooLong(let start): self = .tooLong(RequestID(startOf: start))
      case .line(let bytes):
        if bytes.allSatisfy({ [0x20, 0x09, 0x0d].contains($0) }) {
          self = .blank
          return
        }
        switch Message.reading(bytes) {
        case .failure(let error): self = .unreadable(error)
        case .success(let read): self = .messages(isBatch: read.isBatch, read.messages)
        }
      }
    }
  }

  /// Notes the requests that lines take back.
  private func cancel(by lines: [Waiting]) {
    for case .messages(_, let messages) in lines {
      for case .notification("notifications/cancelled", let params) in messages {
        if let id = RequestID(params["requestId"]) { cancelled.insert(id) }
      }
    }
  }

  @available(*, noasync)
  private func answer(_ waiting: Waiting) throws {
    switch waiting {
    case .blank: return
    case .tooLong(let id):
      try send(
        Self.response(to: id, .invalidRequest("a line has at most \(Self.lineMax) bytes")))
    case .unreadable(let error): try send(Self.response(to: nil, error))
    case .messages(isBatch: true, let messages):
      guard protocolVersion == Self.versionOfBatches else {
        return try send(
          Self.response(
            to: nil, .invalidRequest("there are no batches in revision \(protocolVersion)")))
      }
      let answers = messages.compactMap { answer(to: $0) }
      if !answers.isEmpty { try send(.list(answers)) }
    case .messages(isBatch: false, let messages):
      for message in messages {
        if let answer = answer(to: message) { try send(answer) }
      }
    }
  }

  private func send(_ document: JSONDocument) throws {
    try write(document.line + [UInt8(ascii: "\n")])
  }

  /// What is answered; nil for nothing.
  @available(*, noasync)
  private func answer(to message: Message) -> JSONDocument? {
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
      if let cursor = params["cursor"], cursor != .null {
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

  /// It may repeat what was asked, whatever that was.
  private static func shown(_ error: FoldlogError) -> String {
    var masker = Masker()
    let text = masker.mask(String(error.description.prefix(2 * ToolAnswer.errorMax)))
    return text.count > ToolAnswer.errorMax ? text.prefix(ToolAnswer.errorMax - 1) + "…" : text
  }

  @available(*, noasync)
  private func call(_ params: AnyJSON) throws(RPCError) -> JSONDocument {
    guard let name = params["name"]?.text else { throw .invalidParams("`name` is a text") }
    guard let tool = tools.first(where: { $0.name == name }) else {
      throw .invalidParams(
        "there is no tool `\(name.prefix(100))`: there are "
          + tools.map(\.name).joined(separator: ", "))
    }
    let arguments = params["arguments"].flatMap { $0 == .null ? nil : $0 } ?? .object([:])
    guard arguments.isObject else { throw .invalidParams("`arguments` is an object") }
    do throws(FoldlogError) {
      try desk.lookAnew()
      var checked = try tool.checked(arguments)
      checked.call = params["_meta"]?[Self.callName]?.text
      return try tool.run(desk, checked).document
    } catch {
      // What the model can put right, it is told.
      return .object([
        (
          "content",
          .list([.object([("type", .text("text")), ("text", .text(Self.shown(error)))])])
        ), ("isError", .bool(true)),
      ])
    }
  }
}
