// swift-tools-version: 6.2
import PackageDescription

/// A room of the house: what it may import of ours, and which libraries it stands on.
struct Room {
  var name: String
  var imports: [String] = []
  var libraries: [Target.Dependency] = []
  var isProgram = false
  var path: String?
  /// Whether a test target computes so much itself that it is compiled with optimisation.
  var isHeavy = false
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let numerics = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")

/// The rooms, lowest first.
///
/// A room imports only what its line says: builds run with
/// `--explicit-target-dependency-import-check error`.
let rooms: [Room] = [
  Room(name: "Measures"),
  Room(name: "Formats", imports: ["CCrypto"], libraries: [yams, protobuf]),
  Room(name: "Graphs"),
  Room(name: "Networks", imports: ["Graphs", "Formats", "CCrypto"], libraries: [protobuf]),
  Room(name: "Records", imports: ["Measures", "Formats"]),
  Room(name: "Hardware", imports: ["Measures", "Formats", "Records"]),
  Room(name: "Compiler", imports: ["Graphs", "Hardware", "Measures"]),
  Room(name: "Datasets", imports: ["Formats", "Measures"]),
  Room(
    name: "Training", imports: ["Graphs", "Datasets", "Formats", "Measures", "CKernels", "COpenBLAS"]),
  Room(
    name: "Search", imports: ["Datasets", "Formats", "Graphs", "Measures", "Networks", "Training"],
    libraries: [numerics]),
  Room(name: "Simulator", imports: ["Hardware", "Measures"]),
  Room(
    name: "Calibration",
    imports: [
      "Compiler", "Simulator", "Hardware", "Graphs", "Networks", "Measures", "Formats", "Records", "CNLopt",
      "COpenBLAS",
    ]),
  Room(
    name: "Studies",
    imports: [
      "Compiler", "Datasets", "Formats", "Graphs", "Hardware", "Measures", "Records", "Search", "Simulator",
      "Training",
    ], libraries: [grdb]),
  Room(
    name: "Reports",
    imports: [
      "Calibration", "Formats", "Hardware", "Measures", "Search", "Simulator", "Studies", "Training",
    ],
    libraries: [mustache]),
  Room(
    name: "joulery",
    imports: [
      "Calibration", "Compiler", "Datasets", "Formats", "Graphs", "Hardware", "Measures", "Networks",
      "Records",
      "Reports", "Search", "Simulator", "Studies", "Training",
    ],
    libraries: [argumentParser], isProgram: true),
  Room(
    name: "search-benchmark",
    imports: ["Datasets", "Formats", "Graphs", "Measures", "Networks", "Search", "Training"],
    libraries: [argumentParser], isProgram: true, path: "benchmarks/search/program"),
]

/// What tests share: fixtures, generators and slow twins.
let testSupport = Room(
  name: "TestSupport", imports: ["Simulator", "Hardware", "Measures"], path: "Tests/TestSupport")

/// Test targets and what they may import beside the room they test.
let tests: [Room] = [
  Room(name: "MeasuresTests", imports: ["Formats", "Measures"]),
  Room(name: "FormatsTests", imports: ["Formats"]),
  Room(name: "HardwareTests", imports: ["Formats", "Hardware", "Measures", "Records"]),
  Room(name: "GraphsTests", imports: ["Graphs"]),
  Room(name: "NetworksTests", imports: ["Formats", "Graphs", "Networks"], libraries: [protobuf]),
  Room(
    name: "CompilerTests",
    imports: ["Compiler", "Graphs", "Hardware", "Measures", "Networks", "Reports", "Simulator"],
    isHeavy: true),
  Room(
    name: "TrainingTests", imports: ["Graphs", "Formats", "Measures", "Networks", "Training", "Datasets"],
    libraries: [protobuf], isHeavy: true),
  Room(
    name: "SearchTests",
    imports: ["Datasets", "Formats", "Graphs", "Measures", "Networks", "Search", "Training"]),
  Room(
    name: "StudiesTests",
    imports: ["Studies", "Search", "Datasets", "Formats", "Graphs", "Hardware", "Measures"],
    libraries: [grdb]),
  Room(name: "DatasetsTests", imports: ["Datasets", "Formats", "Measures"]),
  Room(name: "SimulatorTests", imports: ["TestSupport", "Hardware", "Measures", "Simulator"], isHeavy: true),
  Room(
    name: "CalibrationTests",
    imports: ["Calibration", "Formats", "Graphs", "Hardware", "Measures", "Networks", "Simulator"]),
  Room(
    name: "EndToEndTests", imports: ["Networks"], libraries: [protobuf]),
  Room(
    name: "NetworkTwinTests",
    imports: ["TestSupport", "Compiler", "Graphs", "Hardware", "Networks", "Simulator"], isHeavy: true),
  Room(
    name: "ReportsTests",
    imports: ["Reports", "Training", "Simulator", "Hardware", "Formats", "Measures", "Search", "Studies"],
    libraries: [protobuf]),
]

/// C libraries of the system, found through pkg-config.
let systemLibraries: [Target] = [
  .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
  .systemLibrary(name: "CNLopt", pkgConfig: "nlopt", providers: [.apt(["libnlopt-dev"])]),
]

/// Inner loops in C, compiled for several instruction sets and chosen when the program starts, and the way to OpenBLAS,
/// which is loaded when it is first needed.
let kernels: [Target] = [
  .target(name: "COpenBLAS"),
  .target(
    name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-mprefer-vector-width=512"])]),
]

/// The program brings Swift's libraries with it and does not move in memory: starting takes a third of the processor time
/// that it takes with shared libraries, and most runs are short.
let programLinking: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-static-stdlib", "-Xclang-linker", "-no-pie", "-lCoreFoundation", "-l_FoundationICU",
      "-l_FoundationCShims", "-l_FoundationCollections", "-lstdc++",
    ], .when(platforms: [.linux]))
]

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Most tests run as fast without optimisation, and compile four times as fast.
let unoptimized: [SwiftSetting] = [.unsafeFlags(["-Onone"])]

let package = Package(
  name: "joulery",
  products: [],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.0.3"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: (rooms + [testSupport]).map { room in
    let dependencies = room.imports.map { Target.Dependency.target(name: $0) } + room.libraries
    return room.isProgram
      ? .executableTarget(
        name: room.name, dependencies: dependencies, path: room.path, swiftSettings: settings,
        linkerSettings: programLinking)
      : .target(
        name: room.name, dependencies: dependencies, path: room.path, swiftSettings: settings)
  }
    + tests.map { room in
      .testTarget(
        name: room.name,
        dependencies: room.imports.map { .target(name: $0) } + room.libraries,
        swiftSettings: settings + (room.isHeavy ? [] : unoptimized))
    }
    + systemLibraries + kernels
)
