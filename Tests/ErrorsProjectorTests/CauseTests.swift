import ErrorsProjector
import Events
import TestSupport
import Testing
import Views

/// Of a chain of causes the innermost says what went wrong, whatever language tells it.
@Suite struct CauseTests {
  private func rows(_ messages: [String]) throws -> [[String: Cell]] {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given(
      messages.enumerated().map { index, message in
        event(Offset(index), "error", [.errorMessage: .text(message)])
      })
    return try spec.rows()
  }

  @Test(arguments: [
    (
      "java.lang.RuntimeException: a\n\tat b.C.d(C.java:1)\nCaused by: java.net.ConnectException: refused",
      "java.net.ConnectException", "network"
    ),
    (
      "java.lang.Exception: a\n\tSuppressed: java.io.IOException: b\n\t\tat x.y(Z.java:1)\n"
        + "\tCaused by: java.net.ConnectException: c\nCaused by: java.lang.IllegalArgumentException: d",
      "java.lang.IllegalArgumentException", "runtime"
    ),
    (
      "Traceback (most recent call last):\n  File \"a.py\", line 3\nPermissionError: [Errno 13] no: '/x'\n\n"
        + "The above exception was the direct cause of the following exception:\n\n"
        + "Traceback (most recent call last):\n  File \"a.py\", line 5\nRuntimeError: could not load",
      "PermissionError", "permission"
    ),
    (
      "System.AggregateException: One or more errors occurred. (a)\n ---> System.Exception: a (b:80)\n"
        + " ---> System.Net.Sockets.SocketException (111): Connection refused\n   at c.d()",
      "System.Net.Sockets.SocketException", "network"
    ),
    (
      "Error: a\n    at b (c.js:1:2) {\n  [cause]: Error: d\n      at e (f.js:1:2) {\n"
        + "    [cause]: TypeError: getaddrinfo ENOTFOUND db\n  }\n}", "TypeError", "network"
    ),
    (
      "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] Access denied in /x.php:3\n"
        + "Stack trace:\n#0 {main}\n\nNext RuntimeException: no db in /x.php:9\n#0 {main}",
      "PDOException", "permission"
    ),
    (
      "/a.rb:3:in `rescue in f': outer (RuntimeError)\n\tfrom /a.rb:1:in `f'\n"
        + "/a.rb:2:in `f': Connection refused - connect(2) (Errno::ECONNREFUSED)",
      "Errno::ECONNREFUSED", "network"
    ),
    (
      "** (EXIT from #PID<0.9.0>) an exception was raised:\n    ** (DBConnection.ConnectionError) refused",
      "DBConnection.ConnectionError", "network"
    ),
    ("Error: a\n\nCaused by:\n   0: b\n   1: Permission denied (os error 13)", nil, "permission"),
    ("Error: \n   0: a\n   1: missing field `name`\n\nLocation:\n   src/m.rs:3", nil, "syntax"),
    (
      "java.lang.RuntimeException: a\n\tat b.C.d(C.java:1)\ncaused by: java.net.ConnectException: no",
      "java.net.ConnectException", "network"
    ),
    ("request failed: caused by: connection reset by peer", nil, "network"),
    ("Failed to open; caused by java.io.EOFException: x", "java.io.EOFException", "runtime"),
    (
      "a.B: x (Caused by: java.net.UnknownHostException: db)", "java.net.UnknownHostException",
      "network"
    ),
    (
      "Error in `dplyr::mutate()`:\nℹ In argument: `x`.\nCaused by error in `f()`:\n! permission denied",
      nil, "permission"
    ),
    ("Error in `f()`:\nCaused by error:\n! connection refused", nil, "network"),
    ("Deployment failed\nReason: Connection refused", nil, "network"),
    ("Error: cannot start\n  Cause: ECONNRESET: socket hang up", nil, "network"),
    ("Error: cannot start\nUnderlying error: permission denied", nil, "permission"),
    ("Error: cannot start\n  Because: certificate has expired", nil, "network"),
    (
      "Error: cannot start\nInner exception: System.TimeoutException: no",
      "System.TimeoutException",
      "timeout"
    ),
    ("Error: failed\n\ncaused by:\n    connection refused", nil, "network"),
    ("error: a\n  caused by: b failed\n  caused by: no space left on device", nil, "resource"),
    (
      "panic: connection refused [recovered]\n\tpanic: no way on\n\ngoroutine 1 [running]:", nil,
      "network"
    ),
    (
      "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc",
      "std::bad_alloc", "resource"
    ),
    (
      "Fatal error: exception Unix.Unix_error(Unix.ECONNREFUSED, \"connect\", \"\")",
      "Unix.Unix_error",
      "network"
    ),
    (
      "outer\n[previous exception] [object] (PDOException(code: 2002): Connection refused at /a.php:3)",
      "PDOException", "network"
    ),
    (
      "org.x.BeanException: a; nested exception is java.net.ConnectException: refused",
      "java.net.ConnectException", "network"
    ),
  ])
  func `the innermost cause is named`(message: String, type: String?, category: String) throws {
    let row = try rows([message]).first
    #expect(row?["error_type"] == type.map(Cell.text) ?? .null)
    #expect(row?["category"] == .text(category))
  }

