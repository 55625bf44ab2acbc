internal import CCurl
internal import Files

#if canImport(Glibc)
  internal import Glibc
#endif

/// Asks servers, several at a time, over connections that are kept: HTTP/1.1, and HTTP/2 where TLS
/// agrees on it. Proxies and authorities are those of the environment (http_proxy, https_proxy,
/// all_proxy, no_proxy; CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR). Belongs to one thread.
@safe package final class HTTPClient {
  private let multi: OpaquePointer
  private let authorities: Authorities
  private var transfers: [ObjectIdentifier: HTTPTransfer] = [:]

  package init(
    environment: (String) -> String? = environmentText
  ) throws(HTTPError) {
    authorities = Authorities(environment)
    if let reason = unsafe ccurl_load() {
      throw .libraryMissing(unsafe String(cString: reason))
    }
    guard let multi = unsafe ccurl_multi_new() else { throw .noMemory }
    unsafe self.multi = multi
  }

  deinit {
    for transfer in transfers.values { detach(transfer) }
    unsafe ccurl_multi_free(multi)
  }

  /// Transfers that have not ended.
  package var inFlight: Int { transfers.count }

  /// Begins a request; `wait` goes on with it.
  package func start(_ request: HTTPRequest) throws(HTTPError) -> HTTPTransfer {
    let transfer = HTTPTransfer(request)
    try begin(transfer, request.address.text)
    return transfer
  }

  /// Ends a transfer, whatever came of it.
  package func cancel(_ transfer: HTTPTransfer) {
    guard transfers[ObjectIdentifier(transfer)] != nil else { return }
    detach(transfer)
    _ = transfer.finish(
      .failure(HTTPError(.cancelled, transfer.request.address.place, "given up before an answer")))
  }

  /// Goes on with what was started.
  ///
  /// - Parameters:
  ///   - limit_ms: how long to wait at most; it returns as soon as something ended or came.
  ///   - descriptor: also returns when that can be read; −1 for none.
  /// - Returns: what has ended.
  package func wait(
    atMost limit_ms: Int, or descriptor: Int32 = -1
  ) throws(HTTPError) -> [HTTPTransfer] {
    let ended = try advance()
    if !ended.isEmpty || transfers.values.contains(where: \.hasBytes) { return ended }
    let silence = transfers.values.map(\.silenceLeft).min() ?? .max
    let time = Int32(clamping: min(limit_ms, silence))
    if unsafe !ccurl_multi_wait(multi, descriptor, time) { throw fault }
    return try advance()
  }

  /// Asks, and waits for the whole answer.
  ///
  /// - Parameters:
  ///   - descriptor: can be read once the answer is not wanted any more; −1 for none.
  ///   - isStopping: whether it is so.
  package func run(
    _ request: HTTPRequest, or descriptor: Int32 = -1, isStopping: () -> Bool = { false }
  ) throws(HTTPError) -> HTTPResponse {
    let transfer = try start(request)
    while transfer.result == nil {
      if isStopping() { cancel(transfer) } else { _ = try wait(atMost: 1_000, or: descriptor) }
    }
    guard let result = transfer.result else { throw fault }
    return try result.get()
  }

  private var fault: HTTPError {
    HTTPError(.failed, "", "libcurl could not go on: there may be no memory or no descriptors left")
  }

  private func begin(_ transfer: HTTPTransfer, _ url: String) throws(HTTPError) {
    let easy = unsafe try transfer.prepare(url, authorities)
    if unsafe !ccurl_multi_add(multi, easy) { throw fault }
    transfers[ObjectIdentifier(transfer)] = transfer
  }

  private func detach(_ transfer: HTTPTransfer) {
    if let easy = unsafe transfer.handle { unsafe ccurl_multi_remove(multi, easy) }
    transfer.release()
    transfers[ObjectIdentifier(transfer)] = nil
  }

  private func advance() throws(HTTPError) -> [HTTPTransfer] {
    if unsafe !ccurl_multi_perform(multi) { throw fault }
    var ended: [HTTPTransfer] = []
    var number: Int32 = 0
    while let easy = unsafe ccurl_multi_ended(multi, &number) {
      let found = transfers.values.first { unsafe $0.handle == easy }
      guard let transfer = found else { continue }
      let next = transfer.end(number)
      detach(transfer)
      guard let next else {
        ended.append(transfer)
        continue
      }
      do throws(HTTPError) { try begin(transfer, next) } catch {
        _ = transfer.finish(.failure(error))
        ended.append(transfer)
      }
    }
    for transfer in transfers.values where transfer.endIfSilent() {
      detach(transfer)
      ended.append(transfer)
    }
    return ended
  }
}

/// Whom the environment trusts to vouch for servers, as other programs with libcurl take it.
struct Authorities {
  let file: String?
  let folder: String?
  /// By schemes, the variables that name proxies.
  let proxies: [String: String]

  init(_ environment: (String) -> String?) {
    func given(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    file = given("CURL_CA_BUNDLE") ?? given("SSL_CERT_FILE")
    folder = given("SSL_CERT_DIR")
    let all = ["all_proxy", "ALL_PROXY"]
    let names = ["http": ["http_proxy"] + all, "https": ["https_proxy", "HTTPS_PROXY"] + all]
    proxies = names.compactMapValues { $0.first { given($0) != nil } }
  }
}

/// Of a clock that only goes forward.
package func milliseconds() -> Int {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000
}
