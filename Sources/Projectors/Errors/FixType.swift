package import Rules

/// What sort of change a fix is, by its words.
enum FixType: String {
  case refactor, dependency, delete, insert, replace
  case multiFile = "multi_file"
  case other

  /// The first whose rule matches; of several files at once, that, where they are what is changed.
  init(of fix: String) {
    let whole = Self.hits(fix)
    var known = whole.first
    // Options are no verbs, but for those that tell a program to write what it finds.
    if let first = whole.first, first != .dependency {
      known =
        Self.hits(Self.withoutOptions(fix)).first ?? (whole.contains(.replace) ? .replace : nil)
    }
    let isOfFiles = known != .refactor && known != .dependency
    self = isOfFiles && Set(FileNames.all(in: fix)).count > 1 ? .multiFile : known ?? .other
  }

  private static let rules = RuleSet(fixTypeRules)

  /// Those of which a rule matches, the more telling first.
  private static func hits(_ text: String) -> [FixType] {
    let bytes = Array(text.utf8)
    return rules.hits(bytes.span).compactMap { FixType(rawValue: rules.rules[$0].kind) }
  }

  /// A command without the words behind a space that begin with `-` and a letter, or with `--`.
  private static func withoutOptions(_ text: String) -> String {
    let dash = UInt8(ascii: "-")
    let words = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    let kept = words.enumerated().filter { place, word in
      guard place > 0, word.first == dash, let second = word.dropFirst().first else { return true }
      return second != dash && !(second | 0x20 >= 0x61 && second | 0x20 <= 0x7a)
    }.map(\.element)
    return String(decoding: Array(kept.joined(separator: [UInt8(ascii: " ")])), as: UTF8.self)
  }
}

