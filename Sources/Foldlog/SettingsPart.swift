/// The part of a settings file that some sections make up, cut out line by line, so that it can stand
/// in another file with its own comments. A comment right above a section belongs to it.
struct SettingsPart: Equatable {
  /// The sections, with all that are inside them.
  private let sectionNames: Set<String>
  /// Settings like `values.profile = "quality"`, that stand before all sections.
  private var bare: [Line] = []
  private var sections: [Line] = []
  /// The lines of the file about other things: those before the part, and those after it.
  private var before: [Line] = []
  private var after: [Line] = []

  /// A line without its end, which may be LF, or CR and LF.
  private typealias Line = [UInt8]

  init(of file: String, sections: Set<String>) {
    sectionNames = sections
    var section: String?
    var pending: [Line] = []
    for line in Self.lines(of: file) {
      if isComment(line) {
        pending.append(line)
        continue
      }
      let header = sectionName(line)
      if header == nil { flush(&pending, section) }
      if let header { section = header }
      let isBare = section == nil && isMeant(keyName(line))
      flush(&pending, header ?? section)
      isBare ? bare.append(line) : add(line, section)
    }
    flush(&pending, section)
    trim(&before)
    trim(&after)
    trim(&self.sections)
  }

  private func isMeant(_ name: String) -> Bool {
    sectionNames.contains(String(name.prefix { $0 != "." }))
  }

  private static func lines(of file: String) -> [Line] {
    var bytes = Array(file.utf8)[...]
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
    return bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      $0.last == UInt8(ascii: "\r") ? Line($0.dropLast()) : Line($0)
    }
  }

  private mutating func flush(_ pending: inout [Line], _ section: String?) {
    for line in pending { add(line, section) }
    pending = []
  }

  private mutating func add(_ line: Line, _ section: String?) {
    if let section, isMeant(section) {
      sections.append(line)
    } else if sections.isEmpty {
      before.append(line)
    } else {
      after.append(line)
    }
  }

  /// The part, empty or ending with a newline.
  var text: String { Self.text(of: [bare + sections]) }

  /// The file that this was cut out of, with another part in its place.
  func file(with part: String) -> String {
    let part = SettingsPart(of: part, sections: sectionNames)
    // What stands before all sections does so before all of the file's.
    return Self.text(of: [part.bare, before, part.sections, after])
  }

  /// Blocks of lines, an empty line between two.
  private static func text(of blocks: [[Line]]) -> String {
    let texts = blocks.filter { !$0.isEmpty }.map { block in
      block.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    }
    return texts.joined(separator: "\n")
  }
}

/// Takes the blank lines off both ends.
private func trim(_ lines: inout [[UInt8]]) {
  while lines.last.map(isBlank) == true { lines.removeLast() }
  while lines.first.map(isBlank) == true { lines.removeFirst() }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

private func isBlank(_ line: [UInt8]) -> Bool { line.allSatisfy(isSpace) }

private func isComment(_ line: [UInt8]) -> Bool {
  line.first { !isSpace($0) } == UInt8(ascii: "#")
}

/// `values.weights` of ` [values.weights] # mine`; nil of a line that begins no section.
private func sectionName(_ line: [UInt8]) -> String? {
  let words = line.drop(while: isSpace)
  guard words.first == UInt8(ascii: "[") else { return nil }
  // A list has two.
  return bareName(
    words.drop { $0 == UInt8(ascii: "[") }.prefix { $0 != UInt8(ascii: "]") })
}

/// The key of a line like `values.profile = "quality"`; empty when it has none.
private func keyName(_ line: [UInt8]) -> String {
  let sign = UInt8(ascii: "=")
  return line.contains(sign) ? bareName(line[...].prefix { $0 != sign }) : ""
}

/// A name without spaces and quotes.
private func bareName(_ name: ArraySlice<UInt8>) -> String {
  String(
    decoding: name.filter { !isSpace($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") },
    as: UTF8.self)
}
