/// Made-up failures as languages and tools tell them: each shape with the name of what went wrong. Shapes
/// of one name are the same failure, told elsewhere or by another tool.
///
/// `{n}` is a number, `{w}` a word, `{f}` the path of a file, `{h}` hexadecimal, `{i}` an address.
let failureShapes: [(truth: String, shape: String)] = [
  // Python
  (
    "py-key",
    "Traceback (most recent call last):\n  File \"{f}.py\", line {n}, in {w}\n    x = d[k]\nKeyError: '{w}'"
  ),
  ("py-key", "KeyError: '{w}'"),
  (
    "py-module",
    "Traceback (most recent call last):\n  File \"{f}.py\", line {n}, in <module>\n    import {w}\nModuleNotFoundError: No module named '{w}'"
  ),
  ("py-module", "E   ModuleNotFoundError: No module named '{w}'"),
  ("py-sqlite-table", "sqlite3.OperationalError: no such table: {w}s_{n}"),
  ("py-sqlite-locked", "sqlite3.OperationalError: database is locked"),
  ("py-sqlite-program", "sqlite3.ProgrammingError: Cannot operate on a closed database."),
  (
    "py-unique",
    "psycopg2.errors.UniqueViolation: duplicate key value violates unique constraint \"{w}_key\""
  ),
  (
    "py-foreign",
    "psycopg2.errors.ForeignKeyViolation: insert or update on table \"{w}\" violates foreign key constraint \"{w}_fk\""
  ),
  (
    "py-during",
    "Traceback (most recent call last):\n  File \"{f}.py\", line {n}, in a\nKeyError: '{w}'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"{f}.py\", line {n}, in b\nValueError: could not convert string to float: '{w}'"
  ),
  ("py-during", "ValueError: could not convert string to float: '{w}'"),
  (
    "py-from",
    "Traceback (most recent call last):\n  File \"{f}.py\", line {n}, in a\nConnectionResetError: [Errno 104] Connection reset by peer\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File \"{f}.py\", line {n}, in b\nRuntimeError: could not fetch {w}"
  ),
  ("py-from", "ConnectionResetError: [Errno 104] Connection reset by peer"),
  ("py-timeout", "subprocess.TimeoutExpired: Command '{w} --all' timed out after {n} seconds"),
  ("py-attribute", "AttributeError: 'NoneType' object has no attribute '{w}'"),
  ("py-assert", "FAILED {f}.py::test_{w} - assert {n} == {n}"),
  (
    "py-assert",
    "    def test_{w}():\n>       assert f({n}) == {n}\nE       assert {n} == {n}\nE        +  where {n} = f({n})"
  ),
  (
    "py-group",
    "  + Exception Group Traceback (most recent call last):\n  |   File \"{f}.py\", line {n}, in <module>\n  | ExceptionGroup: tasks failed ({n} sub-exceptions)\n  +-+---------------- 1 ----------------\n    | ValueError: {w}\n    +------------------------------------"
  ),
  (
    "pip-version",
    "ERROR: Could not find a version that satisfies the requirement {w}=={n}.{n} (from versions: none)\nERROR: No matching distribution found for {w}=={n}.{n}"
  ),
  (
    "mypy-assign",
    "{f}.py:{n}: error: Incompatible types in assignment (expression has type \"{w}\", variable has type \"{w}\")  [assignment]"
  ),
  ("ruff-unused", "{f}.py:{n}:{n}: F401 [*] `{w}` imported but unused"),
  // JavaScript and TypeScript
  (
    "node-refused",
    "Error: connect ECONNREFUSED {i}:{n}\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:{n}:{n})"
  ),
  (
    "node-refused",
    "TypeError: fetch failed\n    at node:internal/deps/undici:{n}:{n} {\n  [cause]: Error: connect ECONNREFUSED {i}:{n}\n      at TCPConnectWrap.afterConnect\n}"
  ),
  ("node-refused", "[cause]: Error: connect ECONNREFUSED {i}:{n}"),
  (
    "node-undefined",
    "{f}.js:{n}\n    const a = b.{w};\n                ^\n\nTypeError: Cannot read properties of undefined (reading '{w}')\n    at {w} ({f}.js:{n}:{n})"
  ),
  ("node-undefined", "Uncaught TypeError: Cannot read properties of undefined (reading '{w}')"),
  (
    "node-module",
    "Error: Cannot find module '{w}'\nRequire stack:\n- {f}.js\n    at Module._resolveFilename (node:internal:{n}:{n})"
  ),
  ("ts-name", "{f}.ts({n},{n}): error TS2304: Cannot find name '{w}'."),
  ("ts-name", "{f}.ts:{n}:{n} - error TS2304: Cannot find name '{w}'."),
  ("ts-assign", "{f}.tsx({n},{n}): error TS2322: Type '{w}' is not assignable to type '{w}'."),
  (
    "npm-resolve",
    "npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree\nnpm ERR! Found: {w}@{n}.{n}.{n}"
  ),
  (
    "npm-404",
    "npm ERR! code E404\nnpm ERR! 404 Not Found - GET https://registry.npmjs.org/{w} - Not found"
  ),
  (
    "jest-be",
    "FAIL {f}.test.ts\n  ● {w} adds\n\n    expect(received).toBe(expected) // Object.is equality\n\n    Expected: {n}\n    Received: {n}"
  ),
  (
    "eslint-unused",
    "{f}.js: line {n}, col {n}, Error - '{w}' is defined but never used. (no-unused-vars)"
  ),
  ("vite-resolve", "[vite]: Rollup failed to resolve import \"{w}\" from \"{f}.tsx\"."),
  // Java, Kotlin, Scala
  (
    "java-socket",
    "java.lang.RuntimeException: could not start\n\tat a.M.m(M.java:{n})\nCaused by: java.net.SocketTimeoutException: connect timed out\n\tat a.B.c(B.java:{n})\n\t... {n} more"
  ),
  (
    "java-socket",
    "Exception in thread \"{w}\" java.lang.IllegalStateException: {w}\n\tat a.M.m(M.java:{n})\nCaused by: java.io.IOException: outer\n\tat a.B.c(B.java:{n})\nCaused by: java.net.SocketTimeoutException: connect timed out\n\tat a.D.e(D.java:{n})"
  ),
  (
    "java-socket",
    "java.lang.RuntimeException: could not start\n\tat a.M.m(M.java:{n})\n\tSuppressed: java.io.IOException: close failed\n\t\tat a.D.e(D.java:{n})\n\tCaused by: java.lang.IllegalStateException: was closed\n\t\tat a.F.g(F.java:{n})\nCaused by: java.net.SocketTimeoutException: connect timed out"
  ),
  (
    "java-null",
    "Exception in thread \"main\" java.lang.NullPointerException: Cannot invoke \"String.length()\" because \"<local{n}>\" is null\n\tat a.B.c(B.java:{n})"
  ),
  (
    "java-class",
    "java.lang.ClassNotFoundException: com.{w}.{w}.Main\n\tat java.net.URLClassLoader.findClass(URLClassLoader.java:{n})"
  ),
  ("java-denied", "java.nio.file.AccessDeniedException: {f}"),
  ("java-heap", "java.lang.OutOfMemoryError: Java heap space"),
  (
    "spring-bean",
    "org.springframework.beans.factory.BeanCreationException: Error creating bean with name '{w}'; nested exception is java.sql.SQLTransientConnectionException: pool - Connection is not available, request timed out after {n}ms."
  ),
  (
    "maven-compile",
    "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.{n}.{n}:compile (default-compile) on project {w}: Compilation failure"
  ),
  (
    "gradle-version",
    "FAILURE: Build failed with an exception.\n\n* What went wrong:\nExecution failed for task ':{w}:compileKotlin'.\n> Compilation error. See log for more details\n\n* Try:\n> Run with --stacktrace"
  ),
  ("kotlin-unresolved", "e: {f}.kt:{n}:{n} Unresolved reference: {w}"),
  ("scala-found", "[error] {f}.scala:{n}:{n}: type mismatch;"),
  // .NET
  (
    "net-socket",
    "System.AggregateException: One or more errors occurred. ({w})\n ---> System.Net.Http.HttpRequestException: {w} ({w}:{n})\n ---> System.Net.Sockets.SocketException (111): Connection refused\n   at System.Net.Sockets.Socket.DoConnect({w})\n   --- End of inner exception stack trace ---"
  ),
  (
    "net-socket",
    "Unhandled exception. System.Net.Http.HttpRequestException: {w} ---> System.Net.Sockets.SocketException (111): Connection refused\n   at a.b()"
  ),
  (
    "net-null",
    "Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.\n   at {w}.{w}.Main() in {f}.cs:line {n}"
  ),
  (
    "net-null",
    "System.NullReferenceException: Object reference not set to an instance of an object."
  ),
  (
    "cs-name", "{f}.cs({n},{n}): error CS0103: The name '{w}' does not exist in the current context"
  ),
  (
    "nuget-missing",
    "error NU1101: Unable to find package {w}. No packages exist with this id in source(s): nuget.org"
  ),
  // Go
  ("go-undefined", "# example.com/{w}\n./{w}.go:{n}:{n}: undefined: {w}"),
  ("go-unused", "./{w}.go:{n}:{n}: declared and not used: {w}"),
  (
    "go-nil",
    "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x{h} addr=0x{h} pc=0x{h}]\n\ngoroutine {n} [running]:\nmain.main()\n\t{f}.go:{n} +0x{h}"
  ),
  (
    "go-range",
    "panic: runtime error: index out of range [{n}] with length {n}\n\ngoroutine {n} [running]:\nmain.main()\n\t{f}.go:{n} +0x{h}"
  ),
  ("go-test", "--- FAIL: Test{w} (0.{n}s)\n    {w}_test.go:{n}: got {n}, want {n}"),
  ("go-deadline", "Get \"https://{w}.example/{w}\": context deadline exceeded"),
  (
    "go-module",
    "main.go:{n}:{n}: no required module provides package github.com/{w}/{w}; to add it:\n\tgo get github.com/{w}/{w}"
  ),
  // Rust
  ("rust-move", "error[E0382]: borrow of moved value: `{w}`\n --> {f}.rs:{n}:{n}"),
  ("rust-type", "error[E0308]: mismatched types\n --> {f}.rs:{n}:{n}"),
  (
    "rust-cause",
    "Error: failed to start {w}\n\nCaused by:\n    0: could not open {w}\n    1: Connection refused (os error 111)"
  ),
  (
    "rust-cause",
    "Error: \n   0: failed to start worker\n   1: Connection refused (os error 111)\n\nLocation:\n   {f}.rs:{n}"
  ),
  ("rust-denied", "Error: failed to start {w}\n\nCaused by:\n    Permission denied (os error 13)"),
  (
    "rust-panic",
    "thread 'main' panicked at {f}.rs:{n}:{n}:\ncalled `Option::unwrap()` on a `None` value\nnote: run with `RUST_BACKTRACE=1`"
  ),
  (
    "rust-bounds",
    "thread '{w}' panicked at {f}.rs:{n}:{n}:\nindex out of bounds: the len is {n} but the index is {n}"
  ),
  (
    "cargo-package",
    "error: no matching package named `{w}` found\nlocation searched: registry `crates-io`"
  ),
  // PHP
  (
    "php-pdo",
    "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in {f}.php:{n}\nStack trace:\n#0 {main}\n  thrown in {f}.php on line {n}"
  ),
  (
    "php-pdo",
    "PDOException: SQLSTATE[HY000] [2002] Connection refused in {f}.php:{n}\nStack trace:\n#0 {main}\n\nNext RuntimeException: could not start in {f}.php:{n}"
  ),
  ("php-undefined", "PHP Warning:  Undefined variable ${w} in {f}.php on line {n}"),
  (
    "composer-resolve", "Your requirements could not be resolved to an installable set of packages."
  ),
  // Ruby
  (
    "ruby-refused",
    "{f}.rb:{n}:in `connect': could not reach {w} (RuntimeError)\n\tfrom {f}.rb:{n}:in `<main>'\n{f}.rb:{n}:in `initialize': Connection refused - connect(2) (Errno::ECONNREFUSED)\n\tfrom {f}.rb:{n}:in `open'"
  ),
  (
    "ruby-refused",
    "{f}.rb:{n}:in `initialize': Connection refused - connect(2) (Errno::ECONNREFUSED)"
  ),
  ("ruby-method", "{f}.rb:{n}:in `{w}': undefined method `{w}' for nil:NilClass (NoMethodError)"),
  ("rails-record", "ActiveRecord::RecordNotFound: Couldn't find User with 'id'={n}"),
  (
    "rspec-eq",
    "Failures:\n\n  1) {w} adds\n     Failure/Error: expect(subject.sum).to eq({n})\n\n       expected: {n}\n            got: {n}"
  ),
  // C, C++, Swift, Elixir, Haskell, Perl
  (
    "c-undeclared",
    "{f}.c: In function '{w}':\n{f}.c:{n}:{n}: error: '{w}' undeclared (first use in this function)"
  ),
  (
    "c-link",
    "/usr/bin/ld: {f}.o: in function `main':\n{f}.c:(.text+0x{h}): undefined reference to `{w}'\ncollect2: error: ld returned 1 exit status"
  ),
  (
    "cpp-range",
    "terminate called after throwing an instance of 'std::out_of_range'\n  what():  vector::_M_range_check: __n (which is {n}) >= this->size() (which is {n})"
  ),
  ("swift-scope", "{f}.swift:{n}:{n}: error: cannot find '{w}' in scope\n        {w}()\n        ^"),
  (
    "swift-nil",
    "{f}.swift:{n}: Fatal error: Unexpectedly found nil while unwrapping an Optional value"
  ),
  (
    "swift-test",
    "✘ Test {w}() recorded an issue at {w}.swift:{n}:{n}: Expectation failed: value == {n}"
  ),
  (
    "elixir-match",
    "** (MatchError) no match of right hand side value: {:error, :{w}}\n    {f}.ex:{n}: {w}.run/1"
  ),
  (
    "elixir-conn",
    "** (EXIT from #PID<0.{n}.0>) an exception was raised:\n    ** (DBConnection.ConnectionError) tcp connect: connection refused - :econnrefused"
  ),
  (
    "haskell-head",
    "{w}: Prelude.head: empty list\nCallStack (from HasCallStack):\n  error, called at {f}.hs:{n}:{n}"
  ),
  ("perl-method", "Can't locate object method \"{w}\" via package \"{w}\" at {f}.pl line {n}."),
  // Pages
  (
    "page-502",
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.{n}.{n}</center>\r\n</body>\r\n</html>"
  ),
  (
    "page-502",
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>502 Bad Gateway</title>\n</head>\n<body>request {h}</body>\n</html>"
  ),
  (
    "page-503",
    "<html><head><title>503 Service Temporarily Unavailable</title></head><body>{h}</body></html>"
  ),
  (
    "page-login",
    "<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body>{h}</body></html>"
  ),
  (
    "xml-denied",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>{h}</RequestId></Error>"
  ),
  (
    "xml-bucket",
    "<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><BucketName>{w}</BucketName></Error>"
  ),
  (
    "soap-fault",
    "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>Server was unable to process request {n}</faultstring></soap:Fault></soap:Body></soap:Envelope>"
  ),
  // Services and models
  (
    "quota",
    "Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.', 'type': 'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}"
  ),
  (
    "rate-limit",
    "Rate limit reached for gpt-{n} in organization org-{h} on tokens per min. Limit: {n} / min."
  ),
  (
    "overloaded",
    "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_{h}\"}"
  ),
  ("context", "prompt is too long: {n} tokens > {n} maximum"),
  ("ora-logon", "ORA-01017: invalid username/password; logon denied"),
  ("pg-role", "FATAL:  password authentication failed for user \"{w}\""),
  ("mysql-access", "ERROR 1045 (28000): Access denied for user '{w}'@'{i}' (using password: YES)"),
  // Shells and tools
  ("sh-command", "bash: line {n}: {w}x: command not found"),
  ("sh-sudo", "sudo: a password is required"),
  ("git-repo", "fatal: not a git repository (or any of the parent directories): .git"),
  (
    "git-conflict",
    "CONFLICT (content): Merge conflict in {f}.c\nAutomatic merge failed; fix conflicts and then commit the result."
  ),
  (
    "docker-solve",
    "ERROR: failed to solve: failed to read dockerfile: open {f}: no such file or directory"
  ),
  (
    "terraform-ref",
    "╷\n│ Error: Reference to undeclared resource\n│ \n│   on {f}.tf line {n}, in resource \"{w}\" \"{w}\":\n│ \n╵"
  ),
  ("terraform-ref", "│ Error: Reference to undeclared resource"),
  (
    "kubectl-forbidden",
    "Error from server (Forbidden): pods is forbidden: User \"{w}\" cannot list resource \"pods\" in API group \"\" in the namespace \"{w}\""
  ),
  ("make-rule", "make: *** No rule to make target '{w}.o', needed by '{w}'.  Stop."),
  (
    "cmake-package",
    "CMake Error at CMakeLists.txt:{n} (find_package):\n  By not providing \"Find{w}.cmake\" in CMAKE_MODULE_PATH"
  ),
  ("windows-denied", "open {f}: Access is denied."),
  ("colours", "\u{1b}[31merror\u{1b}[0m: cannot open {f}"),
  ("colours", "[31merror[0m: cannot open {f}"), ("colours", "error: cannot open {f}"),
  ("russian-open", "Ошибка: не удалось открыть файл «{w}.txt»"),
  ("german-found", "Fehler: Datei „{w}“ nicht gefunden"),
  ("spanish-roster", "0{n}:14:07 a. m. | could not load roster"),
  ("spanish-roster", "1{n}:18:17 p. m. | could not load roster"),
]

