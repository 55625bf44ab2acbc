/// Commands that anybody may run who works in a project: they install what it needs, format, generate or
/// build it, or start what it asks. What is not here is told to nobody.
enum HarmlessCommands {
  /// What a command does, as far as it matters to whether it is told.
  enum Effect: Equatable {
    /// It may mend something.
    case mends
    /// It changes the files that it is told, and nothing else.
    case formats(paths: [String])
    /// A script of the project.
    case runsScript
    /// It only sets the stage for others, or shows what they print.
    case accompanies
  }

  /// A program, and words behind it, of which each may be one of several, with what it may be told.
  struct Rule {
    enum Sort { case mends, installs, formats, accompanies }

    let sort: Sort
    let words: [Set<String>]
    /// One of these options has to be there; of none, none has.
    var needs: Set<String> = []
    /// The only options that may be there; nil for all that force nothing.
    var only: Set<String>?
    /// Whether it is told things, such as packages, beside options.
    var takesThings = true

    var installs: Bool { sort == .installs }

    init(
      _ sort: Sort, _ words: String, needs: String = "", only: String? = nil,
      takesThings: Bool = true
    ) {
      self.sort = sort
      self.words = words.split(separator: " ").map {
        Set($0.split(separator: "|").map(String.init))
      }
      self.needs = Set(needs.split(separator: " ").map(String.init))
      self.only = only.map { Set($0.split(separator: " ").map(String.init)) }
      self.takesThings = takesThings
    }
  }

  /// The first that fits says what a command does.
  static let rules: [Rule] = [
    // Packages.
    Rule(.installs, "npm|pnpm|bun install|i|ci|add"),
    Rule(.installs, "yarn install|add"),
    Rule(.installs, "yarn", only: "--frozen-lockfile --immutable", takesThings: false),
    Rule(.installs, "npx|pnpm|bunx playwright install"),
    Rule(.installs, "playwright install"),
    Rule(.installs, "pip|pip3 install"),
    Rule(.installs, "python|python3 -m pip install"),
    Rule(.installs, "uv sync|lock|add"),
    Rule(.installs, "uv pip install|sync"),
    Rule(.installs, "poetry install|add|lock"),
    Rule(.installs, "pipenv install|sync"),
    Rule(.installs, "conda|mamba install"),
    Rule(.installs, "bundle install"),
    Rule(.installs, "gem install"),
    Rule(.installs, "composer install|require"),
    Rule(.installs, "cargo fetch|add|install"),
    Rule(.installs, "rustup component|target|toolchain add|install"),
    Rule(.installs, "go mod tidy|download|vendor"),
    Rule(.installs, "mix deps.get|deps.compile|local.hex|local.rebar"),
    Rule(.installs, "dotnet restore"),
    Rule(.installs, "swift package resolve"),
    Rule(.installs, "flutter|dart pub get"),
    Rule(.installs, "pod install"),
    Rule(.installs, "brew|apt|apt-get|dnf|apk install|add|update"),
    Rule(.installs, "corepack enable|prepare"),
    // Formatters, and linters that mend.
    Rule(.formats, "prettier", needs: "--write -w"),
    Rule(.formats, "eslint", needs: "--fix"),
    Rule(.formats, "biome check|format|lint", needs: "--write --fix --apply"),
    Rule(.formats, "stylelint", needs: "--fix"),
    Rule(.formats, "ruff check", needs: "--fix"),
    Rule(.formats, "ruff format"),
    Rule(.formats, "black|isort|autopep8|yapf|rustfmt"),
    Rule(.formats, "gofmt|goimports|gofumpt|shfmt", needs: "-w"),
    Rule(.formats, "golangci-lint run", needs: "--fix"),
    Rule(.formats, "go fmt"),
    Rule(.formats, "cargo fmt"),
    Rule(.formats, "cargo clippy|fix", needs: "--fix --allow-dirty"),
    Rule(.formats, "swift format", needs: "-i --in-place"),
    Rule(.formats, "swift-format|clang-format", needs: "-i --in-place"),
    Rule(.formats, "swiftlint", needs: "--fix"),
    Rule(.formats, "rubocop", needs: "-a --autocorrect"),
    Rule(.formats, "mix|terraform|deno|dart fmt|format"),
    Rule(.formats, "dotnet format"),
    // Generators and builds.
    Rule(.mends, "prisma generate", only: "--schema"),
    Rule(.mends, "sqlc|buf|mockery generate"),
    Rule(.mends, "go generate|build"),
    Rule(.mends, "graphql-codegen|xcodegen|protoc-gen"),
    Rule(.mends, "tuist generate"),
    Rule(.mends, "cargo|swift|dotnet|zig|bazel|nx|turbo build"),
    Rule(.mends, "tsc", only: "-b --build -p --project"),
    Rule(.mends, "mvn compile|package", takesThings: false),
    Rule(.mends, "cmake", needs: "--build -S", only: "--build -S -B -G -j --target"),
    Rule(.mends, "docker|podman build"),
    Rule(.mends, "docker|podman compose build"),
    // Services.
    Rule(.mends, "docker|podman compose up|start", only: "-d --detach --wait --build -f --file"),
    Rule(.mends, "docker-compose up|start", only: "-d --detach --wait --build -f --file"),
    Rule(.mends, "docker|podman|systemctl start"),
    Rule(.mends, "brew services start"),
    Rule(.mends, "colima|minikube|supabase start"),
    // They mend nothing, and harm nothing.
    Rule(.accompanies, "tail|head|grep|cat|wc|sort|uniq"),
    Rule(.accompanies, "echo|true|pwd|ls|sleep"),
    Rule(.accompanies, "npm|pnpm|yarn|bun test", takesThings: false),
    Rule(.accompanies, "go vet|test"),
    Rule(.accompanies, "cargo|swift test"),
    Rule(.accompanies, "pytest"),
  ]

