internal import Bytes

/// Which part of a data set something belongs to.
package enum Split: String, Sendable, CaseIterable {
  case train, validation, test

  /// By the SHA-256 of the session's UTF-8 (none: of the prompt's), as one big-endian integer,
  /// modulo 100: below 80 train, below 90 validation, else test. So a session is never in two.
  package init(session: String?, prompt: String) {
    let text = session ?? prompt
    let digest = SHA256Digest(of: text.utf8.span)
    let percent = digest.bytes.reduce(0) { ($0 * 256 + Int($1)) % 100 }
    self = percent < 80 ? .train : percent < 90 ? .validation : .test
  }
}
