internal import Bytes

/// Puts foldlog's hooks into the settings of an agent, and takes them out, byte for byte.
///
/// Claude Code and Codex name hooks alike: `{"hooks": {EVENT: [{"hooks": [{"type": "command",
/// "command": …}]}]}}`. What is put in lies behind all that is there. A list or object that was
/// there, and empty, gets one blank before it: so that what is taken out leaves what there was. All
/// others that would be left empty are taken out, too, also of settings that a program has laid out anew.
enum HookSettings {
  /// A command that an agent is to run at a moment.
  struct Entry: Equatable {
    /// As the agent calls the moment.
    let event: String
    let command: String
  }

  /// Why settings are not changed.
  struct Refusal: Error, Equatable {
    let reason: String
  }

  /// The settings with these entries, each once: one that is there has its command put right.
  ///
  /// - Parameter bytes: nil where there is no file.
  static func adding(
    _ entries: [Entry], of program: String = "foldlog", to bytes: [UInt8]?
  ) throws(Refusal) -> [UInt8] {
    guard var bytes, try removing(of: program, from: bytes) != nil else { return whole(entries) }
    // At moments at which none of these is run, an earlier foldlog's is not either.
    bytes = try removing(of: program, from: bytes) { event, _ in
      !entries.contains { $0.event == event }
    }
    for entry in entries { bytes = try adding(entry, among: entries, of: program, to: bytes) }
    return bytes
  }

  private static func adding(
    _ entry: Entry, among entries: [Entry], of program: String, to bytes: [UInt8]
  ) throws(Refusal) -> [UInt8] {
    let root = try root(of: bytes)
    guard let hooks = root["hooks"] else { return inserting(member(entries), in: root, bytes) }
    guard hooks.members != nil else { throw Refusal(reason: "`hooks` is no object") }
    guard let groups = hooks[entry.event] else { return inserting(list(entry), in: hooks, bytes) }
    guard let elements = groups.elements else {
      throw Refusal(reason: "`hooks.\(entry.event)` is no list")
    }
    for handler in elements.compactMap({ $0["hooks"]?.elements }).joined() {
      guard let command = handler["command"], let text = command.text,
        isOurs(text, program: program)
      else { continue }
      var changed = bytes
      if text != entry.command {
        changed.replaceSubrange(command.range, with: quoted(entry.command).utf8)
      }
      return changed
    }
    return inserting(group(entry), in: groups, bytes)
  }

  /// A file of nothing else.
  private static func whole(_ entries: [Entry]) -> [UInt8] {
    Array("{\(member(entries))}\n".utf8)
  }

  /// The settings without any entry of foldlog's; nil where the file is all foldlog's, as it was written.
  static func removing(
    of program: String = "foldlog", from bytes: [UInt8]
  ) throws(Refusal) -> [UInt8]? {
    var entries: [Entry] = []
    let after = try removing(of: program, from: bytes) { event, command in
      entries.append(Entry(event: event, command: command))
      return true
    }
    return bytes == whole(entries) ? nil : after
  }

  /// - Parameter isMeant: whether one of foldlog's is to go.
  private static func removing(
    of program: String, from bytes: [UInt8], _ isMeant: (_ event: String, _ command: String) -> Bool
  ) throws(Refusal) -> [UInt8] {
    var bytes = bytes
    while true {
      let root = try root(of: bytes)
      guard let (event, group, handler) = ours(in: root, of: program, isMeant),
        let hooks = root["hooks"],
        let groups = hooks[event], let handlers = groups.elements?[group]["hooks"]
      else { return bytes }
      if handlers.items.count > 1 {
        bytes = without(handler, of: handlers, bytes)
      } else if !isMade(groups, bytes) {
        bytes = without(group, of: groups, bytes)
      } else if !isMade(hooks, bytes) {
        bytes = without(place(of: event, in: hooks), of: hooks, bytes)
      } else {
        bytes = without(place(of: "hooks", in: root), of: root, bytes)
      }
    }
  }

  /// Where an entry of foldlog's lies.
  private static func ours(
    in root: SettingsText.Node, of program: String,
    _ isMeant: (_ event: String, _ command: String) -> Bool
  ) -> (event: String, group: Int, handler: Int)? {
    for member in root["hooks"]?.members ?? [] {
      for (group, node) in (root["hooks"]?[member.name]?.elements ?? []).enumerated() {
        for (handler, said) in (node["hooks"]?.elements ?? []).enumerated() {
          if let text = said["command"]?.text, isOurs(text, program: program),
            isMeant(member.name, text)
          {
            return (member.name, group, handler)
          }
        }
      }
    }
    return nil
  }

  private static func place(of name: String, in node: SettingsText.Node) -> Int {
    node.members?.lastIndex { $0.name == name } ?? 0
  }

