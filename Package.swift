// swift-tools-version: 6.1
import PackageDescription

/// Warnings are errors in our own targets.
let strict: [SwiftSetting] = [.unsafeFlags(["-warnings-as-errors"])]

/// Our own rooms are optimised in debug builds too: `make test` builds in that way, since what others
/// wrote, and the tests themselves, take half the time there.
let optimised = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]
let optimisedC: [CSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]
let optimisedCXX: [CXXSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]

/// A room of the house, see docs/design.md. Each imports only rooms above it. What it embeds is a folder of
/// files that become part of the program. One that opens to tests lets them see what is internal, also in
/// release builds.
func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil,
  embeds: String? = nil, opensToTests: Bool = false
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path,
    resources: embeds.map { [.embedInCode($0)] } ?? [],
    swiftSettings: optimised + (opensToTests ? [.unsafeFlags(["-enable-testing"])] : []))
}

/// The kernels are one source, built once for each instruction set, and chosen at run time.
#if arch(x86_64)
  let instructionSets: [(name: String, flags: [String])] = [
    ("KernelsBaseline", []),
    ("KernelsAVX2", ["-Xcc", "-march=x86-64-v3"]),
    ("KernelsAVX512", ["-Xcc", "-march=x86-64-v4", "-Xcc", "-mprefer-vector-width=512"]),
  ]
#else
  let instructionSets: [(name: String, flags: [String])] = [("KernelsBaseline", [])]
#endif

let kernels: [Target] = instructionSets.map { set in
  .target(
    name: set.name, dependencies: ["KernelTypes", "CLanes"], path: "Sources/Kernels/\(set.name)",
    swiftSettings: optimised + [.unsafeFlags(set.flags)])
}

let tests: [Target] = [
  ("Programs", ["Programs"]),
  ("Documents", ["Documents", "Faults"]),
  ("Volumes", ["Volumes", "Faults", "Documents"]),
  ("Scans", ["Scans"]),
  ("Separation", ["Separation", "Phantoms", "Volumes", "Scans", "Faults", "KernelTypes"]),
  ("Regions", ["Regions", "Faults", "Volumes"]),
  ("Segmentations", ["Segmentations", "Regions", "Volumes", "Faults"]),
  ("Phantoms", ["Phantoms", "Volumes"]),
  ("Statistics", ["Statistics"]),
  (
    "Calibration",
    [
      "Calibration", "Statistics", "Documents", "Faults", "Volumes", "Regions", "Separation",
      "Phantoms", "Scans",
    ]
  ),
  ("Trial", ["Trial", "Calibration", "Documents", "Faults"]),
  ("Pages", ["Pages", "Documents"]),
  ("Agreement", ["Agreement", "Statistics", "Calibration", "Documents", "Faults", "Pages"]),
  ("Reports", ["Reports"]),
  ("Worklist", ["Worklist", "Documents", "Volumes", "Faults"]),
  ("CommandLine", ["Faults", "Documents", "Volumes", "Scans", "Separation", "Regions", "Reports"]),
].map { (name: String, rooms: [String]) in
  .testTarget(
    name: "\(name)Tests",
    dependencies: (rooms + ["TestSupport"]).map { .byName(name: $0) },
    swiftSettings: strict)
}

/// The registry's tests change files as somebody with SQLite's shell would.
let registryTests: [Target] = [
  .testTarget(
    name: "RegistryTests",
    dependencies: [
      "Registry", "Trial", "Calibration", "Documents", "Faults", "TestSupport",
      .product(name: "GRDB", package: "GRDB.swift"),
    ],
    swiftSettings: strict)
]

