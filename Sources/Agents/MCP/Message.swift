internal import JSON
internal import Query

/// What a line of JSON-RPC 2.0 says.
enum Message {
  case request(id: RequestID, method: String, params: AnyJSON)
  case notification(method: String, params: AnyJSON)
  /// An answer to a request, of which this side makes none.
  case response
  case invalid(RequestID?, RPCError)
}

/// What names a request.
enum RequestID: Hashable {
  case text(String)
  case number(String)

  init?(_ value: AnyJSON?) {
    switch value {
    case .text(let text): self = .text(text)
    case .integer(let number): self = .number("\(number)")
    case .number(let text): self = .number(text)
    default: return nil
    }
  }

  /// Of the beginning of a request: as clients write it, before what it asks.
  init?(startOf line: [UInt8]) {
    let text = String(decoding: line, as: UTF8.self)
    let head = text.prefix(upTo: text.firstRange(of: "\"params\"")?.lowerBound ?? text.endIndex)
    guard let name = head.firstRange(of: "\"id\"") else { return nil }
    let rest = head[name.upperBound...].drop { $0.isWhitespace || $0 == ":" }
    if rest.first == "\"" {
      let id = rest.dropFirst().prefix { $0 != "\"" && $0 != "\\" }
      self = .text(String(id))
    } else {
      let id = rest.prefix { $0.isNumber || $0 == "-" }
      guard let number = Int64(id) else { return nil }
      self = .number("\(number)")
    }
  }

  var document: JSONDocument {
    switch self {
    case .text(let text): .text(text)
    case .number(let text): .raw(text)
    }
  }
}

/// An error in the terms of JSON-RPC.
struct RPCError: Error, Equatable {
  let code: Int
  let message: String

  static func unreadable(_ reason: String) -> RPCError { RPCError(code: -32700, message: reason) }
  static func invalidRequest(_ reason: String) -> RPCError {
    RPCError(code: -32600, message: reason)
  }
  static func unknownMethod(_ name: String) -> RPCError {
    RPCError(code: -32601, message: "there is no method `\(name.prefix(100))`")
  }
  static func invalidParams(_ reason: String) -> RPCError {
    RPCError(code: -32602, message: reason)
  }
}

extension Message {
  init(_ value: AnyJSON) {
    guard value.isObject else {
      self = .invalid(nil, .invalidRequest("a message is an object"))
      return
    }
    let id = RequestID(value["id"])
    guard value["jsonrpc"]?.text == "2.0" else {
      self = .invalid(id, .invalidRequest("a message has `jsonrpc` \"2.0\""))
      return
    }
    guard let named = value["method"] else {
      let isResponse = value["result"] != nil || value["error"] != nil
      self = isResponse ? .response : .invalid(id, .invalidRequest("a request names a method"))
      return
    }
    guard let method = named.text else {
      self = .invalid(id, .invalidRequest("a method's name is a text"))
      return
    }
    // Some clients write what is absent as null.
    let params = value["params"].flatMap { $0 == .null ? nil : $0 } ?? .object([:])
    if let id {
      self = .request(id: id, method: method, params: params)
    } else if value["id"] != nil {
      self = .invalid(nil, .invalidRequest("an id is a text or a number"))
    } else {
      self = .notification(method: method, params: params)
    }
  }

  /// The messages of a line: one, or those of a batch.
  static func reading(_ line: [UInt8]) -> Result<(isBatch: Bool, messages: [Message]), RPCError> {
    let first = line.first { ![0x20, 0x09, 0x0d].contains($0) }
    let isBatch = first == UInt8(ascii: "[")
    // A parser of lines takes objects.
    let text = isBatch ? Array(#"{"b":"#.utf8) + line + [UInt8(ascii: "}")] : line
    var parser = JSONParser()
    let value: AnyJSON
    do {
      value = try parser.withObject(text.span, isPadded: false) { AnyJSON($0) }
    } catch {
      if error.code == .notObject { return .failure(.invalidRequest("a message is an object")) }
      return .failure(.unreadable("the line is no JSON: \(error.reason)"))
    }
    if !isBatch { return .success((false, [Message(value)])) }
    guard case .object(let members) = value, members.count == 1, case .list(let list) = value["b"]
    else { return .failure(.unreadable("the line is no JSON")) }
    if list.isEmpty {
      return .failure(.invalidRequest("a batch has messages, and this one is empty"))
    }
    return .success((true, list.map { Message($0) }))
  }
}
