internal import Bytes
package import Events
package import HTTP
internal import Views

/// Tells a server of an alert, by POST, as https://www.standardwebhooks.com has it:
///
/// - `webhook-id`: the want's `request_id`, the same in every try, so that a receiver can count once.
/// - `webhook-timestamp`: seconds since 1970 at which it was sent.
/// - `webhook-signature`: `v1,` and in Base64 the HMAC-SHA256 of `ID.TIMESTAMP.BODY` under the key;
///   absent without one. Of a key `whsec_…`, the rest is Base64 of what is signed with.
///
/// The body is an object of JSON: `type` (`alert`), `timestamp` (when the alert was opened), and `data` with
/// the want's columns.
///
/// It counts as sent once the server of the address, or one of the same name that it leads to, answers with
/// 200 to 299 and anything but a page for people: that is of a login or a portal, which knows nothing of
/// alerts.
package struct WebhookEffect: Effect {
  package static let wantKind = "webhook"
  package let kind = Self.wantKind
  /// What models are asked keeps nobody from being told of it.
  package let isUrgent = true
  package let address: HTTPAddress
  private let key: Secret?
  private let timeouts: HTTPTimeouts

  /// - Parameter timeout_s: how long an answer may take.
  package init(url: String, key: Secret?, timeout_s: Int) throws(EffectSetupError) {
    do { address = try HTTPAddress(url) } catch { throw EffectSetupError(error) }
    if key?.isBrokenWebhookKey == true {
      throw EffectSetupError("its key begins with whsec_, and what follows is no Base64")
    }
    self.key = key
    var timeouts = HTTPTimeouts()
    timeouts.whole_ms = timeout_s * 1_000
    timeouts.silence_ms = min(timeouts.silence_ms, timeout_s * 1_000)
    self.timeouts = timeouts
  }

  package init(_ address: HTTPAddress, key: Secret?, timeouts: HTTPTimeouts) {
    self.address = address
    self.key = key
    self.timeouts = timeouts
  }

  package func request(for task: EffectTask, at time: Timestamp) throws(EffectFailure)
    -> HTTPRequest
  {
    var data = JSONLineWriter()
    for (column, cell) in zip(task.row.columns, task.row.cells) {
      data.member(column.name, cell)
    }
    var body = JSONLineWriter()
    body.member("type", text: "alert")
    // When it happened: each try says the same.
    var happened = time
    if case .time(let opened) = task.row["opened_at"] { happened = opened }
    body.member("timestamp", text: "\(happened)")
    body.member("data", json: String(decoding: data.bytes, as: UTF8.self))
    var request = HTTPRequest(address)
    request.body = body.bytes
    request.timeouts = timeouts
    request.headers = [
      HTTPHeader("Content-Type", "application/json"),
      HTTPHeader("webhook-id", task.requestID),
      HTTPHeader("webhook-timestamp", "\(time.seconds)"),
    ]
    if let key {
      let signed = Array("\(task.requestID).\(time.seconds).".utf8) + body.bytes
      guard let signature = key.signature(of: signed) else {
        throw EffectFailure(
          "unsigned", "the alert could not be signed: libcrypto refuses", .settings)
      }
      request.headers.append(
        HTTPHeader("webhook-signature", "v1,\(base64(signature.bytes))"))
    }
    return request
  }

  package func explanation(in response: HTTPResponse) -> String? {
    Explanation.of(response, hiding: key)
  }

  package func result(
    of response: HTTPResponse, to task: EffectTask, latency_ms: Int
  ) throws(EffectFailure) -> EffectResult {
    if HTMLPage.begins(response.body) {
      throw EffectFailure(
        "wrong_answer",
        "\(address.place): a page for people is answered (status \(response.status)), as of a login or the "
          + "portal of a network, and not what a receiver says: the alert does not count as sent; look at "
          + "react.webhook_url and the network",
        .unready)
    }
    let alert = task.row["alert_id"].text ?? task.subject
    let status = response.status
    return EffectResult(kind: "alert_sent") { line in
      line.member("alert_id", text: alert)
      line.member("channel", text: "webhook")
      line.member("ok", json: "true")
      line.member("status", text: "\(status)")
      line.member("latency_ms", json: "\(latency_ms)")
    }
  }
}

extension JSONLineWriter {
  /// A cell as a member; null where it holds nothing.
  mutating func member(_ name: String, _ cell: Cell) {
    switch cell {
    case .null: member(name, json: "null")
    case .bool(let value): member(name, json: "\(value)")
    case .integer(let value): member(name, json: "\(value)")
    case .decimal(let value): member(name, json: "\(value)")
    case .real(let value): member(name, json: value.isFinite ? "\(value)" : "null")
    case .text(let value): member(name, text: value)
    case .time(let value): member(name, text: "\(value)")
    case .texts(let values): member(name, texts: values)
    case .offsets(let values):
      member(name, json: "[" + values.map { "\($0)" }.joined(separator: ",") + "]")
    }
  }
}