/// Fuzz harnesses exist only where they are asked for: they need a sanitizer's runtime.
let fuzzers: [Target] =
  Context.environment["PDFF_FUZZ"] == nil
  ? []
  : ["FuzzNIfTI", "FuzzGzip", "FuzzSidecar", "FuzzLabels", "FuzzDICOM", "FuzzNRRD", "FuzzCSV"].map {
    .executableTarget(
      name: $0,
      dependencies: [
        "Volumes", "Scans", "Regions", "DICOMImport", "Segmentations", "Documents",
      ], path: "fuzz/\($0)",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  }

/// The workbench compares in one process what users see as maps, the bench times its parts; benchmarks
/// ask for them.
let workbench: [Target] =
  Context.environment["PDFF_BENCH"] == nil
  ? []
  : [
    .executableTarget(
      name: "pdff-workbench", dependencies: ["Phantoms", "Scans", "Separation", "Volumes"],
      path: "benchmarks/Workbench", swiftSettings: [.unsafeFlags(["-parse-as-library"])]),
    .target(
      name: "CLimits", path: "benchmarks/Limits",
      linkerSettings: ["z", "deflate", "isal"].map { .linkedLibrary($0) }),
    .executableTarget(
      name: "pdff-bench",
      dependencies: [
        "CLimits", "Documents", "KernelTypes", "Phantoms", "Scans", "Separation", "Volumes",
      ],
      path: "benchmarks/Bench",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]),
    .executableTarget(
      name: "pdff-registry-fill", dependencies: ["Registry", "Trial", "Documents"],
      path: "benchmarks/Registry",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]),
  ]

let package = Package(
  name: "pdff",
  products: [.executable(name: "pdff", targets: ["pdff"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // Without its optional parts: configuration files and what needs all of Foundation.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    // Boost.Math is C++17 without exceptions that reach Swift.
    .target(name: "CMath", cxxSettings: optimisedCXX),
    room("Statistics", ["CMath"]),
    room("Faults"),
    room("Programs"),
    room("Documents", ["Faults", .product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "CNIfTI", cSettings: optimisedC),
    .target(name: "CISAL", cSettings: optimisedC),
    room("Volumes", ["Faults", "Documents", "CNIfTI", "CISAL"]),
    room("Scans", ["Volumes", "Faults", "Documents"]),
    room("DICOMImport", ["Scans", "Volumes", "Faults", "Documents", "Programs"]),
    .target(
      name: "KernelTypes", path: "Sources/Kernels/KernelTypes", swiftSettings: optimised),
    .target(name: "CLanes", path: "Sources/Kernels/CLanes"),
    .target(name: "CProcessor"),
    room(
      "Separation",
      ["Volumes", "Faults", "KernelTypes", "CProcessor"] + kernels.map { .byName(name: $0.name) }),
    room("Regions", ["Volumes", "Faults"]),
    .target(name: "CNRRD", cSettings: optimisedC),
    room("Segmentations", ["Regions", "Volumes", "Documents", "Programs", "Faults", "CNRRD"]),
    room("Geometry", ["Regions", "Volumes", "Statistics", "Faults"]),
    room("Calibration", ["Statistics", "Regions", "Volumes", "Documents", "Faults"]),
    room("Trial", ["Calibration", "Statistics", "Documents", "Faults"]),
    room(
      "Registry",
      [
        "Trial", "Calibration", "Statistics", "Documents", "Faults",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(name: "CPNG", cSettings: optimisedC),
    room("Pages", ["Faults", "Documents", "CPNG"]),
    room("Agreement", ["Statistics", "Calibration", "Documents", "Faults", "Pages", "Volumes"]),
    room("Phantoms", ["Volumes", "Faults", "Documents"], path: "phantoms", embeds: "recipes"),
    room(
      "Reports",
      [
        "Documents", "Programs", "Volumes", "Scans", "Separation", "Regions", "Calibration",
        "Faults", "Pages",
      ]),
    room(
      "Worklist",
      [
        "Registry", "Trial", "Calibration", "Statistics", "Pages", "Volumes", "Documents", "Faults",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ], embeds: "Assets", opensToTests: true),
    .executableTarget(
      name: "pdff",
      dependencies: [
        "CProcessor", "Faults", "Programs", "Documents", "Volumes", "Scans", "Separation",
        "Regions", "Phantoms", "Reports", "Segmentations", "Geometry", "DICOMImport",
        "Statistics", "Calibration", "Trial", "Registry", "Agreement", "Pages", "Worklist",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: optimised),
    .target(
      name: "TestSupport", dependencies: ["Volumes", "Statistics"], path: "Tests/TestSupport",
      swiftSettings: optimised),
  ] + kernels + tests + registryTests + fuzzers + workbench,
  cxxLanguageStandard: .cxx17
)
