// What languages, tools, networks and machines complain about. The order matters: what comes first is
// the more telling.
extension BuiltIn {
  static let all: [BuiltIn] =
    python + typescript + rust + go + swift + shell + git + packages + models + network + system
    + programs

  static let python = [
    BuiltIn(
      "Python module not found", .import, ["modulenotfounderror", "no module named"],
      "Install the package in the environment that runs the program, or mend the import path."),
    BuiltIn(
      "Python name cannot be imported", .import, ["cannot import name"],
      "Check the spelling and the installed version; break the circle if two modules import each "
        + "other."),
    BuiltIn(
      "Python indentation", .syntax, ["indentationerror", "taberror", "unexpected indent"],
      "Indent with spaces only, and by the same amount in each block."),
    BuiltIn(
      "Python syntax", .syntax, ["syntaxerror*invalid syntax", "syntaxerror*was never closed"],
      "Look at the line before the one that is named: a bracket or a colon is missing."),
    BuiltIn(
      "Python attribute missing", .type, ["attributeerror", "object has no attribute"],
      "The value is of another type than was thought, often None: check where it comes from."),
    BuiltIn(
      "Python key missing", .runtime, ["keyerror"],
      "Use get() with a default, or check that the key is there."),
    BuiltIn(
      "Python wrong arguments", .type,
      ["missing*required positional argument", "got an unexpected keyword argument"],
      "Compare the call with the signature of the version that is installed."),
    BuiltIn(
      "Python name not defined", .runtime, ["nameerror"],
      "Import or assign the name before its use, or mend its spelling."),
    BuiltIn(
      "JSON does not parse", .syntax, ["jsondecodeerror", "unexpected token*json", "invalid json"],
      "Log the text as it came: it is often empty, cut off, or an HTML page."),
  ]

  static let typescript = [
    BuiltIn(
      "TypeScript name not found", .type, ["ts2304", "ts2552"],
      "Import or declare the name, or install the types that declare it."),
    BuiltIn(
      "JavaScript module not found", .import,
      ["ts2307", "cannot find module", "can't resolve", "err_module_not_found"],
      "Install the package, or mend the path and its extension."),
    BuiltIn(
      "TypeScript property missing", .type, ["ts2339", "does not exist on type"],
      "Widen the type, narrow the value first, or mend the spelling."),
    BuiltIn(
      "TypeScript type not assignable", .type, ["ts2322", "ts2345", "is not assignable to"],
      "Compare both types from the outside in; the last line names the member that differs."),
    BuiltIn(
      "TypeScript possibly undefined", .type,
      ["ts2531", "ts2532", "ts18047", "ts18048", "possibly 'undefined'", "possibly 'null'"],
      "Check the value before its use, or give it a default."),
    BuiltIn(
      "JavaScript property of undefined", .runtime,
      [
        "cannot read propert*of undefined", "cannot read propert*of null",
        "undefined is not an object",
      ],
      "The object is not there yet: guard with ?., or wait for the data."),
    BuiltIn(
      "JavaScript not a function", .type, ["is not a function"],
      "Check what was imported: a default and a named export are easily confused."),
    BuiltIn(
      "React hook misused", .runtime, ["invalid hook call", "rendered more hooks"],
      "Call hooks at the top of a function component only, and keep one copy of React."),
    BuiltIn(
      "JavaScript heap exhausted", .resource, ["javascript heap out of memory"],
      "Raise --max-old-space-size, or find what holds on to memory."),
  ]

  static let rust = [
    BuiltIn(
      "Rust use after move", .type, ["e0382", "of moved value"],
      "Borrow instead of moving, clone, or move later."),
    BuiltIn(
      "Rust borrow conflict", .type, ["e0499", "e0502", "e0505", "e0597", "cannot borrow"],
      "Shorten the life of the first borrow, or split the data."),
    BuiltIn(
      "Rust types differ", .type, ["e0308", "mismatched types"],
      "Convert explicitly, or change the declared type."),
    BuiltIn(
      "Rust name not found", .type, ["e0412", "e0425"],
      "Bring the name into scope with use, or mend its spelling."),
    BuiltIn(
      "Rust path not found", .import, ["e0432", "e0433", "unresolved import"],
      "Add the crate or the feature, and check the path of the module."),
    BuiltIn(
      "Rust trait not implemented", .type, ["e0277", "the trait bound*is not satisfied"],
      "Implement or derive the trait, or bound the generic parameter."),
  ]

