import Testing
import ViewStore

@testable import Foldlog

/// Whether a place is the one that was noted.
@Suite struct PlaceTests {
  private func note(
    number: UInt64 = 7, madeAt_ns: Int64 = 0, device: UInt64 = 3, machine: String = "a"
  ) -> PlaceNote {
    let mark = FileMark(number: number, madeAt_ns: madeAt_ns, device: device)
    return PlaceNote(directory: mark, log: mark, machine: machine)
  }

  private func isSame(_ one: PlaceNote, _ other: PlaceNote) -> Bool {
    let isSame = one.isSameDirectory(as: other)
    #expect(one.isSameLog(as: other) == isSame && other.isSameDirectory(as: one) == isSame)
    return isSame
  }

  @Test func `where files say when they were made, disk and machine may change`() {
    #expect(
      isSame(
        note(madeAt_ns: 5, device: 1, machine: "a"), note(madeAt_ns: 5, device: 2, machine: "b")))
    #expect(!isSame(note(madeAt_ns: 5), note(madeAt_ns: 6)))
    #expect(!isSame(note(number: 1, madeAt_ns: 5), note(number: 2, madeAt_ns: 5)))
  }

  @Test func `where they do not, both have to be the same, and no name is any`() {
    #expect(isSame(note(), note()))
    #expect(!isSame(note(device: 1), note(device: 2)))
    #expect(!isSame(note(machine: "a"), note(machine: "b")))
    #expect(isSame(note(machine: ""), note(machine: "b")))
    #expect(isSame(note(machine: ""), note(machine: "")))
    #expect(!isSame(note(device: 1, machine: ""), note(device: 2, machine: "b")))
  }
}
