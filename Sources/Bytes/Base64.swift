internal import CSHA256

/// Base64 of RFC 4648, with its padding.
public func base64(_ bytes: [UInt8]) -> String {
  if bytes.isEmpty { return "" }
  var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
  let count = unsafe text.withUnsafeMutableBufferPointer { text in
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let text = text.baseAddress, let from = bytes.baseAddress else { return -1 }
      return unsafe cbase64_encode(from, bytes.count, text)
    }
  }
  return String(decoding: text.prefix(max(0, count)), as: UTF8.self)
}

/// What Base64 of RFC 4648 stands for, with or without its padding; nil of what is none, and of nothing.
public func decodedBase64(_ text: some Sequence<UInt8>) -> [UInt8]? {
  let given = Array(text)
  let padding = given.reversed().prefix { $0 == UInt8(ascii: "=") }.count
  var digits = Array(given.dropLast(padding))
  // libcrypto passes over some of what is no digit.
  guard !digits.isEmpty, padding <= 2, digits.count % 4 != 1, digits.allSatisfy(isBase64Digit)
  else {
    return nil
  }
  let missing = (4 - digits.count % 4) % 4
  digits += repeatElement(UInt8(ascii: "="), count: missing)
  var bytes = [UInt8](repeating: 0, count: digits.count / 4 * 3)
  let count = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
    unsafe digits.withUnsafeBufferPointer { digits in
      guard let bytes = bytes.baseAddress, let from = digits.baseAddress else { return -1 }
      return unsafe cbase64_decode(from, digits.count, bytes)
    }
  }
  return count < missing ? nil : Array(bytes.prefix(count - missing))
}

private func isBase64Digit(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
}
