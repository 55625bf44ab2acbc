internal import Bytes
internal import Events
internal import JSON

// How formats read what a tool wrote: a member that is missing, or of another type, is nil.

extension JSONObject {
  func text(_ key: String) -> String? {
    guard let value = self[key], !value.utf8.isEmpty else { return nil }
    return value.string
  }

  @_lifetime(copy self)
  func object(_ key: String) -> JSONObject? { self[key]?.object }

  func number(_ key: String) -> FixedPoint? { self[key]?.fixedPoint }

  /// Nil also for a number that counts nothing that there is.
  func count(_ key: String) -> UInt64? {
    self[key]?.uint64.flatMap { $0 <= 1_000_000_000_000_000 ? $0 : nil }
  }

  func bool(_ key: String) -> Bool? { self[key]?.bool }

  /// Whether a member is there with this text.
  func has(_ key: String, _ text: StaticString) -> Bool {
    guard let value = self[key] else { return false }
    return value.string == text.description
  }
}

extension JSONValue {
  var fixedPoint: FixedPoint? {
    if let integer = int64 { return FixedPoint(integer) }
    return double.flatMap { FixedPoint($0) }
  }

  /// The texts of a list of content blocks, or a text itself.
  var contentText: String? {
    if let text = string { return text }
    guard let array else { return nil }
    var texts: [String] = []
    var elements = array.elements
    while let element = elements.next() {
      if let text = element.string ?? element.object?.text("text") { texts.append(text) }
    }
    return texts.isEmpty ? nil : texts.joined(separator: "\n")
  }

  /// A hash of what the value says: the same for the same members in the same order.
  var fingerprint: Hash128 {
    var writer = ByteWriter(capacity: 256)
    append(to: &writer)
    return Hash128(of: writer.span)
  }

  private func append(to writer: inout ByteWriter) {
    switch kind {
    case .null: writer.append(byte: 0)
    case .bool: writer.append(byte: bool == true ? 1 : 2)
    case .integer:
      writer.append(byte: 3)
      writer.append(varint: uint64 ?? UInt64(bitPattern: int64 ?? 0))
    case .double:
      writer.append(byte: 4)
      writer.append(varint: (double ?? 0).bitPattern)
    case .text:
      writer.append(byte: 5)
      writer.append(varint: utf8.count)
      writer.append(utf8)
    case .array:
      writer.append(byte: 6)
      guard let array else { return }
      var elements = array.elements
      while let element = elements.next() { element.append(to: &writer) }
      writer.append(byte: 7)
    case .object:
      writer.append(byte: 8)
      guard let object else { return }
      var members = object.members
      while let member = members.next() {
        writer.append(varint: member.key.utf8.count)
        writer.append(member.key.utf8)
        member.value.append(to: &writer)
      }
      writer.append(byte: 9)
    case .absent: writer.append(byte: 10)
    }
  }
}

private func hasHiddenPart(_ path: Span<UInt8>) -> Bool {
  var start = 1
  while let dot = firstIndex(of: UInt8(ascii: "."), in: path, from: start) {
    if path[dot - 1] == UInt8(ascii: "/") { return true }
    start = dot + 1
  }
  return false
}

/// The folder that an agent works in, as the name of a project: a worktree that a tool made for
/// itself is the project that it was made of.
package func projectName(ofFolder folder: String?) -> String? {
  guard let folder, !folder.isEmpty else { return nil }
  // Every line has one, and few have a hidden folder in it.
  if !hasHiddenPart(folder.utf8.span) { return folder }
  for part in ["/.worktrees/", "/.claude/worktrees/", "/.codex/worktrees/", "/.git/"] {
    if let found = folder.firstRange(of: part) { return String(folder[..<found.lowerBound]) }
  }
  return folder
}
