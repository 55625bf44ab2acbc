// swift-tools-version:6.3
import PackageDescription

/// Every Swift target of ours is held to the same rules.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  // Existentials cost; SE-0335 makes each one visible.
  .enableUpcomingFeature("ExistentialAny"),
  // C types cannot leak upward by accident: SE-0409.
  .enableUpcomingFeature("InternalImportsByDefault"),
  // A member is seen only where its module is imported: SE-0444.
  .enableUpcomingFeature("MemberImportVisibility"),
  // Declaring functions that return spans needs it; using them does not.
  .enableExperimentalFeature("Lifetimes"),
]

func system(_ name: String, pkgConfig: String, apt: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func module(_ name: String, uses: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: uses, path: "Sources/\(name)", swiftSettings: strict)
}

/// A projector knows the vocabularies, the contract and pure helpers, and nobody else.
func projector(_ name: String) -> Target {
  .target(
    name: "\(name)Projector",
    dependencies: [
      "Events", "Facts", "Views", "Tables", "Projection", "Bytes", "Similarity", "TrainingData",
      "Rules", "Masking", "ErrorText",
    ],
    path: "Sources/Projectors/\(name)",
    swiftSettings: strict)
}

func tests(_ name: String, uses: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: uses + ["TestSupport"], path: "Tests/\(name)Tests",
    swiftSettings: strict)
}

let projectors = [
  "Values", "Correlations", "Errors", "Datasets", "Deployments", "Sessions", "Tools", "Costs",
  "Metrics", "Skills", "Alerts", "Knowledge",
]

let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// Fuzzing is built on demand, by tools/fuzz: its sanitizer brings a `main` of its own.
let fuzzing: [Target] =
  Context.environment["FOLDLOG_FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "FoldlogFuzz",
      dependencies: ["Bytes", "Zstd", "Events", "Provenance", "EventLog", "Ingest"],
      path: "Tests/Fuzz", swiftSettings: [.swiftLanguageMode(.v6)],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
  ]

