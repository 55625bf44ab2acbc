package import Views

/// What was done about errors of a pattern, with each time that it was tried.
package struct TriedFix: Sendable {
  package struct Try: Sendable {
    package let worked: Bool
    /// Whether it was in the project that is asked about.
    package let isHere: Bool
    /// Whether an event says that it was the fix.
    package let isNamed: Bool
    /// Tells apart the messages that it was tried on.
    package let subject: UInt64
    /// Hashes; 0 for none.
    package let project: UInt64
    package let session: UInt64
    package let offset: UInt64

    package init(
      worked: Bool, isHere: Bool, isNamed: Bool, subject: UInt64, project: UInt64,
      session: UInt64, offset: UInt64
    ) {
      (self.worked, self.isHere, self.isNamed) = (worked, isHere, isNamed)
      (self.subject, self.project, self.session) = (subject, project, session)
      self.offset = offset
    }
  }

  package let fix: String
  /// What the messages of the pattern have in common.
  package let template: String
  /// The telling line of its first message, and what that is told apart by.
  package let exampleLine: String
  package let exampleSubject: UInt64
  package let tries: [Try]

  package init(
    fix: String, template: String, exampleLine: String, exampleSubject: UInt64, tries: [Try]
  ) {
    self.fix = fix
    self.template = template
    self.exampleLine = exampleLine
    self.exampleSubject = exampleSubject
    self.tries = tries
  }
}

/// What was tried about errors like a message.
package struct TriedFixes: Sendable {
  package let subject: UInt64
  /// Its telling line.
  package let line: String
  /// Whether the pattern's template covers it; else it is only like it.
  package let isCovered: Bool
  package let fixes: [TriedFix]

  package init(subject: UInt64, line: String, isCovered: Bool, fixes: [TriedFix]) {
    self.subject = subject
    self.line = line
    self.isCovered = isCovered
    self.fixes = fixes
  }
}

/// A projector whose view knows what was tried about errors, try by try: whoever tells it on judges by where
/// that was.
package protocol TriedFixProjector: Projector {
  /// Nil where no error is like the message.
  ///
  /// - Parameter projects: the folders that count as the project.
  static func tried(
    _ message: String, in projects: [String], _ tables: any ViewReader
  ) throws(TableError) -> TriedFixes?

  /// Of all errors, what was tried in a project.
  static func tried(
    in projects: [String], _ tables: any ViewReader
  ) throws(TableError) -> [TriedFix]
}
