/// Made-up messages that list several errors, or name them by domain and code, as tools of many languages
/// write them, each with the name of what went wrong.
let listedErrors: [(truth: String, message: String)] = [
  (
    "apple-offline",
    "Error Domain=NSURLErrorDomain Code=-1009 \"The Internet connection appears to be offline.\" UserInfo={NSUnderlyingError=0x600002a4c0f0 {Error Domain=kCFErrorDomainCFNetwork Code=-1009 \"(null)\" UserInfo={_NSURLErrorNWPathKey=unsatisfied (No network route), _kCFStreamErrorCodeKey=50}}, NSErrorFailingURLStringKey=https://api.example.com/v1, NSLocalizedDescription=The Internet connection appears to be offline.}"
  ),
  (
    "apple-offline",
    "Error Domain=NSURLErrorDomain Code=-1009 \"Es besteht keine Verbindung zum Internet.\" UserInfo={NSUnderlyingError=0x281c5a1c0 {Error Domain=kCFErrorDomainCFNetwork Code=-1009 \"(null)\" UserInfo={_kCFStreamErrorCodeKey=50}}, NSErrorFailingURLKey=https://cdn.example.org/a.json}"
  ),
  (
    "apple-offline",
    "Upload failed: Error Domain=NSURLErrorDomain Code=-1009 \"The Internet connection appears to be offline.\" UserInfo={NSUnderlyingError=0x6000039d8b40 {Error Domain=kCFErrorDomainCFNetwork Code=-1009 \"(null)\"}}"
  ),
  (
    "apple-timeout",
    "Error Domain=NSURLErrorDomain Code=-1001 \"The request timed out.\" UserInfo={NSErrorFailingURLStringKey=https://api.example.com/v1/orders, NSLocalizedDescription=The request timed out.}"
  ),
  (
    "apple-timeout",
    "Error Domain=NSURLErrorDomain Code=-1001 \"La requête a expiré.\" UserInfo={NSErrorFailingURLStringKey=https://api.example.com/v1/carts}"
  ),
  (
    "apple-host",
    "Error Domain=NSURLErrorDomain Code=-1003 \"A server with the specified hostname could not be found.\" UserInfo={NSErrorFailingURLStringKey=https://a.example.com/}"
  ),
  (
    "apple-host",
    "Error Domain=NSURLErrorDomain Code=-1003 \"A server with the specified hostname could not be found.\" UserInfo={NSErrorFailingURLStringKey=https://b.example.com/x, NSLocalizedDescription=A server with the specified hostname could not be found.}"
  ),
  (
    "apple-nofile",
    "Error Domain=NSCocoaErrorDomain Code=260 \"The file “a.plist” couldn’t be opened because there is no such file.\" UserInfo={NSFilePath=/tmp/a.plist, NSUnderlyingError=0x600003f0c090 {Error Domain=NSPOSIXErrorDomain Code=2 \"No such file or directory\"}}"
  ),
  (
    "apple-nofile",
    "Error Domain=NSCocoaErrorDomain Code=260 \"The file “settings.json” couldn’t be opened because there is no such file.\" UserInfo={NSFilePath=/Users/x/settings.json, NSUnderlyingError=0x7fa3 {Error Domain=NSPOSIXErrorDomain Code=2 \"No such file or directory\"}}"
  ),
  (
    "apple-nofile",
    "error: Error Domain=NSPOSIXErrorDomain Code=2 \"No such file or directory\""
  ),
  (
    "apple-perm",
    "Error Domain=NSCocoaErrorDomain Code=513 \"You don’t have permission to save the file “out” in the folder “tmp”.\" UserInfo={NSFilePath=/tmp/out, NSUnderlyingError=0x60000 {Error Domain=NSPOSIXErrorDomain Code=13 \"Permission denied\"}}"
  ),
  (
    "apple-perm",
    "Error Domain=NSCocoaErrorDomain Code=257 \"The file “b” couldn’t be opened because you don’t have permission to view it.\" UserInfo={NSFilePath=/b, NSUnderlyingError=0x600001 {Error Domain=NSPOSIXErrorDomain Code=13 \"Permission denied\"}}"
  ),
  (
    "apple-json",
    "Error Domain=NSCocoaErrorDomain Code=3840 \"No value.\" UserInfo={NSDebugDescription=No value., NSJSONSerializationErrorIndex=0}"
  ),
  (
    "apple-json",
    "Error Domain=NSCocoaErrorDomain Code=3840 \"Unexpected character around line 1, column 7.\" UserInfo={NSDebugDescription=Unexpected character around line 1, column 7., NSJSONSerializationErrorIndex=6}"
  ),
  ("apple-json", "Parsing: Error Domain=NSCocoaErrorDomain Code=3840 \"(null)\""),
  (
    "apple-keychain",
    "Error Domain=NSOSStatusErrorDomain Code=-25300 \"errSecItemNotFound: The specified item could not be found in the keychain.\" UserInfo={numberOfErrorsDeep=0}"
  ),
  ("apple-keychain", "Error Domain=NSOSStatusErrorDomain Code=-25300 \"(null)\""),
  (
    "apple-xcode",
    "xcodebuild: error: Error Domain=IDEProvisioningErrorDomain Code=9 \"\"App.app\" requires a provisioning profile.\" UserInfo={IDEDistributionIssueSeverity=3}"
  ),
  (
    "apple-xcode",
    "error: exportArchive: Error Domain=IDEProvisioningErrorDomain Code=9 \"\"Other.app\" requires a provisioning profile.\" UserInfo={IDEDistributionIssueSeverity=3}"
  ),
  ("apple-described", "The operation couldn’t be completed. (kCLErrorDomain error 1.)"),
  ("apple-described", "The operation couldn’t be completed. (kCLErrorDomain error 1.)"),
  ("apple-described-0", "The operation couldn’t be completed. (kCLErrorDomain error 0.)"),
  (
    "hc-connect",
    "2 errors occurred:\n\t* dial tcp 10.0.0.3:8300: connect: connection refused\n\t* dial tcp 10.0.0.4:8300: i/o timeout\n\n"
  ),
  (
    "hc-connect",
    "3 errors occurred:\n\t* dial tcp 10.0.1.3:8300: connect: connection refused\n\t* dial tcp 10.0.1.4:8300: connect: connection refused\n\t* dial tcp 10.0.1.5:8300: connect: no route to host\n"
  ),
  (
    "hc-connect",
    "1 error occurred:\n\t* dial tcp 10.9.1.3:8300: connect: connection refused\n\n"
  ),
  (
    "hc-missing",
    "2 errors occurred:\n\t* missing required argument \"region\"\n\t* missing required argument \"zone\"\n"
  ),
  ("hc-missing", "1 error occurred:\n\t* missing required argument \"bucket\"\n"),
  (
    "hc-missing",
    "Error: 4 errors occurred:\n\t* missing required argument \"name\"\n\t* unsupported block \"x\"\n\t* a\n\t* b\n"
  ),
  (
    "hc-acl",
    "failed to apply: 2 errors occurred:\n\t* Unexpected response code: 403 (Permission denied)\n\t* rpc error: lead not found\n"
  ),
  (
    "hc-acl",
    "failed to apply: 1 error occurred:\n\t* Unexpected response code: 403 (Permission denied)\n"
  ),
  (
    "py-reset",
    "  + Exception Group Traceback (most recent call last):\n  |   File \"/srv/app/main.py\", line 3, in <module>\n  |     asyncio.run(main())\n  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n    |   File \"/srv/app/f.py\", line 8, in fetch\n    |     raise X\n    | ConnectionResetError: [Errno 104] Connection reset by peer\n    +---------------- 2 ----------------\n    | Traceback (most recent call last):\n    |   File \"/srv/app/b.py\", line 9, in other\n    | ValueError: bad\n    +------------------------------------\n"
  ),
  (
    "py-reset",
    "  + Exception Group Traceback (most recent call last):\n  |   File \"/srv/app/job.py\", line 31, in <module>\n  |     asyncio.run(main())\n  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n    |   File \"/srv/app/g.py\", line 81, in fetch\n    |     raise X\n    | ConnectionResetError: [Errno 104] Connection reset by peer\n    +---------------- 2 ----------------\n    | Traceback (most recent call last):\n    |   File \"/srv/app/b.py\", line 9, in other\n    | KeyError: 'x'\n    +------------------------------------\n"
  ),
  ("py-reset", "ConnectionResetError: [Errno 104] Connection reset by peer"),
  (
    "py-timeout",
    "  + Exception Group Traceback (most recent call last):\n  |   File \"/srv/app/main.py\", line 3, in <module>\n  |     asyncio.run(main())\n  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n    |   File \"/srv/app/f.py\", line 8, in fetch\n    |     raise X\n    | TimeoutError: no answer from shard\n    +---------------- 2 ----------------\n    | Traceback (most recent call last):\n    |   File \"/srv/app/b.py\", line 9, in other\n    | ValueError: bad\n    +------------------------------------\n"
  ),
  (
    "py-timeout",
    "  + Exception Group Traceback (most recent call last):\n  |   File \"a.py\", line 1\n  | BaseExceptionGroup: 1 exceptions were raised in the task group: (1 sub-exception)\n  +-+---------------- 1 ----------------\n    | TimeoutError: no answer from shard\n    +------------------------------------\n"
  ),
  (
    "js-refused",
    "AggregateError [ECONNREFUSED]: \n    at internalConnectMultiple (node:net:1118:18)\n    at afterConnectMultiple (node:net:1685:7) {\n  code: 'ECONNREFUSED',\n  [errors]: [\n    Error: connect ECONNREFUSED ::1:5432\n        at createConnectionError (node:net:1648:14) {\n      errno: -111,\n      code: 'ECONNREFUSED'\n    },\n    Error: connect ECONNREFUSED 127.0.0.1:5432\n        at createConnectionError (node:net:1648:14)\n  ]\n}"
  ),
  (
    "js-refused",
    "AggregateError [ECONNREFUSED]: \n    at internalConnectMultiple (node:net:1122:18) {\n  [errors]: [\n    Error: connect ECONNREFUSED ::1:6379\n        at createConnectionError (node:net:1652:14)\n  ]\n}"
  ),
  ("js-refused", "Error: connect ECONNREFUSED 10.1.1.3:5432"),
  (
    "js-any",
    "AggregateError: All promises were rejected\n    at async main (file:///srv/a.mjs:3:9) {\n  [errors]: [\n    Error: mirror is read-only\n        at one (file:///srv/a.mjs:9:3),\n    Error: mirror is gone\n        at two (file:///srv/a.mjs:19:3)\n  ]\n}"
  ),
  (
    "js-any",
    "[AggregateError: All promises were rejected] {\n  [errors]: [ Error: mirror is read-only, Error: timeout ]\n}"
  ),
  (
    "js-cause-list",
    "TypeError: fetch failed\n    at node:internal/deps/undici/undici:13510:13 {\n  [cause]: AggregateError [ETIMEDOUT]: \n      at internalConnectMultiple (node:net:1122:18) {\n    code: 'ETIMEDOUT',\n    [errors]: [\n      Error: connect ETIMEDOUT 104.16.1.34:443\n          at createConnectionError (node:net:1652:14)\n    ]\n  }\n}"
  ),
  (
    "js-cause-list",
    "Error: connect ETIMEDOUT 104.16.1.35:443\n    at createConnectionError (node:net:1652:14)"
  ),
  (
    "java-suppressed",
    "java.io.UncheckedIOException: could not flush\n\tat a.B.c(B.java:3)\n\tSuppressed: java.io.IOException: close failed\n\t\tat a.D.close(D.java:9)\n\tSuppressed: java.lang.IllegalStateException: twice\n\t\tat a.E.close(E.java:9)"
  ),
  ("java-suppressed", "java.io.UncheckedIOException: could not flush\n\tat a.B.c(B.java:8)"),
  (
    "java-suppressed",
    "Exception in thread \"main\" java.io.UncheckedIOException: could not flush\n\tat x.Y.z(Y.java:1)\n\tSuppressed: java.io.IOException: close failed"
  ),
  (
    "java-multi",
    "java.util.concurrent.ExecutionException: java.net.SocketTimeoutException: Read timed out\n\tat a.B.c(B.java:3)\nCaused by: java.net.SocketTimeoutException: Read timed out\n\tat d.E.f(E.java:1)\n\tSuppressed: java.lang.Exception: note\n\t\tat x.y(Z.java:2)"
  ),
  ("java-multi", "java.net.SocketTimeoutException: Read timed out"),
  (
    "junit-multi",
    "org.opentest4j.MultipleFailuresError: Multiple Failures (2 failures)\n\torg.opentest4j.AssertionFailedError: total is wrong ==> expected: <3> but was: <4>\n\torg.opentest4j.AssertionFailedError: name is wrong ==> expected: <a> but was: <b>\n\tat org.junit.A.b(A.java:1)"
  ),
  (
    "junit-multi",
    "org.opentest4j.MultipleFailuresError: Multiple Failures (3 failures)\n\torg.opentest4j.AssertionFailedError: total is wrong ==> expected: <31> but was: <14>\n\torg.opentest4j.AssertionFailedError: x\n\torg.opentest4j.AssertionFailedError: y"
  ),
  (
    "rust-anyhow",
    "Error: could not load the workspace\n\nCaused by:\n    0: could not read `/srv/a.toml`\n    1: No such file or directory (os error 2)"
  ),
  (
    "rust-anyhow",
    "Error: could not start\n\nCaused by:\n    0: while opening the index\n    1: could not read `/srv/b.toml`\n    2: No such file or directory (os error 2)"
  ),
  (
    "rust-anyhow",
    "Error: could not open it\n\nCaused by:\n    No such file or directory (os error 2)"
  ),
  (
    "rust-parse",
    "Error: invalid config\n\nCaused by:\n    0: in section `net`\n    1: invalid digit found in string"
  ),
  (
    "rust-parse",
    "Error: bad flag\n\nCaused by:\n    invalid digit found in string\n\nStack backtrace:\n   0: std::backtrace::Backtrace::create"
  ),
  (
    "rust-eyre",
    "Error: \n   0: could not reach the registry\n   1: operation timed out\n\nLocation:\n   src/main.rs:12"
  ),
  (
    "rust-eyre",
    "Error: \n   0: sync failed\n   1: could not reach the registry\n   2: operation timed out\n\nLocation:\n   src/b.rs:1"
  ),
  ("go-join", "remove lock: permission denied\nclose wal: file already closed"),
  ("go-join", "remove lock: permission denied\nsync index: timeout"),
  ("go-join", "remove lock: permission denied"),
  ("go-join-2", "open wal: failed to map it\nremove lock: permission denied"),
  (
    "net-aggregate",
    "System.AggregateException: One or more errors occurred. (Connection refused (db:5432)) (Name or service not known)\n ---> System.Net.Sockets.SocketException (111): Connection refused\n   at System.Net.Sockets.Socket.Connect()\n   --- End of inner exception stack trace ---\n ---> (Inner Exception #1) System.Net.Http.HttpRequestException: Name or service not known<---"
  ),
  (
    "net-aggregate",
    "System.AggregateException: One or more errors occurred. (Connection refused (cache:6379))\n ---> System.Net.Sockets.SocketException (111): Connection refused\n   at X.Y()"
  ),
  (
    "graphql-list",
    "Multiple errors:\n- Field \"price\" is required\n- Field \"name\" is required"
  ),
  ("graphql-list", "Multiple errors:\n- Field \"total\" is required"),
  (
    "valid-list",
    "3 validation errors for Order\namount\n  Field required [type=missing, input_value={}, input_type=dict]"
  ),
  (
    "valid-list",
    "1 validation error for Cart\nitems\n  Field required [type=missing, input_value={}, input_type=dict]"
  ),
]
