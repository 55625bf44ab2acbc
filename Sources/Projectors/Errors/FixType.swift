/// What sort of change a fix is, by its words.
enum FixType: String {
  case replace, insert, delete, refactor
  case multiFile = "multi_file"
  case install, other

  /// The first whose words occur; of several files at once, that.
  private static let words: [(type: FixType, words: Set<String>)] = [
    (.refactor, ["refactor", "refactored", "rename", "renamed", "move", "mv", "extract"]),
    (.install, ["install", "installed", "pip", "upgrade", "upgraded", "downgrade", "dependency"]),
    (.delete, ["delete", "deleted", "remove", "removed", "rm", "drop", "dropped"]),
    (
      .insert,
      ["add", "added", "insert", "inserted", "import", "imported", "create", "created", "write"]
    ),
    (
      .replace,
      [
        "replace", "replaced", "edit", "edited", "change", "changed", "update", "updated", "sed",
        "patch", "multiedit", "fix", "fixed", "use", "set",
      ]
    ),
  ]

  init(of fix: String) {
    let words = Set(
      fix.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init))
    let known = Self.words.first { !$0.words.isDisjoint(with: words) }?.type
    self =
      Set(FileNames.all(in: fix)).count > 1 && known != .refactor
      ? .multiFile : known ?? .other
  }
}

/// Names of files of source code in a text.
enum FileNames {
  private static let extensions: Set<String> = [
    "c", "cc", "cpp", "cs", "css", "dart", "ex", "exs", "go", "gradle", "h", "hpp", "hs", "html",
    "java", "js", "json", "jsx", "kt", "lua", "m", "md", "ml", "mm", "nix", "php", "py", "rb", "rs",
    "scala", "scss", "sh", "sql", "svelte", "swift", "tf", "toml", "ts", "tsx", "vue", "xml",
    "yaml",
    "yml", "zig",
  ]

  /// In the order in which they come.
  static func all(in text: String) -> [Substring] {
    text.split { !($0.isLetter || $0.isNumber || "_./-@".contains($0)) }.map { word in
      word.hasSuffix(".") ? word.dropLast() : word
    }.filter { ending(of: $0) != nil }
  }

  /// A pattern for names like the first: `\.rs$`; nil for none.
  static func pattern(in text: String) -> String? {
    all(in: text).first.flatMap(ending).map { "\\.\($0)$" }
  }

  private static func ending(of word: Substring) -> Substring? {
    guard let dot = word.lastIndex(of: "."), dot > word.startIndex else { return nil }
    let ending = word[word.index(after: dot)...]
    return extensions.contains(String(ending)) ? ending : nil
  }
}