  /// Whether a command is of the form that foldlog puts in, and runs foldlog, wherever it lies. What
  /// runs anything beside that is a person's own, and stays.
  ///
  /// - Parameter program: as this program is called.
  static func isOurs(_ command: String, program: String = "foldlog") -> Bool {
    guard let words = plainWords(command), words.count >= 3, words.count % 2 == 1,
      words[1] == "hook", HookMoment(rawValue: words[2]) != nil,
      stride(from: 3, to: words.count, by: 2).allSatisfy({ options.contains(words[$0]) })
    else { return false }
    let name = words[0].split(separator: "/").last.map(String.init)
    return name == program || name == "foldlog"
  }

  /// What a hook can be told, each with a value behind it.
  private static let options: Set = ["--data", "--within-ms", "--log-level"]

  /// The words of one command, without their quotes; nil where a shell would do more than run it.
  private static func plainWords(_ command: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    var rest = command[...]
    while let next = rest.popFirst() {
      switch next {
      case "'":
        isQuoted.toggle()
        word = word ?? ""
      case _ where isQuoted: word?.append(next)
      case "\\":
        guard let escaped = rest.popFirst() else { return nil }
        word = (word ?? "") + String(escaped)
      case " ", "\t":
        if let word { words.append(word) }
        word = nil
      case _ where "|&;<>()$`\"*?[]{}~!#\n\r".contains(next): return nil
      default: word = (word ?? "") + String(next)
      }
    }
    if isQuoted { return nil }
    if let word { words.append(word) }
    return words
  }

  private static func root(of bytes: [UInt8]) throws(Refusal) -> SettingsText.Node {
    let root: SettingsText.Node
    do throws(SettingsText.Fault) { root = try SettingsText.root(of: bytes) } catch {
      throw Refusal(reason: "it is no JSON: \(error.reason) (byte \(error.position))")
    }
    guard root.members != nil else { throw Refusal(reason: "it is no object of JSON") }
    return root
  }

  // MARK: What is put in

  private static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.append(json: text)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Seconds after which an agent gives a hook up: it takes far less.
  private static let timeout_s = 5

  private static func group(_ entry: Entry) -> String {
    #"{"hooks": [{"type": "command", "command": \#(quoted(entry.command)), "#
      + #""timeout": \#(timeout_s)}]}"#
  }

  private static func list(_ entry: Entry) -> String { "\"\(entry.event)\": [\(group(entry))]" }

  private static func member(_ entries: [Entry]) -> String {
    "\"hooks\": {\(entries.map(list).joined(separator: ", "))}"
  }

  /// Puts an item behind those of a list or object.
  private static func inserting(
    _ item: String, in node: SettingsText.Node, _ bytes: [UInt8]
  ) -> [UInt8] {
    var bytes = bytes
    guard let last = node.items.last else {
      let open = node.range.lowerBound + 1
      bytes.insert(contentsOf: " \(item)".utf8, at: open)
      return bytes
    }
    // Set apart as the last one is.
    let blank = bytes[..<last.lowerBound].reversed().prefix(while: SettingsText.isBlank).reversed()
    let space = blank.isEmpty ? [0x20] : Array(blank)
    if node.commas.count == node.items.count, let comma = node.commas.last {
      bytes.insert(contentsOf: space + Array("\(item),".utf8), at: comma + 1)
    } else {
      bytes.insert(contentsOf: [UInt8(ascii: ",")] + space + Array(item.utf8), at: last.upperBound)
    }
    return bytes
  }

  // MARK: What is taken out

  /// Whether a list or object holds one item and is not one that was there, and empty: before that just
  /// one blank was put.
  private static func isMade(_ node: SettingsText.Node, _ bytes: [UInt8]) -> Bool {
    guard node.items.count == 1 else { return false }
    let open = node.range.lowerBound
    return !(node.items[0].lowerBound == open + 2 && bytes[open + 1] == 0x20)
  }

  private static func without(
    _ place: Int, of node: SettingsText.Node, _ bytes: [UInt8]
  ) -> [UInt8] {
    let (items, commas) = (node.items, node.commas)
    let item = items[place]
    var range = item
    if items.count == 1 {
      // The blank that was put before it.
      let open = node.range.lowerBound
      if item.lowerBound == open + 2, bytes[open + 1] == 0x20 {
        range = (open + 1)..<item.upperBound
      }
      if let comma = commas.first { range = range.lowerBound..<(comma + 1) }
    } else if place == items.count - 1, commas.count == items.count {
      // Behind a comma that was there, with one of its own.
      var start = item.lowerBound
      while SettingsText.isBlank(bytes[start - 1]) { start -= 1 }
      range = start..<(commas[place] + 1)
    } else if place > 0 {
      range = commas[place - 1]..<item.upperBound
    } else {
      var end = commas[0] + 1
      while SettingsText.isBlank(bytes[end]) { end += 1 }
      range = item.lowerBound..<end
    }
    var bytes = bytes
    bytes.removeSubrange(range)
    return bytes
  }
}