/// The words of each sort of change, the more telling first.
package let fixTypeRules = Rule.table(
  #"""
  refactor
    ~ refactor | rename. | renames. | renamed. | renaming. | move. | moves. | moved. | mv. | extract.
    ~ extracted.
    + rename it
    + Rename a.py to b.py
    + mv a.py b.py
    + refactor the parser and install it
    - the name is odd
    - remove it
  dependency
    ~ install. | installs. | installed. | reinstall. | uninstall. | uninstalled. | upgrade. | upgraded.
    ~ downgrade. | downgraded. | dependency. | dependencies. | deps. | pip.
    / \b(?:npm|pnpm|bun){OPTIONS} +(?:ci|i|add|remove|rm|un|update|up|dedupe)(?: |$)
    / \byarn{OPTIONS} +(?:add|remove|up)(?: |$)
    / ^\s*yarn\s*$
    / \b(?:uv|poetry|pdm|pipenv|conda|mamba){OPTIONS} +(?:add|remove|sync|lock|update)(?: |$)
    / \bcargo(?: +[-+]\S+)* +(?:add|remove|rm|update)(?: |$)
    / \bgo +(?:get|mod)(?: |$)
    / \b(?:bundle|composer|gem) +(?:add|require|remove|update|lock)(?: |$)
    / \b(?:apt|apt-get|dnf|yum|apk|brew|zypper|choco){OPTIONS} +(?:add|del|remove|purge|update)(?: |$)
    / \bpacman +-[SRU]
    / \bdotnet +(?:add|remove|restore)(?: |$)
    / \bswift +package +(?:update|resolve|add-dependency)(?: |$)
    + npm ci
    + npm --prefix web ci --no-audit
    + pnpm i
    + yarn add x
    + yarn
    + npm install chart.js three.js
    + pip install x
    + pip uninstall x
    + python -m pip install -r requirements.txt
    + uv add httpx
    + cargo +nightly add serde
    + go mod tidy
    + apt-get -y remove nano
    + swift package resolve
    + upgrade the compiler
    - npm run ci
    - npm test
    - yarn lint
    - the pipe is broken
    - go to the model
    - add x
  delete
    ~ delete. | deletes. | deleted. | remove. | removes. | removed. | rm. | rmdir. | drop. | dropped.
    + delete the line
    + rm a.py
    + git rm -r old
    + RemoveItem
    - Perform the format again
    - it was undeleted
  insert
    ~ add. | adds. | added. | insert. | inserts. | inserted. | import. | imports. | imported. | create.
    ~ creates. | created. | write. | writes. | append. | appended. | mkdir.
    / #\s*include\s*[<"]
    / (?:^|[\n=;])\s*(?:require|require_relative|require_once|include_once)\s*[("'<]
    / (?:^|\n)\s*(?:using|use)\s+(?:(?:static|namespace)\s+)?[A-Za-z_][0-9A-Za-z_.:\\]*\s*(?:=[^;]*)?;
    / (?:^|\n)\s*(?:pub\s+)?use\s+[A-Za-z_][0-9A-Za-z_]*::
    + import it first
    + import os
    + from os import path
    + import React from 'react'
    + #include <vector>
    + # include "util.h"
    + using System.Linq;
    + using namespace std;
    + using Text = std::string;
    + use std::collections::HashMap;
    + pub use crate::{a, b}
    + use strict;
    + require 'json'
    + require_relative "a"
    + const fs = require("fs");
    + fs = require 'fs'
    - using another model
    - use a longer timeout
    - it does require "care"
    - they require it
    + write_file
    + add `serde` to the list
    - the address is in the important part
    - it was recreated
  replace
    ~ replace. | replaces. | replaced. | edit. | edits. | edited. | change. | changes. | changed.
    ~ update. | updates. | updated. | sed. | patch. | patched. | multiedit. | fix. | fixes. | fixed.
    ~ use. | set.
    / (?:^| )--(?:write|fix|in-place)(?:[ =]|$)
    / \b(?:prettier|gofmt|goimports|shfmt)\b.* -w(?: |$)
    + bunx prettier --write a.mdx
    + biome check --write a.ts
    + prettier -w a.ts
    + eslint --fix src
    + bd update x --append-notes y
    + edit_file
    + MultiEdit
    + sed -i s/a/b/ a.py
    + use a longer timeout
    - because of the offset
    - it is used by nobody
  """#,
  // Before what a program is told to do, each with its value or without.
  shorthands: ["OPTIONS": #"(?: +-\S+(?: +[^ -]\S*)?)*"#])

/// Names of files of source code in a text.
enum FileNames {
  private static let rules = RuleSet(fileNameRules)
  private static let file = rules.rules.firstIndex { $0.kind == "file" } ?? 0

  /// In the order in which they come.
  static func all(in text: String) -> [String] {
    var bytes = Array(text.utf8)
    let hits = rules.hits(bytes.span)
    guard hits.contains(file) else { return [] }
    for rule in hits where rule != file {
      for span in found(rule, in: bytes.span) {
        for index in span { bytes[index] = UInt8(ascii: " ") }
      }
    }
    return found(file, in: bytes.span).map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// A pattern for names like the first: `\.rs$`, or, where its ending says nothing of its sort, for
  /// its name: `(^|/)Makefile$`; nil for none.
  static func pattern(in text: String) -> String? {
    guard let name = all(in: text).first?.split(separator: "/").last else { return nil }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if let ending = parts.last, parts.count > 1, !name.hasPrefix("."), ending != "txt" {
      return "\\.\(ending.lowercased())$"
    }
    return "(^|/)\(parts.joined(separator: "\\."))$"
  }

  private static func found(_ rule: Int, in text: Span<UInt8>) -> [Range<Int>] {
    var spans: [Range<Int>] = []
    while let match = rules.match(rule, in: text, from: spans.last?.upperBound ?? 0),
      !match.found.isEmpty
    {
      spans.append(match.found)
    }
    return spans
  }
}

/// What looks like the name of a file and is none, and what is one.
package let fileNameRules = Rule.table(
  #"""
  other | address
    / (?i:\b(?:https?|ftps?|sftp|wss?|git|ssh|svn|s3|gs)(?:\+[a-z]+)?)://[^\s"'`<>()]*
    / (?i:\bwww\.)[^\s"'`<>()]*
    / (?:^|[^{NAME}])((?:[0-9A-Za-z-]+\.)+(?:com|org|net|io|dev)/[^\s"'`<>()]*)
    + see ⟦https://example.org/guide/main.py⟧
    + GET ⟦http://127.0.0.1:80/app.js⟧ failed
    + ⟦git+ssh://git@example.org/a.rs⟧
    + (⟦www.example.org/a.html⟧)
    + ⟦example.com/a.js⟧ is gone
    - file:///src/a.js:3
    - src/com/a.js
  other | person
    / [0-9A-Za-z_.+-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+
    + mail ⟦jane@example.rs⟧
    - node_modules/@scope/a.js
  other | product
    / (?:^|[^{NAME}])((?i:node|vue|next|nuxt|react|express|angular|ember|backbone|knockout|three|d3|chart|moment|alpine|discord|nest)\.(?i:js))\.?(?:$|[^{NAME}:]|:(?:$|[^0-9]))
    + ⟦Node.js⟧ is too old
    + Install ⟦node.js⟧.
    + use ⟦Vue.js⟧: it is
    - node.js:12:3
    - src/next.js
    - next.config.js is odd
  other | member
    / (?:^|[^{NAME}])((?:self|this|cls|super)\.[A-Za-z_]+)(?:$|[^{NAME}])
    + ⟦self.conf⟧ is None
    - this.service.ts
  file
    / (?:^|[^{NAME}])([{NAME}]*[0-9A-Za-z_\x80-\xff-]\.(?:c|h|m|(?i:{EXTENSIONS})))\.?(?:$|[^{NAME}])
    / (?:^|[^{NAME}])((?:[{NAME}]*/)?(?:{NAMES}|\.(?:{HIDDEN})|\.env(?:\.[0-9A-Za-z_-]+)?))\.?(?:$|[^{NAME}])
    + ⟦src/a.rs⟧:5:3: error
    + ⟦SRC/MAIN.RS⟧:5
    + rm ⟦a.py⟧ ⟦b.py⟧
    + File "⟦b.py⟧", line 1, in ⟦a.js⟧
    + look into ⟦über.kt⟧.
    + at file:⟦///src/a.js⟧:3
    + ⟦node_modules/@scope/a.js⟧
    + C:\src\⟦a.cs⟧(3,1)
    + in ⟦/etc/nginx/nginx.conf⟧:12
    + CMake Error at ⟦CMakeLists.txt⟧:3 (find_package):
    + ⟦Makefile⟧:12: *** missing separator.  Stop.
    + failed to read ⟦docker/Dockerfile⟧: no such file
    + read ⟦.env⟧ and ⟦config/.env.local⟧.
    + ⟦tsconfig.json⟧(3,5): error TS5023
    + edit ⟦.gitignore⟧
    + ⟦Gemfile⟧
    + ⟦Cargo.lock⟧ is newer
    - mutex.lock() failed
    - BUILD FAILED
    - process.env.X is not set
    - process.env.C is not set
    - process.env is empty
    - the makefiles
    - MyDockerfileParser
    - see README.
    - .ts is odd
    - a.js-map
    - version 1.2.3
  """#,
  shorthands: [
    "NAME": #"0-9A-Za-z_./@\x80-\xff-"#,
    "EXTENSIONS":
      "bash|bat|bazel|bzl|cc|cfg|cjs|clj|cljs|cmake|conf|cpp|cs|csproj|css|csv|cts|cxx|dart|ejs|elm|erb"
      + "|erl|exs?|go|gradle|graphql|hbs|hcl|hh|hpp|hs|html?|hxx|ini|ipynb|java|jl|jsx?|json[5c]?|kts?"
      + "|less|lua|md|mdx|mjs|mk|ml|mm|mts|nix|php|pl|plist|pm|prisma|proto|ps1|py|pyi"
      + "|rb|rs|rst|sass|scala|scss|sh|sln|sol|sql|svelte|swift|tf|tfvars|toml|tsx?|txt|vb|vue|xml|ya?ml"
      + "|zig|zsh",
    "NAMES":
      "Dockerfile|Containerfile|(?:GNUm|[Mm])akefile|Jenkinsfile|Vagrantfile|Procfile|Gemfile|Rakefile"
      + "|Podfile|Brewfile|Fastfile|[Jj]ustfile|Caddyfile|Tiltfile|Pipfile"
      + #"|(?:Cargo|yarn|poetry|Gemfile|Podfile|Pipfile|composer|flake|uv|bun)\.lock"#
      + #"|(?:application|gradle|local|log4j|build)\.properties"#,
    "HIDDEN":
      "bashrc|zshrc|profile|gitignore|gitattributes|gitmodules|dockerignore|editorconfig|npmrc|nvmrc"
      + "|npmignore|yarnrc|eslintrc|eslintignore|prettierrc|prettierignore|babelrc|stylelintrc|flake8"
      + "|pylintrc|coveragerc|clang-format|clang-tidy|swift-format|swiftlint|htaccess|browserslistrc",
  ])
