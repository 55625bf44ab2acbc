/// Asks what the rows of tables and the lines of events are, as they are declared.
package struct SchemaRequest: Request {
  /// A view or a table of it, events or a kind of them, or a question; nil for all that there is.
  package var name: String?
  package var format = TextFormat.text.rawValue

  package init() {}

  package struct Checked: Sendable {
    package let page: SchemaPage
    package let format: TextFormat

    fileprivate init(_ page: SchemaPage, _ format: TextFormat) {
      self.page = page
      self.format = format
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    let format = try checkedFormat(format, TextFormat.allCases)
    do { return Checked(try SchemaPage(name, projectors: projectors), format) } catch {
      throw FoldlogError(error)
    }
  }
}

/// Asks what `foldlog.toml` can set, as it is declared.
package struct SettingsRequest: Request {
  /// A section, or a setting; nil for all that there is.
  package var name: String?
  package var format = SettingsFormat.toml.rawValue

  package init() {}

  package struct Checked: Sendable {
    package let page: SettingsPage
    package let format: SettingsFormat

    fileprivate init(_ page: SettingsPage, _ format: SettingsFormat) {
      self.page = page
      self.format = format
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    let format = try checkedFormat(format, SettingsFormat.allCases)
    do { return Checked(try SettingsPage(name, projectors: projectors), format) } catch {
      throw FoldlogError(error)
    }
  }
}

/// How settings are printed: as the file that they stand in, for a program, or as a page.
package enum SettingsFormat: String, CaseIterable, Sendable {
  case toml, json, markdown
}
