package import Rules

/// What languages, tools, networks and machines complain about: `category | name`, what to do about it
/// behind `>`. The order matters: what comes first is the more telling.
package let builtInRules = languageRules + serviceRules

private let languageRules = Rule.table(
  #"""
  import | Python module not found
    ~ modulenotfounderror. | no module named
    > Install the package in the environment that runs the program, or mend the import path.
    + ModuleNotFoundError: No module named 'x'
    - the importance of modules was not found interesting
  import | Python name cannot be imported
    ~ cannot import name
    > Check the spelling and the installed version; break the circle if two modules import each
    > other.
    + ImportError: cannot import name 'a' from 'b'
    - cannot import goods by name
  syntax | Python indentation
    ~ indentationerror. | taberror. | unexpected indent
    > Indent with spaces only, and by the same amount in each block.
    + IndentationError: unindent does not match
    - the indentation is fine
  syntax | Python syntax
    ~ syntaxerror*invalid syntax | syntaxerror*was never closed
    > Look at the line before the one that is named: a bracket or a colon is missing.
    + SyntaxError: '(' was never closed
    - SyntaxError: nothing more is known
  type | Python attribute missing
    ~ attributeerror. | object has no attribute
    > The value is of another type than was thought, often None: check where it comes from.
    + AttributeError: 'NoneType' object has no attribute 'x'
    - the object has an attribute
  runtime | Python key missing
    ~ keyerror.
    > Use get() with a default, or check that the key is there.
    + KeyError: 'user'
    - monkeyerror of the zoo
  type | Python wrong arguments
    ~ missing*required positional argument | got an unexpected keyword argument
    > Compare the call with the signature of the version that is installed.
    + TypeError: f() missing 1 required positional argument: 'b'
    - missing one argument of the debate
  runtime | Python name not defined
    ~ nameerror.
    > Import or assign the name before its use, or mend its spelling.
    + NameError: name 'foo' is not defined
    - renameerror
  syntax | JSON does not parse
    ~ jsondecodeerror. | unexpected token*json | invalid json
    > Log the text as it came: it is often empty, cut off, or an HTML page.
    + json.decoder.JSONDecodeError: Expecting value: line 1 column 1
    - an unexpected token of love
  type | TypeScript name not found
    ~ ts2304. | ts2552.
    > Import or declare the name, or install the types that declare it.
    + a.ts(1,2): error TS2304: Cannot find name 'x'.
    - error TS9999: other
  import | JavaScript module not found
    ~ ts2307. | cannot find module | can't resolve | err_module_not_found.
    > Install the package, or mend the path and its extension.
    + Error: Cannot find module './x'
    - cannot find the module of the station
  type | TypeScript property missing
    ~ ts2339. | does not exist on type
    > Widen the type, narrow the value first, or mend the spelling.
    + a.ts(1,2): error TS2339: Property 'x' does not exist on type 'Y'.
    - the property does not exist
  type | TypeScript type not assignable
    ~ ts2322. | ts2345. | is not assignable to
    > Compare both types from the outside in; the last line names the member that differs.
    + a.ts(1,2): error TS2322: Type 'string' is not assignable to type 'number'.
    - the seat is assignable
  type | TypeScript possibly undefined
    ~ ts2531. | ts2532. | ts18047. | ts18048. | possibly 'undefined' | possibly 'null'
    > Check the value before its use, or give it a default.
    + a.ts(1,2): error TS2532: Object is possibly 'undefined'.
    - possibly late
  runtime | JavaScript property of undefined
    ~ cannot read propert*of undefined | cannot read propert*of null | undefined is not an object
    > The object is not there yet: guard with ?., or wait for the data.
    + TypeError: Cannot read properties of undefined (reading 'x')
    - cannot read the property deed
  type | JavaScript not a function
    ~ is not a function
    > Check what was imported: a default and a named export are easily confused.
    + TypeError: a.go is not a function
    - it is a function
  runtime | React hook misused
    ~ invalid hook call | rendered more hooks
    > Call hooks at the top of a function component only, and keep one copy of React.
    + Error: Invalid hook call. Hooks can only be called inside
    - the hook is on the wall
  resource | JavaScript heap exhausted
    ~ javascript heap out of memory
    > Raise --max-old-space-size, or find what holds on to memory.
    + FATAL ERROR: JavaScript heap out of memory
    - a heap of sand
  type | Rust use after move
    ~ e0382. | of moved value
    > Borrow instead of moving, clone, or move later.
    + error[E0382]: borrow of moved value: `x`
    - the moved values are here
  type | Rust borrow conflict
    ~ e0499. | e0502. | e0505. | e0597. | cannot borrow
    > Shorten the life of the first borrow, or split the data.
    + error[E0502]: cannot borrow `v` as mutable
    - the borrower cannot come
  type | Rust types differ
    ~ e0308. | mismatched types
    > Convert explicitly, or change the declared type.
    + error[E0308]: mismatched types
    - the types of mismatch differ
  type | Rust name not found
    ~ e0412. | e0425.
    > Bring the name into scope with use, or mend its spelling.
    + error[E0425]: cannot find function `f` in this scope
    - error[E0999]: other
  import | Rust path not found
    ~ e0432. | e0433. | unresolved import
    > Add the crate or the feature, and check the path of the module.
    + error[E0432]: unresolved import `foo`
    - the import is resolved
  type | Rust trait not implemented
    ~ e0277. | the trait bound*is not satisfied
    > Implement or derive the trait, or bound the generic parameter.
    + error[E0277]: the trait bound `T: Copy` is not satisfied
    - a trait of character
  lint | Go unused
    ~ declared and not used | imported and not used
    > Remove it, or assign it to the blank identifier.
    + ./m.go:3:2: declared and not used: x
    - declared at customs
  runtime | Go nil dereference
    ~ nil pointer dereference
    > Check the error before the value that came with it.
    + panic: runtime error: invalid memory address or nil pointer dereference
    - a nil pointer is fine
  import | Go package not found
    ~ is not in std | no required module provides package
    > Run go get for the module, or mend the import path.
    + m.go:3:8: package foo/bar is not in std
    - the package is not in stock
  type | Swift name not in scope
    ~ cannot find*in scope
    > Import the module that declares the name, or mend its spelling.
    + m.swift:1:1: error: cannot find 'x' in scope
    - cannot find the owner of the scope
  type | Swift types differ
    ~ cannot convert value of type
    > Convert with an initialiser, or change the annotation.
    + m.swift:1:1: error: cannot convert value of type 'Int' to specified type 'String'
    - cannot convert the value
  type | Swift member missing
    ~ value of type*has no member
    > Check the type of the value, and the spelling of the member.
    + m.swift:1:1: error: value of type 'Int' has no member 'foo'
    - the club has no member
  type | Swift concurrency isolation
    ~ actor-isolated. | non-sendable. | sending*risks causing data races
    > Make the type Sendable, or stay in one isolation domain.
    + m.swift:1:1: error: actor-isolated property 'x' can not be referenced
    - the actor is isolated
  tool | Command not found
    ~ command not found | is not recognized as an internal
    / \b\w*sh: (?:(?:line )?\d+: )?[\w./+-]+: not found$
    > Install the command, or put its folder on the PATH.
    + bash: foo: command not found
    + /bin/sh: 1: foo: not found
    - the command was found
  tool | Unknown option
    ~ unknown option | unrecognized option | invalid option | unrecognized arguments
    > Look the option up in the help of the version that is installed.
    + ls: unrecognized option '--frob'
    - no option is left
  tool | Text to replace not found
    ~ string to replace not found | old_string. | search block*not | hunk*failed.
    > Read the file again and copy the text exactly, spaces included.
    + String to replace not found in file.
    - the strings to replace
  runtime | Unset variable in a script
    ~ unbound variable | parameter not set
    > Set the variable, or give a default with ${NAME:-default}.
    + bash: FOO: unbound variable
    - the variable is bound
  syntax | Shell syntax
    ~ syntax error near unexpected token | syntax error: unexpected end of file
    > Look for a quote, bracket, then, do or fi that is missing before the line that is named.
    + bash: -c: line 2: syntax error: unexpected end of file
    - syntax error at line 3
  build | No rule to make target
    ~ no rule to make target
    > Check the name of the target and of the file that it needs.
    + make: *** No rule to make target 'a.o'.  Stop.
    - a rule to make targets
  syntax | Missing separator in a makefile
    ~ missing separator
    > Begin each recipe line with a tab.
    + Makefile:2: *** missing separator.  Stop.
    - the separator is missing
  tool | Git merge conflict
    ~ merge conflict | automatic merge failed | conflict (content
    > Resolve the marked places, add the files, and commit or continue.
    + Automatic merge failed; fix conflicts
    - the merge had no conflicts
  tool | Git push rejected
    ~ non-fast-forward. | failed to push some refs
    > Fetch and rebase or merge, then push again.
    + error: failed to push some refs to 'origin'
    - the push was fast
  tool | No Git repository
    ~ not a git repository
    > Change into the repository, or create one.
    + fatal: not a git repository (or any parent)
    - the git repository is large
  tool | Git reference unknown
    ~ unknown revision | did not match any file(s) known
    > Fetch first, and check the name of the branch or file.
    + error: pathspec 'x' did not match any file(s) known to git
    - the revision is known
  tool | Git lock left behind
    ~ index.lock.
    > See that no other git process runs, then remove the lock.
    + fatal: Unable to create '/a/.git/index.lock': File exists.
    - the index is locked
  build | Dependencies do not resolve
    ~ eresolve. | could not resolve dependenc | resolutionimpossible. | dependency conflict
    ~ version solving*failed | no solution found when resolving dep | conflicting dependencies
    > Loosen or align the versions that contradict each other.
    + npm ERR! code ERESOLVE
    - the dependency is resolved
  build | Package version not found
    ~ no matching distribution | could not find a version | e404. | etarget. | notarget.
    ~ unable to locate package | no matching package named | no versions of | match any versions
    ~ could not be found in any version | was not found in the package registry
    ~ does not match the constraint | no matching version found
    > Check the package's name, its versions, and the registry.
    + ERROR: No matching distribution found for x
    - the version was found
  build | Undefined symbol when linking
    ~ undefined reference | undefined symbol
    > Link the library that defines it, or build the file that does.
    + main.c: undefined reference to `foo'
    - an undefined referee
  """#)
