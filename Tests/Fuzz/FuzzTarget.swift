#if canImport(Glibc)
  import Glibc
#endif

/// What is fuzzed: bytes in, and whatever they are, no trap and no broken promise.
enum FuzzTarget: String, CaseIterable {
  /// A file's content, plain or compressed, to lines.
  case lines
  /// A line, to its envelope and fields.
  case decoder
  /// A header, and a payload under it, to a block.
  case block
  /// A record of a source.
  case source

  func run(_ bytes: [UInt8]) {
    switch self {
    case .lines: fuzzLines(bytes)
    case .decoder: fuzzDecoder(bytes)
    case .block: fuzzBlock(bytes)
    case .source: fuzzSource(bytes)
    }
  }
}

/// Named by the environment, for the fuzzer owns the arguments.
private let target: FuzzTarget = {
  let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    preconditionFailure("FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue))")
  }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ pointer: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  target.run(unsafe Array(UnsafeBufferPointer(start: pointer, count: count)))
  return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// The name that the package manager gives to an executable's `main`.
@_cdecl("FoldlogFuzz_main")
public func main(
  _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  var count = count
  var arguments = unsafe arguments
  return unsafe runDriver(&count, &arguments, testOneInput)
}
