import ErrorsProjector
import Events
import TestSupport
import Testing
import Views

/// What loggers, containers, runners and terminals put around a message neither names nor splits its
/// group.
@Suite struct SurroundingTests {
  private func templates(_ messages: [String]) throws -> [Cell?] {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given(
      messages.enumerated().map { index, message in
        event(Offset(index), "error", [.errorMessage: .text(message)])
      })
    return try spec.rows().map { $0["template"] }
  }

  @Test(arguments: [
    "ERROR tests/a.py - ", "FAILED tests/a.py::t - ", "FAILED tests/a.py - ", "tests/a.py:12: ",
    "src/a.ts:12:5: ", "test.js:3:5 - ", "● suite › test › ", "✕ suite > test > ",
    "× src/a.test.ts > adds > ", "not ok 3 - ", "not ok 12 ", "1) ", "  1) ", "E   ", "│ ",
    "Unhandled Rejection: ", "Unhandled rejection ", "UnhandledPromiseRejection: ",
    "(node:123) UnhandledPromiseRejectionWarning: ", "Uncaught Exception: ", "uncaughtException: ",
    "Unhandled exception: ", "Uncaught (in promise) ", "stderr: ", "[stderr] ", "stderr | ",
    "web-1  | ", "api_1 | ", "10:00:00 web.1  | ", "[api] ", "[web:dev] ", "[0] ", "[vite] ",
    "[vite] Internal server error: ", "##[error]", "##[error] ", "::error file=a.js,line=1::",
    "::error::", "2026/01/01 10:00:00 ", "2026-01-01T10:00:00Z ", "[2026-01-01 10:00:00] ",
    "2026-01-01 10:00:00,123 ERROR ", "2026-01-01 10:00:00,123 - app - ERROR - ",
    "2026-01-01 10:00:00.123 [main] ERROR com.x.Y - ",
    "2026-01-01T10:00:00.123Z ERROR 1 --- [   main] c.x.Y   : ",
    "[2026-01-01 10:00:00] production.ERROR: ", "[2026-01-01T10:00:00Z ERROR my::mod] ",
    "2026/01/01 10:00:00 [error] 12#12: *3 ",
    "[Sat Jan 03 10:00:00.123 2026] [core:error] [pid 3] ",
    "E, [2026-01-01T10:00:00 #123] ERROR -- : ", "10:00:00 ", "10:00:00.123 ERROR ",
    "[10:00:00] ", "[10:00:00 ERR] ", "E0102 03:04:05.123456    7 x.go:12] ", "<3>", "<11>",
    "kernel: [  12.3] ", "[   12.345678] ", "Jan  2 03:04:05 host app[123]: ",
    "Jan  2 03:04:05 host app: ", "ERROR:root:", "ERROR:app.main:", "E/App(123): ", "ERROR: ",
    "ERROR - ", "ERROR ", "[ERROR] ", "[error] ", "[FATAL] ", "npm error ", "npm ERR! ",
    "#12 0.345 ", "@scope/pkg:build: ", "web:build: ", "packages/a build: ", "web dev: ",
    "web-1  | 2026-01-01T10:00:00Z stderr: ", "##[error][api] ",
    "Jan  2 03:04:05 host kernel: [  1.5] [api] ERROR ", "web-1 | [api] 1) ",
  ])
  func `what stands before a message makes no difference`(prefix: String) throws {
    let plain = "TypeError: x is not iterable"
    #expect(try templates([prefix + plain, plain]) == [.text(plain)])
  }

  /// It looks like something that stands before a message, and is what it says.
  @Test(arguments: [
    "[Errno 2] No such file", "[ERR_X] it is bad", "12 of them are bad",
    "10:00:00 is too late", "kernel panic at boot", "src/a.c: no such file",
    "error TS2304: Cannot find it", "not ok 3 - adds", "remote: Counting objects",
    "ERROR: no such thing", "error: no such thing", "stderr is closed", "a | b is no union",
  ])
  func `what says something stays`(message: String) throws {
    let other = message.split(separator: " ", maxSplits: 1)[1]
    #expect(try templates([message, String(other)]).count == 2)
  }

  @Test(arguments: [
    ("make: *** [all] Error 2", "make[1]: *** [lib] Error 2"),
    ("make: *** [all] Error 2", "gmake[12]: *** [Makefile:12: all] Error 127"),
    ("error: failed to push some refs", "remote: error: failed to push some refs"),
    ("error: failed to push some refs", "remote: remote: error: failed to push some refs"),
  ])
  func `what runs within another of its kind says the same`(first: String, second: String) throws {
    #expect(try templates([first, second]).count == 1)
  }

