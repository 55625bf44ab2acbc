internal import Bytes
internal import Views

/// What kind of thing broke.
enum Category: UInt8, NamedChoice {
  case syntax = 0, `import` = 1, type = 2, runtime = 3, build = 4, lint = 5, style = 6, network = 7
  case timeout = 8, permission = 9, resource = 10, tool = 11, other = 12

  var name: String { "\(self)" }

  /// The category of an error's type and line: the first whose phrases it holds, each at the
  /// beginning of a word or of a part of a name.
  init(of bytes: Span<UInt8>) {
    for (category, phrases) in Self.phrases where bytes.holdsBeginning(ofAny: phrases) {
      self = category
      return
    }
    self = .other
  }

  /// The phrase by which bytes are of this category; nil for none.
  func phrase(in bytes: Span<UInt8>) -> String? {
    for (category, phrases) in Self.phrases where category == self {
      for phrase in phrases where bytes.holdsBeginning(ofAny: [phrase]) { return phrase }
    }
    return nil
  }

  private static let phrases: [(Category, [String])] = [
    (.timeout, ["timeout", "timed out", "deadline exceeded", "time limit"]),
    (
      .permission,
      [
        "permission denied", "permissiondenied", "permissionerror", "permission_", "permission to ",
        "permissions", "insufficient permission", "no permission", "missing permission",
        "without permission", "access denied", "eacces", "eperm", "unauthorized", "forbidden",
        "not permitted", "authentication", "invalid api key", "credentials", "read-only file",
      ]
    ),
    (
      .resource,
      [
        "out of memory", "cannot allocate", "memoryerror", "no space left", "enospc", "quota",
        "rate limit", "ratelimit", "too many requests", "too many open files", "emfile",
        "resource exhausted", "resource temporarily", "overloaded", "context length",
        "maximum context", "token limit", "heap", "database is locked", "table is locked",
      ]
    ),
    (
      .import,
      [
        "no module named", "modulenotfound", "importerror", "cannot import", "cannot find module",
        "can't resolve", "could not resolve", "no such module", "unresolved import",
        "package not found", "cannot find package", "missing import", "no matching distribution",
        "could not find a version", "is not in std", "err_module_not_found",
      ]
    ),
    (
      .network,
      [
        "connection", "failed to connect", "couldn't connect", "could not connect", "no route to",
        "econn", "enetunreach", "ehostunreach", "enotfound", "eai_again", "network", "socket",
        "dns", "unreachable",
        "getaddrinfo", "could not resolve host", "broken pipe", "epipe", "ssl", "tls",
        "certificate", "bad gateway", "service unavailable", "gateway", "http", "websocket",
        "fetch failed", "status code", "unexpected status", "404 not found",
      ]
    ),
    (
      .syntax,
      [
        "syntax", "unexpected token", "unexpected end", "unexpected character",
        "unexpected identifier", "unexpected keyword", "unexpected eof", "unterminated",
        "indentationerror", "unexpected indent", "parse error", "parsing error",
        "expected expression", "expected identifier", "expected declaration",
        "expected statement", "expected one of", "expected ';", "expected ')", "expected '}",
        "expected ']", "expected \"", "expected `;", "expected `)", "expected `}",
        "taberror", "invalid json", "jsondecodeerror", "unmatched", "missing semicolon",
      ]
    ),
    (
      .lint,
      [
        "eslint", "ruff", "flake8", "pylint", "clippy", "lint", "unused", "no-unused",
        "imported but unused", "never used", "never read",
      ]
    ),
    (
      .style,
      [
        "prettier", "formatting", "would reformat", "line too long", "code style",
        "gofmt", "rustfmt", "clang-format", "swift-format",
      ]
    ),
    (
      .type,
      [
        "typeerror", "is not assignable", "type mismatch", "mismatched types", "cannot convert",
        "incompatible type", "does not exist on type", "type annotation", "type check", "mypy",
        "has no attribute", "attributeerror", "error ts", "error[e0", "cannot use",
        "is not callable",
        "borrow", "does not conform", "has no member", "undefined method",
      ]
    ),
    (
      .build,
      [
        "build failed", "build error", "build fail", "failed to build", "could not build",
        "cannot build", "error building", "building wheel", "compil", "linker",
        "undefined reference", "undefined symbol", "make:", "cmake",
        "cargo", "npm err", "webpack", "gradle", "maven", "dependency", "dependencies",
      ]
    ),
    (
      .tool,
      [
        "command not found", "tool", "exit code", "exit status", "command failed", "git",
        "no such file or directory", "enoent", "string to replace", "old_string",
      ]
    ),
    (
      .runtime,
      [
        "exception", "panic", "segmentation fault", "null pointer", "nil pointer", "is not defined",
        "undefined", "nameerror", "keyerror", "indexerror", "valueerror", "zerodivision",
        "assert", "out of range", "out of bounds", "runtime", "overflow", "recursion", "fatal",
        "traceback", "cannot read propert", "is not a function", "error",
      ]
    ),
  ]
}

/// The type that a line names: `TypeError` of `TypeError: x is not a function`, `E0382` of
/// `error[E0382]: …`; nil when it names none.
func errorType(_ bytes: Span<UInt8>) -> String? {
  var index = 0
  var words = 0
  while index < bytes.count, words < 12 {
    guard bytes[index].isWord else {
      index += 1
      continue
    }
    let shape = WordShape(bytes, from: index)
    index = shape.runEnd
    words += 1
    guard shape.count > 0, shape.count <= ErrorLimits.wordSizeMax else { continue }
    let word = bytes.extracting(shape.start..<shape.end)
    if shape.digits > 0 {
      if shape.isErrorCode, follows("error", bytes, shape.start) { return String(repairing: word) }
      continue
    }
    if namesType(word) { return String(repairing: word) }
  }
  return nil
}

/// Whether a word is the name of an error.
func namesType(_ word: Span<UInt8>) -> Bool {
  for ending in ["Error", "Exception", "Warning", "Interrupt", "Exit"] {
    let wanted = ending.utf8
    guard word.count > wanted.count else { continue }
    let start = word.count - wanted.count
    if zip(wanted, start..<word.count).allSatisfy({ $0 == word[$1] }) { return true }
  }
  return false
}

private func follows(_ before: String, _ bytes: Span<UInt8>, _ start: Int) -> Bool {
  let size = before.utf8.count
  guard start > size else { return false }
  return bytes.holds(before, in: (start - 1 - size)..<(start - 1))
}
