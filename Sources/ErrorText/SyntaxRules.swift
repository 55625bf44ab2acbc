package import Rules

/// How languages and tools write what went wrong: `kind | name`, of a line without the spaces around it.
/// What a pattern's group holds is the message. `Headline` says what becomes of each kind.
package let syntaxRules = prefixRules + resolverRules + lineRules

/// What resolvers of packages say of what cannot be had: `resolver` for what failed, whatever the packages
/// are called and however many sentences explain it; `frame` for those sentences.
private let resolverRules = Rule.table(
  #"""
  resolver | no version, or none that fits, of pub, poetry, uv, Bundler, Hex, SwiftPM
    / \b(no versions of [^\s,]+)
    / \b(doesn't match any versions)\b
    / \b(only \S+ is available)
    / (\S+ was not found in (?:the|a) package registry)
    / \b(version solving (?:has )?failed)\b
    + Because ⟦no versions of requests⟧ match >2.0,<3.0
    + Because there are ⟦no versions of left-pad⟧ and you require left-pad, we can conclude that
    + Because shop depends on left-pad (>=9) which ⟦doesn't match any versions⟧, version solving failed.
    + Because ⟦only flask<=3.1.0 is available⟧ and you require flask>=9, we can conclude that
    + Because ⟦nosuch was not found in the package registry⟧ and you require nosuch, we can
    + So, because till depends on acme-a (1.2), ⟦version solving failed⟧.
    - the version solves it
  resolver | Composer
    / it (could not be found in any version)\b
    / \b(does not match the constraint)\b
    / -> (your \w+(?: \w+)? version \([^)]*\) does not satisfy that requirement)
    + - Root composer.json requires foo/bar ^9.0, it ⟦could not be found in any version⟧, there may be
    + - a/b v11.0 requires php ^8.2 -> ⟦your php version (8.0.30) does not satisfy that requirement⟧.
    + - Root composer.json requires zed/b ~4.2, found zed/b[3.0.0] but it ⟦does not match the constraint⟧.
    - the version could not be found
  frame | sentences of an explanation, and what came with what is installed
    / ^(?:├─▶ |╰─▶ |\+-> )?(?:(?i:so, because|and because|because|and) |)\S.* depends? on (?:both )?\S
    + ╰─▶ Because flask-cors==4.0.0 depends on flask>=2 and you require flask<2, we can conclude that
    + and shop depends on Flask (^1.0), flask-cors is forbidden.
    - ╰─▶ connection reset by peer
  """#)

private let lineRules = Rule.table(
  #"""
  frame | place in code, and code that throws
    / ^(?:at |❯ \S+:\d+|throw |raise |from \S+:\d+|File "|goroutine \d+ |stack (?:back)?trace:?|Call Stack|thrown in |\.\.\. \d+ more|--- End of|Next [A-Z][\w\\]*: |#\d+ |\d+: +0x)
    / ^\w+(?:::\w+)*#\S+(?: \[\S+:\d+\])?:$
    / ^[^\s\d]\S*[/.]\S*:\d+$|^[/.]\S*:\d+$|^".*[{\[]$|^[\^~]+$|^\{ ?\w+: .*\},?$|^\d+(?: +\d+)? *(?:│|\|)\s|^(?:\S+:\d+: : )?# \S+/\S+(?: \[\S+\])?$
    + at main (/srv/app/index.js:10:11)
    + /srv/app/index.js:10
    + ❯ src/a.ts:3:5
    + { timeout: 3, windowsHide: true },
    + 12 │ { timeout: 3, windowsHide: true },
    + 19 19 │ { timeout: 3, windowsHide: true },
    + 10    │ - import·a
    + "error": {
    + CartTest#test_sum [test/cart_test.rb:3]:
    + cmd/a.go:1: : # example.com/a/cmd [example.com/a/cmd.test]
    + # example.com/a/cmd
    - # a heading
    - attribute is missing
  traceback | Python
    / ^Traceback \(most recent call last\)
    + Traceback (most recent call last):
    - the Traceback (most recent call last)
  several | heading of errors that came together: the first of them is the cause of what holds them
    / ^(?:.*[:;] )?\d+ (?:errors?|exceptions?|failures?) occurred:?$
    / ^(?:.*[:;] |(?i:encountered|found|got) )?\d+ (?:[a-z]+ ){0,2}(?:errors?|exceptions?|problems?|violations?)(?: [a-z ]+)?: ?$
    / ^(?:.*: )?(?i:multiple|several|the following) (?:[a-z]+ )?(?:errors|exceptions|failures|problems)(?: [a-z ]+)?:?$
    / ^\[errors\]: \[$
    / ^(?:.*\.)?MultipleFailuresError: .*\(\d+ failures?\)$
    + 2 errors occurred:
    + failed to apply: 1 error occurred:
    + Multiple errors:
    + The following errors occurred:
    + Encountered 3 errors while parsing:
    + [errors]: [
    + org.opentest4j.MultipleFailuresError: Multiple Failures (2 failures)
    - 2 errors occurred while reading
    - There was 1 error:
  frame | another of the exceptions of .NET that came together
    / ^---> \(Inner Exception #[1-9]\d*\)
    + ---> (Inner Exception #1) System.Exception: b<---
    - ---> System.Exception: b
  cause | first of errors that came together, on one line
    / ^(?:.*[:;] )?\d+ (?:errors?|exceptions?) occurred:(?:\\[nt]|\s)*\* (.+?)(?:(?:\\[nt]|\s)+\* .*|(?:\\[nt]|\s)*)$
    / ^(?:[\w.-]+: )?\d+ errors: ([^;]+)(?:; .*)?$
    / ^\[errors\]: \[ \[?(\w*(?:Error|Exception)\b[^,]*?)\]?(?:,.*| \])$
    + 2 errors occurred:\n\t* ⟦dial tcp: refused⟧\n\t* no route\n\n
    + failed: 1 error occurred: * ⟦dial tcp: refused⟧
    + [errors]: [ ⟦Error: mirror is gone⟧, Error: timeout ]
    + multierror: 2 errors: ⟦dial tcp: refused⟧; context canceled
    - 2 errors occurred: none
  group | exceptions that came together, in Python
    / ^\+ Exception Group Traceback
    + + Exception Group Traceback (most recent call last):
    - Exception Group Traceback
  outer | what follows came of what stands before, in Python
    / ^The above exception was the direct cause of the following exception
    + The above exception was the direct cause of the following exception:
    - During handling of the above exception, another exception occurred:
  cause | words for it at the beginning
    / ^(?i:caused by|root cause|\[cause\]|cause|underlying (?:error|cause|exception)|(?:inner|original|root) (?:error|exception)|because)(?: *(?::|→)) +(.+)
    / ^[Rr]eason: +((?:[^\st]|t[^r\s])\S*[ :].+|\S+(?:Error|Exception)\b.*|\S*[A-Z]{5,}\S*)
    / ^(?i:\[previous exception\]) \[object\] \((.+)\)$
    + Caused by: ⟦java.net.SocketTimeoutException: connect timed out⟧
    + caused by: ⟦connection refused⟧
    + [cause]: ⟦Error: connect ECONNREFUSED 127.0.0.1:9⟧
    + Cause: ⟦ECONNRESET: socket hang up⟧
    + Underlying error: ⟦permission denied⟧
    + Inner exception: ⟦System.IO.IOException: disk⟧
    + Reason: ⟦Connection refused⟧
    + [previous exception] [object] (⟦PDOException(code: 2002): Connection refused at /a.php:3⟧)
    - Caused by:
    - Reason: tried: '/usr/lib/a.dylib' (no such file)
    - Reason: Error
    - the cause: it is unknown
  cause | words for it within a line
    / ^(?i:nested exception)(?: is|:) +(.+)
    / .*\((?i:caused by):? ([^()]+)\)$
    / .*(?:nested exception is|(?:^|[;,:] |\()(?i:caused by):|[;,(] ?(?i:caused by)) (.+)
    / .*\bpromise rejected with the reason "(.+)"
    + Nested exception is ⟦a.B: x⟧
    + a; nested exception is ⟦java.net.ConnectException: no⟧
    + request failed: caused by: ⟦connection reset by peer⟧
    + Max retries exceeded (Caused by ⟦ConnectTimeoutError(3)⟧
    + x (Caused by: ⟦java.net.UnknownHostException: db⟧)
    + The promise rejected with the reason "⟦boom⟧".
    - deadlock caused by the writer
  cause | .NET
    / (?:.* |^)---> (.+)
    + System.Exception: a ---> System.IO.IOException: b ---> ⟦System.Net.Sockets.SocketException: c⟧
    - a --> b
  cause | Ruby
    / ^\S+:\d+:in [`'][^']*': (.+ \([A-Z][\w:]*\))$
    + a.rb:3:in `connect': ⟦Connection refused (Errno::ECONNREFUSED)⟧
    - a.rb:3:in `connect'
  cause | Elixir
    / .*(\*\* \([A-Z][\w.]*\) .+)
    + ** (EXIT) an exception was raised: ⟦** (DBConnection.ConnectionError) refused⟧
    - ** bold (a) **
  cause | C++
    / ^what\(\): +(.+)
    + what():  ⟦vector::_M_range_check⟧
    - what is this
  cause | Apple: the innermost error, by its domain and code, which are no words of a language
    / .*NSUnderlyingError ?= ?(?:0x[0-9a-f]+ )?[{"\\(]*(Error Domain=\S+ Code=-?\d+)
    + UserInfo={NSUnderlyingError=0x6000 {Error Domain=A Code=1 "x" UserInfo={NSUnderlyingError=0x60 {⟦Error Domain=NSPOSIXErrorDomain Code=13⟧ "Permission denied"}}}
    - NSUnderlyingError is missing
  cause | chain of miette, as uv shows it
    / ^(?:├─▶|╰─▶|\+->) (.+)
    + ╰─▶ ⟦connection reset by peer⟧
    - ─▶ a
  causes | heading of a list of causes
    / ^(?:(?i:caused by|because|root cause|cause)|Error):$
    / ^(?:Caused by error(?: in .+)?|Error in [`'].+):$
    + Caused by:
    + caused by:
    + Caused by error in `f()`:
    + Error in `dplyr::mutate()`:
    - Caused by: x
  listed | Gradle, each cause behind an arrow
    / ^\* What went wrong:$
    + * What went wrong:
    - what went wrong:
  suppressed | Java
    / ^Suppressed: 
    + Suppressed: java.io.IOException: close failed
    - suppressed: 3
  named | summary of a test run
    / ^(?:FAILED|ERROR) (?:\S*::.*?|[^\s:]*[/.][^\s:]*) - (.+)
    / recorded an issue at [^ ]+: (.+)
    / (?i) : (xctassert.+)
    + FAILED tests/test_a.py::test_add - ⟦ValueError: no such thing as 3⟧
    + ERROR tests/test_a.py - ⟦ModuleNotFoundError: No module named 'a'⟧
    + ✘ Test a() recorded an issue at A.swift:5:3: ⟦Expectation failed: x == 4⟧
    - FAILED tests/test_a.py
  named | Apple, by domain and code
    / (Error Domain=\S+ Code=-?\d+)
    + Upload failed: ⟦Error Domain=NSURLErrorDomain Code=-1009⟧ "The Internet connection appears to be offline."
    - Error Domain is missing
  named | what pydantic misses in a field
    / ^(\S.*) \[type=[\w.]+, input_value=.*\]$
    + ⟦Field required⟧ [type=missing, input_value={}, input_type=dict]
    - Field required [type=missing]
  named | place before what a test of Go or a compiler of Kotlin says
    / ^[\w./-]+_test\.go:\d+: +(\S.*)
    / ^e: (?:file://)?\S+\.kts?:(?: ?\(\d+, \d+\):|\d+:\d+:?) +(\S.*)
    + a_test.go:12: ⟦bad thing happened⟧
    + e: file:///a/A.kt:3:5 ⟦Unresolved reference: b⟧
    + e: /a/A.kt: (3, 5): ⟦Unresolved reference: b⟧
    - a.go:12: x
  assertion | test runners
    / ^(expect\(.+)
    / ^E {3,}(.+)
    / ^Failure/Error: (.+)
    + E   ⟦ModuleNotFoundError: No module named 'a'⟧
    + ⟦expect(received).toBe(expected) // Object.is⟧
    - E  x
  object | diagnostic for tools on one line
    / ^\{.*?"message": ?"((?:[^"\\]|\\.){2,})"
    + {"$message_type":"diagnostic","message":"⟦borrow of moved value: `a`⟧","spans":[]}
    - {"text":"a"}
  wrapper | that a command failed
    / (?i)exit code|exit status|command failed|exited with|returned non-zero|^FAIL[ \t]|^(?:unhandled|uncaught) exception:$
    + Error: Command failed with exit code 1
    - the code of the exit
  remark | no error
    / (?i)warning:|warning\[|note:|info:|help:|\(use `
    / ^\[?(?:INFO|WARN|WARNING|DEBUG|TRACE|NOTICE)\b[\] :]
    + warning: unused variable: `y`
    + [INFO] Scanning for projects
    - forewarned
  panic | Rust
    / panicked at
    + thread 'main' panicked at src/main.rs:2:5:
    - a panic
  says | name of an error before a colon
    / (?:(?i:error|exception|fatal|panic)|\b(?i:err))(?:[:\[!]| [A-Z\[])
    / "message":|^CONFLICT \(|^npm (?:error|ERR!) |^[^\s"'`()\[\],;:<>|={}]*(?::\d+)+: 
    / ^[\w.+-]+: \S+: (?:No such file or directory|Permission denied|Is a directory|Not a directory)
    + AssertionError [ERR_ASSERTION]: Expected values
    + rg: a.toml: No such file or directory (os error 2)
    + ./main.go:5:2: undefined: foo
    + CONFLICT (content): Merge conflict in a.txt
    - an error of mine
  failed | words for it
    / (?i)error|exception|fatal|panic|fail|err!|cannot|can't|could not|couldn't|unable|denied|not found|not loaded|no such|undefined|invalid|missing|timed out|timeout|refused|unexpected|not allowed|forbidden|exceeded
    / ^(?:×|✖|✗) 
    + × Formatter would have printed the following content:
    + the request was refused
    - all is well
  aside | what goes on beside, data and code: it tells something only where nothing else does
    / ^> |^(?:Auto-merging|Merging|Counting objects|Compressing objects|remote:) |\boutput:?$|^[\d\W]+$
    / ^["'][\w$.-]+["'] ?: .*
    + > node -e process.exit(1)
    + Auto-merging a.txt
    + "name": "a",
    + 12]
    + Hook user-prompt-submit output
    - the output was short
  """#)

/// The names of errors in a line, the surer first.
package let typeRules = Rule.table(
  #"""
  type | domain and code of Apple
    / ^Error Domain=(\S+ Code=-?\d+)
    / \(([A-Za-z][\w.]*Domain error -?\d+)\.?\)
    + Error Domain=⟦NSURLErrorDomain Code=-1009⟧
    + The operation couldn’t be completed. (⟦kCLErrorDomain error 1⟧.)
    - the Domain error 1
  type | code of a compiler
    / (?i:error)[\[ ]{1,2}([A-Z]{1,4}\d{3,5})\b
    + error[⟦E0382⟧]: borrow of moved value
    + a.ts(1,2): error ⟦TS2304⟧: Cannot find name
    - error 404
  type | Ruby and C++
    / \(([A-Z]\w*(?:::[A-Z]\w*)+|[A-Z]\w*(?:Error|Exception))\)$
    / an instance of '([\w:<>]+)'
    / \*\* \(([A-Z][\w.]*)\)
    + Connection refused (⟦Errno::ECONNREFUSED⟧)
    + ** (⟦DBConnection.ConnectionError⟧) refused
    - it was (Not::a
  type | exception at the beginning
    / ^((?:[A-Za-z_][\w$]*(?:\.|::|\\))+[A-Z]\w*(?:[a-z](?:Violation|Expired|Found|Denied|Timeout|Failure|Failed|Fault|Refused|Reset|Cancelled|Aborted|Thing)|Timeout|Empty|Full))(?:$|[:( ])
    / ^((?:[A-Za-z_][\w$]*(?:\.|::|\\))+(?:errors?|errorfactory|exceptions?|exc)(?:\.|::|\\)[A-Z]\w*)(?:$|[:( ])
    / ^((?:[A-Z]\w*::)+[A-Z]\w*)(?:$|[:( ])
    / ^((?:[A-Za-z_][\w$]*(?:\.|::|\\))+(?:Error|Exception|ExceptionInfo|Timeout|Empty|Full))(?:$|[:( ])
    / ^((?:[A-Za-z_][\w$]*\.)+(?:(?:Bad|Not?|Invalid|Missing|Incomplete|Cannot|Too|Improperly|Multiple)[A-Z]\w*|Un(?:known|able|expected|supported)\w*|[A-Z]\w*(?:Disconnected|DoesNotExist|Returned|Configured|Lost|Closed|Exceeded|Mismatch|Conflict|Rejected|Unavailable|Interrupted|Invalid|Missing|Overflow)|DoesNotExist))(?:$|: )
    / ^((?:[a-z_]\w*\.)+[a-z]\w*_error)(?:$|: )
    / ^((?:socket|ssl|zlib|struct|re|binascii|select|locale)\.(?:error|gaierror|herror|timeout))(?:$|[:( ])
    / ^(Stop(?:Async)?Iteration)(?:$|[:( ])
    + ⟦psycopg2.errors.UniqueViolation⟧: duplicate key value
    + ⟦botocore.errorfactory.NoSuchKey⟧: An error occurred
    + ⟦subprocess.TimeoutExpired⟧: Command timed out
    + ⟦socket.gaierror⟧: [Errno -2] Name or service not known
    + ⟦h5py.h5e.Error⟧: bad
    + ⟦queue.Empty⟧
    + ⟦zipfile.BadZipFile⟧: File is not a zip file
    + ⟦http.client.RemoteDisconnected⟧: Remote end closed connection
    + ⟦app.models.User.DoesNotExist⟧: no
    + ⟦pywintypes.com_error⟧: (-2147352567, 'Exception occurred.')
    + ⟦clojure.lang.ExceptionInfo⟧: no {}
    + ⟦StopIteration⟧
    - os.Open: no such file
  type | name that ends as errors do
    / (?:^|[^\w.$\\])((?:[A-Za-z_][\w$]*(?:\.|::|\\))*[A-Za-z_][\w$]*(?:Error|Exception|Warning|Interrupt|Exit|Fault))\b
    + ⟦sqlite3.OperationalError⟧: no such table
    + app: ⟦TypeError⟧
    - Error: x, the Exception
  """#)

/// Where a program says of what type the exception was that ended it, apart from what it said.
package let thrownRules = Rule.table(
  #"""
  type | C++
    / (?m)^\s*terminate called after throwing an instance of '([\w:<>]+)'
    + terminate called after throwing an instance of '⟦std::out_of_range⟧'⏎  what():  no
    - it was an instance of 'std::out_of_range'
  type | OCaml
    / (?m)^Fatal error: exception ([A-Z][\w.]*)
    + Fatal error: exception ⟦Unix.Unix_error⟧(Unix.ECONNREFUSED, "connect", "")
    - Fatal error: exception handling is off
  """#)