  /// A traceback keeps its indentation behind what carries it.
  @Test func `a traceback is read behind what stands before each of its lines`() throws {
    let lines = [
      "Traceback (most recent call last):", "  File \"/a/b.py\", line 3, in f", "    raise it",
      "KeyError: 'a'",
    ]
    for carrier in ["web-1  | ", "2026-01-01T10:00:00Z ", "[api] ", "stderr: ", "#12 0.345 "] {
      let message = lines.map { carrier + $0 }.joined(separator: "\n")
      #expect(try templates([message]) == [.text("KeyError: <*>")], "\(carrier)")
    }
  }

  @Test(arguments: [
    "\u{2190}[31merror\u{2190}[0m: no x here", "\u{fffd}[31merror\u{fffd}[0m: no x here",
    "ESC[31merrorESC[0m: no x here", "<ESC>[31merror<ESC>[0m: no x here",
    "\\x1b[31merror\\x1b[0m: no x here", "\\u001B[31merror\\u001b[39m: no x here",
    "\\u{1b}[31merror\\x{1b}[0m: no x here", "\\033[1;31merror\\e[0m: no x here",
    "%1B[31merror%1b[0m: no x here", "%1b%5B31merror%1B%5B0m: no x here",
    "&#27;[31merror&#x1B;[0m: no x here", "^[[31merror^[[0m: no x here",
    "?[31merror?[0m: no x here", "[31merror[0m: no x here", "[1;31merror[m: no x here",
    "\u{1b}]8;;http://a.example/x\u{1b}\\error\u{1b}]8;;\u{1b}\\: no x here",
    "\\u001b]8;;http://a.example/\\u0007error\\u001b]8;;\\u0007: no x here",
    "er\u{ad}ror: no x here", "error:\u{200b} no x here", "\u{202a}error\u{202c}: no x here",
    "\u{2066}error\u{2069}: no x here", "\u{61c}error: no x here", "\u{2028}error: no x here",
    "error: no x here\u{2029}", "\u{85}error: no x here", "error:\u{a0}no x here",
    "error:\u{2009}no\u{3000}x here", "error\u{ff1a}no x here", "error\u{fe55} no x here",
    "error\u{2236} no x here", "\u{8}error: no x here\u{0}", "\u{fe0f}error: no\u{34f} x here",
  ])
  func `what nobody sees makes no difference`(message: String) throws {
    #expect(try templates([message, "error: no x here"]).count == 1)
  }

  @Test(arguments: [
    ("rate(x[5m]) is bad", "rate(x[<*>]) is bad"), ("a[m] is bad", "a[m] is bad"),
    ("wait [30min] or [20ms]", "wait [<*>] or [<*>]"),
    ("see [my_module] there", "see [my_module] there"),
  ])
  func `what only looks like an escape stays`(message: String, template: String) throws {
    #expect(try templates([message]) == [.text(template)])
  }

  @Test(arguments: [
    "5s", "1h2m3.4s", "3m 20s", "2 days", "00:00:05", "PT5M", "120µs", "120 μs", "1 week",
    "3 months", "2 years", "5 milliseconds", "7 microseconds", "1d 2h", "2 hours 3 minutes",
    "2 hours, 3 minutes and 5 seconds", "17 Minuten", "3 heures", "2 horas",
  ])
  func `a duration is one value`(duration: String) throws {
    #expect(try templates(["lock since \(duration) on it", "lock since 3 on it"]).count == 1)
  }

  @Test(arguments: [
    "3 January 2026", "January 3, 2026", "Sept 3, 2026", "3. Januar 2026", "3 Mai 2026",
    "3 janvier 2026", "3 août 2026", "3 de enero de 2026", "3 de diciembre de 2026",
    "3 gennaio 2026", "3 maart 2026", "3 grudnia 2026", "3 января 2026", "3 декабря 2026 г.",
    "2026年1月3日", "Saturday, January 3, 2026", "Samstag, 3. Januar 2026", "samedi 3 février 2026",
    "sábado, 3 de janeiro de 2026", "Jan 3rd, 2026", "2026-Jan-03", "03/Jan/2026:10:00:00 +0100",
    "Sat Jan 3 2026 10:00:00 GMT+0100 (Central European Standard Time)",
    "1/3/2026, 10:00:00 AM", "10:00 Uhr", "9:15:07 p. m.", "10 pm",
  ])
  func `a time is one value, in whatever language`(time: String) throws {
    #expect(try templates(["back on \(time) now", "back on 2026-01-03 now"]).count == 1)
  }

  @Test(arguments: [
    ("march 3 went by", "march <*> went by"), ("may 3 of them fail", "may <*> of them fail"),
    ("sat 3 rows behind", "sat <*> rows behind"),
    ("3 of 5 tests failed", "<*> of <*> tests failed"),
  ])
  func `a word that is also a month stays`(message: String, template: String) throws {
    #expect(try templates([message]) == [.text(template)])
  }
}
