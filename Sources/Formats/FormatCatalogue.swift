package import Events

/// The formats that come with foldlog: adding one is its file and a line here.
package enum FormatCatalogue {
  package static let builtIn = FormatSet(
    [ClaudeCode(), Codex()] + UnreadFormat.all + [BareCodex()])
}