  /// Words that say of an option, a script or a target that something is lost by it, or leaves the machine.
  private static let losing = [
    "force", "delete", "remove", "prune", "purge", "reset", "renew", "recreate", "hard", "clean",
    "overwrite", "drop", "destroy", "wipe", "kill", "nuke", "truncate", "rollback", "revert",
    "deploy", "publish", "release", "push", "upload", "prod", "uninstall", "down", "stop", "undo",
    "unsafe", "global", "root", "system", "break", "no-verify", "rm", "exec", "eval", "seed",
    "migrate", "fresh", "live", "production", "erase", "flush", "mirror", "restore", "transfer",
  ]
  /// The options that what installs packages may be told.
  private static let installing: Set = [
    "--all-extras", "--dev", "--development", "--editable", "--extra", "--features", "--frozen",
    "--frozen-lockfile", "--group", "--ignore-scripts", "--immutable", "--legacy-peer-deps",
    "--locked", "--no-audit", "--no-fund", "--no-progress", "--no-save", "--offline",
    "--prefer-offline", "--quiet", "--requirement", "--save-dev", "--save-exact", "--silent",
    "--upgrade", "--user", "--verbose", "--with-deps", "-E", "-U", "-d", "-e", "-q", "-r", "-u",
    "-v", "-y",
  ]
  /// Short options of the same sort.
  private static let losingOptions: Set = ["-f", "-F", "-D", "-g", "-V", "-x", "-X", "-rf", "-c"]

  /// Before a program: they run it, and do nothing else.
  private static let runners: [[String]] = [
    ["npx"], ["bunx"], ["uvx"], ["uv", "run"], ["poetry", "run"], ["pnpm", "exec"],
    ["yarn", "exec"],
    ["bundle", "exec"], ["bun", "x"], ["pnpm"], ["time"],
  ]
  private static let variables: Set = [
    "CI", "NODE_ENV", "RUST_BACKTRACE", "CGO_ENABLED", "NO_COLOR",
  ]

