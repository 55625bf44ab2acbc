import TestSupport

/// Files that are rewritten without their oldest lines.
extension SimulatedWriters {
  /// What is left of the base without its oldest lines.
  private func trimmed() -> (inode: SimulatedFiles.Inode, kept: [UInt8])? {
    guard let inode = files[Self.name] else { return nil }
    complete(inode)
    let lines = lines(of: inode)
    guard lines.count > 1 else { return nil }
    isRewriteUnseen = true
    let dropped = Int.random(in: 1..<lines.count, using: &random)
    destroyed.formUnion(lines[..<dropped])
    note("without \(dropped) of \(lines.count):")
    return (inode, Array((lines[dropped...].joined(separator: "\n") + "\n").utf8))
  }

  /// At once, or as a shell does it: emptied first, and then written in pieces.
  func rewriteInPlace() {
    guard let (inode, kept) = trimmed() else { return }
    note("rewrite \(inode.number) in place")
    if chance(1, of: 3) {
      files.overwrite(inode, with: kept)
      inode.isRewrite = true
      if chance(1, of: 2) { writeLines(to: inode) }
      return
    }
    let half = Int.random(in: 0...kept.count, using: &random)
    files.overwrite(inode, with: [])
    inode.isRewrite = true
    isRewriting = true
    steps = [
      { [self] in files.append(Array(kept[..<half]), to: inode) },
      { [self] in
        files.append(Array(kept[half...]), to: inode)
        if chance(1, of: 2) { writeLines(to: inode) }
        isRewriting = false
      },
    ]
  }

  /// Through a file of another name, that is then renamed over the base.
  func rewriteBeside() {
    guard let (_, kept) = trimmed() else { return }
    neighbours += 1
    let names = ["\(Self.name).tmp", "\(Self.name).a\(neighbours)z", "tmp\(neighbours).jsonl"]
    guard let name = names.randomElement(using: &random) else { return }
    let half = kept.count / 2
    let fresh = files.create(name, reusing: chance(1, of: 2))
    fresh.isRewrite = true
    note("rewrite by \(name), \(fresh.number)")
    steps = [
      { [self] in files.append(Array(kept[..<half]), to: fresh) },
      { [self] in files.append(Array(kept[half...]), to: fresh) },
      { [self] in
        // What its writers added meanwhile is destroyed.
        if let base = files[Self.name] { destroy(base) }
        note("\(name) takes the base's place")
        files.rename(name, Self.name)
        staleWriter = nil
      },
    ]
  }
}
