import Glibc
import TestSupport
import Testing

/// Asks SciPy, as a process of its own. Numbers go there and back as their bits.
enum SciPy {
  static let isThere = (try? run("import scipy.stats, numpy", [])) == 0
  static let comment: Comment = "python3 has no scipy here (pip install scipy)"

  struct Failure: Error { let status: Int32 }

  /// The answers to some questions: a name and numbers each, several numbers back.
  static func answers(_ questions: [(name: String, numbers: [Double])]) throws -> [[Double]] {
    let directory = try TemporaryDirectory()
    let lines = questions.map { question in
      ([question.name] + question.numbers.map { String($0.bitPattern) }).joined(separator: " ")
    }
    try directory.write("questions", lines.joined(separator: "\n") + "\n")
    let output = directory.file("answers")
    let status = try run(script, [directory.file("questions"), output])
    guard status == 0 else { throw Failure(status: status) }
    return try text(output).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { $0.split(separator: " ").compactMap { UInt64($0).map(Double.init(bitPattern:)) } }
  }

  private static let script = """
    import struct, sys, warnings
    import numpy as np
    from scipy import stats

    warnings.simplefilter("ignore")
    double = lambda bits: struct.unpack("<d", struct.pack("<Q", int(bits)))[0]
    bits = lambda value: str(struct.unpack("<Q", struct.pack("<d", float(value)))[0])

    def welch(numbers):
      n = int(numbers[0])
      x, y = np.array(numbers[1:n + 1]), np.array(numbers[n + 1:])
      test = stats.ttest_ind(x, y, equal_var=False)
      ci = test.confidence_interval(0.95)
      pooled = ((len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1)) / (len(x) + len(y) - 2)
      return [x.mean(), y.mean(), test.statistic, test.df, test.pvalue, ci.low, ci.high,
              (x.mean() - y.mean()) / np.sqrt(pooled)]

    answer = {
      "p": lambda n: [2 * stats.t.sf(abs(n[0]), n[1])],
      "width": lambda n: [stats.t.isf(0.025, n[0])],
      "beta": lambda n: [stats.beta.mean(*n), stats.beta.ppf(0.025, *n), stats.beta.isf(0.025, *n)],
      "tails": lambda n: [stats.beta.cdf(n[2], n[0], n[1]), stats.beta.sf(n[2], n[0], n[1])],
      "welch": welch,
      "pearson": lambda n: [stats.pearsonr(n[:len(n) // 2], n[len(n) // 2:]).statistic],
      "discoveries": lambda n: [float(q <= 0.01) for q in stats.false_discovery_control(n)],
    }
    with open(sys.argv[1]) as questions, open(sys.argv[2], "w") as answers:
      for line in questions:
        name, *numbers = line.split()
        answers.write(" ".join(map(bits, answer[name]([double(n) for n in numbers]))) + "\\n")
    """

  /// The exit status of `python3 -c script arguments`.
  private static func run(_ script: String, _ arguments: [String]) throws -> Int32 {
    var pointers = unsafe (["python3", "-c", script] + arguments).map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let error = unsafe posix_spawnp(&process, "python3", nil, nil, &pointers, environ)
    guard error == 0 else { throw Failure(status: error) }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw Failure(status: errno) }
    }
    return status
  }

  private static func text(_ path: String) throws -> String {
    guard let file = unsafe fopen(path, "r") else { throw Failure(status: errno) }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer.prefix(count)
    }
  }
}

/// Whether two numbers agree to a billionth of the greater.
func agree(_ left: Double?, _ right: Double?, within tolerance: Double = 1e-9) -> Bool {
  guard let left, let right else { return left == nil && right == nil }
  if left == right { return true }
  return (left - right).magnitude <= tolerance * max(left.magnitude, right.magnitude)
}
