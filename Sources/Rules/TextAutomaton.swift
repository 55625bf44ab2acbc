/// Finds which of many texts stand in a text, in one pass, whatever the case of ASCII letters (Aho
/// and Corasick 1975). Each text belongs to a group, of at most 64.
struct TextAutomaton: Sendable {
  /// The number of each byte among those that stand in the texts; 0 for all others.
  private let classes: [UInt16]
  private let classCount: Int
  /// For each state and class the next state.
  private let steps: [UInt32]
  /// For each state the groups of the texts that end there.
  private let groups: [UInt64]

  /// - Parameter texts: not empty, each in small letters, with its group.
  init(_ texts: [(text: [UInt8], group: Int)]) {
    var classes = [UInt16](repeating: 0, count: 256)
    var classCount = 1
    for (text, _) in texts {
      for byte in text where classes[Int(byte)] == 0 {
        classes[Int(byte)] = UInt16(classCount)
        classCount += 1
      }
    }
    var steps = [UInt32](repeating: 0, count: classCount)
    var groups: [UInt64] = [0]
    for (text, group) in texts {
      var state = 0
      for byte in text {
        let place = state * classCount + Int(classes[Int(byte)])
        if steps[place] == 0 {
          steps[place] = UInt32(groups.count)
          groups.append(0)
          steps.append(contentsOf: repeatElement(0, count: classCount))
        }
        state = Int(steps[place])
      }
      groups[state] |= 1 << UInt64(group)
    }
    Self.link(&steps, &groups, classCount)
    for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") {
      classes[Int(byte)] = classes[Int(byte | 0x20)]
    }
    self.classes = classes
    self.classCount = classCount
    self.steps = steps
    self.groups = groups
  }

  /// Gives each state the steps of the longest of its ends that begins a text, where it has none, and
  /// the groups of the texts that end in it; the nearest to the start first.
  private static func link(_ steps: inout [UInt32], _ groups: inout [UInt64], _ classCount: Int) {
    var ends = [UInt32](repeating: 0, count: groups.count)
    var waiting = steps[..<classCount].filter { $0 != 0 }
    var index = 0
    while index < waiting.count {
      let state = Int(waiting[index])
      index += 1
      let end = Int(ends[state])
      groups[state] |= groups[end]
      for byte in 0..<classCount {
        let place = state * classCount + byte
        let further = steps[end * classCount + byte]
        if steps[place] == 0 {
          steps[place] = further
        } else {
          ends[Int(steps[place])] = further
          waiting.append(steps[place])
        }
      }
    }
  }

  /// The groups of the texts that stand in a text, one bit for each.
  func groups(in text: Span<UInt8>) -> UInt64 {
    let (classes, steps, groups) = (classes.span, steps.span, groups.span)
    var found: UInt64 = 0
    var state = 0
    for index in text.indices {
      state = Int(steps[state &* classCount &+ Int(classes[Int(text[index])])])
      found |= groups[state]
    }
    return found
  }
}
