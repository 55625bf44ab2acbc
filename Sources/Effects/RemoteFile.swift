internal import Bytes
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
/// A copy that is up to date is not fetched again.
package struct RemoteFile: Sendable {
  private let address: HTTPAddress
  /// The end of its path, as the name of a file.
  private let name: String

  static let triesMax = 3

  /// Whether a text is to be an address, and no path.
  package static func isAddress(_ text: String) -> Bool {
    ["http://", "https://"].contains { text.lowercased().hasPrefix($0) }
  }

  package init(_ text: String) throws(RemoteFileError) {
    do throws(HTTPError) { address = try HTTPAddress(text) } catch {
      throw RemoteFileError(error.description, isUsage: error.kind == .badAddress)
    }
    let path = text.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").dropFirst(2)
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

  /// What may be told of its address: the rest may hold a secret.
  package var shown: String { "\(address.place)/…/\(name)" }

  /// Brings its copy up to date.
  ///
  /// - Parameters:
  ///   - folder: where the copies of all such files lie.
  ///   - environment: whom to trust, and how to get there.
  /// - Returns: the path of the copy.
  package func fetch(
    into folder: String, environment: (String) -> String? = environmentText
  ) throws(RemoteFileError) -> String {
    do {
      let place = "\(folder)/\(Hash128(of: address.text))"
      for path in [folder, place] { try makePrivateFolder(path, owner: .folder) }
      guard let lock = try FileLock(path: "\(place)/.lock") else {
        throw RemoteFileError("\(shown): another process is fetching it", isLocked: true)
      }
      defer { withExtendedLifetime(lock) {} }
      let client = try HTTPClient(environment: environment)
      let copy = RemoteCopy(folder: place, name: name)
      var tries = 0
      var random = SystemRandomNumberGenerator()
      while true {
        tries += 1
        do {
          try fetchOnce(copy, client)
          return copy.path
        } catch let error as HTTPError where error.isPassing && tries < Self.triesMax {
          usleep(UInt32(BackOff.milliseconds(after: tries, &random)) * 1_000)
        }
      }
    } catch let error as RemoteFileError {
      throw error
    } catch let error as HTTPError {
      throw RemoteFileError("\(shown): \(error.reason)")
    } catch {
      throw RemoteFileError("\(error)")
    }
  }

  private func fetchOnce(_ copy: RemoteCopy, _ client: HTTPClient) throws {
    var request = HTTPRequest(address)
    request.limit = .max
    request.streamed = 1 << 20
    request.timeouts.whole_ms = nil
    let part = try copy.part()
    if let part {
      request.headers = [
        HTTPHeader("Range", "bytes=\(part.size)-"), HTTPHeader("If-Range", part.version),
      ]
    } else {
      request.headers = try copy.conditions()
    }
    let transfer = try client.start(request)
    var output: PartialCopy?
    defer { if transfer.result == nil { client.cancel(transfer) } }
    do {
      while transfer.result == nil {
        _ = try client.wait(atMost: 1_000)
        try take(transfer.takeBytes(), of: transfer, part, copy, &output)
      }
      guard let response = try transfer.result?.get() else { return }
      try take(response.body, of: transfer, part, copy, &output)
      try finish(response, part, copy, output)
    } catch {
      try output?.close()
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
  ) throws {
    switch response.status {
    case 200, 206:
      let whole = try output ?? begin(response.status, response.headers, part, copy)
      if response.status == 206, let size = ContentRange(response.headers)?.size,
        size != whole.size
      {
        if whole.size > size { try copy.forgetPart() }
        throw HTTPError(
          .endedEarly, address.place,
          "\(whole.size) of \(size) bytes came: take it in again to go on")
      }
      try copy.finish(whole, response.headers)
    case 304: return
    case 416 where part != nil && ContentRange(response.headers)?.size == part?.size:
      // All of it had come, and nobody was left to say so.
      guard let part else { return }
      try copy.finish(try copy.resume(part), response.headers)
    case 416:
      try copy.forgetPart()
      throw HTTPError(.failed, address.place, "it is shorter than what came of it before")
    default: throw refusal(response.status)
    }
  }

  private func refusal(_ status: Int) -> HTTPError {
    let reason =
      switch status {
      case 401, 403, 407: "it is not given to everybody"
      case 404, 410: "there is nothing at this address"
      case 429: "the server asks for fewer requests"
      case 500...599: "the server has a fault"
      default: "the server does not give it"
      }
    let isPassing = status == 429 || (500...599).contains(status)
    return HTTPError(
      isPassing ? .failed : .nonsense, address.place, "\(reason) (status \(status))")
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

/// The copy of a file, in a folder of its own, with what came of the next one.
private struct RemoteCopy {
  let folder: String
  let path: String
  private var versions: String { "\(folder)/.version" }
  private var partPath: String { "\(folder)/.part" }
  private var partVersion: String { "\(folder)/.part-version" }

  init(folder: String, name: String) {
    self.folder = folder
    path = "\(folder)/\(name)"
  }

  /// What came of a version that is known.
  struct Part {
    let size: UInt64
    let version: String
  }

  func part() throws -> Part? {
    guard let version = try lines(of: partVersion).first, !version.isEmpty,
      let size = try size(of: partPath), size > 0
    else { return nil }
    return Part(size: size, version: version)
  }

  func forgetPart() throws {
    try removeFile(partVersion)
    try removeFile(partPath)
  }

  /// By which a server is asked whether the copy is up to date.
  func conditions() throws -> [HTTPHeader] {
    if try size(of: path) == nil { return [] }
    let names = ["If-None-Match", "If-Modified-Since"]
    return zip(names, try lines(of: versions)).filter { !$1.isEmpty }.map { HTTPHeader($0, $1) }
  }

  /// Begins a copy, of a version that the server names or does not.
  func begin(_ headers: [HTTPHeader]) throws -> PartialCopy {
    try forgetPart()
    let output = try PartialCopy(partPath, size: 0)
    // A weak one stands for contents that differ.
    let version = headers.last(named: "etag") ?? ""
    try write([version.hasPrefix("\"") ? version : ""], to: partVersion)
    return output
  }

  func resume(_ part: Part) throws -> PartialCopy { try PartialCopy(partPath, size: part.size) }

  /// Puts a copy that is whole in the place of the one before.
  func finish(_ whole: PartialCopy, _ headers: [HTTPHeader]) throws {
    try whole.close()
    let version = try headers.last(named: "etag") ?? lines(of: partVersion).first ?? ""
    try renameFile(partPath, to: path)
    // A run that is killed before this fetches the same again, and takes nothing in twice.
    try write([version, headers.last(named: "last-modified") ?? ""], to: versions)
    try removeFile(partVersion)
  }

  private func size(of path: String) throws -> UInt64? {
    do { return try fileSize(path) } catch  where error.isAbsent { return nil }
  }

  /// The lines of a small file; none where it is not there.
  private func lines(of path: String) throws -> [String] {
    guard let size = try size(of: path), size < 1 << 14,
      let bytes = try readSecretFile(path, atMost: 1 << 14)
    else { return [] }
    return String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func write(_ lines: [String], to path: String) throws {
    let output = try PartialCopy("\(path).new", size: 0)
    try output.append(Array(lines.joined(separator: "\n").utf8))
    try output.close()
    try renameFile("\(path).new", to: path)
  }
}

/// A file that is being written, for its owner alone.
private final class PartialCopy {
  private let path: String
  private var descriptor: Int32
  private(set) var size: UInt64

  /// - Parameter size: how much of what is there counts.
  init(_ path: String, size: UInt64) throws {
    self.path = path
    self.size = size
    descriptor = try openPrivateFile(path, O_WRONLY | O_APPEND, owner: .folder)
    if ftruncate(descriptor, off_t(size)) != 0 {
      let code = errno
      _ = Glibc.close(descriptor)
      descriptor = -1
      throw FileError(path: path, code: code)
    }
  }

  deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

  func append(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, code: errno)
      }
      rest = rest.dropFirst(count)
      size += UInt64(count)
    }
  }

  /// Has it on the disk, so that what is noted of it holds after a loss of power, too.
  func close() throws {
    guard descriptor >= 0 else { return }
    let result = fsync(descriptor)
    let code = errno
    _ = Glibc.close(descriptor)
    descriptor = -1
    if result != 0 { throw FileError(path: path, code: code) }
  }
}

/// `bytes 100-199/200` of a part, `bytes */200` of none.
private struct ContentRange {
  let first: UInt64?
  /// Of the whole; nil where the server does not say.
  let size: UInt64?

  init?(_ headers: [HTTPHeader]) {
    guard let text = headers.last(named: "content-range") else { return nil }
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let parts = words[1].split(separator: "/")
    guard parts.count == 2 else { return nil }
    first = parts[0].split(separator: "-").first.flatMap { UInt64($0) }
    size = UInt64(parts[1])
  }
}

extension [HTTPHeader] {
  fileprivate func last(named name: String) -> String? {
    last { $0.name.lowercased() == name }?.value
  }
}
