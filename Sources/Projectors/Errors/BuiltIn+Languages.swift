// The order matters: what comes first is the more telling.
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
}
