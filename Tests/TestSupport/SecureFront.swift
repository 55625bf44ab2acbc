#if canImport(Glibc)
  import Glibc
#endif

/// nghttpx before a loopback server: it speaks TLS and HTTP/2, with a certificate of its own making.
/// It ends with its owner.
package final class SecureFront {
  private let directory: TemporaryDirectory
  private let process: ChildProcess
  private let port: UInt16

  package var address: String { "https://127.0.0.1:\(port)/" }
  /// The file of whom to trust.
  package var authority: String { directory.file("cert.pem") }

  package init(before server: LoopbackServer) throws {
    directory = try TemporaryDirectory()
    let made = try run(
      "openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "1", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        "-keyout", directory.file("key.pem"), "-out", directory.file("cert.pem"),
      ])
    guard made.status == 0 else { throw LoopbackError() }
    // A port that was free a moment ago.
    let free = try LoopbackServer { _, _ in [] }
    port = free.port
    free.stop()
    process = try ChildProcess(
      "nghttpx",
      [
        "--frontend=127.0.0.1,\(port)", "--backend=127.0.0.1,\(server.port)", "--workers=1",
        "--errorlog-file=/dev/null", "--conf=/dev/null", "--no-ocsp", "--single-process",
        directory.file("key.pem"), directory.file("cert.pem"),
      ], variables: ["PATH=/usr/sbin:/usr/bin:/bin"])
    let port = port
    let child = process
    guard try eventually({ try child.hasEnded() || isListening(port) }), try !child.hasEnded()
    else {
      throw LoopbackError()
    }
  }
}

/// Whether somebody takes connections of a port of this machine.
private func isListening(_ port: UInt16) -> Bool {
  let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { _ = close(client) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  address.sin_port = port.bigEndian
  return unsafe withUnsafePointer(to: &address) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
}
