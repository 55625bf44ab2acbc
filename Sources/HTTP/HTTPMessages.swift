internal import CCurl

/// An address of a server, with what is asked for there.
package struct HTTPAddress: Equatable, Sendable {
  /// The whole, which may hold a secret: it is sent, and never told.
  package let text: String
  package let scheme: String
  package let host: String
  package let port: String

  /// - Throws: of what is no address of http or https, or holds a user or a password, which would stand
  ///   in lists of processes and in logs.
  package init(_ text: String) throws(HTTPError) {
    if let reason = unsafe ccurl_load() {
      throw .libraryMissing(unsafe String(cString: reason))
    }
    guard !text.utf8.contains(0), let scheme = Self.part(ccurl_scheme, of: text),
      scheme == "http" || scheme == "https", let host = Self.part(ccurl_host, of: text),
      let port = Self.part(ccurl_port, of: text)
    else {
      throw HTTPError(
        .badAddress, "", "an address is as `https://host/path`, and what was given is none")
    }
    self.text = text
    self.scheme = scheme
    self.host = host.lowercased()
    self.port = port
    let user = Self.part(ccurl_user, of: text) ?? ""
    let password = Self.part(ccurl_password, of: text) ?? ""
    if !user.isEmpty || !password.isEmpty {
      throw HTTPError(
        .badAddress, place, "an address holds no user and no password: others could read them")
    }
  }

  /// Scheme, host and port: what may be told.
  package var place: String {
    let isUsual = (scheme == "https" && port == "443") || (scheme == "http" && port == "80")
    return "\(scheme)://\(host)" + (isUsual ? "" : ":\(port)")
  }

  /// The same, however it was written: without what is for its reader alone (`#…`), without dots in its path,
  /// the port only where it is unusual, and no letter, digit, `-`, `.`, `_` or `~` as `%xx`.
  package var normal: String {
    let query = Self.part(ccurl_query, of: text).map { "?\($0)" } ?? ""
    return place + Self.unescaped(Self.part(ccurl_path, of: text) ?? "/") + query
  }

  private static func unescaped(_ path: String) -> String {
    let bytes = Array(path.utf8)
    var (plain, index): ([UInt8], Int) = ([], 0)
    while index < bytes.count {
      let code =
        bytes[index] == UInt8(ascii: "%") && index + 2 < bytes.count
        ? UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16) : nil
      if let code, isUnreserved(code) {
        plain.append(code)
        index += 3
      } else {
        plain.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: true
    default: false
    }
  }

  private static func part(_ part: ccurl_url_part, of text: String) -> String? {
    var room = [CChar](repeating: 0, count: text.utf8.count + 16)
    let isThere = unsafe room.withUnsafeMutableBufferPointer { room in
      guard let start = room.baseAddress else { return false }
      return unsafe ccurl_url_get(text, part, start, room.count)
    }
    if !isThere { return nil }
    return String(decoding: room.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// A line of a request's or an answer's head.
package struct HTTPHeader: Equatable, Sendable {
  package let name: String
  package let value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// How long a server may take.
package struct HTTPTimeouts: Equatable, Sendable {
  package var connect_ms = 10_000
  /// From the beginning until the head of the answer is whole, and between two pieces of its body; of a
  /// stream, between two of 16 KiB.
  package var silence_ms = 30_000
  /// For all of it; nil for no end.
  package var whole_ms: Int? = 60_000

  package init() {}
}

/// What is asked of a server.
package struct HTTPRequest: Sendable {
  package var address: HTTPAddress
  package var headers: [HTTPHeader] = []
  /// What is sent by POST; nil for GET.
  package var body: [UInt8]?
  /// Bytes of the answer beyond which it is refused.
  package var limit = 1 << 20
  /// Bytes that wait to be taken, from which on the server is made to wait; nil for an answer that is
  /// wanted whole.
  package var streamed: Int?
  package var timeouts = HTTPTimeouts()

  package init(_ address: HTTPAddress) { self.address = address }
}

/// What a server answered.
package struct HTTPResponse: Equatable, Sendable {
  package let status: Int
  package let headers: [HTTPHeader]
  /// What was not taken while it came.
  package let body: [UInt8]
  /// 2, or 1 for HTTP/1.1 and 1.0.
  package let version: Int

  /// The value of a header, whatever the case of its name; the last one where there are several.
  package subscript(name: String) -> String? { headers.value(of: name) }
}

extension [HTTPHeader] {
  func value(of name: String) -> String? {
    last { $0.name.lowercased() == name.lowercased() }?.value
  }
}
