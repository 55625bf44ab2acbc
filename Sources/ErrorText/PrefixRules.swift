package import Rules

/// What loggers, containers and runners write before every line, whatever it says: of `carrier` the
/// group holds the rest with its indentation.
package let carrierRules = Rule.table(
  #"""
  carrier | syslog and the journal
    / ^(?:<\d{1,3}>\d? ?)?(?:[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)) [\w.-]+ [\w./()-]+\[\d+\]: ?(\s*\S.*)
    / ^(?:<\d{1,3}>\d? ?)?[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d [\w.-]+ [\w./()-]+: ?(\s*\S.*)
    / ^<\d{1,3}>(?:\d )?(\s*\S.*)
    / ^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d) \w+\[[\w.-]+\]: (\s*\S.*)
    + Jan  2 03:04:05 host app[123]: ⟦no route⟧
    + <11>Jan  2 03:04:05 host app: ⟦no route⟧
    + <3>⟦no route⟧
    + 2026-01-01T10:00:00.000000+00:00 app[web.1]: ⟦no route⟧
    - Jan 2 at noon host app: no
    - <3
  carrier | kernel
    / ^(?:kernel: *)?\[ *\d+\.\d+\] ?(\s*\S.*)
    / ^kernel: (\s*\S.*)
    + kernel: [  12.3] ⟦no route⟧
    + [   12.345678] ⟦no route⟧
    - kernel panic
    - [12.5]
  carrier | klog and glog
    / ^[IWEF](?:\d{4}|\d{8}) \d\d:\d\d:\d\d\.\d+ +\d+ [\w./-]+:\d+\] (\s*\S.*)
    + E0102 03:04:05.123456    7 x.go:12] ⟦no route⟧
    - E0102 is no time
  carrier | time of a logger, with its level and what logged
    / ^{STAMP}{WRITER}*{REST}
    / ^\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?[AaPp]\.? ?[Mm]\b\.?)?(?:{WRITER}+{REST}|(?: +[|-]{1,3})? (\[.*|["'A-Z].*)| +\| (\s*\S.*))
    / ^\[\d\d:\d\d:\d\d(?:[.,]\d+)?(?: {LEVEL})?\]{WRITER}*{REST}
    / ^\d\d-\d\d \d\d:\d\d:\d\d\.\d+ +\d+ +\d+ [EF] [\w.-]+ *: (\s*\S.*)
    / ^[EF], \[[^\]]+\] +{LEVEL} -- [^:]*: (\s*\S.*)
    + 2026/01/01 10:00:00 ⟦no route⟧
    + 2026-01-01T10:00:00Z ⟦no route⟧
    + 2026-01-01 10:00:00,123 ERROR ⟦no route⟧
    + 2026-01-01 10:00:00,123 - app - ERROR - ⟦no route⟧
    + 2026-01-01 10:00:00.123 [main] ERROR com.x.Y - ⟦no route⟧
    + 2026-01-01T10:00:00.123Z ERROR 1 --- [   main] c.x.Y   : ⟦no route⟧
    + 2026-01-01 10:00:00.123 | ERROR    | app.main:f:12 - ⟦no route⟧
    + 2026-01-01T10:00:00.123456Z ERROR my::mod: ⟦no route⟧
    + [2026-01-01T10:00:00Z ERROR my::mod] ⟦no route⟧
    + 2026/01/01 10:00:00 [error] 12#12: *3 ⟦no route⟧
    + [Sat Jan 03 10:00:00.123 2026] [core:error] [pid 3:tid 4] ⟦no route⟧
    + 2026-01-01T10:00:00.123456Z 12 [ERROR] [MY-0123] [Server] ⟦no route⟧
    + 10:00:00.123 [error] ⟦no route⟧
    + 01-02 03:04:05.123  1234  1240 E AndroidRuntime: ⟦no route⟧
    + 2026-01-01T10:00:00.000Z⇥4bf92f35-77b3-4da6-a3ce-929d0e0e4736⇥ERROR⇥⟦no route⟧
    + 2026-01-01T10:00:00.000Z⇥ERROR⇥app/main.go:12⇥⟦no route⟧
    + 2026/01/01 10:00:00 main.go:12: ⟦no route⟧
    + [2026-01-01 10:00:00,123: ERROR/MainProcess] ⟦no route⟧
    + [2026-01-01 10:00:00 +0000] [7] [ERROR] ⟦no route⟧
    + [10:00:00 ERR] ⟦no route⟧
    + E, [2026-01-01T10:00:00 #123] ERROR -- : ⟦no route⟧
    + 09:14:07 a. m. | ⟦no route⟧
    + 2026-01-01 10:00:00 ⟦java.io.IOException: no⟧
    - 10:00:00 is late
    - 2026-01-01 is late
    - error at 2026/01/01 10:00:00 of it
  carrier | level and logger before the text
    / ^(?:CRITICAL|ERROR|WARNING):[\w.]+:(\s*\S.*)
    / ^\w+\.(?:EMERGENCY|ALERT|CRITICAL|ERROR): (\s*\S.*)
    / ^[EF]/[\w.-]+ *\( *\d+\): (\s*\S.*)
    / ^(?:ERROR|CRITICAL) +[\w.]+:[\w./-]+:\d+ (\s*\S.*)
    / ^\[ERROR [\w:]+\] (\s*\S.*)|^ERROR [a-z_]\w*(?:::\w+)+: (\s*\S.*)
    / ^(?:ERRO|FATA|PANI)\[\d+\] (\s*\S.*)
    / ^(?:(?:time|ts|t)="?[^" ]*"? )?level=(?:error|fatal|panic|crit) (?:\w+=\S+ ){0,4}msg="((?:[^"\\]|\\.)+)"
    + ERROR:app.main:⟦no route⟧
    + production.ERROR: ⟦no route⟧
    + E/App(123): ⟦no route⟧
    + ERROR    app:a.py:12 ⟦no route⟧
    + [ERROR my::mod] ⟦no route⟧
    + ERRO[0000] ⟦no route⟧
    + time="2026-01-01T10:00:00Z" level=error msg="⟦no route⟧"
    - ERROR: no
  carrier | service of a composition, task of a workspace
    / ^(?:\d\d:\d\d:\d\d )?[a-z][\w.-]*(?:[-_.]\d+ +| {2,})\| ?(\s*\S.*)
    / ^(?:@[\w-]+/[\w.-]+|[\w.-]+)(?::[\w-]+)*:(?:build|dev|test|lint|start|typecheck|check): (\s*\S.*)
    / ^(?:@[\w-]+/[\w.-]+(?: (?:build|dev|test|lint|start|typecheck|check))?|[\w-]+/[\w./-]+ (?:build|dev|test|lint|start|typecheck|check))(?:\$|:| \|) (\s*\S.*)
    / ^#\d+ (?:\d+\.\d+ |ERROR: )(\s*\S.*)
    / ^\d{1,4}\.\d{3} (\s*[A-Za-z/"'].*)
    / ^➤ YN\d{4}: (?:│ )*(\s*\S.*)
    + web-1  | ⟦no route⟧
    + api_1 | ⟦no route⟧
    + 10:00:00 web.1  | ⟦  indented⟧
    + @scope/pkg:build: ⟦no route⟧
    + packages/a build: ⟦no route⟧
    + #12 0.345 ⟦no route⟧
    + 12.345 ⟦no route⟧
    + ➤ YN0001: │ ⟦no route⟧
    - a | b
    - no such service: web
    - src/a.c: no such file
  carrier | stream that it came from
    / ^(?:\[(?:stderr|stdout|err)\](?::| \||) ?|(?:stderr|STDERR)(?:: | \| |> ?))(\s*\S.*)
    + stderr: ⟦no route⟧
    + [stderr] ⟦no route⟧
    - stderror: no
    - stderr is closed
  carrier | name or level in brackets
    / ^\[(?:[a-z@][\w@./:-]{0,60}|\d{1,7}|[0-9a-f-]{8,36})\] (\s*\S.*)
    / ^\[ ?(?:ERROR|FATAL|CRITICAL|SEVERE|Error|Fatal|error|fatal) ?\][:-]? (\s*\S.*)
    + [api] ⟦no route⟧
    + [web:dev] ⟦no route⟧
    + [0] ⟦no route⟧
    + [4bf92f35-77b3-4da6-a3ce-929d0e0e4736] ⟦no route⟧
    + [ERROR] ⟦no route⟧
    - [cause]: no
    - [Errno 2] no
    - [ERR_X] no
  carrier | how far a run has come
    / ^(?:\[ *\d{1,3}%\]|\[\d+/\d+\]) (\s*[A-Za-z].*)
    + [ 50%] ⟦FAILED tests/a.py::t - ValueError: no⟧
    + [12/345] ⟦FAILED: a.o⟧
    - [1/2]
  carrier | workflow
    / ^##\[error\] ?(\s*\S.*)
    / ^::error[^:]*:: ?(\s*\S.*)
    + ##[error]⟦no route⟧
    + ::error file=a.js,line=1::⟦no route⟧
    - ::notice::no
  carrier | other side of a push
    / ^(?:remote: +)+((?i:error|fatal|permission|invalid|repository not|access denied|denied|GH\d)\b.*)
    + remote: remote: ⟦error: file is too large⟧
    - remote: Counting objects
  """#,
  shorthands: loggerShorthands)

/// What runners write before an error, which names it no further; of `suffix` what they write behind.
package let prefixRules = Rule.table(
  #"""
  prefix | marks of a box
    / ^(?:│|┃|╷|\|) +(.+)
    / ^(?:✖|✗|✘|❌|⨯) +(\S+:\d+(?::\d+)*: .+)
    / ^(?:✖|✗|✘|❌|⨯|X) +\[ERROR\] (.+)
    / ^(?:●|✕|✖|×|✗|✘|❌|⨯|•|→) +(\w*(?:(?i:error|fatal)|Exception)[:\[ ].*)
    + │ ⟦Error: Invalid reference⟧
    + ● ⟦TypeError: x⟧
    + ✘ [ERROR] ⟦Could not resolve "x"⟧
    + X [ERROR] ⟦Could not resolve "x"⟧
    + → ⟦AssertionError: no⟧
    + ❌ ⟦a.swift:3:5: no⟧
    - |a
  prefix | where a test stands
    / ^(?:●|✕|✖|×|✗|✘|❌|⨯|•|❯|FAIL) +(?:\S[^›>]{0,200}? (?:›|>) )+({NAMED}.*)
    + ● suite › test › ⟦TypeError: x⟧
    + × src/a.test.ts > adds > ⟦TypeError: x⟧
    - ● suite › test
  prefix | mark before the name of a test
    / ^(?:●|✕|✖|×|✗|✘|❌|⨯|•) +([^\s›](?:[^›]{0,200} › )+[^›]+)$
    + ● ⟦sum › adds⟧
    - ● adds
  prefix | brackets around the whole
    / ^\[({NAMED}.*)\](?: \{)?$
    + [⟦Error: ENOENT: no such file⟧] {
    - [Error] no
  prefix | number or word of a runner before the name of an error
    / ^(?:not ok \d+(?: -)?|\d+\)|(?:ERROR|FATAL|CRITICAL|SEVERE)(?::| -| \|)?|(?:Error|Fatal|error|fatal)(?::| -| \|)|(?:npm|yarn|pnpm|bun|gyp|lerna) (?:ERR!|error)|Internal server error:|[\w-]+ (?:build|dev|test|lint|start|typecheck|check)\$?:) +({NAMED}.*)
    / ^Internal server error: (\S.*)
    / ^Error: (Process completed with exit code -?\d+\.?)$
    + Error: ⟦Process completed with exit code 1.⟧
    + not ok 3 - ⟦TypeError: x⟧
    + 1) ⟦TypeError: x⟧
    + ERROR: ⟦TypeError: x⟧
    + npm ERR! ⟦TypeError: x⟧
    + Internal server error: ⟦Failed to resolve import⟧
    + web dev: ⟦TypeError: x⟧
    - error TS2304: no
    - not ok 3 - adds
    - error: expected one of
  prefix | place of what names itself an error or a warning
    / ^(?:[A-Za-z]:)?[^\s"'`()\[\],;:<>|={}]+(?:\(\d+(?:,\d+)*\)|:\d+(?::\d+)*)(?::| -)\s*((?:error|warning|fatal error|{NAMED}).*)
    + src/main.rs:4:5: ⟦error[E0382]: borrow of moved value⟧
    + a.ts(14,23): ⟦error TS2307: no module⟧
    + C:\x\a.c:7 - ⟦error C2065: no name⟧
    + tests/a.py:12: ⟦ValueError: no⟧
    - ./main.go:5:2: undefined: foo
  prefix | shell that did not find a command, with the place in the script
    / ^(?:\S*/)?\w*sh:(?:\d+:)? (command not found: .+)
    + zsh:1: ⟦command not found: foo⟧
    - bash: foo: command not found
  prefix | that nobody caught it
    / ^(?i:(?:\(node:\d+\) )?(?:unhandled|uncaught)[ _]?(?:promise)?[ _]?(?:rejection|exception|error)(?:warning)?(?: \(in promise\))?: +)(\S.+)
    / ^(?i:unhandled (?:promise )?rejection at:? .* reason: +)(\S.+)
    / ^(?:libc\+\+abi: )?terminating (?:due to|with) uncaught exception of type ((?:[\w:<>]+): .+)
    / ^(?:(?:(?:ERROR )?(?i:error): )?Uncaught (?:\(in promise\):? )?|Unhandled exception\.? ?|\(node:\d+\) UnhandledPromiseRejectionWarning: |Exception in thread "[^"]*" |(?:PHP )?Fatal error: +(?:Uncaught |exception )|Unhandled (?:promise )?rejection:? )([A-Za-z_\\].+)
    + Exception in thread "main" ⟦java.lang.IllegalStateException: no⟧
    + PHP Fatal error:  Uncaught ⟦PDOException: no⟧
    + Uncaught (in promise) ⟦TypeError: x is null⟧
    + error: Uncaught (in promise) ⟦TypeError: x is null⟧
    + ERROR Error: Uncaught (in promise): ⟦TypeError: x is null⟧
    + Unhandled Rejection: ⟦TypeError: x is null⟧
    + UnhandledPromiseRejection: ⟦TypeError: x is null⟧
    + uncaughtException: ⟦no route⟧
    + Uncaught Exception: ⟦no route⟧
    + Unhandled Rejection at: Promise { <rejected> } reason: ⟦TypeError: x⟧
    + libc++abi: terminating due to uncaught exception of type ⟦std::runtime_error: no⟧
    - Fatal error: Index out of range
    - an unhandled rejection
  suffix | that a program of Go caught it
    / ^(.*\S) \[recovered(?:, \w+)?\]$
    + ⟦panic: runtime error: index out of range⟧ [recovered]
    + ⟦panic: no⟧ [recovered, repanicked]
    - the session was [recovered] at once
  """#,
  shorthands: loggerShorthands)

/// A shorthand may hold those whose names come before its own.
private let loggerShorthands = [
  "CLOCK":
    #"\d\d?:\d\d:\d\d(?:[.,:]\d+)?(?: \d{4})?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d|[AaPp]\.? ?[Mm]\b\.?))*"#,
  "DATE":
    #"(?:(?:[A-Z][a-z]{2},? )?(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/. ](?:\d\d?|[A-Z][a-z]{2})[-/. ]\d{4}|[A-Z][a-z]{2} +\d{1,2}))"#,
  "LEVEL":
    #"(?:ERROR|ERR|FATAL|CRITICAL|CRIT|SEVERE|ALERT|EMERG|PANIC)"#,
  // The type of an error as languages name it.
  "NAMED":
    #"(?:(?:[A-Za-z_][\w$]*(?:\.|::|\\))*[A-Za-z_][\w$]*(?:Error|Exception|Exit|Interrupt|Fault)\b|(?i:error|fatal|panic)[:\[])"#,
  "PART":
    #"(?:\[ *(?:(?:pid|client|tid|thread) [^\]]{1,60}|[\w.:@/#$-]{1,60})\]|{LEVEL}\b\]?(?: +\(\d+\):)?|\d+#\d+:|\d+ ---|\d+ \[{LEVEL}\]|\*\d+\b|[0-9a-f]{8}-[0-9a-f-]{27}|[\w./-]+\.[a-z]{1,5}:\d+:?)"#,
  "REST": #"(?: +[|-]{1,3})?[ \t](\s*\S.*)"#,
  "STAMP": #"\[?{DATE}[T ,_:]+{CLOCK}\]?"#,
  "WRITER":
    #"(?:(?:[ \t]+[|-]{1,2})?[ \t]+{PART}|(?:[ \t]+[|-]{1,2})?[ \t]+[\w$-]+(?:(?:\.|::?|/)[\w$-]+)+ +[-:|]|(?:[ \t]+[|-]{1,2})?[ \t]+[\w.$-]+ +[-|] +{LEVEL}\b| +[a-z_]\w*(?:::\w+)+[:\]]|: {LEVEL}/[\w-]+\])"#,
]
