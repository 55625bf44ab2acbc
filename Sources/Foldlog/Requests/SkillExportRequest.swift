/// Asks for skills as folders.
package struct SkillExportRequest: Request {
  package var folder: String
  /// Skills that were used less often are left out.
  package var minUses = 0

  package init(folder: String) { self.folder = folder }

  package struct Checked: Sendable {
    let folder: String
    let usesMin: UInt64

    fileprivate init(folder: String, usesMin: UInt64) {
      self.folder = folder
      self.usesMin = usesMin
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    if folder.isEmpty { throw FoldlogError(.usage, "--dir takes a name that is not empty") }
    guard let usesMin = UInt64(exactly: minUses) else {
      throw FoldlogError(.usage, "--min-uses takes a number from 0 on, not \(minUses)")
    }
    return Checked(folder: folder, usesMin: usesMin)
  }
}
