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
    enum Sort { case mends, formats, accompanies }

    let sort: Sort
    let words: [Set<String>]
    /// One of these options has to be there; of none, none has.
    var needs: Set<String> = []
    /// The only options that may be there; nil for all that force nothing.
    var only: Set<String>?
    /// Whether it is told things, such as packages, beside options.
    var takesThings = true

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
    Rule(.mends, "npm|pnpm|bun install|i|ci|add"),
    Rule(.mends, "yarn install|add"),
    Rule(.mends, "yarn", only: "--frozen-lockfile --immutable", takesThings: false),
    Rule(.mends, "npx|pnpm|bunx playwright install"),
    Rule(.mends, "playwright install"),
    Rule(.mends, "pip|pip3 install"),
    Rule(.mends, "python|python3 -m pip install"),
    Rule(.mends, "uv sync|lock|add"),
    Rule(.mends, "uv pip install|sync"),
    Rule(.mends, "poetry install|add|lock"),
    Rule(.mends, "pipenv install|sync"),
    Rule(.mends, "conda|mamba install"),
    Rule(.mends, "bundle install"),
    Rule(.mends, "gem install"),
    Rule(.mends, "composer install|require"),
    Rule(.mends, "cargo fetch|add|install"),
    Rule(.mends, "rustup component|target|toolchain add|install"),
    Rule(.mends, "go mod tidy|download|vendor"),
    Rule(.mends, "go get|install"),
    Rule(.mends, "mix deps.get|deps.compile|local.hex|local.rebar"),
    Rule(.mends, "dotnet restore"),
    Rule(.mends, "swift package resolve"),
    Rule(.mends, "flutter|dart pub get"),
    Rule(.mends, "pod install"),
    Rule(.mends, "brew|apt|apt-get|dnf|apk install|add|update"),
    Rule(.mends, "corepack enable|prepare"),
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
    Rule(.mends, "docker|podman build|pull"),
    Rule(.mends, "docker|podman compose build|pull"),
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
    "migrate", "fresh",
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
    }
    let things = rest.filter { !$0.hasPrefix("-") }
    if !rule.takesThings, !things.isEmpty { return nil }
    switch rule.sort {
    case .accompanies: return .accompanies
    case .formats: return .formats(paths: things.filter(isPath))
    case .mends:
      // From elsewhere than a registry, anything may come.
      if things.contains(where: { $0.contains("://") || $0.hasPrefix("git+") || $0.hasPrefix("/") })
      {
        return nil
      }
      return .mends
    }
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
    let isKnown = parts.allSatisfy { doingWords.contains($0) || objectWords.contains($0) }
    // Of a machine rather than of the project.
    if program == "make", parts.contains("install") { return nil }
    return isKnown && parts.contains(where: doingWords.contains) ? .mends : nil
  }

  private static let interpreters: Set = ["bash", "sh", "python", "python3", "node", "ruby", "bun"]
  /// Scripts that do whatever they are told.
  private static let consoles: Set = [
    "rails", "rake", "artisan", "manage.py", "console", "django-admin",
  ]

  private static func script(_ words: ArraySlice<String>) -> Effect? {
    var words = words
    if let first = words.first, interpreters.contains(first) { words.removeFirst() }
    guard let path = words.first, path.contains("/"), isWithin(path), !path.hasPrefix("-"),
      !consoles.contains(path.split(separator: "/").last.map(String.init) ?? ""),
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