/// Each shape so many times, its places filled in; the same for the same seed.
func failures(_ times: Int, _ random: inout some RandomNumberGenerator) -> [(
  truth: String, message: String
)] {
  var failures: [(truth: String, message: String)] = []
  for _ in 0..<times {
    for (truth, shape) in failureShapes {
      var message = ""
      var rest = Substring(shape)
      while let open = rest.firstIndex(of: "{") {
        message += rest[..<open]
        let close = rest[open...].firstIndex(of: "}") ?? open
        let value = value(rest[open...close], &random)
        message += value ?? "{"
        rest = rest[rest.index(after: value == nil ? open : close)...]
      }
      failures.append((truth, message + rest))
    }
  }
  return failures.shuffled(using: &random)
}

private func value(_ place: Substring, _ random: inout some RandomNumberGenerator) -> String? {
  let words = [
    "ledger", "oven", "courier", "turnstile", "greenhouse", "harbor", "lantern", "orchard", "mill",
  ]
  switch place {
  case "{n}": return "\(Int.random(in: 1...9_999, using: &random))"
  case "{w}": return words.randomElement(using: &random)
  case "{h}": return String(UInt64.random(in: 1 << 60...UInt64.max, using: &random), radix: 16)
  case "{i}":
    return
      "10.\(Int.random(in: 1...250, using: &random)).7.\(Int.random(in: 1...250, using: &random))"
  case "{f}":
    let folders = ["/srv/app", "/home/u/work", "/build/src", "/opt/x/lib"]
    return
      "\(folders.randomElement(using: &random) ?? "")/\(words.randomElement(using: &random) ?? "")"
  default: return nil
  }
}
