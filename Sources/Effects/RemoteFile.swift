internal import Bytes
internal import Events
internal import Files
internal import HTTP

#if canImport(Glibc)
  internal import Glibc
#endif

/// A file that a server has, of which a copy is kept, so that all that is known of files holds for it.
///
/// A copy takes the place of the one before once it is whole. What came of one that broke off is kept
/// where the server names its version (a strong `ETag`), and the rest is asked for by `Range` and
/// `If-Range`: where the file has changed meanwhile, or the server knows no ranges, all of it comes anew.
/// A copy that is up to date is not fetched again: of one whose end nobody told, that ends within a line,
/// or whose file may have grown within the second in which it was fetched, nobody can say so.
package struct RemoteFile: Sendable {
  private let address: HTTPAddress
  /// What it is known by, whatever its address says besides: as one does that is signed for a day.
  private let source: String?
  /// The end of its path, as the name of a file.
  private let name: String

  static let triesMax = 3
  /// The longest that a server is waited for that says when to come again.
  static let waitMost_ms = 30_000

  /// Whether a text is to be an address, and no path.
  package static func isAddress(_ text: String) -> Bool {
    ["http://", "https://"].contains { text.lowercased().hasPrefix($0) }
  }

  /// - Parameter source: the name that it is known by; nil for its address.
  package init(_ text: String, source: String? = nil) throws(RemoteFileError) {
    self.source = source
    do throws(HTTPError) { address = try HTTPAddress(text) } catch {
      throw RemoteFileError(error.description, isUsage: error.kind == .badAddress)
    }
    let path = address.normal.prefix { $0 != "?" }.split(separator: "/").dropFirst(2)
    let plain = String(
      (path.last ?? "").unicodeScalars.map { scalar -> Character in
        let isPlain =
          scalar.isASCII
          && (scalar.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains(scalar))
        return isPlain ? Character(scalar) : "_"
      }
    ).suffix(100)
    name = plain.isEmpty ? "download.jsonl" : plain.hasPrefix(".") ? "_\(plain)" : String(plain)
  }

  /// Its address, where nothing is asked of it besides; else empty.
  private var plainAddress: String {
    source == nil && !address.normal.contains("?") ? address.normal : ""
  }

  /// Whether a file of another address may hold what this one held, or the other way round: it is in the
  /// same folder of the same server, and is called the same up to the first dot.
  package func isRelated(to other: String) -> Bool {
    func beginning(_ text: String) -> Substring {
      let place = text.prefix { $0 != "?" && $0 != "#" }
      let name = place.lastIndex(of: "/").map { place[$0...] } ?? place
      return place.dropLast(name.count - name.prefix { $0 != "." }.count)
    }
    return beginning(address.normal) == beginning(other)
  }

  /// Names the address but for what is asked of it.
  private var identity: String {
    "\(Hash128(of: String(address.normal.prefix { $0 != "?" })))"
  }

  /// Where its copy lies, whatever way its address is written.
  private func place(in folder: String) -> String {
    let place = "\(folder)/\(Hash128(of: source.map { "source \($0)" } ?? address.normal))"
    // What was fetched when an address was known by the way in which it was written stays where it is.
    let written = "\(folder)/\(Hash128(of: address.text))"
    let isWritten = source == nil && !isThere(place) && isThere(written)
    return isWritten ? written : place
  }

  private func isThere(_ folder: String) -> Bool { (try? FileIdentity(folder)) != nil }

  /// Whether it is not known yet, and one is of which something else was asked at the same address, as one
  /// that is signed anew each day: its lines would count once more.
  package func isPerhapsKnown(in folder: String) throws -> Bool {
    if source != nil || isThere(place(in: folder)) || !isThere(folder) { return false }
    return try folderNames(folder).contains { name in
      guard let note = try RemoteCopy(folder: "\(folder)/\(name)", name: "").note() else {
        return false
      }
      return note.identity == identity && note.source.isEmpty
    }
  }

  /// What may be told of its address: the rest may hold a secret.
  package var shown: String { "\(address.place)/…/\(name)" }

  /// Brings its copy up to date.
  ///
  /// - Parameters:
  ///   - folder: where the copies of all such files lie.
  ///   - environment: whom to trust, and how to get there.
  ///   - isWhole: whether a copy ends where a line does.
  /// - Returns: the path of the copy.
  package func fetch(
    into folder: String, environment: (String) -> String? = environmentText,
    isWhole: (_ path: String) -> Bool = { _ in true }
  ) throws(RemoteFileError) -> String {
    do {
      let place = place(in: folder)
      for path in [folder, place] { try makePrivateFolder(path, owner: .folder) }
      guard let lock = try FileLock(path: "\(place)/.lock") else {
        throw RemoteFileError("\(shown): another process is fetching it", isLocked: true)
      }
      defer { withExtendedLifetime(lock) {} }
      // A copy of another name would be another file, whose lines count once more.
      let known = source == nil ? nil : try RemoteCopy.name(in: place)
      let copy = RemoteCopy(folder: place, name: known ?? name)
      // Versions that one server names say nothing of another's.
      if let known = try copy.note(), known.identity != identity { try copy.forgetVersions() }
      func note(_ error: String) throws {
        try copy.keep(
          RemoteCopy.Note(
            identity: identity, shown: shown, address: plainAddress, source: source ?? "",
            time: time(nil), error: error))
      }
      do {
        try fetch(copy, environment, isWhole)
      } catch {
        let told = told(error)
        // What is told matters more than that it is written down.
        try? note(told.description)
        throw told
      }
      try note("")
      return copy.path
    } catch let error as RemoteFileError {
      throw error
    } catch {
      throw told(error)
    }
  }

  private func told(_ error: any Error) -> RemoteFileError {
    switch error {
    case let error as RemoteFileError: error
    case let error as HTTPError where error.kind == .tooLong:
      RemoteFileError(
        "\(shown): it takes more than half of the room that is left on the disk, and may be without an end: "
          + "what came of it was removed")
    case let error as HTTPError: RemoteFileError("\(shown): \(error.reason)")
    case let error as FileError where error.isDiskFull:
      RemoteFileError(
        "\(shown): there is no room for a copy of it (\(error)): what came of it was removed")
    default: RemoteFileError("\(error)")
    }
  }

  /// Fetches until it is here, or there is no use in trying again.
  private func fetch(
    _ copy: RemoteCopy, _ environment: (String) -> String?, _ isWhole: (String) -> Bool
  ) throws {
    let client = try HTTPClient(environment: environment)
    var tries = 0
    var random = SystemRandomNumberGenerator()
    while true {
      tries += 1
      do {
        // A server may give it in pieces of its own choice.
        while try !fetchOnce(copy, client, isWhole) { tries = 1 }
        return
      } catch let error as Throttled {
        let wait_ms =
          error.retryAfter_ms ?? BackOff.milliseconds(after: tries, &random)
        if tries >= Self.triesMax || wait_ms > Self.waitMost_ms { throw error.told }
        usleep(UInt32(wait_ms) * 1_000)
      } catch let error as HTTPError where error.isPassing && tries < Self.triesMax {
        usleep(UInt32(BackOff.milliseconds(after: tries, &random)) * 1_000)
      }
    }
  }

  /// Returns false where more of it came, and more is left.
  private func fetchOnce(
    _ copy: RemoteCopy, _ client: HTTPClient, _ isWhole: (String) -> Bool
  ) throws -> Bool {
    var request = HTTPRequest(address)
    request.limit = try freeSpace(copy.folder).map { Int(clamping: $0 / 2) } ?? .max
    request.streamed = 1 << 20
    request.timeouts.whole_ms = nil
    let part = try copy.part()
    if let part {
      request.headers = [
        HTTPHeader("Range", "bytes=\(part.size)-"), HTTPHeader("If-Range", part.version),
      ]
    } else {
      request.headers = try copy.conditions(isWhole)
    }
    let transfer = try client.start(request)
    var output: PartialCopy?
    defer { if transfer.result == nil { client.cancel(transfer) } }
    do {
      while transfer.result == nil {
        _ = try client.wait(atMost: 1_000)
        try take(transfer.takeBytes(), of: transfer, part, copy, &output)
      }
      guard let response = try transfer.result?.get() else { return true }
      try take(response.body, of: transfer, part, copy, &output)
      return try finish(response, part, copy, output)
    } catch {
      let isFull =
        (error as? FileError)?.isDiskFull == true || (error as? HTTPError)?.kind == .tooLong
      if let output { try copy.leave(output, isGoneOn: !isFull && !output.isPage) }
      throw error
    }
  }

  /// Writes down what came. Of answers that are no file, nothing is.
  private func take(
    _ bytes: [UInt8], of transfer: HTTPTransfer, _ part: RemoteCopy.Part?, _ copy: RemoteCopy,
    _ output: inout PartialCopy?
  ) throws {
    guard !bytes.isEmpty, transfer.status == 200 || transfer.status == 206 else { return }
    if output == nil {
      output = try begin(transfer.status, transfer.headers, part, copy)
    }
    try output?.append(bytes)
  }

  private func begin(
    _ status: Int, _ headers: [HTTPHeader], _ part: RemoteCopy.Part?, _ copy: RemoteCopy
  ) throws -> PartialCopy {
    if status == 200 { return try copy.begin(headers) }
    guard let part, let range = ContentRange(headers), range.first == part.size,
      headers.last(named: "etag").map({ $0 == part.version }) ?? true
    else {
      try copy.forgetPart()
      throw HTTPError(
        .nonsense, address.place, "it answers with a part of the file that was not asked for")
    }
    return try copy.resume(part)
  }

  private func finish(
    _ response: HTTPResponse, _ part: RemoteCopy.Part?, _ copy: RemoteCopy, _ output: PartialCopy?
  ) throws -> Bool {
    switch response.status {
    case 200, 206:
      let whole = try output ?? begin(response.status, response.headers, part, copy)
      // It would take the place of the file, whose lines would count as new when they are back.
      if whole.isPage {
        throw HTTPError(
          .nonsense, address.place,
          "a page for people is answered, as of a login or the portal of a network, and not the file: "
            + "nothing of it was taken")
      }
      if response.status == 206, try isMoreLeft(response, part, copy, whole) {
        try copy.leave(whole, isGoneOn: true)
        return false
      }
      try copy.finish(whole, response.headers, isEndTold: response.isEndTold)
    case 304: return true
    case 416 where part.map { isEnd(response, at: $0.size) } ?? false:
      // All of it had come, and nobody was left to say so.
      guard let part else { return true }
      try copy.finish(
        try copy.resume(part), response.headers,
        isEndTold: ContentRange(response.headers)?.size != nil)
    case 416:
      try copy.forgetPart()
      throw HTTPError(.failed, address.place, "it is shorter than what came of it before")
    default: throw refusal(response)
    }
    return true
  }

  /// Whether a part that came leaves something to ask for: a server may give less than it was asked for, and
  /// need not say how long the whole is.
  private func isMoreLeft(
    _ response: HTTPResponse, _ part: RemoteCopy.Part?, _ copy: RemoteCopy, _ whole: PartialCopy
  ) throws -> Bool {
    let range = ContentRange(response.headers)
    if let end = range?.end, whole.size != end {
      if whole.size > end { try copy.forgetPart() }
      throw HTTPError(
        .endedEarly, address.place,
        "another part of the file came than is told: take it in again to go on")
    }
    guard let size = range?.size else { return whole.size > (part?.size ?? 0) }
    if whole.size == size { return false }
    if whole.size > size { try copy.forgetPart() }
    let hasMore = whole.size > (part?.size ?? 0)
    if hasMore, size > whole.size { return true }
    throw HTTPError(
      .endedEarly, address.place, "\(whole.size) of \(size) bytes came: take it in again to go on")
  }

  /// Whether nothing follows a part: what is of the same version cannot be shorter.
  private func isEnd(_ response: HTTPResponse, at position: UInt64) -> Bool {
    guard let size = ContentRange(response.headers)?.size else { return true }
    return size == position
  }

  /// A server that says that it may give it later.
  private struct Throttled: Error {
    let error: HTTPError
    let retryAfter_ms: Int?

    var told: HTTPError {
      guard let retryAfter_ms else { return error }
      return HTTPError(
        error.kind, error.place,
        "\(error.reason), and to come again after \((retryAfter_ms + 999) / 1_000) s")
    }
  }

  private func refusal(_ response: HTTPResponse) -> any Error {
    let status = response.status
    let reason =
      switch status {
      case 401, 403, 407: "it is not given to everybody"
      case 404, 410: "there is nothing at this address"
      case 429: "the server asks for fewer requests"
      case 500...599: "the server has a fault"
      default: "the server does not give it"
      }
    let isPassing = status == 429 || (500...599).contains(status)
    let error = HTTPError(
      isPassing ? .failed : .nonsense, address.place, "\(reason) (status \(status))")
    if !isPassing { return error }
    return Throttled(
      error: error,
      retryAfter_ms: response["Retry-After"].flatMap {
        RetryAfter.milliseconds(
          $0, from: Timestamp(nanoseconds: Int64(time(nil)) * 1_000_000_000))
      })
  }
}

