import TestSupport

/// Files that are rewritten without their oldest lines.
extension SimulatedWriters {
  /// What is left of the base without its oldest lines.
  private func trimmed() -> (inode: SimulatedFiles.Inode, kept: [UInt8])? {
    guard let inode = files[Self.name] else { return nil }
    complete(inode)
    let lines = lines(of: inode)
    guard lines.count > 1 else { return nil }
    let dropped = Int.random(in: 1..<lines.count, using: &random)
    destroyed.formUnion(lines[..<dropped])
    note("without \(dropped) of \(lines.count):")
    return (inode, Array((lines[dropped...].joined(separator: "\n") + "\n").utf8))
  }

  func rewriteInPlace() {
    guard let (inode, kept) = trimmed() else { return }
    note("rewrite \(inode.number) in place")
    files.overwrite(inode, with: kept)
    if chance(1, of: 2) { writeLines(to: inode) }
  }

  /// Through a file of another name, that is then renamed over the base.
  func rewriteBeside() {
    guard let (_, kept) = trimmed() else { return }
    neighbours += 1
    let names = ["\(Self.name).tmp", "\(Self.name).a\(neighbours)z", "tmp\(neighbours).jsonl"]
    guard let name = names.randomElement(using: &random) else { return }
    let half = kept.count / 2
    let fresh = files.create(name, reusing: chance(1, of: 2))
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
