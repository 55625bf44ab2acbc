import SystemPackage

#if canImport(Glibc)
  import Glibc
#endif

/// The path of the Swift compiler; nil where none is on PATH.
package let swiftCompiler: String? = {
  let folders = (environment("PATH") ?? "").split(separator: ":")
  return folders.map { "\($0)/swiftc" }.first { unsafe access($0, X_OK) == 0 }
}()

/// What the compiler says of a source file that uses modules of this package as another file of the
/// package would: nothing where it compiles. Lifetimes are checked, too, so that this is more than
/// `-typecheck`.
package func compilerErrors(of source: String) throws -> String {
  guard let swiftCompiler else { throw Errno.noSuchFileOrDirectory }
  let directory = try TemporaryDirectory()
  try directory.write("snippet.swift", Array(source.utf8))
  let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()
  let built = FilePath(foldlogBinary).removingLastComponent()
  var words = [
    "-emit-sil", "-o", "/dev/null", directory.file("snippet.swift"), "-swift-version", "6",
    // The name that SwiftPM gives a package: that of its folder.
    "-package-name", (root.lastComponent?.string ?? "").lowercased(),
    "-I", built.appending("Modules").string,
    "-module-cache-path", built.appending("ModuleCache").string,
  ]
  // The modules of C that those of the package are made with.
  for name in ["CLMDB", "CZstd", "CXXHash", "CCrypto"] {
    words += ["-I", "\(root)/Sources/\(name)"]
  }
  for name in ["CSHA256", "CProcessNumber", "CSimdJSON"] {
    words += [
      "-I", "\(root)/Sources/\(name)/include",
      "-Xcc", "-fmodule-map-file=\(built)/\(name).build/module.modulemap",
    ]
  }
  let result = try run(swiftCompiler, words)
  let isError = result.errors.contains("error:")
  guard (result.status != 0) == isError else {
    throw SnippetError(description: "swiftc ended with \(result.status): \(result.errors)")
  }
  return isError ? result.errors : ""
}

/// A compiler that ended in another way than by compiling, or by saying why it does not.
private struct SnippetError: Error, CustomStringConvertible {
  let description: String
}
