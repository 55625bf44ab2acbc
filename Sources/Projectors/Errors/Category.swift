internal import ErrorText
package import Rules
internal import Views

/// What kind of thing broke.
enum Category: UInt8, NamedChoice {
  case syntax = 0, `import` = 1, type = 2, runtime = 3, build = 4, lint = 5, style = 6, network = 7
  case timeout = 8, permission = 9, resource = 10, tool = 11, other = 12

  var name: String { "\(self)" }

  init?(named name: String) {
    guard let category = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = category
  }

  /// The category of an error's type and line: the first whose phrases it holds.
  init(of line: Span<UInt8>) {
    self = Self.rules.hits(line).first.map { Self.ofRules[$0] } ?? .other
  }

  /// The phrase by which a line is of this category; nil for none.
  func phrase(in line: Span<UInt8>) -> String? {
    Self.rules.hits(line).first { Self.ofRules[$0] == self }
      .flatMap { Self.rules.phrase(of: $0, in: line) }
  }

  private static let rules = RuleSet(categoryRules)
  private static let ofRules = rules.rules.map { Category(named: $0.kind) ?? .other }
}

/// The phrases of each category, the more telling first.
package let categoryRules = Rule.table(
  #"""
  timeout
    ~ timeout | timed out | deadline exceeded | time limit | deadlineexceeded | time-out
    ~ timedout | deadline_exceeded
    ~ zeitüberschreitung | nsurlerrordomain code=-1001.
    + httpx.ReadTimeout: x
    + context deadline exceeded
    - the timing is out
  permission
    ~ superuser | only root | permission denied | permissiondenied | permissionerror | permission_
    ~ permissions | insufficient permission | no permission | missing permission
    ~ without permission | access denied | eacces | eperm | unauthorized | forbidden | not permitted
    ~ authentication | invalid api key | credentials | read-only file | permission to
    ~ access is denied | accessdenied | access to the path | access was denied | not authorized
    ~ not authorised | authorization | logon denied | login failed | login required
    ~ unauthenticated | a password is required | insufficient privileges | must be root
    ~ must be run as root | requires root | are you root | requires elevation | run as administrator
    ~ administrator privileges | sign in to | log in to | bad credentials | invalid token
    ~ token expired | token has expired | not allowed to | authenticate | publickey
    ~ unauthorizedaccess | do not have access | don't have access | does not have access | no access
    ~ zugriff verweigert | keine berechtigung | permiso denegado | acceso denegado
    ~ permission non accord | accès refusé | permesso negato | permissão negada | отказано в доступе
    ~ dostęp zabroniony | odmowa dostępu | brak uprawnień | accès interdit | command denied to user
    ~ Отказано в доступе | Нет доступа | доступ запрещ | Доступ запрещ | toegang geweigerd
    ~ nsposixerrordomain code=13. | nsposixerrordomain code=1. | nscocoaerrordomain code=257.
    ~ nscocoaerrordomain code=513.
    ~ geen toegang | must be owner of | insufficient_scope | insufficient scope | access_denied
    ~ credential | expired token | invalid_grant | invalid grant | not in the sudoers
    ~ account locked | account disabled | privileges required | requires authorization
    ~ a terminal is required to read the password | нет доступа | 拒绝访问 | 权限不够 | アクセスが拒否
    + open config: Access is denied.
    + AccessDeniedException: User dev is not authorized to perform bedrock:InvokeModel
    + java.nio.file.AccessDeniedException: /etc/shadow
    + ORA-01017: invalid username/password; logon denied
    + You are not authorized to access this resource
    + Access to the path is denied.
    + sudo: a password is required
    + sudo: a terminal is required to read the password
    + Отказано в доступе
    + net::ERR_ACCESS_DENIED
    - the access is open
  resource
    ~ usage limit | slowdown | request rate | out of memory | cannot allocate | memoryerror
    ~ no space left | enospc | quota | rate limit | ratelimit | too many requests
    ~ too many open files | emfile | resource exhausted | resource temporarily | overloaded
    ~ context length | maximum context | token limit | heap | database is locked | table is locked
    ~ credit balance | out of credits | insufficient balance | disk full | cannot fork
    ~ too many connections | payload too large | entity too large | content too large | throttl
    ~ nsposixerrordomain code=28. | nscocoaerrordomain code=640.
    ~ session limit | oom. | out of disk | not enough space | memory limit | rate exceeded
    + insufficient_quota: You exceeded your current quota
    + database is locked
    + ThrottlingException: Too many tokens, please wait
    - the memory is fresh
  import
    ~ no module named | modulenotfound | importerror | cannot import | cannot find module
    ~ can't resolve | could not resolve | no such module | unresolved import | package not found
    ~ cannot find package | missing import | no matching distribution | could not find a version
    ~ is not in std | err_module_not_found | cannot open shared object | library not loaded
    ~ classnotfound | noclassdeffound | class not found | cannot load such file
    ~ unable to resolve module
    + ModuleNotFoundError: No module named 'x'
    + cannot load such file -- json
    - the importance of modules
  network
    ~ connectexception | unknownhost | sockettimeout
    ~ connection | failed to connect | couldn't connect | could not connect | no route to | econn
    ~ enetunreach | ehostunreach | enotfound | eai_again | network | socket | dns | unreachable
    ~ getaddrinfo | could not resolve host | broken pipe | epipe | ssl | tls | certificate
    ~ bad gateway | service unavailable | gateway | http | websocket | fetch failed | status code
    ~ wrong version number | resolve address | unexpected status | 404 not found | no such host | name resolution | host unreachable
    ~ nsurlerrordomain | kcferrordomaincfnetwork | nsposixerrordomain code=61.
    ~ reset by peer | hang up | service temporarily unavailable | nosuchkey | nosuchbucket
    ~ nosuchentity | resourcenotfound
    + Unexpected status 507 from server
    + 502 Bad Gateway
    + botocore.errorfactory.NoSuchKey: An error occurred when calling the GetObject operation
    - a net of fish
  syntax
    ~ expected value | syntax | unexpected token | unexpected end | unexpected character
    ~ unexpected identifier | unexpected keyword | unexpected eof | unterminated | indentationerror
    ~ unexpected indent | parse error | parsing error | expected expression | expected identifier
    ~ expected declaration | expected statement | expected one of | expected '; | expected ')
    ~ expected '} | expected '] | expected " | expected `; | expected `) | expected `} | taberror
    ~ invalid json | jsondecodeerror | unmatched | missing semicolon | missing field | unknown field
    ~ invalid type: | unexpected ` | unexpected ' | mismatched input | expecting value | yaml:
    ~ invalid character | malformed | nscocoaerrordomain code=3840.
    + error: expected ';' after expression
    + missing field `name`
    - unexpectedly closed stream
    - expected 3 rows but found 4
  lint
    ~ eslint | ruff | flake8 | pylint | clippy | lint | unused | no-unused | imported but unused
    ~ never used | never read
    + src/a.ts:1:2 warning 'x' is defined but never used no-unused-vars
    - the clip is here
  style
    ~ prettier | formatting | would reformat | line too long | code style | gofmt | rustfmt
    ~ clang-format | swift-format
    + would reformat a.py
    - the style of the code
  type
    ~ typeerror | is not assignable | type mismatch | mismatched types | cannot convert
    ~ incompatible type | does not exist on type | type annotation | type check | mypy
    ~ has no attribute | attributeerror | error ts | error[e0 | cannot use | is not callable
    ~ borrow | does not conform | has no member | undefined method | has no field | no overload
    ~ cannot be converted | incompatible types | cannot be cast | classcast | implicit conversion
    ~ expected type
    + TypeError: x is not callable
    + error TS2304: Cannot find name 'x'.
    - the types of mismatch differ
  build
    ~ build failed | build error | build fail | failed to build | could not build | cannot build
    ~ error building | building wheel | compil | linker | undefined reference | undefined symbol
    ~ make: | make[ | cmake | cargo | npm err | webpack | gradle | maven | dependency | dependencies | ld:
    ~ version solving | no versions of | match any versions | found in any version | package registry
    ~ does not match the constraint | when resolving dep
    ~ linking failed | task failed | failed to execute goal | could not find artifact | peer dep
    + make: *** [all] Error 2
    + make[1]: *** [all] Error 2
    + npm ERR! code ERESOLVE
    - the building is old
  tool
    ~ command not found | tool | exit code | exit status | command failed | git. | git@
    ~ no such file or directory | enoent | string to replace | old_string | not a git repository
    + bash: foo: command not found
    - nothing to do
  runtime
    ~ exception | panic | segmentation fault | null pointer | nil pointer | is not defined
    ~ undefined | nameerror | keyerror | indexerror | valueerror | zerodivision | assert
    ~ out of range | out of bounds | runtime | overflow | recursion | fatal | traceback
    ~ cannot read propert | is not a function | error | sigabrt | aborted | core dumped
    ~ nomethoderror | undefined method | nosuchelement | illegalargument | illegalstate
    / (?i)\bexpected\b.{1,200}\b(?:to (?:be|equal|have|contain|match|throw)\b|(?:got|received|but was|actual)\b)
    + ✗ adds: expected 3, got 4
    + expected 3 to be 4
    + RangeError: odd
    + Fatal error: Unexpectedly found nil while unwrapping
    - a terror
  """#)
