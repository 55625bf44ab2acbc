internal import CCurl

/// A request on its way, as `HTTPClient.start` began it. Belongs to the client's thread.
@safe package final class HTTPTransfer {
  package let request: HTTPRequest
  /// How it ended; nil while it goes on.
  package internal(set) var result: Result<HTTPResponse, HTTPError>?
  /// Of the answer's head, as far as it is there; 0 before.
  package private(set) var status = 0
  package private(set) var headers: [HTTPHeader] = []
  /// How often something was asked: 0 where no connection came to be, more than one after redirects.
  package private(set) var sendings: UInt64 = 0

  private var easy: OpaquePointer?
  private var lines: UnsafeMutableRawPointer?
  private var body: [UInt8] = []
  private var received = 0
  private var headSize = 0
  private var isPaused = false
  private var refusal: HTTPError?
  private var redirects = 0
  private var isSent = false
  /// The variable that names a proxy for it; nil where none does.
  private var proxy: String?
  private let start = milliseconds()
  private var heard = milliseconds()
  /// Bytes of the body since then.
  private var unheard = 0

  /// The most that the head of an answer may hold.
  private static let headLimit = 256 << 10
  private static let redirectsMax = 5
  /// Bytes of a stream that have to come within `silence_ms`.
  private static let heardMin = 16 << 10

  init(_ request: HTTPRequest) { self.request = request }

  deinit { release() }

  /// Bytes of the answer's body that came since they were last taken.
  package func takeBytes() -> [UInt8] {
    let bytes = body
    body = []
    if isPaused, let easy = unsafe easy {
      isPaused = false
      heardNow()
      unsafe ccurl_easy_resume(easy)
    }
    return bytes
  }

  /// Whether there are bytes to take of an answer that is wanted piece by piece.
  var hasBytes: Bool { request.streamed != nil && !body.isEmpty }

  // MARK: Beginning

  /// The handle of a transfer of this request, made anew.
  func prepare(
    _ url: String, _ authorities: Authorities
  ) throws(HTTPError) -> OpaquePointer {
    release()
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    let made = unsafe ccurl_easy_new(
      context, { unsafe took($0, $1 * $2, $3) { unsafe $0.takeBody($1) } },
      { unsafe took($0, $1 * $2, $3) { unsafe $0.takeHeader($1) } })
    guard let made = unsafe made else { throw .noMemory }
    unsafe easy = made
    status = 0
    headers = []
    headSize = 0
    (isSent, unheard) = (false, 0)
    proxy = authorities.proxies[request.address.scheme]
    heard = milliseconds()
    let spent = heard - start
    let whole = request.timeouts.whole_ms.map { max(1, $0 - spent) } ?? 0
    let isSet =
      unsafe ccurl_easy_url(made, url) && ccurl_easy_agent(made, "foldlog")
      && ccurl_easy_timeouts(made, request.timeouts.connect_ms, whole)
      && ccurl_easy_authorities(made, authorities.file, authorities.folder)
      && ccurl_easy_before(
        made, context,
        { context, _, _, _, _ in
          guard let context = unsafe context else { return ccurl_end }
          let transfer = unsafe Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
          return transfer.noteSending() ? ccurl_go : ccurl_end
        })
    if !isSet { throw .noMemory }
    if let body = request.body {
      let isTaken = unsafe body.withUnsafeBufferPointer {
        unsafe ccurl_easy_post(made, $0.baseAddress, $0.count)
      }
      if !isTaken { throw .noMemory }
    }
    unsafe try setHeaders(of: made)
    return unsafe made
  }

  private func setHeaders(of easy: OpaquePointer) throws(HTTPError) {
    // Without it, libcurl waits a second for servers that do not know it.
    for header in request.headers + [HTTPHeader("Expect", "")] {
      let line = header.value.isEmpty ? "\(header.name):" : "\(header.name): \(header.value)"
      if line.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
        throw HTTPError(
          .badAddress, request.address.place, "the header \(header.name) holds a control character")
      }
      unsafe lines = ccurl_headers_append(lines, line)
      if unsafe lines == nil { throw .noMemory }
    }
    if unsafe !ccurl_easy_headers(easy, lines) { throw .noMemory }
  }

  func release() {
    if let easy = unsafe easy { unsafe ccurl_easy_free(easy) }
    if let lines = unsafe lines { unsafe ccurl_headers_free(lines) }
    unsafe easy = nil
    unsafe lines = nil
  }

  var handle: OpaquePointer? { unsafe easy }

  /// Notes that it is about to be sent. Returns false for what was sent before, and may have been done:
  /// whoever asked decides whether that is done twice.
  fileprivate func noteSending() -> Bool {
    if isSent, request.body != nil {
      refusal = HTTPError(
        .endedEarly, request.address.place,
        "the connection ended before the answer came, after all was sent")
      return false
    }
    isSent = true
    sendings += 1
    return true
  }

  // MARK: What comes

  private func heardNow() { (heard, unheard) = (milliseconds(), 0) }

  fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    if let most = request.streamed, body.count >= most {
      isPaused = true
      return ccurl_pause
    }
    // A stream may be without an end: one that drips is as good as silent.
    unheard += bytes.count
    if request.streamed == nil || unheard >= Self.heardMin { heardNow() }
    received += bytes.count
    if received > request.limit {
      refusal = HTTPError(
        .tooLong, request.address.place,
        "the answer is longer than \(request.limit) bytes: this is not what was asked for")
      return 0
    }
    unsafe body.append(contentsOf: bytes)
    return bytes.count
  }

  fileprivate func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    headSize += bytes.count
    if headSize > Self.headLimit {
      refusal = HTTPError(
        .nonsense, request.address.place, "the head of the answer is longer than 256 KiB")
      return 0
    }
    let line = unsafe String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // What came before was of a proxy, or told to wait.
      headers = []
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
      headers.append(
        HTTPHeader(String(line[..<colon]), trimmed(line[line.utf8.index(after: colon)...])))
    } else if trimmed(line[...]).isEmpty, status >= 200 {
      // Its lines are no sound of their own: a head may be without an end.
      heardNow()
    }
    return bytes.count
  }

  // MARK: Ending

  /// Takes what libcurl says of the end. Returns where to go on, or nil when there is a result.
  func end(_ fault: Int32) -> String? {
    let place = request.address.place
    if let refusal { return finish(.failure(refusal)) }
    if fault == Fault.timedOut { return finish(.failure(timeout)) }
    guard fault == Fault.none, let easy = unsafe easy else {
      let text = unsafe String(cString: ccurl_fault(fault))
      if let easy = unsafe easy, let refusal = unsafe refusal(ofProxy: easy) {
        return finish(.failure(refusal))
      }
      return finish(.failure(Fault.error(fault, at: place, by: proxy, saying: text)))
    }
    let status = unsafe ccurl_easy_status(easy)
    if [301, 302, 303, 307, 308].contains(status), let to = unsafe ccurl_easy_redirect(easy) {
      do throws(HTTPError) {
        return try redirect(status, to: unsafe String(cString: to))
      } catch { return finish(.failure(error)) }
    }
    let response = HTTPResponse(
      status: status, headers: headers, body: body,
      version: Int(unsafe ccurl_easy_http_version(easy)))
    body = []
    return finish(.success(response))
  }

  /// Why a proxy did not lead to the server; nil where it did, or none was asked.
  private func refusal(ofProxy easy: OpaquePointer) -> HTTPError? {
    let status = unsafe ccurl_easy_proxy_status(easy)
    guard status >= 300, let proxy else { return nil }
    return HTTPError(
      status >= 500 ? .unreachable : .refusedByProxy, request.address.place,
      status == 407
        ? "the proxy that \(proxy) names asks who you are (status 407)"
        : "the proxy that \(proxy) names does not lead there (status \(status))")
  }

  private func redirect(_ status: Int, to url: String) throws(HTTPError) -> String {
    let from = request.address
    guard let to = try? HTTPAddress(url), to.host == from.host,
      to.port == from.port || (from.port == "80" && to.port == "443"),
      to.scheme == from.scheme || to.scheme == "https"
    else {
      throw HTTPError(
        .redirected, from.place,
        "the answer (\(status)) leads to another server"
          + ((try? HTTPAddress(url)).map { ", \($0.place)" } ?? "")
          + ", which is not followed: if it is right, give its address")
    }
    if request.body != nil, status < 307 {
      throw HTTPError(
        .redirected, from.place,
        "the answer (\(status)) leads elsewhere, and what is sent would be left out: give the "
          + "address that it leads to")
    }
    redirects += 1
    if redirects > Self.redirectsMax {
      throw HTTPError(.redirected, from.place, "the answers lead on and on, without an end")
    }
    body = []
    received = 0
    return to.text
  }

  private var timeout: HTTPError {
    let seconds = (milliseconds() - start + 500) / 1000
    return HTTPError(
      .timedOut, request.address.place,
      status == 0
        ? "no answer within \(seconds) s" : "the answer was not complete within \(seconds) s")
  }

  /// Ends it when nothing was heard for too long. Returns whether that is so.
  func endIfSilent() -> Bool {
    if isPaused || silenceLeft > 0 { return false }
    _ = finish(.failure(timeout))
    return true
  }

  /// Milliseconds until the silence is too long.
  var silenceLeft: Int {
    isPaused ? .max : max(0, request.timeouts.silence_ms - (milliseconds() - heard))
  }

  func finish(_ result: Result<HTTPResponse, HTTPError>) -> String? {
    self.result = result
    return nil
  }
}

/// Hands what libcurl has over to the transfer that it belongs to.
private func took(
  _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
  _ take: (HTTPTransfer, UnsafeRawBufferPointer) -> Int
) -> Int {
  guard let context = unsafe context else { return 0 }
  let transfer = unsafe Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
  return unsafe take(transfer, UnsafeRawBufferPointer(start: bytes, count: count))
}

private func trimmed(_ text: Substring) -> String {
  let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
  let bytes = text.utf8.drop(while: isSpace)
  let end = bytes.lastIndex { !isSpace($0) }
  return end.map { String(bytes[...$0]) ?? "" } ?? ""
}