  /// Names of scripts of a package, and of targets of make, of which each word is one of these; one at
  /// least beside those that only say what it is for.
  private static let doingWords: Set = [
    "build", "compile", "codegen", "generate", "gen", "format", "fmt", "fix", "setup", "bootstrap",
    "prepare", "deps", "install", "typegen", "proto", "protos", "postinstall",
  ]
  private static let objectWords: Set = [
    "lint", "all", "types", "type", "css", "assets", "schema", "client", "api", "web", "app", "db",
    "icons", "i18n", "code", "dev", "packages", "eslint", "prettier", "biome", "style",
  ]

  /// Nil for what is not known to be harmless.
  static func effect(of part: PlainCommand.Part) -> Effect? {
    var words = part.words[...]
    while let first = words.first, let equals = first.firstIndex(of: "=") {
      guard variables.contains(String(first[..<equals])) else { return nil }
      words.removeFirst()
    }
    guard let program = words.first else { return nil }
    if program == "cd" { return isFolder(words.dropFirst()) ? .accompanies : nil }
    if program == "source" || program == "." {
      guard words.count == 2, let path = words.last else { return nil }
      return isWithin(path) && path.hasSuffix("bin/activate") ? .accompanies : nil
    }
    if let effect = ruled(words) { return effect }
    if let effect = named(words) { return effect }
    for runner in runners where words.starts(with: runner) {
      let rest = words.dropFirst(runner.count)
      if let effect = ruled(rest) { return effect }
    }
    return script(words)
  }

  private static func ruled(_ words: ArraySlice<String>) -> Effect? {
    guard
      let rule = rules.first(where: { rule in
        words.count >= rule.words.count && zip(rule.words, words).allSatisfy { $0.contains($1) }
      })
    else { return nil }
    let rest = words.dropFirst(rule.words.count)
    let options = rest.filter { $0.hasPrefix("-") }
    let names = options.map { $0.prefix { $0 != "=" } }.map(String.init)
    if !rule.needs.isEmpty, !names.contains(where: rule.needs.contains) { return nil }
    let allowed = rule.only ?? []
    for name in names where !allowed.contains(name) && !rule.needs.contains(name) {
      if rule.only != nil || losingOptions.contains(name) || loses(name) { return nil }
      if rule.installs, !installing.contains(name) { return nil }
    }
    // What they are set to says more than their names.
    let values = options.compactMap { $0.split(separator: "=", maxSplits: 1).dropFirst().first }
    if options.contains(where: { $0.contains("://") || $0.contains("@") })
      || values.contains(where: { $0.hasPrefix("/") || $0 == "install" || loses(String($0)) })
      || (rule.installs && values.contains { $0.contains { "/:".contains($0) } })
    {
      return nil
    }
    let things = rest.filter { !$0.hasPrefix("-") }
    if !rule.takesThings, !things.isEmpty { return nil }
    switch rule.sort {
    case .accompanies:
      // What stands elsewhere is nobody's business.
      return things.allSatisfy { !$0.hasPrefix("/") && !$0.split(separator: "/").contains("..") }
        ? .accompanies : nil
    case .formats: return .formats(paths: things.filter(isPath))
    case .mends, .installs:
      // From elsewhere than a registry, anything may come.
      if rule.installs, !things.allSatisfy(isOfRegistry) { return nil }
      if things.contains(where: { $0.contains("://") || !isWithin($0) }) { return nil }
      return .mends
    }
  }

  /// Whether a thing is no place: of packages a name, with a scope or a version, or a list of the project.
  private static func isOfRegistry(_ thing: String) -> Bool {
    if thing.contains(":") || thing.hasPrefix("/") || thing.split(separator: "/").contains("..") {
      return false
    }
    if thing.contains("/"), !thing.hasPrefix("@") {
      return [".txt", ".toml", ".lock", ".in"].contains(where: thing.hasSuffix)
    }
    return true
  }

