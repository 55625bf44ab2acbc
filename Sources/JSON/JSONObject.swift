/// An object of a parsed document: a cursor on its tape, valid only inside the closure that it was
/// handed to.
package struct JSONObject: ~Escapable {
  let tape: Tape
  let index: Int

  @_lifetime(copy tape)
  init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
  }

  /// All members in the order of the line. A key that occurs twice comes twice.
  package var members: JSONMembers {
    @_lifetime(copy self)
    get { JSONMembers(tape: tape, next: index &+ 1) }
  }

  /// The value of a key; of several the last. For tests and rare questions: it looks at each member.
  package subscript(key: String) -> JSONValue? {
    @_lifetime(copy self)
    get {
      var found = -1
      var members = members
      while let member = members.next() {
        if equal(member.key.utf8, key.utf8.span) { found = member.value.index }
      }
      return found < 0 ? nil : JSONValue(tape: tape, index: found)
    }
  }

  /// A value of the same document whose `JSONValue.index` is known.
  @_lifetime(copy self)
  package func value(at index: Int) -> JSONValue { JSONValue(tape: tape, index: index) }
}

/// Goes through the members of an object.
package struct JSONMembers: ~Escapable {
  let tape: Tape
  var nextIndex: Int

  @_lifetime(copy tape)
  init(tape: Tape, next: Int) {
    self.tape = tape
    nextIndex = next
  }

  @_lifetime(copy self)
  @_lifetime(self: copy self)
  package mutating func next() -> JSONMember? {
    guard tape.tag(nextIndex) == TapeTag.text else { return nil }
    let member = JSONMember(tape: tape, index: nextIndex)
    nextIndex = tape.index(after: nextIndex &+ 1)
    return member
  }
}

/// A key with its value.
package struct JSONMember: ~Escapable {
  let tape: Tape
  let index: Int

  @_lifetime(copy tape)
  init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
  }

  package var key: JSONKey {
    @_lifetime(copy self)
    get { JSONKey(tape: tape, index: index) }
  }

  package var value: JSONValue {
    @_lifetime(copy self)
    get { JSONValue(tape: tape, index: index &+ 1) }
  }
}

/// An array of a parsed document: a cursor on its tape, valid only inside the closure that it was
/// handed to.
package struct JSONArray: ~Escapable {
  let tape: Tape
  let index: Int

  @_lifetime(copy tape)
  init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
  }

  /// Constant time up to 16,777,214 elements; then it counts them.
  package var count: Int {
    let count = tape.count(index)
    guard count >= Tape.countMax else { return count }
    var elements = elements
    var counted = 0
    while elements.next() != nil { counted += 1 }
    return counted
  }

  package var elements: JSONElements {
    @_lifetime(copy self)
    get { JSONElements(tape: tape, next: index &+ 1) }
  }
}

/// Goes through the elements of an array.
package struct JSONElements: ~Escapable {
  let tape: Tape
  var nextIndex: Int

  @_lifetime(copy tape)
  init(tape: Tape, next: Int) {
    self.tape = tape
    nextIndex = next
  }

  @_lifetime(copy self)
  @_lifetime(self: copy self)
  package mutating func next() -> JSONValue? {
    guard tape.tag(nextIndex) != TapeTag.arrayEnd else { return nil }
    let value = JSONValue(tape: tape, index: nextIndex)
    nextIndex = tape.index(after: nextIndex)
    return value
  }
}
