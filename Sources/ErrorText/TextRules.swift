package import Rules

/// What pages of HTML and XML say: of several the first that has something.
package let pageRules = Rule.table(
  #"""
  page | page or answer
    / (?is)^[^<]{0,300}<(?:!doctype html|html|\?xml|(?:\w+:)?(?:error|fault|response|envelope|problem|exception|errors|errorresponse)[\s>/])
    / (?is)^\s*<(?:h1|pre)>[^<]{1,300}</(?:h1|pre)>
    / (?is)^\s*(?:<br ?/?>\s*)?<b>(?:fatal error|parse error|warning|notice|recoverable fatal error)</b>:
    + <!DOCTYPE html><html>
    + <h1>Server Error (500)</h1>
    + <pre>Cannot GET /api/x</pre>
    + <br />⏎<b>Fatal error</b>:  Uncaught Error: no
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
  text | error of PHP
    / (?is)^\s*(?:<br ?/?>\s*)?<b>[\w ]{5,30}</b>:\s+(?:uncaught )?([^<\s][^<\n]{0,499}?)(?:\s+in(?:\s+[^<\n]*)?)?\s*[<\n]
    + <b>Fatal error</b>:  Uncaught ⟦Error: no route⟧ in /a.php:3⏎Stack trace:
    + <br />⏎<b>Warning</b>:  ⟦Undefined variable $a⟧ in <b>/a.php</b> on line <b>3</b><br />
    - <b>Fatal</b> blow
  title | title
    / (?is)<title[^>]*>\s*([^<\s][^<]{0,299}?)\s*</title>
    + <title>⟦502 Bad Gateway⟧</title>
    - <title></title>
  heading | first heading
    / (?is)<h[1-3][^>]*>\s*(?:<[^>]*>\s*)*([^<\s][^<]{0,299}?)\s*<
    + <h1>⟦Not Found⟧</h1>
    - <h1></h1>
  paragraph | first paragraph
    / (?is)<(?:p|pre|body)(?:\s[^>]*)?>\s*([^<\s][^<]{0,299}?)\s*<
    + <body>⟦no healthy upstream⟧</body>
    + <body>⏎<pre>⟦Cannot POST /login⟧</pre>
    - <p></p>
  """#)

/// What stands in a line for something else than its words: `place` for an id that differs from
/// request to request or from package to package, `word` for one word though it has signs or digits,
/// `error` and `warning` for what a tool writes in two ways. It is what a pattern's group holds.
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
  place | zone of a time, as JavaScript writes it
    / \d (?:GMT|UTC)[+-]\d{4} \(([A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){1,4})\)
    + at 10:00:00 GMT+0100 (⟦Central European Standard Time⟧) sharp
    - GMT+0100 is a zone (of Europe)
  place | command that a shell did not find, with the place in the script
    / ^((?:\S*/)?\w*sh: (?:(?:line )?\d+: )?[^\s:]+): (?:(?:command )?not found|No such file or directory|Permission denied|cannot execute)
    + ⟦bash: line 12: foo⟧: command not found
    + ⟦/bin/sh: 1: foo⟧: not found
    - bash: warning: no
  place | state of SQL behind the number of an error
    / ^ERROR \d+ (\([0-9A-Z]{5}\))
    + ERROR 1045 ⟦(28000)⟧: Access denied
    - ERROR 1045 (no)
  place | browser of a test
    / (\[[\w -]{1,40}\]) › \S+:\d+
    + 1) ⟦[chromium]⟧ › a.spec.ts:3:5 › adds
    - [chromium] is old
  place | task of Gradle
    / ^> Task (:\S+) FAILED
    + > Task ⟦:app:x⟧ FAILED
    - > Task :app:x
  place | target of make
    / ^g?make(?:\[\d+\])?: \*\*\* (\[[^\]]{1,200}\])
    + make[1]: *** ⟦[Makefile:12: all]⟧ Error 2
    - make: *** No rule to make target 'a'
  word | domain and code of Apple's errors
    / ^Error Domain=(\S+ Code=-?\d+)
    / \(([A-Za-z][\w.]*Domain error -?\d+)\.?\)
    + Error Domain=⟦NSURLErrorDomain Code=-1009⟧
    + The operation couldn’t be completed. (⟦kCLErrorDomain error 1⟧.)
    - the Domain error 1
  place | package, with its version, where resolvers of packages name one
    / \bno versions of (\S+)
    / \bonly (\S+) is available
    / ^(\S+) was not found in (?:the|a) package registry
    / \byour (\w+(?: \w+)? version \([^)]*\)) does not satisfy that requirement
    / (?:satisfies the requirement|distribution found for|version found for) (\S+)
    / ^ERROR: Cannot install (.+) because these package versions have conflicting dependencies
    + no versions of ⟦left-pad⟧
    + only ⟦flask<=3.1.0⟧ is available
    + ⟦nosuch⟧ was not found in the package registry
    + your ⟦php version (8.1.2)⟧ does not satisfy that requirement
    + No matching version found for ⟦left-pad@^9.0.0⟧
    + ERROR: Cannot install ⟦acme-a==1.0 and acme-b==2.0⟧ because these package versions have conflicting dependencies.
    - the version of it
  place | coordinates of Maven
    / (?:^|[\s'"])([A-Za-z_][\w-]*(?:\.[\w-]+)+:[A-Za-z_][\w.-]*(?::[\w.-]*\w)+)
    + Could not find ⟦com.acme:core:1.0⟧.
    - src/a.ts:3:5, std::io::Error and a.b:c
  place | host whose address a program of Go looked for
    / \bdial \w+: lookup (\S+?)(?: on \S+)?: 
    / \blookup (\S+) on \S+:\d+: 
    + dial tcp: lookup ⟦db.internal⟧ on 10.0.0.1:53: no such host
    + dial tcp: lookup ⟦db⟧: no such host
    - the lookup failed: no
  place | object of PostgreSQL
    / \bpermission denied for (?:table|relation|schema|database|sequence|function|view|type) ([^\s"']+)
    + pq: permission denied for table ⟦orders⟧
    - permission denied for table "orders"
  place | half of the day and time of East Asia
    / ((?:上午|下午|午前|午後|오전|오후) ?\d{1,2}(?::|时|時|시 ?)\d\d(?::\d\d)?)
    + 备份在 ⟦下午3:04⟧ 失败
    - 下午再来
  place | module of a build of Maven
    / \bFailed to execute goal \S+ \([\w.-]+\) (on project [\w.-]+)
    + Failed to execute goal org.a:b:1.0:compile (default-compile) ⟦on project shop⟧: Compilation failure
    - Failed to execute it on project shop
  place | repository of Maven
    / \bartifact \S+ in (\S+) \(http
    + Could not find artifact com.acme:core:jar:1.0 in ⟦central⟧ (https://repo.maven.apache.org/maven2)
    - the artifact in question (http)
  make | make within make
    / ^(g?make(?:\[\d+\])?): \*\*\* 
    + ⟦make[1]⟧: *** [all] Error 2
    + ⟦gmake⟧: *** No targets.  Stop.
    - make haste: no
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

/// How terminals are told to show something, also where the escape was lost or written out; what a
/// pattern's group holds, where it has one, goes.
package let escapeRules = Rule.table(
  #"""
  gone | sequences of ECMA-48
    / \x1b\[[\x20-\x3f]*[\x40-\x7e]?|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/](?s:.)|\x1b(?s:.)?
    / \xc2\x9b[\x20-\x3f]*[\x40-\x7e]?|\xc3\x82\xc2\x9b[\x20-\x3f]*[\x40-\x7e]
    + ⟦␛[31m⟧red⟦␛[0m⟧
    - [31x
  gone | links that are written out
    / {ESCAPE}\]8;[^;\s]*;.{0,1000}?(?:\\u0007|\\x07|\\a|\^G|\x07|{ESCAPE}\\{1,2})
    + ⟦\u001b]8;;http://a.example/\u0007⟧error⟦\u001b]8;;\u0007⟧
    - ]8;
  gone | sequences that are written out
    / {ESCAPE}\[[\x20-\x3f]*[\x40-\x7e]
    / (?:{ESCAPE}|%1[bB])(?:\[|%5[bB])(?:\d|;|%3[bB])*[mK]
    / (?:\xe2\x86\x90|\xef\xbf\xbd|\bESC|<ESC>|ESC|\?)\[[\d;]*[mK]
    / \\(?:u00|x)9[bB][\d;]*[mK]
    + ⟦\u001b[31m⟧red⟦^[[0m⟧
    + ⟦%1B[31m⟧red⟦%1B%5B0m⟧
    + ⟦&#27;[31m⟧red⟦&#x1B;[0m⟧
    + ⟦#033[31m⟧red⟦\E[0m⟧
    + ⟦<0x1b>[31m⟧red⟦\u009b0m⟧
    + ⟦←[31m⟧red⟦�[0m⟧
    + ⟦ESC[31m⟧redESC at noon
    + ⟦\u{1b}[31m⟧red⟦\x1b[0m⟧
    - \u001c[31m
    - %1B is a byte
  gone | sequences that lost their escape
    / (\[(?:{COLOUR})(?:;\d{1,3})*m)(?:[^\]is]|i(?:[^n]|$)|s(?:[^\], ]|$)|$)
    / (\[m)(?:[\s:.,;\[]|$)|(\[[0-2]K)(?:[^\]]|$)|(\[K)(?:[\s:.,;\[]|$)
    + ⟦[31m⟧error⟦[0m⟧
    + error⟦[m⟧⟦[K⟧: no
    + ⟦[1;31m⟧⟦[4m⟧error⟦[m⟧: no
    - [31] [K2]
    - rate(x[5m])
    - [main] [my_module] [30min] [30ms]
  gone | marks that nobody sees
    / \xc3\xaf\xc2\xbb\xc2\xbf
    / \xef\xbb\xbf|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xc2\xad|\xcd\x8f|\xd8\x9c|\xe1\xa0\x8e|\xef\xb8[\x80-\x8f]
    / [\x20-\x7e]\x08|\x03\d{1,2}(?:,\d{1,2})?|[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]
    + ⟦␀⟧error
    - a b
  space | spaces of other widths
    / \xc2\xa0|\xe2\x80[\x80-\x8a\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xe1\x9a\x80
    + error:⟦␣⟧no
    - a b
  line | what ends a line elsewhere
    / \r|\xc2\x85|\xe2\x80[\xa8\xa9]
    + a⟦␍⟧b
    - a b
  colon | colons of other scripts
    / \xef\xb9\x95|\xe2\x88\xb6|\xef\xb8\x93
    + error⟦﹕⟧ no
    - a: b
  wide | marks of ASCII as wide as ideographs
    / \xef(?:\xbc[\x81-\x8f\x9a-\xa0\xbb-\xbf]|\xbd[\x80\x9b-\x9e])
    + error⟦：⟧no⟦！⟧
    - a: b
  """#,
  shorthands: [
    "COLOUR": #"0{0,2}[0-9]|2[1-9]|[34][0-9]|5[0-5]|9[0-7]|10[0-7]"#,
    "ESCAPE":
      #"(?:\\u\{?(?:00)?1[bB]\}?|\\x\{?1[bB]\}?|\\0?33|#033|<0x1[bB]>|\\[eE]|\\c\[|\^\[|\xe2\x90\x9b|&#(?:0*27|x0*1[bB]);)"#,
  ])