  static let go = [
    BuiltIn(
      "Go unused", .lint, ["declared and not used", "imported and not used"],
      "Remove it, or assign it to the blank identifier."),
    BuiltIn(
      "Go nil dereference", .runtime, ["nil pointer dereference"],
      "Check the error before the value that came with it."),
    BuiltIn(
      "Go package not found", .import, ["is not in std", "no required module provides package"],
      "Run go get for the module, or mend the import path."),
  ]

  static let swift = [
    BuiltIn(
      "Swift name not in scope", .type, ["cannot find*in scope"],
      "Import the module that declares the name, or mend its spelling."),
    BuiltIn(
      "Swift types differ", .type, ["cannot convert value of type"],
      "Convert with an initialiser, or change the annotation."),
    BuiltIn(
      "Swift member missing", .type, ["value of type*has no member"],
      "Check the type of the value, and the spelling of the member."),
    BuiltIn(
      "Swift concurrency isolation", .type,
      ["actor-isolated", "non-sendable", "sending*risks causing data races"],
      "Make the type Sendable, or stay in one isolation domain."),
  ]

  static let shell = [
    BuiltIn(
      "Command not found", .tool, ["command not found", "is not recognized as an internal"],
      "Install the command, or put its folder on the PATH."),
    BuiltIn(
      "Unknown option", .tool,
      ["unknown option", "unrecognized option", "invalid option", "unrecognized arguments"],
      "Look the option up in the help of the version that is installed."),
    BuiltIn(
      "Text to replace not found", .tool,
      ["string to replace not found", "old_string", "search block*not", "hunk*failed"],
      "Read the file again and copy the text exactly, spaces included."),
    BuiltIn(
      "Unset variable in a script", .runtime, ["unbound variable", "parameter not set"],
      "Set the variable, or give a default with ${NAME:-default}."),
    BuiltIn(
      "Shell syntax", .syntax,
      ["syntax error near unexpected token", "syntax error: unexpected end of file"],
      "Look for a quote, bracket, then, do or fi that is missing before the line that is named."),
    BuiltIn(
      "No rule to make target", .build, ["no rule to make target"],
      "Check the name of the target and of the file that it needs."),
    BuiltIn(
      "Missing separator in a makefile", .syntax, ["missing separator"],
      "Begin each recipe line with a tab."),
  ]

  static let git = [
    BuiltIn(
      "Git merge conflict", .tool,
      ["merge conflict", "automatic merge failed", "conflict (content"],
      "Resolve the marked places, add the files, and commit or continue."),
    BuiltIn(
      "Git push rejected", .tool, ["non-fast-forward", "failed to push some refs"],
      "Fetch and rebase or merge, then push again."),
    BuiltIn(
      "No Git repository", .tool, ["not a git repository"],
      "Change into the repository, or create one."),
    BuiltIn(
      "Git reference unknown", .tool, ["unknown revision", "did not match any file(s) known"],
      "Fetch first, and check the name of the branch or file."),
    BuiltIn(
      "Git lock left behind", .tool, ["index.lock"],
      "See that no other git process runs, then remove the lock."),
  ]

  static let packages = [
    BuiltIn(
      "Dependencies do not resolve", .build,
      ["eresolve", "could not resolve dependenc", "resolutionimpossible", "dependency conflict"],
      "Loosen or align the versions that contradict each other."),
    BuiltIn(
      "Package version not found", .build,
      [
        "no matching distribution", "could not find a version", "e404", "etarget", "notarget",
        "unable to locate package", "no matching package named",
      ],
      "Check the package's name, its versions, and the registry."),
    BuiltIn(
      "Undefined symbol when linking", .build, ["undefined reference", "undefined symbol"],
      "Link the library that defines it, or build the file that does."),
  ]

  static let models = [
    BuiltIn(
      "Rate limit", .resource,
      ["rate limit", "rate_limit", "ratelimit", "too many requests", "toomanyrequests"]
        + answer(429),
      "Wait as long as Retry-After says, back off, and send less at once."),
    BuiltIn(
      "Model overloaded", .resource, ["overloaded", "server is busy", "no capacity"],
      "Try again later with growing pauses, or use another model."),
    BuiltIn(
      "Context too long", .resource,
      [
        "context length", "context_length", "maximum context", "context window",
        "prompt is too long", "too many tokens",
      ],
      "Shorten or summarise the prompt, or use a model with a larger window."),
    BuiltIn(
      "Invalid API key", .permission,
      ["invalid api key", "invalid_api_key", "invalid x-api-key", "incorrect api key"],
      "Set the key in the environment of the process that makes the call."),
    BuiltIn(
      "Quota used up", .resource, ["insufficient_quota", "quota exceeded", "exceeded your*quota"],
      "Raise the quota, or wait until it is renewed."),
    BuiltIn(
      "Model not found", .tool, ["model_not_found", "model*not found", "model*does not exist"],
      "Check the model's name and whether the account may use it."),
    BuiltIn(
      "Request not valid", .tool,
      ["invalid_request_error", "400 bad request", "badrequesterror"] + answer(400),
      "Compare the parameters with the reference of the API: the message names the one at fault."),
    BuiltIn(
      "Iteration limit", .tool, ["maximum iteration", "max iterations", "iteration limit"],
      "Split the task, or raise the limit if there is progress."),
  ]

