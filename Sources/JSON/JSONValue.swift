/// What a value is.
package enum JSONKind: Sendable {
  case null, bool, integer, double, text, array, object
  /// Valid JSON that cannot be represented: a number beyond 64 bits, text with half a surrogate pair.
  case absent
}

/// A value of a parsed document: a cursor on its tape, to be copied freely, and valid only inside the
/// closure that it was handed to.
package struct JSONValue: ~Escapable {
  let tape: Tape
  /// Its place on the tape: `JSONObject.value(at:)` finds it again.
  package let index: Int

  @_lifetime(copy tape)
  init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
  }

  package var kind: JSONKind {
    switch tape.tag(index) {
    case TapeTag.text: .text
    case TapeTag.int64, TapeTag.uint64: .integer
    case TapeTag.double: .double
    case TapeTag.isTrue, TapeTag.isFalse: .bool
    case TapeTag.null: .null
    case TapeTag.object: .object
    case TapeTag.array: .array
    default: .absent
    }
  }

  /// Nil unless it is true or false.
  package var bool: Bool? {
    switch tape.tag(index) {
    case TapeTag.isTrue: true
    case TapeTag.isFalse: false
    default: nil
    }
  }

  /// Nil unless it is written as an integer that fits.
  package var int64: Int64? {
    switch tape.tag(index) {
    case TapeTag.int64: Int64(bitPattern: tape.word(index &+ 1))
    case TapeTag.uint64: Int64(exactly: tape.word(index &+ 1))
    default: nil
    }
  }

  /// Nil unless it is written as an integer that fits.
  package var uint64: UInt64? {
    switch tape.tag(index) {
    case TapeTag.int64: UInt64(exactly: Int64(bitPattern: tape.word(index &+ 1)))
    case TapeTag.uint64: tape.word(index &+ 1)
    default: nil
    }
  }

  /// The nearest double of any number; nil unless it is one.
  package var double: Double? {
    switch tape.tag(index) {
    case TapeTag.int64: Double(Int64(bitPattern: tape.word(index &+ 1)))
    case TapeTag.uint64: Double(tape.word(index &+ 1))
    case TapeTag.double: Double(bitPattern: tape.word(index &+ 1))
    default: nil
    }
  }

  /// The UTF-8 of a text, without its quotation marks and escapes; empty for anything else.
  package var utf8: Span<UInt8> {
    @_lifetime(copy self)
    get { tape.tag(index) == TapeTag.text ? tape.text(index) : Span() }
  }

  /// Nil unless it is a text. Copies it.
  package var string: String? {
    tape.tag(index) == TapeTag.text ? String(decoding: tape.text(index)) : nil
  }

  /// Nil unless it is an object.
  package var object: JSONObject? {
    @_lifetime(copy self)
    get { tape.tag(index) == TapeTag.object ? JSONObject(tape: tape, index: index) : nil }
  }

  /// Nil unless it is an array.
  package var array: JSONArray? {
    @_lifetime(copy self)
    get { tape.tag(index) == TapeTag.array ? JSONArray(tape: tape, index: index) : nil }
  }

  /// Whether it is null, empty, or nothing that can be represented.
  package var isNothing: Bool {
    switch tape.tag(index) {
    case TapeTag.null, TapeTag.absent: true
    default: isEmpty
    }
  }

  /// Whether it is a text, an array or an object with nothing in it.
  package var isEmpty: Bool {
    switch tape.tag(index) {
    case TapeTag.text: tape.text(index).isEmpty
    case TapeTag.array, TapeTag.object: tape.count(index) == 0
    default: false
    }
  }
}

extension String {
  /// A text of a document. What is no UTF-8 would be replaced, and never occurs there.
  package init(decoding span: Span<UInt8>) {
    self = unsafe span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
