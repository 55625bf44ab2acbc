/// Why a request was not answered, for people: what happened, where, and what to do.
///
/// Of an address only scheme, host and port are told: the rest may hold a secret.
package struct HTTPError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    case libraryMissing, badAddress, unresolved, unreachable, untrusted, timedOut, endedEarly,
      tooLong, redirected, refusedByProxy, cancelled, nonsense, failed
  }

  package let kind: Kind
  /// `https://host:port`, as far as it is known.
  package let place: String
  package let reason: String

  package init(_ kind: Kind, _ place: String, _ reason: String) {
    self.kind = kind
    self.place = place
    self.reason = reason
  }

  package var description: String { place.isEmpty ? reason : "\(place): \(reason)" }

  /// Whether the same request may succeed later, without anybody changing anything.
  package var isPassing: Bool {
    switch kind {
    case .unresolved, .unreachable, .timedOut, .endedEarly, .failed: true
    case .libraryMissing, .badAddress, .untrusted, .tooLong, .redirected, .refusedByProxy,
      .cancelled, .nonsense:
      false
    }
  }

  static func libraryMissing(_ reason: String) -> HTTPError {
    HTTPError(
      .libraryMissing, "",
      "libcurl cannot be used: \(reason). Install it: `apt-get install libcurl4`")
  }

  static let noMemory = HTTPError(.failed, "", "there is no memory for a transfer")
}

/// libcurl's numbers of faults that are told in words of our own; `man libcurl-errors` has all.
enum Fault {
  static let none: Int32 = 0
  static let timedOut: Int32 = 28

  /// - Parameters:
  ///   - proxy: the variable that names one; nil where none does.
  ///   - text: libcurl's own sentence, which names no address.
  static func error(
    _ fault: Int32, at place: String, by proxy: String?, saying text: String
  ) -> HTTPError {
    switch fault {
    case 3:
      HTTPError(.badAddress, place, "this is no address of http or https")
    case 5:
      HTTPError(
        .unresolved, place, "the name of the proxy is unknown: look at http_proxy and https_proxy")
    case 6:
      HTTPError(
        .unresolved, place, "the name of the host is unknown: look at the address and the network")
    case 7:
      HTTPError(
        .unreachable, place,
        proxy.map { "nobody answers there, or at the proxy that \($0) names: are both running?" }
          ?? "nobody answers there: is the server running?")
    // Addresses were looked at before: what is no protocol (1) is of the answer.
    case 1, 8, 16, 92:
      HTTPError(.nonsense, place, "what is answered there is no HTTP (\(text))")
    case 18, 52, 55, 56:
      HTTPError(.endedEarly, place, "the connection ended before the answer did (\(text))")
    case 35:
      HTTPError(
        .endedEarly, place, "TLS could not be agreed on (\(text)): does the server speak https?")
    case 51, 60:
      HTTPError(
        .untrusted, place,
        "its certificate is not trusted (\(text)): name the authority's file in CURL_CA_BUNDLE")
    case 77:
      HTTPError(
        .untrusted, place,
        "the file of trusted authorities cannot be read: install ca-certificates, or look at "
          + "CURL_CA_BUNDLE and SSL_CERT_FILE")
    default: HTTPError(.failed, place, text)
    }
  }
}