  static let network = [
    BuiltIn(
      "Connection refused", .network,
      ["connection refused", "econnrefused", "failed to connect to", "could not connect to"],
      "Start the service, and check host and port."),
    BuiltIn(
      "Connection reset", .network,
      ["connection reset", "econnreset", "broken pipe", "epipe", "socket hang up"],
      "Try again; if it persists, look at the other side's log."),
    BuiltIn(
      "Host not found", .network,
      ["could not resolve host", "enotfound", "getaddrinfo", "name or service not known"],
      "Check the name, and whether there is a network."),
    BuiltIn(
      "Certificate not accepted", .network,
      ["certificate verify failed", "certificate has expired", "self-signed certificate"],
      "Renew the certificate, or trust the authority that signed it."),
    BuiltIn(
      "Gateway error", .network,
      [
        "bad gateway", "service unavailable", "gateway timeout", "badgateway",
        "serviceunavailable", "gatewaytimeout",
      ] + answer(502) + answer(503) + answer(504),
      "Try again with growing pauses; the service behind the gateway is down."),
    BuiltIn(
      "Server error", .network,
      [
        "internal server error", "internal_server_error", "api_error",
        "internalservererror",
      ] + answer(500),
      "Try again with growing pauses; if it persists, look at the service's status."),
    BuiltIn(
      "Not found by a server", .network, ["404 not found"] + answer(404),
      "Check the address, and whether what it names is still there."),
    BuiltIn(
      "Forbidden", .permission, ["forbidden", "permission_error"] + answer(403),
      "Check what the account or the key may do."),
    BuiltIn(
      "Not authorised", .permission,
      ["unauthorized", "authentication failed", "401*error"] + answer(401),
      "Renew the credentials, and check what they allow."),
    BuiltIn(
      "Timeout", .timeout, ["timed out", "timeout", "deadline exceeded", "etimedout"],
      "Find what is slow before raising the limit."),
  ]

  static let programs = [
    BuiltIn(
      "Assertion failed", .runtime,
      ["assertionerror", "assertion*failed", "xctassert", "expectation failed", "assert"],
      "Compare what was expected with what came; then see which of them is wrong."),
    BuiltIn(
      "Index out of range", .runtime,
      ["index out of range", "index out of bounds", "indexerror", "arrayindexoutofbounds"],
      "Check the length before the access, and where the index comes from."),
    BuiltIn(
      "Division by zero", .runtime,
      ["division by zero", "divide by zero", "zerodivisionerror", "division or modulo by zero"],
      "Guard against a divisor of zero; it is often an empty collection."),
    BuiltIn(
      "Recursion too deep", .runtime,
      ["maximum recursion depth", "maximum call stack", "stack overflow", "recursionerror"],
      "Look for the missing end of the recursion, or use a loop."),
    BuiltIn(
      "Name not declared", .type,
      [
        "undeclared (first use", "use of undeclared identifier", "go*undefined: ", "is not defined",
      ],
      "Declare or include what defines the name, or mend its spelling."),
  ]

  static let system = [
    BuiltIn(
      "Address in use", .resource, ["address already in use", "eaddrinuse"],
      "Stop what listens on the port, or take another."),
    BuiltIn(
      "Disk full", .resource, ["no space left on device", "enospc"],
      "Free space, and see what fills it."),
    BuiltIn(
      "Too many open files", .resource, ["too many open files", "emfile"],
      "Close what is opened, or raise the limit."),
    BuiltIn(
      "Out of memory", .resource, ["out of memory", "memoryerror", "cannot allocate memory"],
      "Work in smaller pieces, or give the process more memory."),
    BuiltIn(
      "Permission denied", .permission, ["permission denied", "eacces", "operation not permitted"],
      "Check the owner and the mode of the file, and who runs the process."),
    BuiltIn(
      "File not found", .tool,
      ["no such file or directory", "enoent", "filenotfounderror", "file not found"],
      "Check the path and the working directory."),
    BuiltIn(
      "Segmentation fault", .runtime, ["segmentation fault", "sigsegv"],
      "Run under a debugger or a sanitiser, and look at the first frame that is yours."),
  ]
}
