// swift-tools-version:6.3
import PackageDescription

// A package of its own: it sees of foldlog what any program sees.
let package = Package(
  name: "word-count",
  dependencies: [.package(name: "foldlog", path: "../../..")],
  targets: [
    .executableTarget(
      name: "WordCount",
      dependencies: [.product(name: "Foldlog", package: "foldlog")])
  ])
