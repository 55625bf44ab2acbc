/// Finds which of many texts stand in a text, in one pass, whatever the case of letters (Aho
/// and Corasick 1975). Each text has a mark, of which there are 128.
struct TextAutomaton: Sendable {
  /// The number of each byte among those that stand in the texts; 0 for all others.
  private let classes: [UInt16]
  private let classCount: Int
  /// For each state and class the place of the next state's steps, with a mark where a text ends.
  private let steps: [UInt32]
  /// For each state the marks of the texts that end there, a bit each.
  private let marks: [UInt128]
  /// The same of the sizes of those of which the places are told.
  private let sizes: [UInt32]
  /// The marks of the texts of which the places are told, a bit each.
  private let placed: UInt128

  /// - Parameters:
  ///   - texts: not empty, each in small letters, with its mark.
  ///   - placed: the marks of the texts of which the places are told; they have at most 31 bytes.
  init(_ texts: [(text: [UInt8], mark: Int)], placed: UInt128 = 0) {
    var classes = [UInt16](repeating: 0, count: 256)
    var classCount = 1
    for (text, _) in texts {
      for byte in text where classes[Int(byte)] == 0 {
        classes[Int(byte)] = UInt16(classCount)
        classCount += 1
      }
    }
    // Room for as many states as there can be: their steps are never moved. What is not used of it is
    // not touched, and so takes no memory.
    let statesMax = 1 + texts.reduce(0) { $0 + $1.text.count }
    var marks: [UInt128] = []
    marks.reserveCapacity(statesMax)
    var sizes: [UInt32] = []
    sizes.reserveCapacity(statesMax)
    var steps = unsafe [UInt32](unsafeUninitializedCapacity: statesMax * classCount) {
      buffer, count in
      func addState() {
        let row = marks.count * classCount
        unsafe buffer[row..<(row + classCount)].initialize(repeating: 0)
        marks.append(0)
        sizes.append(0)
      }
      addState()
      for (text, mark) in texts {
        var state = 0
        for byte in text {
          let place = state * classCount + Int(classes[Int(byte)])
          if unsafe buffer[place] == 0 {
            unsafe buffer[place] = UInt32(marks.count)
            addState()
          }
          state = unsafe Int(buffer[place])
        }
        marks[state] |= 1 << UInt128(mark)
        if placed >> UInt128(mark) & 1 == 1 { sizes[state] |= 1 << UInt32(text.count) }
      }
      count = marks.count * classCount
    }
    Self.link(&steps, &marks, &sizes, classCount)
    for byte in UInt8.min...UInt8.max where lowered(byte) != byte {
      classes[Int(byte)] = classes[Int(lowered(byte))]
    }
    self.classes = classes
    self.classCount = classCount
    Self.mark(&steps, marks, classCount)
    self.steps = steps
    self.marks = marks
    self.sizes = sizes
    self.placed = placed
  }

  private static var endMark: UInt32 { 1 << 31 }

  /// Gives each state the steps of the longest of its ends that begins a text, where it has none, and
  /// the marks of the texts that end in it; the nearest to the start first.
  private static func link(
    _ steps: inout [UInt32], _ marks: inout [UInt128], _ sizes: inout [UInt32], _ classCount: Int
  ) {
    var ends = [UInt32](repeating: 0, count: marks.count)
    var waiting: [UInt32] = []
    waiting.reserveCapacity(marks.count)
    for state in steps[..<classCount] where state != 0 { waiting.append(state) }
    var steps = steps.mutableSpan
    var index = 0
    while index < waiting.count {
      let state = Int(waiting[index])
      index += 1
      let end = Int(ends[state])
      marks[state] |= marks[end]
      sizes[state] |= sizes[end]
      let (own, further) = (state * classCount, end * classCount)
      // Both rows are within: there is one for each state. These are by far the most steps of a start.
      for byte in 0..<classCount {
        let next = unsafe steps[unchecked: own &+ byte]
        if next == 0 {
          unsafe steps[unchecked: own &+ byte] = steps[unchecked: further &+ byte]
        } else {
          ends[Int(next)] = unsafe steps[unchecked: further &+ byte]
          waiting.append(next)
        }
      }
    }
  }

  /// Turns the number of each next state into its place, with a mark where a text ends.
  private static func mark(_ steps: inout [UInt32], _ marks: [UInt128], _ classCount: Int) {
    let places = marks.indices.map { state in
      UInt32(state * classCount) | (marks[state] == 0 ? 0 : endMark)
    }
    let placesOfStates = places.span
    var steps = steps.mutableSpan
    for index in steps.indices {
      unsafe steps[unchecked: index] = placesOfStates[unchecked: Int(steps[unchecked: index])]
    }
  }

  /// The marks of the texts that stand in a text, one bit for each.
  ///
  /// - Parameters:
  ///   - seen: gets the bytes of the text.
  ///   - places: gets the places of the texts of which they are told.
  func marks(
    in text: Span<UInt8>, _ seen: inout SeenBytes, _ places: inout TextPlaces
  ) -> UInt128 {
    let (classes, steps) = (classes.span, steps.span)
    var found: UInt128 = 0
    var state: UInt32 = 0
    for index in text.indices {
      let byte = Int(text[index])
      seen.add(byte)
      // Both are within: the classes are of all bytes, and a step leads to steps for each class.
      state = unsafe steps[unchecked: Int(state) &+ Int(classes[unchecked: byte])]
      if state & Self.endMark != 0 {
        state &= ~Self.endMark
        let own = Int(state) / classCount
        found |= marks[own]
        if sizes[own] != 0 { places.add(marks[own] & placed, sizes[own], end: index + 1) }
      }
    }
    return found
  }
}

/// Where texts end, and of which sizes those are that may end there.
struct TextPlaces {
  /// More than these are not looked at one by one.
  private static var countMax: Int { 48 }

  private var all: [(marks: UInt128, sizes: UInt32, end: Int)] = []
  /// Whether there are more than were kept.
  private(set) var isFull = false

  mutating func add(_ marks: UInt128, _ sizes: UInt32, end: Int) {
    if all.count == Self.countMax { isFull = true }
    if !isFull { all.append((marks, sizes, end)) }
  }

  /// Whether a condition holds where a text of a mark may begin.
  func contains(_ mark: UInt128, where condition: (Int) -> Bool) -> Bool {
    for place in all where place.marks & mark != 0 {
      var sizes = place.sizes
      while sizes != 0 {
        let start = place.end - sizes.trailingZeroBitCount
        if start >= 0, condition(start) { return true }
        sizes &= sizes &- 1
      }
    }
    return false
  }
}

/// Which bytes stand in a text.
struct SeenBytes {
  private var flags = [256 of UInt8](repeating: 0)

  @inline(__always)
  mutating func add(_ byte: Int) { unsafe flags[unchecked: byte & 0xff] = 1 }

  /// Whether one of some bytes of ASCII does, a bit each.
  func holdsOne(of bytes: UInt128) -> Bool {
    var rest = bytes
    while rest != 0 {
      if flags[rest.trailingZeroBitCount] != 0 { return true }
      rest &= rest &- 1
    }
    return false
  }
}