let package = Package(
  name: "foldlog",
  products: [
    .executable(name: "foldlog", targets: ["FoldlogCLI"]),
    // What a program folds its own logs and projectors with.
    .library(
      name: "Foldlog",
      targets: ["Foldlog", "Projection", "Tables", "Views", "Facts", "Events"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    // The ground: C libraries, each behind one door.
    system("CLMDB", pkgConfig: "lmdb", apt: "liblmdb-dev"),
    system("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
    system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    system("CXXHash", pkgConfig: "libxxhash", apt: "libxxhash-dev"),
    system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
    // Of the C library, what its own module leaves out.
    .systemLibrary(name: "CGlibc", path: "Sources/CGlibc"),
    .target(
      name: "CSHA256", dependencies: ["CCrypto"], path: "Sources/CSHA256"),
    .target(name: "CArguments", path: "Sources/CArguments"),
    .target(name: "CProcessNumber", path: "Sources/CProcessNumber"),
    .target(
      name: "CSimdJSON", path: "Sources/CSimdJSON",
      cxxSettings: [.define("NDEBUG")],
      linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
      name: "CRE2", path: "Sources/CRE2", cxxSettings: [.define("NDEBUG")],
      linkerSettings: [.linkedLibrary("re2")]),
    .target(name: "CTOML", path: "Sources/CTOML"),
    // libcurl's header alone: the library is loaded when it is first needed.
    .target(name: "CCurl", path: "Sources/CCurl"),

    module("Bytes", uses: ["CXXHash", "CSHA256"]),
    module("Files", uses: ["Bytes"]),
    module("LMDB", uses: ["CLMDB", "CProcessNumber", "Files", "Bytes"]),
    module("Zstd", uses: ["CZstd"]),
    module("JSON", uses: ["CSimdJSON"]),
    module("Rules", uses: ["CRE2"]),
    module("TOML", uses: ["CTOML"]),
    module("HTTP", uses: ["CCurl", "Files", "Bytes"]),

    // The vocabularies.
    module("Events", uses: ["Bytes", "JSON"]),
    module("Provenance", uses: ["Bytes", "Events"]),
    module("Views", uses: ["Bytes", "Events"]),
    module("Tables", uses: ["Bytes", "Views"]),
    module("Facts", uses: ["Bytes", "Events", "Views"]),
    module("TrainingData", uses: ["Bytes", "Events", "Facts", "Views"]),

    // Truth and answers on disk, and the outside world.
    module("EventLog", uses: ["LMDB", "Zstd", "Bytes", "Events", "Provenance"]),
    module("ViewStore", uses: ["LMDB", "Zstd", "Files", "Bytes", "Views", "Tables"]),
    module(
      "Ingest",
      uses: [
        "Files", "Bytes", "Events", "Provenance", "JSON", "Zstd", "CZlib", systemPackage,
      ]),

    // Shared, pure.
    module("Similarity", uses: ["Bytes", "Views", "Tables"]),
    module("ErrorText", uses: ["Bytes", "Events", "Facts", "Views", "Rules"]),
    module("Formats", uses: ["Bytes", "Events", "JSON"]),
    module(
      "Conversations", uses: ["Bytes", "Events", "Facts", "Views", "Tables", "Rules"]),
    module("Scoring", uses: ["Bytes", "Events", "Facts", "Views"]),
    module(
      "Interactions",
      uses: ["Bytes", "Events", "Facts", "Views", "Tables", "Similarity", "Scoring"]),

    // What views want done by others.
    module("Effects", uses: ["HTTP", "Files", "Bytes", "Events", "Views", "JSON"]),

    // What leaves: training files, and what is masked in them.
    module("Masking", uses: ["Rules"]),
    module("Export", uses: ["Bytes", "Events", "Facts", "Views", "TrainingData", "Masking"]),

    // The contract, and those who keep it.
    module("Projection", uses: ["Bytes", "Events", "Facts", "Views", "Tables"]),
  ] + projectors.map(projector) + [
    // Loops, questions, and the one place where all parts meet.
    module(
      "Pipeline",
      uses: [
        "Bytes", "Events", "Facts", "Views", "Tables", "Ingest", "EventLog", "ViewStore",
        "Interactions", "Scoring", "Projection", "Provenance", "CGlibc", "Conversations", logging,
      ]),
    module("Query", uses: ["Bytes", "Events", "Views"]),
    module(
      "Foldlog",
      uses: [
        "Files", "Bytes", "Events", "Facts", "Views", "Tables", "Ingest", "EventLog", "ViewStore",
        "Interactions", "Scoring", "Projection", "Pipeline", "Query", "TrainingData", "Masking",
        "Export", "LMDB", "CGlibc", "Formats", "Conversations", "JSON", "Similarity",
        "TOML", "Provenance", "Effects", systemPackage, logging,
      ] + projectors.map { .target(name: "\($0)Projector") }),
    // What agents call: the Model Context Protocol, and hooks.
    module("Agents", uses: ["Foldlog", "Query", "Events", "Files", "Bytes", "JSON", "Masking"]),
    .executableTarget(
      name: "FoldlogCLI",
      dependencies: [
        "Foldlog", "Agents", "Query", "Effects", "Files", "Bytes", "Events", "Views", "CArguments",
        arguments,
        logging,
      ],
      path: "Sources/FoldlogCLI", swiftSettings: strict),

    // Tests: one target each, and what they share.
    .target(
      name: "TestSupport",
      dependencies: [
        "Files", "Bytes", "Events", "Facts", "Views", "Tables", "Projection", "Formats",
        "Ingest", systemPackage,
      ],
      path: "Tests/TestSupport", swiftSettings: strict),
    .executableTarget(
      name: "FormatCounts", dependencies: ["TestSupport"], path: "Tests/FormatCounts",
      swiftSettings: strict),
    .executableTarget(
      name: "ReactTrial", dependencies: ["Foldlog", "TestSupport"], path: "Tests/ReactTrial",
      swiftSettings: strict),
    .executableTarget(
      name: "SimilarityMeasure", dependencies: ["Similarity", "Views", "Tables", "TestSupport"],
      path: "Tests/SimilarityMeasure", swiftSettings: strict),
    tests("Bytes", uses: ["Bytes"]),
    tests("Files", uses: ["Bytes", "Files"]),
    tests("LMDB", uses: ["LMDB"]),
    tests("Zstd", uses: ["Zstd"]),
    tests("JSON", uses: ["JSON"]),
    tests("TOML", uses: ["TOML"]),
    tests("HTTP", uses: ["HTTP", "Bytes"]),
    tests("Effects", uses: ["HTTP", "Files", "Bytes", "Events", "Views", "JSON", "Effects"]),
    tests("Events", uses: ["Bytes", "JSON", "Events"]),
    tests("Views", uses: ["Bytes", "Events", "Views"]),
    tests("Tables", uses: ["Bytes", "Views", "Tables"]),
    tests("EventLog", uses: ["Bytes", "Events", "Provenance", "EventLog", "LMDB", "Zstd"]),
    tests("ViewStore", uses: ["Bytes", "Views", "Tables", "ViewStore"]),
    tests("Ingest", uses: ["Bytes", "Events", "Provenance", "Ingest", "Zstd"]),
    tests("Similarity", uses: ["Bytes", "Views", "Tables", "Similarity"]),
    tests("Rules", uses: ["Rules"]),
    tests(
      "Conversations",
      uses: [
        "Bytes", "JSON", "Events", "Facts", "Views", "Tables", "Rules", "Formats", "Conversations",
      ]),
    tests("Masking", uses: ["Rules", "Masking"]),
    tests("Export", uses: ["Bytes", "Facts", "TrainingData", "Masking", "Export"]),
    tests(
      "Interactions",
      uses: [
        "Bytes", "Events", "Facts", "Views", "Tables", "Similarity", "Scoring", "Interactions",
      ]),
  ]
    + projectors.map { name in
      tests(
        "\(name)Projector",
        uses: [
          "Bytes", "Events", "Facts", "Views", "Tables", "Projection", "Similarity",
          "TrainingData", "Rules", "Masking", "ErrorText", .target(name: "\(name)Projector"),
        ])
    } + [
      tests(
        "Pipeline",
        uses: [
          "Bytes", "Events", "Facts", "Views", "Tables", "EventLog", "ViewStore", "Ingest",
          "Projection", "Provenance",
          "Scoring", "Interactions", "Pipeline", "Zstd",
        ]),
      tests("Query", uses: ["Bytes", "Events", "Views", "Tables", "Query"]),
      tests(
        "Foldlog",
        uses: [
          "Files", "Bytes", "JSON", "Events", "Facts", "Views", "Tables", "EventLog", "ViewStore",
          "Ingest", "Interactions", "Projection", "Pipeline", "Provenance", "Query", "Scoring",
          "Export", "Foldlog", "Formats", "Conversations", logging,
        ]),
      tests("Agents", uses: ["Foldlog", "Agents", "Files", "Bytes", "JSON"]),
      tests("Architecture", uses: [systemPackage]),
      tests("FoldlogCLI", uses: ["FoldlogCLI", "Files", "Bytes", "LMDB", systemPackage]),
    ] + fuzzing
)

/// With names of suites in FOLDLOG_SUITES only these, and what they need: tools/sanitize builds no more.
if let suites = Context.environment["FOLDLOG_SUITES"] {
  var wanted = suites.split(separator: " ").map { "\($0)Tests" }
  var kept: Set<String> = []
  while let name = wanted.popLast() {
    guard kept.insert(name).inserted, let target = package.targets.first(where: { $0.name == name })
    else { continue }
    wanted += target.dependencies.compactMap { dependency in
      switch dependency {
      case .targetItem(let name, _), .byNameItem(let name, _): name
      default: nil
      }
    }
  }
  package.targets.removeAll { !kept.contains($0.name) }
  package.products = []
}
