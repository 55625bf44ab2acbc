import SystemPackage
import Testing

/// Who may import whom. The compiler holds no wall against imports of transitive dependencies; this
/// table does. Every edge goes down.
private let allowed: [String: Set<String>] = [
  "Bytes": ["CXXHash", "CSHA256", "Glibc"],
  "LMDB": ["CLMDB", "Glibc", "Synchronization"],
  "Zstd": ["CZstd"],
  "JSON": ["CSimdJSON"],
  "Events": ["Bytes", "JSON"],
  "Facts": ["Bytes", "Events", "Views"],
  "Views": ["Bytes", "Events"],
  "Tables": ["Bytes", "Views"],
  "TrainingData": ["Bytes", "Events", "Facts", "Views"],
  "EventLog": ["LMDB", "Zstd", "Bytes", "Events"],
  "ViewStore": ["LMDB", "Zstd", "Bytes", "Views", "Tables", "Glibc", "Synchronization"],
  "Ingest": ["Bytes", "Events", "JSON", "Zstd", "CZlib", "SystemPackage", "Glibc"],
  "Similarity": ["Bytes", "Views", "Tables"],
  "Scoring": ["Bytes", "Events", "Facts"],
  "Interactions": [
    "Bytes", "Events", "Facts", "Views", "Tables", "Similarity", "Scoring",
  ],
  "Masking": [],
  "Export": ["Bytes", "Events", "Views", "TrainingData", "Masking"],
  "Projection": ["Bytes", "Events", "Facts", "Views", "Tables"],
  // Glibc for exp, log and log1p: the standard library has none.
  "Projectors": [
    "Events", "Facts", "Views", "Tables", "Projection", "Bytes", "Similarity", "TrainingData",
    "Glibc",
  ],
  "Pipeline": [
    "Bytes", "Events", "Facts", "Views", "Tables", "Ingest", "EventLog", "ViewStore",
    "Interactions", "Scoring", "Projection", "Dispatch", "Synchronization",
  ],
  "Query": ["Bytes", "Events", "Views", "Glibc", "Dispatch", "Synchronization"],
  "Foldlog": [
    "Bytes", "Events", "Facts", "Views", "Tables", "Ingest", "EventLog", "ViewStore",
    "Interactions", "Scoring", "Projection", "Pipeline", "Query", "TrainingData", "Masking",
    "Export", "TOMLKit", "SystemPackage", "Glibc", "CMalloc",
    "ValuesProjector", "CorrelationsProjector", "ErrorsProjector", "DatasetsProjector",
    "DeploymentsProjector",
  ],
  "FoldlogCLI": [
    "Foldlog", "Query", "Bytes", "Events", "Views", "ArgumentParser", "Glibc", "Synchronization",
  ],
]

/// The only file that names projectors.
private let catalogue = "Foldlog/ProjectorCatalogue.swift"

@Suite struct ImportTests {
  @Test func `every import is in the table`() throws {
    var seen = 0
    for file in try SourceTree.files(under: "Sources", suffix: ".swift") {
      let target = String(file.relativePath.split(separator: "/")[1])
      let table = try #require(allowed[target], "no row for \(target)")
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
        #expect(projectors.count == 5)
      } else if file.relativePath.hasPrefix("Sources/Foldlog/Foldlog+Dataset") {
        #expect(projectors == ["DatasetsProjector"])
      } else if file.relativePath == "Sources/Foldlog/Foldlog+Deployments.swift" {
        #expect(projectors == ["DeploymentsProjector"])
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

  @Test func `each C library has one door`() throws {
    let doors = [
      "CLMDB": "LMDB", "CZstd": "Zstd", "CSimdJSON": "JSON", "CZlib": "Ingest",
      "CXXHash": "Bytes", "CSHA256": "Bytes",
    ]
    for file in try SourceTree.files(under: "Sources", suffix: ".swift") {
      for module in file.imports where doors[module] != nil {
        #expect(file.relativePath.hasPrefix("Sources/\(doors[module] ?? "")/"))
      }
    }
  }
}
