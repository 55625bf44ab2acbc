internal import Bytes
internal import EventLog
internal import Events
internal import Files
internal import Ingest
internal import Projection
internal import SystemPackage
internal import Tables
internal import Views

/// What an export of skills came to.
package struct ExportedSkills: Sendable {
  /// Folders that were written, anew or over what an export wrote before.
  package var written: [String] = []
  /// Those that were as they would be written.
  package var unchanged: [String] = []
  /// Those that hold something that no export wrote, and were left.
  package var kept: [String] = []
  /// Those of skills that are left out by now, which nobody changed: they are gone.
  package var removed: [String] = []
}

/// Skills as folders that agents read.
package struct SkillService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Which bytes an export wrote, by folder, within the folder that it wrote to: what differs from
  /// these is a person's.
  private static let manifestName = ".foldlog-skills"

  /// Writes a folder with a `SKILL.md` for each skill that was used often enough and is not retired, and
  /// removes those that an export wrote of others. The same log gives the same bytes. A file that a
  /// person changed, or made, is left.
  package func export(_ request: SkillExportRequest.Checked) throws(FoldlogError) -> ExportedSkills
  {
    if store.directory.holds(request.folder) {
      throw FoldlogError(
        .usage,
        "\(shownPath(request.folder)) is in the data directory (\(store.directory.shown)): choose "
          + "another folder")
    }
    let (files, offset) = try files(usesMin: request.usesMin)
    do {
      let exported = try write(files, to: request.folder)
      AuditService(store).note(
        .skillsExport, rows: UInt64(exported.written.count + exported.unchanged.count),
        to: request.folder, before: UInt64(offset + 1))
      return exported
    } catch let error as FoldlogError {
      throw error
    } catch let error as FileError {
      throw FoldlogError(.inputOutput, "\(error)")
    } catch {
      throw FoldlogError(.inputOutput, "\(shownPath(request.folder)): \(error)")
    }
  }

  /// The skills in the order in which the log told of them, so that what comes later changes no name; and
  /// the last event that is in them.
  private func files(
    usesMin: UInt64
  ) throws(FoldlogError) -> (files: [(file: SkillFile, isMeant: Bool)], offset: Int64) {
    guard let table = store.projectors.answers.first(where: { $0.name == "skills" }) else {
      throw FoldlogError(.noInput, "there is no view `skills`")
    }
    return try store.reading.withView(TableAddress(table.name)) { tables, offset in
      var skills: [AnswerRow] = []
      try table.forEach(in: tables) { cells throws(TableError) in
        skills.append(AnswerRow(columns: table.columns, cells: cells))
        return true
      }
      skills.sort { left, right in
        (Self.firstTold(left), left["skill_id"].text ?? "")
          < (Self.firstTold(right), right["skill_id"].text ?? "")
      }
      var files: [(file: SkillFile, isMeant: Bool)] = []
      var taken: Set<String> = []
      for skill in skills {
        let file = SkillFile(skill, besides: taken)
        taken.insert(file.folder)
        let uses = UInt64(clamping: skill["usage_count"].integer ?? 0)
        files.append((file, uses >= usesMin && skill["status"].text != "retired"))
      }
      return (files, offset)
    }
  }

  /// The line that told of a skill: its interaction may be older than those of skills that were there
  /// before it.
  private static func firstTold(_ skill: AnswerRow) -> Offset {
    let source = skill["source_offset"].integer.flatMap { Offset(exactly: $0) }
    return skill.offsets.first { $0 != source } ?? skill.offsets.first ?? 0
  }

  private func write(
    _ files: [(file: SkillFile, isMeant: Bool)], to folder: String
  ) throws -> ExportedSkills {
    try makeOrdinaryFolder(folder)
    let manifest = joinPath(folder, Self.manifestName)
    var known = try Self.hashes(in: manifest)
    var exported = ExportedSkills()
    var changed: [SkillFile] = []
    for file in files.filter(\.isMeant).map(\.file) {
      let own = joinPath(folder, file.folder)
      let path = joinPath(own, "SKILL.md")
      // What a link leads to is a person's.
      let isOthers = isLink(own) || isLink(path) || !isOrdinary(own, path)
      let present = try isOthers ? [] : Configuration.bytes(of: path)
      if present == file.bytes {
        exported.unchanged.append(file.folder)
        known[file.folder] = [Self.hash(file.bytes)]
      } else if let present, known[file.folder]?.contains(Self.hash(present)) != true {
        exported.kept.append(file.folder)
      } else {
        changed.append(file)
        known[file.folder, default: []].insert(Self.hash(file.bytes))
      }
    }
    // With what is there and what will be: whichever is there when this ends is an export's.
    try Self.keep(known, as: manifest)
    for file in changed {
      let own = joinPath(folder, file.folder)
      try makeOrdinaryFolder(own)
      try Self.replace(joinPath(own, "SKILL.md"), with: file.bytes)
      known[file.folder] = [Self.hash(file.bytes)]
      exported.written.append(file.folder)
    }
    for file in files where !file.isMeant {
      try remove(file.file, from: folder, &known, &exported)
    }
    try Self.keep(known, as: manifest)
    return exported
  }

  /// Removes what an export wrote of a skill that is left out by now, unless somebody changed it; what
  /// others put beside it stays.
  private func remove(
    _ file: SkillFile, from folder: String, _ known: inout [String: Set<String>],
    _ exported: inout ExportedSkills
  ) throws {
    let own = joinPath(folder, file.folder)
    let path = joinPath(own, "SKILL.md")
    guard let hashes = known[file.folder], !isLink(own), !isLink(path), isOrdinary(own, path),
      let present = try Configuration.bytes(of: path), file.isOfSameSkill(present)
    else { return }
    guard hashes.contains(Self.hash(present)) else { return exported.kept.append(file.folder) }
    try removeFile(path)
    if try folderNames(own).isEmpty { try removeFolder(own) }
    known[file.folder] = nil
    exported.removed.append(file.folder)
  }

  /// Whether there is nothing at the names of a skill's folder and file but a folder and a file: of what
  /// else there is nobody can read.
  private func isOrdinary(_ folder: String, _ file: String) -> Bool {
    let files = DiskFiles()
    return files.status(folder).map { $0.isDirectory } ?? true
      && files.status(file).map { $0.isRegular } ?? true
  }

  private static func hash(_ bytes: [UInt8]) -> String { "\(SHA256Digest(of: bytes.span))" }

  /// Writes a line a file, as `sha256sum` prints it.
  private static func keep(_ hashes: [String: Set<String>], as path: String) throws {
    let lines = hashes.sorted { $0.key < $1.key }.flatMap { folder, hashes in
      hashes.sorted().map { "\($0)  \(folder)/SKILL.md\n" }
    }
    let bytes = Array(lines.joined().utf8)
    if try Configuration.bytes(of: path) != bytes { try replace(path, with: bytes) }
  }

  /// What does not read as a line of a manifest says nothing: the file that it is about is left.
  private static func hashes(in path: String) throws -> [String: Set<String>] {
    var hashes: [String: Set<String>] = [:]
    if let status = DiskFiles().status(path), !status.isRegular {
      throw FoldlogError(.inputOutput, "\(shownPath(path)) is no file: remove it")
    }
    let text = String(decoding: try Configuration.bytes(of: path) ?? [], as: UTF8.self)
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
      guard parts.count == 2, parts[1].hasSuffix("/SKILL.md") else { continue }
      let folder = parts[1].dropLast("/SKILL.md".utf8.count).drop { $0 == " " }
      hashes[String(folder), default: []].insert(String(parts[0]))
    }
    return hashes
  }

  /// Writes a file beside its name, which takes the name when it is whole on disk.
  private static func replace(_ path: String, with bytes: [UInt8]) throws {
    let unfinished = joinPath(splitPath(path).folder, ".foldlog-skill.unfinished")
    let file = FileDescriptor(rawValue: try createPrivateFile(unfinished, owner: .maker))
    do {
      try file.closeAfter {
        _ = try file.writeAll(bytes)
        try synchronise(file)
      }
      try renameFile(unfinished, to: path)
    } catch {
      try removeFile(unfinished)
      throw error
    }
  }
}
