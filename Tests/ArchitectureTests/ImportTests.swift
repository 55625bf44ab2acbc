import SystemPackage
import Testing

/// Who may import whom. The compiler holds no wall against imports of transitive dependencies; this
/// table does. Every edge goes down.
private let allowed: [String: Set<String>] = [
  "Bytes": ["CXXHash", "CSHA256", "Glibc"],
  "Files": ["Bytes", "Glibc"],
  "LMDB": ["CLMDB", "CProcessNumber", "Files", "Bytes", "Glibc", "Synchronization"],
  "Zstd": ["CZstd"],
  "JSON": ["CSimdJSON"],
  "Rules": ["CRE2"],
  "TOML": ["CTOML"],
  "HTTP": ["CCurl", "Files", "Bytes", "Glibc"],
  "Events": ["Bytes", "JSON"],
  "Provenance": ["Bytes", "Events"],
  "Facts": ["Bytes", "Events", "Views"],
  "Views": ["Bytes", "Events"],
  "Tables": ["Bytes", "Views"],
  "TrainingData": ["Bytes", "Events", "Facts", "Views"],
  "EventLog": ["LMDB", "Zstd", "Bytes", "Events", "Provenance"],
  "ViewStore": [
    "LMDB", "Zstd", "Files", "Bytes", "Views", "Tables", "Glibc", "Synchronization",
  ],
  "Ingest": [
    "Files", "Bytes", "Events", "Provenance", "JSON", "Zstd", "CZlib", "SystemPackage", "Glibc",
  ],
  "Similarity": ["Bytes", "Views", "Tables"],
  "ErrorText": ["Bytes", "Events", "Facts", "Views", "Rules"],
  "Scoring": ["Bytes", "Events", "Facts", "Views"],
  "Interactions": [
    "Bytes", "Events", "Facts", "Views", "Tables", "Similarity", "Scoring",
  ],
  "Formats": ["Bytes", "Events", "JSON"],
  "Conversations": ["Bytes", "Events", "Facts", "Views", "Tables", "Rules"],
  "Effects": ["HTTP", "Files", "Bytes", "Events", "Views", "JSON", "Glibc"],
  "Masking": ["Rules"],
  "Export": ["Bytes", "Events", "Facts", "Views", "TrainingData", "Masking"],
  "Projection": ["Bytes", "Events", "Facts", "Views", "Tables"],
  // Glibc for exp, log and log1p: the standard library has none.
  "Projectors": [
    "Events", "Facts", "Views", "Tables", "Projection", "Bytes", "Similarity", "TrainingData",
    "Rules", "Masking", "ErrorText", "Glibc",
  ],
  "Pipeline": [
    "Conversations",
    "Bytes", "Events", "Facts", "Views", "Tables", "Ingest", "EventLog", "ViewStore",
    "Interactions", "Scoring", "Projection", "Provenance", "CGlibc", "Logging", "Dispatch",
    "Synchronization",
  ],
  "Query": ["Bytes", "Events", "Views", "Glibc", "Dispatch", "Synchronization"],
  "Foldlog": [
    "Formats", "Conversations", "JSON",
    "Files", "Bytes", "Events", "Facts", "Views", "Tables", "Ingest", "EventLog", "ViewStore",
    "Interactions", "Scoring", "Projection", "Pipeline", "Query", "TrainingData", "Masking",
    "Export", "LMDB", "Provenance", "Logging", "TOML", "Effects", "SystemPackage", "Similarity",
    "Glibc", "CGlibc",
  ],
  "Agents": [
    "Foldlog", "Query", "Events", "Files", "Bytes", "JSON", "Masking", "Glibc", "Dispatch",
    "Synchronization",
  ],
  "FoldlogCLI": [
    "Foldlog", "Agents", "Query", "Effects", "Files", "Bytes", "Events", "Views", "ArgumentParser",
    "Logging",
    "Glibc",
    "Synchronization", "CArguments",
  ],
]

/// The only file that names projectors.
private let catalogue = "Foldlog/Store/ProjectorCatalogue.swift"

@Suite struct ImportTests {
  @Test func `every import is in the table`() throws {
    var seen = 0
    for file in try SourceTree.files(under: "Sources", suffix: ".swift") {
      let target = String(file.relativePath.split(separator: "/")[1])
      var table = try #require(allowed[target], "no row for \(target)")
      if target == "Foldlog" { table.formUnion(try SourceTree.projectors()) }
      for module in file.imports {
        seen += 1
        #expect(table.contains(module), "\(file.relativePath) imports \(module)")
      }
    }
    #expect(seen > 100)
  }

  @Test func `projectors know no projector, and one file knows them all`() throws {
    for file in try SourceTree.files(under: "Sources", suffix: ".swift") {
      let projectors = file.imports.filter { $0.hasSuffix("Projector") }
      if file.relativePath == "Sources/\(catalogue)" {
        #expect(try projectors.sorted() == SourceTree.projectors())
      } else if file.relativePath.hasPrefix("Sources/Foldlog/Services/Dataset") {
        #expect(projectors == ["DatasetsProjector"])
      } else if file.relativePath == "Sources/Foldlog/Services/QueryService.swift" {
        #expect(projectors == ["DeploymentsProjector", "ErrorsProjector"])
      } else {
        #expect(projectors.isEmpty, "\(file.relativePath) imports \(projectors)")
      }
    }
  }

  @Test func `nobody imports Foundation`() throws {
    for file in try SourceTree.files(under: "Sources", suffix: ".swift") {
      #expect(!file.imports.contains { $0.hasPrefix("Foundation") }, "\(file.relativePath)")
    }
  }

  /// What makes, opens or names something on disk has its modes and its bytes from one place.
  @Test func `files are made and named in one place`() throws {
    let calls = [
      "FilePath(", "unsafe mkdir(", "unsafe rmdir(", "unsafe unlink(", "unsafe opendir(",
      "unsafe realpath(", "unsafe mkstemp(", "unsafe chmod(", "unsafe open(", "unsafe access(",
      "unsafe getenv(", "unsafe Glibc.rename(", "O_CREAT", "[.create", "0o6", "0o7",
      "CommandLine.arguments",
    ]
    for file in try SourceTree.files(under: "Sources", suffix: ".swift")
    where !file.relativePath.hasPrefix("Sources/Files/") {
      for (number, line) in file.lines.enumerated() {
        for call in calls where line.contains(call) {
          Issue.record("\(file.relativePath):\(number + 1): `\(call)` belongs to Sources/Files")
        }
      }
    }
  }

  @Test func `each C library has one door`() throws {
    let doors = [
      "CLMDB": "LMDB", "CZstd": "Zstd", "CSimdJSON": "JSON", "CZlib": "Ingest",
      "CXXHash": "Bytes", "CSHA256": "Bytes", "CProcessNumber": "LMDB",
      "CRE2": "Rules", "CTOML": "TOML", "CCurl": "HTTP", "CArguments": "FoldlogCLI",
    ]
    for file in try SourceTree.files(under: "Sources", suffix: ".swift") {
      for module in file.imports where doors[module] != nil {
        #expect(file.relativePath.hasPrefix("Sources/\(doors[module] ?? "")/"))
      }
    }
  }
}
