package import Rules

/// How languages and tools write what went wrong: `kind | name`, of a line without the spaces around it.
/// What a pattern's group holds is the message. `Headline` says what becomes of each kind.
package let syntaxRules = Rule.table(
  #"""
  frame | place in code, and code that throws
    / ^(?:at |throw |raise |from \S+:\d+|File "|goroutine \d+ |stack (?:back)?trace:?|Call Stack|thrown in |\.\.\. \d+ more|--- End of|Next [A-Z][\w\\]*: |#\d+ |\d+: +0x)
    / ^[^\s\d]\S*[/.]\S*:\d+$|^[/.]\S*:\d+$|^".*[{\[]$|^[\^~]+$|^\{ ?\w+: .*\},?$|^\d+ ?(?:│|\|)\s|^(?:\S+:\d+: : )?# \S+/\S+(?: \[\S+\])?$
    + at main (/srv/app/index.js:10:11)
    + /srv/app/index.js:10
    + { timeout: 3, windowsHide: true },
    + 12 │ { timeout: 3, windowsHide: true },
    + "error": {
    + cmd/a.go:1: : # example.com/a/cmd [example.com/a/cmd.test]
    + # example.com/a/cmd
    - # a heading
    - attribute is missing
  prefix | marks of a box or of a workflow
    / ^(?:(?:│|┃|╷|\|) +|##\[error\] ?|::error[^:]*:: ?|\[ERROR\] +)(.+)
    / ^(?:●|✕|✖|×|✗|✘|❌|⨯|•) +(\w*(?:(?i:error|fatal)|Exception)[:\[ ].*)
    + │ ⟦Error: Invalid reference⟧
    + ● ⟦TypeError: x⟧
    - |a
  prefix | place of what names itself an error or a warning
    / ^(?:[A-Za-z]:)?[^\s"'`()\[\],;:<>|={}]+(?:\(\d+(?:,\d+)*\)|:\d+(?::\d+)*)(?::| -)\s*((?:error|warning|fatal error).*)
    + src/main.rs:4:5: ⟦error[E0382]: borrow of moved value⟧
    + a.ts(14,23): ⟦error TS2307: no module⟧
    + C:\x\a.c:7 - ⟦error C2065: no name⟧
    - ./main.go:5:2: undefined: foo
  prefix | that nobody caught it
    / ^(?:(?:(?:ERROR )?Error: )?Uncaught (?:\(in promise\):? )?|Unhandled exception\.? ?|\(node:\d+\) UnhandledPromiseRejectionWarning: |Exception in thread "[^"]*" |(?:PHP )?Fatal error: +(?:Uncaught |exception )|Unhandled (?:promise )?rejection:? )([A-Za-z_\\].+)
    + Exception in thread "main" ⟦java.lang.IllegalStateException: no⟧
    + PHP Fatal error:  Uncaught ⟦PDOException: no⟧
    + Uncaught (in promise) ⟦TypeError: x is null⟧
    + ERROR Error: Uncaught (in promise): ⟦TypeError: x is null⟧
    - Fatal error: Index out of range
  suffix | that a program of Go caught it
    / ^(.*\S) \[recovered(?:, \w+)?\]$
    + ⟦panic: runtime error: index out of range⟧ [recovered]
    + ⟦panic: no⟧ [recovered, repanicked]
    - the session was [recovered] at once
  traceback | Python
    / ^Traceback \(most recent call last\)
    + Traceback (most recent call last):
    - the Traceback (most recent call last)
  group | exceptions that came together, in Python
    / ^\+ Exception Group Traceback
    + + Exception Group Traceback (most recent call last):
    - Exception Group Traceback
  outer | what follows came of what stands before, in Python
    / ^The above exception was the direct cause of the following exception
    + The above exception was the direct cause of the following exception:
    - During handling of the above exception, another exception occurred:
  cause | Java, Node and others
    / ^(?:Caused by|Root cause|\[cause\]|cause): (.+)
    / .*(?:nested exception is|; caused by:|\(caused by) (.+)
    + Caused by: ⟦java.net.SocketTimeoutException: connect timed out⟧
    + [cause]: ⟦Error: connect ECONNREFUSED 127.0.0.1:9⟧
    - Caused by:
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
  cause | C++ and Swift
    / ^what\(\): +(.+)
    / NSUnderlyingError=0x[0-9a-f]+ \{(Error Domain=\S+ Code=-?\d+ "[^"]*")
    + what():  ⟦vector::_M_range_check⟧
    - what is this
  cause | chain of miette, as uv shows it
    / ^(?:├─▶|╰─▶|\+->) (.+)
    + ╰─▶ ⟦connection reset by peer⟧
    - ─▶ a
  causes | heading of a list of causes
    / ^(?:Caused by|Error|Because|\* What went wrong):$
    + Caused by:
    - Caused by: x
  suppressed | Java
    / ^Suppressed: 
    + Suppressed: java.io.IOException: close failed
    - suppressed: 3
  named | summary of a test run
    / ^(?:FAILED|ERROR) \S*::.*? - (.+)
    / recorded an issue at [^ ]+: (.+)
    / (?i) : (xctassert.+)
    + FAILED tests/test_a.py::test_add - ⟦ValueError: no such thing as 3⟧
    + ✘ Test a() recorded an issue at A.swift:5:3: ⟦Expectation failed: x == 4⟧
    - FAILED tests/test_a.py
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
    / (?i)exit code|exit status|command failed|exited with|returned non-zero|^FAIL[ \t]
    + Error: Command failed with exit code 1
    - the code of the exit
  remark | no error
    / (?i)warning:|warning\[|note:|info:|help:|\(use `
    + warning: unused variable: `y`
    - forewarned
  panic | Rust
    / panicked at
    + thread 'main' panicked at src/main.rs:2:5:
    - a panic
  says | name of an error before a colon
    / (?:(?i:error|exception|fatal|panic)|\b(?i:err))(?:[:\[!]| [A-Z\[])
    / "message":|^CONFLICT \(|^npm (?:error|ERR!) |^[^\s"'`()\[\],;:<>|={}]*(?::\d+)+: 
    + AssertionError [ERR_ASSERTION]: Expected values
    + ./main.go:5:2: undefined: foo
    + CONFLICT (content): Merge conflict in a.txt
    - an error of mine
  failed | words for it
    / (?i)error|exception|fatal|panic|fail|err!|cannot|can't|could not|couldn't|unable|denied|not found|no such|undefined|invalid|missing|timed out|timeout|refused|unexpected|not allowed|forbidden|exceeded
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

/// What pages of HTML and XML say: of several the first that has something.
package let pageRules = Rule.table(
  #"""
  page | page or answer
    / (?is)^[^<]{0,300}<(?:!doctype html|html|\?xml|(?:\w+:)?(?:error|fault|response|envelope|problem|exception|errors|errorresponse)[\s>/])
    / (?is)^\s*<h1>[^<]{1,300}</h1>
    + <!DOCTYPE html><html>
    + <h1>Server Error (500)</h1>
    + <ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>
    - a < b
  code | what S3 and others answer
    / (?is)<code>\s*([^<]{1,100}?)\s*</code>
    + <Error><Code>⟦AccessDenied⟧</Code></Error>
    - <code></code>
  text | message
    / (?is)<(?:\w+:)?(?:message|faultstring|text|error_description|errormessage|detail|reason)(?:\s[^>]*)?>\s*([^<]{1,500}?)\s*</
    + <soap:Fault><faultstring>⟦Server was unable to process⟧</faultstring></soap:Fault>
    - <message></message>
  title | title
    / (?is)<title[^>]*>\s*([^<]{1,300}?)\s*</title>
    + <title>⟦502 Bad Gateway⟧</title>
    - <title></title>
  heading | first heading
    / (?is)<h[1-3][^>]*>\s*(?:<[^>]*>\s*)*([^<]{1,300}?)\s*<
    + <h1>⟦Not Found⟧</h1>
    - <h1></h1>
  paragraph | first paragraph
    / (?is)<(?:p|pre|body)[^>]*>\s*([^<]{1,300}?)\s*<
    + <body>⟦no healthy upstream⟧</body>
    - <p></p>
  """#)

/// What stands in a line for something else than its words: `place` for an id that differs from
/// request to request, `error` and `warning` for what a tool writes in two ways. It is what a pattern's
/// group holds.
package let markRules = Rule.table(
  #"""
  place | id of a request behind its name
    / (?i)\b(?:request|req|correlation|trace|span|invocation|operation|activity|conversation|amzn)[-_ ]?id["']?(?: is|[:=])? ?["'(\[]?([a-z0-9][\w.+/=-]*[0-9][\w.+/=-]*[\w=]|[a-z]+(?:-[a-z]+){2,}|[a-z]{1,8}_[a-z]{12,})
    / (?i)\bcf-ray["']?: ?["']?([0-9a-f]+(?:-[a-z]{3})?)\b
    + overloaded (request_id: ⟦req_011CSHoEeqs5C35K2UUqR7Fy⟧)
    + x-request-id: ⟦amber-fox-night⟧
    + X-Amzn-Trace-Id: ⟦Root=1-5759e988-bd862e3fe1be46a994272793⟧
    + Please include the request ID ⟦eftixk72aD6Ap⟧ in your message
    + "request_id": "⟦4bf92f35-77b3⟧"
    - request_id: must not be empty
    - the request id is missing
    - unknown request ids
  place | id that says that it is of a request
    / \b((?:req|request|trace)[_-][A-Za-z]*(?:[0-9]|[a-z][A-Z])[A-Za-z0-9]{4,})\b
    + failed for ⟦req_AbCdEfGhIj⟧
    + ⟦req-7f3kq2xz⟧ was refused
    - req_handler failed
    - request-timeout
  error | npm, by its version
    / ^npm (ERR!|error)(?: |$)
    + npm ⟦ERR!⟧ code ERESOLVE
    + npm ⟦error⟧ code ERESOLVE
    - npm errors are many
  warning | npm, by its version
    / ^npm (WARN|warn)(?: |$)
    + npm ⟦WARN⟧ deprecated a@1
    - npm warns
  """#)

/// Characters that are written as pages and templates have them, where they are of the message.
package let entityRules = Rule.table(
  #"""
  " | quotation mark
    / &(?:quot|#34|#x22);
    + ⟦&quot;⟧a⟦&#34;⟧
    - &quote;
  ' | apostrophe
    / &(?:apos|#0*39|#x27);
    + can⟦&#39;⟧t
    - &#390;
  & | ampersand
    / &(?:amp|#38|#x26);
    + a ⟦&amp;⟧ b
    - a & b
  < | less
    / &(?:lt|#60|#x3c);
    + a ⟦&lt;⟧ b
    - a &lte; b
  > | greater
    / &(?:gt|#62|#x3e);
    + a ⟦&gt;⟧ b
    - a &gte; b
    - a > b
  _ | space
    / &(?:nbsp|#160|#xa0);
    + a⟦&nbsp;⟧b
    - a b
  """#)

/// How terminals are told to show something, also where the escape was lost or written out.
package let escapeRules = Rule.table(
  #"""
  gone | sequences of ECMA-48
    / \x1b\[[\x20-\x3f]*[\x40-\x7e]?|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/](?s:.)|\x1b(?s:.)?
    / \xc2\x9b[\x20-\x3f]*[\x40-\x7e]?
    + ⟦␛[31m⟧red⟦␛[0m⟧
    - [31x
  gone | sequences that are written out
    / (?:\\u001[bB]|\\x1[bB]|\\0?33|\\e|\^\[|\xe2\x90\x9b)\[[\x20-\x3f]*[\x40-\x7e]
    + ⟦\u001b[31m⟧red⟦^[[0m⟧
    - \u001c[31m
  gone | sequences that lost their escape
    / \[(?:\d{1,3}(?:;\d{1,3})*)?m|\[[0-2]K
    + ⟦[31m⟧error⟦[0m⟧
    - [31] [K2]
  gone | marks that nobody sees
    / \xef\xbb\xbf|\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0
    + ⟦␀⟧error
    - a b
  space | spaces of other widths
    / \xc2\xa0|\xe2\x80[\x80-\x8a\xaf]|\xe3\x80\x80
    + error:⟦␣⟧no
    - a b
  line | carriage return
    / \r
    + a⟦␍⟧b
    - a b
  """#)

/// The names of errors in a line, the surer first.
package let typeRules = Rule.table(
  #"""
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
    / ^((?:socket|ssl|zlib|struct|re|binascii|select|locale)\.(?:error|gaierror|herror|timeout))(?:$|[:( ])
    / ^(Stop(?:Async)?Iteration)(?:$|[:( ])
    + ⟦psycopg2.errors.UniqueViolation⟧: duplicate key value
    + ⟦botocore.errorfactory.NoSuchKey⟧: An error occurred
    + ⟦subprocess.TimeoutExpired⟧: Command timed out
    + ⟦socket.gaierror⟧: [Errno -2] Name or service not known
    + ⟦h5py.h5e.Error⟧: bad
    + ⟦queue.Empty⟧
    + ⟦clojure.lang.ExceptionInfo⟧: no {}
    + ⟦StopIteration⟧
    - os.Open: no such file
  type | name that ends as errors do
    / (?:^|[^\w.$\\])((?:[A-Za-z_][\w$]*(?:\.|::|\\))*[A-Za-z_][\w$]*(?:Error|Exception|Warning|Interrupt|Exit|Fault))\b
    + ⟦sqlite3.OperationalError⟧: no such table
    + app: ⟦TypeError⟧
    - Error: x, the Exception
  """#)
