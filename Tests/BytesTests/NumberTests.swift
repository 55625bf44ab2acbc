import Bytes
import TestSupport
import Testing

@Suite struct NumberTests {
  @Test(arguments: [
    (0.7, "0.7"), (-12, "-12"), (1.000000001, "1.000000001"), (0.1, "0.1"),
    (-0.000000001, "-0.000000001"),
    (9_000_000_000, "9000000000"),
  ])
  func `decimals read as they are written`(_ value: Double, _ text: String) {
    #expect(FixedPoint(value)?.description == text)
  }

  @Test func `what is beyond the range is no number`() {
    #expect(FixedPoint(1e10) == nil)
    #expect(FixedPoint(Double.nan) == nil)
    #expect(FixedPoint(-Double.infinity) == nil)
    #expect(FixedPoint(Int64(9_223_372_037)) == nil)
  }

  @Test func `division goes to the nearest, ties to even`() {
    #expect(FixedPoint.divide(5, by: 2) == 2)
    #expect(FixedPoint.divide(7, by: 2) == 4)
    #expect(FixedPoint.divide(-5, by: 2) == -2)
    #expect(FixedPoint.divide(-7, by: 2) == -4)
    #expect(FixedPoint.divide(8, by: 3) == 3)
    #expect(FixedPoint(ratio: 1, 3).units == 333_333_333)
    #expect(FixedPoint(ratio: 2, 3).units == 666_666_667)
  }

  @Test func `sums of squares leave no trace when they are taken back`() {
    var random = SeededRandom(seed: 3)
    var values = (0..<2_000).map { _ in Int64.random(in: .min ... .max, using: &random) }
    var sum = WideInteger()
    for value in values { sum += .product(value, value) }
    values.shuffle(using: &random)
    for value in values { sum -= .product(value, value) }
    #expect(sum == .zero)
  }

  @Test func `wide integers come back from their bytes, which are minimal`() throws {
    var random = SeededRandom(seed: 5)
    var all: [WideInteger] = [
      .zero, WideInteger(Int64(-1)), WideInteger(Int64(127)), WideInteger(Int64(128)),
      WideInteger(Int64(-128)), WideInteger(Int64(-129)),
    ]
    for _ in 0..<500 {
      all.append(
        .product(
          .random(in: .min ... .max, using: &random), .random(in: .min ... .max, using: &random)))
    }
    for value in all {
      var writer = ByteWriter()
      writer.append(wide: value)
      let bytes = writer.bytes
      var reader = ByteReader(bytes.span)
      #expect(try reader.wide() == value)
    }
    var writer = ByteWriter()
    writer.append(wide: WideInteger(Int64(-1)))
    #expect(writer.bytes == [1, 0xff])
  }

  @Test func `SHA-256 and its chain are those of FIPS 180-4`() {
    let abc = Array("abc".utf8)
    #expect(
      SHA256Digest(of: abc.span).description
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    var list = SHA256List()
    list.append(of: abc.span.extracting(0..<1), abc.span.extracting(1..<3))
    #expect(list.digest(0) == SHA256Digest(of: abc.span))
    let both = SHA256Digest.zero.bytes + list.digest(0).bytes
    #expect(list.chained(from: .zero) == SHA256Digest(of: both.span))
  }

  @Test func `varints of every length come back, and longer ones are refused`() throws {
    for shift in 0..<64 {
      var writer = ByteWriter()
      let value = UInt64.max >> UInt64(shift)
      writer.append(varint: value)
      writer.append(zigzag: Int64(bitPattern: value))
      let bytes = writer.bytes
      var reader = ByteReader(bytes.span)
      #expect(try reader.varint() == value)
      #expect(try reader.zigzag() == Int64(bitPattern: value))
      let isAtEnd = reader.isAtEnd
      #expect(isAtEnd)
    }
    let long = [UInt8](repeating: 0xff, count: 11)
    #expect(throws: BytesError.self) {
      var reader = ByteReader(long.span)
      _ = try reader.varint()
    }
  }
}