  /// A script of a package, or a target of make.
  private static func named(_ words: ArraySlice<String>) -> Effect? {
    guard let program = words.first else { return nil }
    var rest = words.dropFirst()
    switch program {
    case "npm":
      guard rest.popFirst() == "run" else { return nil }
    case "pnpm", "yarn", "bun":
      if rest.first == "run" { rest.removeFirst() }
    case "make", "just", "task", "rake", "./gradlew", "gradle":
      break
    default: return nil
    }
    guard rest.count == 1, let name = rest.first else { return nil }
    let parts = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    // Of a machine rather than of the project.
    if program == "make", parts.contains("install") { return nil }
    if !isKnown(parts) { return nil }
    return parts.contains(where: settingUp.contains) ? .runsScript : .mends
  }

  /// Whether each word of a name is known, and one says what is done.
  private static func isKnown(_ parts: [String], beside more: Set<String> = []) -> Bool {
    let does = parts.filter { doingWords.contains($0) || more.contains($0) }
    // A database that is set up anew has lost what was in it.
    if parts.contains("db") || parts.contains("schema"), !does.allSatisfy(generating.contains) {
      return false
    }
    return !does.isEmpty
      && parts.allSatisfy {
        doingWords.contains($0) || objectWords.contains($0) || more.contains($0)
          || scriptWords.contains($0)
      }
  }

  /// What may mean anything in another project.
  private static let settingUp: Set = ["setup", "bootstrap", "prepare", "install", "postinstall"]
  private static let generating: Set = ["generate", "gen", "codegen", "typegen"]
  /// What scripts do beside.
  private static let scriptVerbs: Set = ["open", "start", "init", "link"]
  /// What scripts do it to.
  private static let scriptWords: Set = [
    "port", "local", "env", "environment", "tools", "hooks", "certs", "keys", "server", "emulator",
    "submodules", "fixtures", "mocks", "stubs", "links", "test", "tests", "venv", "node", "python",
  ]

  private static let interpreters: Set = ["bash", "sh", "python", "python3", "node", "ruby", "bun"]
  /// Scripts that do whatever they are told.
  private static let consoles: Set = [
    "rails", "rake", "artisan", "manage.py", "console", "django-admin",
  ]

  private static func script(_ words: ArraySlice<String>) -> Effect? {
    var words = words
    if let first = words.first, interpreters.contains(first) { words.removeFirst() }
    // Of what it does nothing is known but its name.
    guard let path = words.first, let name = path.split(separator: "/").last?.lowercased(),
      let stem = name.split(separator: ".").first, path.contains("/"), isWithin(path),
      !path.hasPrefix("-"), words.count == 1, !consoles.contains(name),
      isKnown(
        stem.split { !$0.isLetter && !$0.isNumber }.map(String.init), beside: scriptVerbs),
      !path.contains("node_modules"), !words.contains(where: loses),
      words.allSatisfy({ word in
        word.allSatisfy { $0.isLetter || $0.isNumber || "._/:=@,+-".contains($0) }
      })
    else { return nil }
    return .runsScript
  }

  /// Whether a part of a name says that something is lost.
  private static func loses(_ word: String) -> Bool {
    let lower = word.lowercased()
    let parts = lower.split { !$0.isLetter }.map(String.init)
    return losing.contains { word in
      parts.contains(word) || (word.count > 4 && lower.contains(word))
    }
  }

  private static func isPath(_ word: String) -> Bool {
    word != "." && word != "./" && (word.contains("/") || word.contains("."))
  }

  private static func isFolder(_ words: ArraySlice<String>) -> Bool {
    words.count == 1 && words.allSatisfy(isWithin)
  }

  /// Whether a path stays within the folder that is worked in.
  private static func isWithin(_ path: String) -> Bool {
    !path.hasPrefix("/") && !path.hasPrefix("-") && !path.isEmpty
      && !path.split(separator: "/").contains("..")
  }
}
