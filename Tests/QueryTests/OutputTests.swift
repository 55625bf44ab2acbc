import Testing

@testable import Query

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct OutputTests {
  private func makePipe() -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [-1, -1]
    _ = unsafe ends.withUnsafeMutableBufferPointer { unsafe pipe($0.baseAddress) }
    return (ends[0], ends[1])
  }

  private func readAll(_ descriptor: Int32) -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, 4_096)
      }
      if count <= 0 { return all }
      all += buffer[..<count]
    }
  }

  @Test func `keeps bytes until there are many, or it is told to write`() {
    let (reader, writer) = makePipe()
    let output = Output(descriptor: writer)
    output.append("héllo ")
    output.append(Array("world\n".utf8))
    output.flush()
    output.append("lost without a flush")
    #expect(output.isOpen)
    #expect(output.failure == nil)
    close(writer)
    #expect(readAll(reader) == Array("héllo world\n".utf8))
    close(reader)
  }

  @Test func `closes quietly when the reader has gone`() {
    Output.ignoreBrokenPipes()
    let (reader, writer) = makePipe()
    close(reader)
    let output = Output(descriptor: writer)
    output.append("nobody reads this")
    #expect(output.isOpen)
    output.flush()
    #expect(!output.isOpen)
    #expect(output.failure == nil)
    output.append([UInt8](repeating: 0, count: 1 << 20))
    close(writer)
  }

  @Test func `keeps the reason of any other failure`() {
    let output = Output(descriptor: -1)
    output.append("x")
    output.flush()
    #expect(!output.isOpen)
    #expect(output.failure?.description == "cannot write the output: Bad file descriptor")
  }

  @Test func `writes all of a large piece, also where writing would block`() async {
    let (reader, writer) = makePipe()
    _ = fcntl(writer, F_SETFL, O_NONBLOCK)
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    async let received = Task.detached { [self] in readAll(reader) }.value
    let output = Output(descriptor: writer)
    output.append([1])
    output.append(bytes)
    output.flush()
    close(writer)
    #expect(await received == [1] + bytes)
    close(reader)
  }
}