  @Test(arguments: [
    ("E   ModuleNotFoundError: No module named 'a'", "ModuleNotFoundError: No module named 'b'"),
    ("Caused by: java.net.ConnectException: no", "java.net.ConnectException: no"),
    ("[cause]: Error: boom", "Error: boom"), ("│ Error: Invalid", "Error: Invalid"),
    ("  | ValueError: x", "ValueError: x"), ("Uncaught TypeError: x", "TypeError: x"),
    ("FAILED a.py::t - KeyError: 'a'", "KeyError: 'b'"), ("● Error: Invalid", "Error: Invalid"),
    ("\u{1b}[31merror\u{1b}[0m: no x", "error: no x"), ("[31merror[0m: no x", "error: no x"),
    ("\\u001b[31merror\\u001b[0m: no x", "error: no x"), ("^[[31merror^[[0m: no x", "error: no x"),
    ("\u{9b}31merror\u{9b}0m: no x", "error: no x"), ("\u{241b}[1merror: no x", "error: no x"),
    ("\u{feff}error: no x", "error: no x"), ("error:\u{a0}no x", "error: no x"),
    ("Fehler: „eins“ fehlt", "Fehler: „zwei“ fehlt"), ("не открыть «а»", "не открыть «б»"),
    ("エラー: 「一」がない", "エラー: 「二」がない"), ("impossible d’ouvrir « a »", "impossible d’ouvrir « b »"),
    ("09:14:07 a. m. | no roster", "10:18:17 p. m. | no roster"),
    ("9 AM no roster", "9 p.m. no roster"),
    (
      "<html><head><title>502 Bad Gateway</title></head></html>",
      "<!DOCTYPE html>\n<html>\n<body>\n<h1>502 Bad Gateway</h1>\n<p>nginx</p>\n</body></html>"
    ),
    (
      "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
      "AccessDenied: Access Denied"
    ),
    ("session opened for user ann by (uid=0)", "session opened for user bob by (uid=0)"),
    ("filen ’eins två’ saknas", "filen ’zwei’ saknas"), ("״eins״ לא נמצא", "״zwei״ לא נמצא"),
    ("ファイル【一】がない", "ファイル【二】がない"), ("'alpha'が見つかりません", "'beta'が見つかりません"),
    ("找不到\"alpha\"文件", "找不到\"beta\"文件"), ("＂eins＂がない", "＂zwei＂がない"),
    ("파일 'eins'을(를) 찾을 수 없습니다", "파일 'zwei'을(를) 찾을 수 없습니다"),
    (#"no \"zwei drei\" here"#, #"no \"vier\" here"#),
    ("#033[31merror#033[0m: no x", "error: no x"), ("\\E[31merror\\E[0m: no x", "error: no x"),
    ("<0x1b>[31merror<0x1b>[0m: no x", "error: no x"), ("\\u009b31merror: no x", "error: no x"),
    ("\u{c2}\u{9b}31merror: no x", "error: no x"), ("[31merror[0m[K: no x", "error: no x"),
    ("e\u{8}error: no x", "error: no x"), ("ï»¿error: no x", "error: no x"),
    ("\u{3}04error\u{3}: no x", "error: no x"),
    ("→ AssertionError: no", "AssertionError: no"), ("● sum › adds", "sum › adds"),
    ("[gw0] [ 50%] FAILED tests/a.py::t - ValueError: bad", "ValueError: bad"),
    ("    a_test.go:12: bad thing happened", "bad thing happened"),
    ("X [ERROR] Could not resolve \"b\"", "✘ [ERROR] Could not resolve \"c\""),
    ("[12/345] FAILED: a.o", "FAILED: a.o"), ("Nested exception is a.B: x", "a.B: x"),
    ("Error: Process completed with exit code 1.", "##[error]Process completed with exit code 1."),
    ("e: file:///a/A.kt:3:5 Unresolved reference", "e: /b/B.kt: (9, 1): Unresolved reference"),
    ("1) [chromium] › a.spec.ts:3:5 › adds", "2) [firefox] › b.spec.ts:3:5 › adds"),
    ("> Task :app:x FAILED", "> Task :lib:x FAILED"),
    ("bash: foo: command not found", "bash: line 12: bar: command not found"),
    ("zsh: command not found: foo", "zsh:1: command not found: foo"),
    ("/bin/sh: 1: foo: not found", "sh: 12: bar: not found"),
    (
      "<br />\n<b>Fatal error</b>:  Uncaught Error: no route in /a.php:3\nStack trace:",
      "<br />\n<b>Fatal error</b>:  Uncaught Error: no route in /b.php:7\nStack trace:"
    ),
    (
      "<!DOCTYPE html>\n<html lang=\"en\">\n<title>Error</title></head><body>\n<pre>Cannot GET /a</pre>",
      "<pre>Cannot GET /b</pre>"
    ),
  ])
  func `what stands around a message makes no difference`(first: String, second: String) throws {
    #expect(try rows([first, second]).count == 1)
  }

  @Test(arguments: [
    ("sqlite3.OperationalError: no such table: a", "sqlite3.ProgrammingError: no such table: a"),
    ("<title>502 Bad Gateway</title></html>", "<title>Sign in</title></html>"),
    ("instruction address: 0x17", "instruction address space.........0x17"),
    ("user not found", "user not known"),
    (
      "<html><title>Error</title><body>\n<pre>TypeError: no &#39;id&#39;<br> &nbsp; at x</pre>",
      "<html><title>Error</title><body>\n<pre>Cannot POST /login</pre>"
    ),
    (
      "* What went wrong:\nExecution failed for task ':a:x'.\n> Could not resolve it.\n   > Timed out",
      "* What went wrong:\nExecution failed for task ':a:x'.\n> Compilation failed; see the output."
    ),
    ("win32com.client.pywintypes.com_error: (-2147, 'no')", "app.other.com_error: (-2147, 'no')"),
    ("isn’t it there", "can’t it there"),
  ])
  func `what tells errors apart stays`(first: String, second: String) throws {
    #expect(try rows([first, second]).count == 2)
  }

  @Test(arguments: [
    ("504 Gateway Time-out", "timeout", "Timeout of a gateway"),
    (
      "<html><head><title>504 Gateway Time-out</title></head></html>", "timeout",
      "Timeout of a gateway"
    ),
    ("502 Bad Gateway", "network", "Gateway error"), ("HTTP 429", "resource", "Rate limit"),
    ("cp: error writing 'a': Disk quota exceeded", "resource", "Disk full"),
    ("torch.cuda.OutOfMemoryError: CUDA out of memory", "resource", "Out of memory"),
    ("getaddrinfo EAI_AGAIN db", "network", "Host not found"),
    ("x509: certificate signed by unknown authority", "network", "Certificate not accepted"),
    ("npm ERR! code E403", "permission", "Forbidden"),
    ("npm error code E401", "permission", "Not authorised"),
    ("denied: requested access to the resource is denied", "permission", "Permission denied"),
    ("ORA-28000: the account is locked", "permission", "Not authorised"),
    ("The caller does not have permission", "permission", "Permission denied"),
    ("Error: You need to be root to do this.", "permission", "Permission denied"),
    ("Accesso negato", "permission", "Permission denied"),
    ("exceededQuota: \"x\" is forbidden: exceeded quota: compute", "resource", "Quota used up"),
    ("LimitExceededException: account limit", "resource", "Quota used up"),
    ("RequestLimitExceeded: slow down", "resource", "Rate limit"),
    ("sh: 1: foo: not found", "tool", "Command not found"),
    ("* What went wrong:\nIt failed.\n> No.\n   > Connect timed out", "timeout", "Timeout"),
    ("zipfile.BadZipFile: not one", "runtime", nil),
    ("Unhandled exception:\nStateError: no\n#0 main", "runtime", nil),
    (
      "dyld[1]: Library not loaded: @rpath/a.dylib\n  Reason: tried: '/b' (no such file)", "import",
      nil
    ),
    ("a.py:1:1: E401 multiple imports on one line", "other", nil),
  ])
  func `it is named and sorted by what it is`(message: String, category: String, name: String?)
    throws
  {
    let row = try rows([message]).first
    #expect(row?["category"] == .text(category))
    #expect(row?["name"] == name.map(Cell.text) ?? .null)
  }

  @Test func `a quota that is used up is no rate limit`() throws {
    let names = try rows([
      "Error code: 429 - {'error': {'code': 'insufficient_quota'}}",
      "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'",
      "Your credit balance is too low",
    ]).map { $0["name"] }
    #expect(names == ["Quota used up", "Rate limit by time", "Quota used up"].map(Cell.text))
  }
}
