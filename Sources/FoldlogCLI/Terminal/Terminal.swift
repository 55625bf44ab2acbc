import Foldlog
import Query

#if canImport(Glibc)
  import Glibc
#endif

/// What the terminal is like, if there is one.
enum Terminal {
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of standard output; in a pipe those that an exported COLUMNS says, else nil.
  static var width: Int? {
    if outputIsTerminal { return columns(of: STDOUT_FILENO) }
    return processEnvironment("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Colour only on a terminal, and never when NO_COLOR says so (no-color.org).
  static var hasColour: Bool {
    outputIsTerminal && (processEnvironment("NO_COLOR") ?? "").isEmpty
      && processEnvironment("TERM") != "dumb"
  }

  /// Whether only ASCII is sure to be shown.
  static var isASCII: Bool { processEnvironment("TERM") == "dumb" }

  static var style: TextStyle {
    TextStyle(width: width, isColored: hasColour, isASCII: isASCII)
  }
}