/// Why a file of a server could not be fetched. Of its address it tells no more than may be told.
package struct RemoteFileError: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String
  /// Whether the address is at fault.
  package let isUsage: Bool
  package let isLocked: Bool

  init(_ description: String, isUsage: Bool = false, isLocked: Bool = false) {
    self.description = description
    self.isUsage = isUsage
    self.isLocked = isLocked
  }
}

/// `bytes 100-199/200` of a part, `bytes */200` of none.
private struct ContentRange {
  let first: UInt64?
  /// Behind its last byte.
  let end: UInt64?
  /// Of the whole; nil where the server does not say.
  let size: UInt64?

  init?(_ headers: [HTTPHeader]) {
    guard let text = headers.last(named: "content-range") else { return nil }
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let parts = words[1].split(separator: "/")
    guard parts.count == 2 else { return nil }
    let ends = parts[0].split(separator: "-").map { UInt64($0) }
    first = ends.first ?? nil
    end = ends.count == 2 ? ends[1].flatMap { $0 == .max ? nil : $0 + 1 } : nil
    size = UInt64(parts[1])
  }
}

extension HTTPResponse {
  /// Whether it says where it ends, in a way that can be read.
  fileprivate var isEndTold: Bool {
    if version >= 2 { return true }
    if headers.last(named: "transfer-encoding")?.lowercased().hasSuffix("chunked") == true {
      return true
    }
    return headers.last(named: "content-length").map { UInt64($0) != nil } ?? false
  }
}

extension [HTTPHeader] {
  /// When the file last changed, where nothing can have changed since within the same second.
  var lastModified: String? {
    guard let text = last(named: "last-modified"), let changed = HTTPDate.seconds(text),
      let answered = last(named: "date").flatMap(HTTPDate.seconds), answered - changed >= 2
    else { return nil }
    return text
  }

  func last(named name: String) -> String? {
    last { $0.name.lowercased() == name }?.value
  }
}
