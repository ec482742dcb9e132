import Foundation
import Testing

@Suite struct `Network files` {
  let program: Program
  init() throws { program = try Program() }

  @Test func `an ONNX file is simulated once its open extents are bound`() throws {
    defer { program.remove() }
    try program.write(NetworkFiles.convolution(), to: "small.onnx")
    let open = try program("simulate", "small.onnx")
    #expect(open.status == 64)
    #expect(open.errors.contains("--input image=1x4x10x10"))
    for binding in [["--batch", "1"], ["--input", "image=1x4x10x10"]] {
      let run = try program.run(["simulate", "small.onnx", "--json"] + binding)
      #expect(run.status == 0, "\(run.errors)")
      #expect(
        run.output.contains("\"macs\": \(8 * 4 * 9 * 64)")
          || run.output.contains("\"macs\": \(8 * 4 * 9 * 100)"))
    }
  }

  @Test func `the digest of an ONNX file is that of its bytes`() throws {
    defer { program.remove() }
    try program.write(NetworkFiles.convolution(), to: "small.onnx")
    let run = try program("simulate", "small.onnx", "--batch", "1", "--json")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = [program.folder.appending(path: "small.onnx").path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let digest = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self).prefix(
      64)
    process.waitUntilExit()
    #expect(run.output.contains("\"sha256\": \"\(digest)\""))
  }

  @Test func `69 for operators that are not supported, all of them at once`() throws {
    defer { program.remove() }
    try program.write(NetworkFiles.convolution(unknown: ["Sorcery", "Sorcery", "Alchemy"]), to: "magic.onnx")
    let run = try program("simulate", "magic.onnx", "--batch", "1", "--csv", "l.csv")
    #expect(run.status == 69)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("Sorcery × 2"))
    #expect(run.errors.contains("Alchemy × 1"))
    #expect(program.files == ["magic.onnx"])
  }

  @Test func `names that hold escape sequences reach the terminal as text`() throws {
    defer { program.remove() }
    try program.write(NetworkFiles.convolution(unknown: ["\u{1B}]0;gotcha\u{7}"]), to: "hostile.onnx")
    let run = try program("simulate", "hostile.onnx", "--batch", "1")
    #expect(run.status == 69)
    #expect(run.errors.contains("?]0;gotcha?"))
    #expect(run.errors.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
  }

  @Test func `a SCALE-Sim topology is simulated`() throws {
    defer { program.remove() }
    try program.write(
      """
      Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,
      Conv1, 30, 30, 3, 3, 8, 16, 1,

      """, to: "topology.csv")
    let run = try program("simulate", "topology.csv", "--json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("\"macs\": \(28 * 28 * 9 * 8 * 16)"))
    try program.write("Layer name, what\nConv1, 3,\n", to: "wrong.csv")
    let wrong = try program("simulate", "wrong.csv")
    #expect(wrong.status == 65)
    #expect(wrong.errors.contains("wrong.csv"))
  }

  /// Bytes changed, cut and repeated at random: whatever comes, the end is one of ours and no file is left.
  @Test func `mutated files end in a message, never in a crash`() throws {
    defer { program.remove() }
    let edge = try Data(contentsOf: Program.sources.appending(path: "hwmodels/edge.yaml"))
    let seeds: [(name: String, bytes: Data, arguments: [String])] = [
      (
        "fuzz.onnx", try NetworkFiles.convolution(),
        ["simulate", "fuzz.onnx", "--batch", "1", "--csv", "l.csv"]
      ),
      ("fuzz.yaml", edge, ["simulate", "lenet5", "--on", "fuzz.yaml", "--csv", "l.csv"]),
    ]
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    for seed in seeds {
      for _ in 0..<40 {
        var bytes = [UInt8](seed.bytes)
        for _ in 0...random(4) {
          switch random(4) {
          case 0: bytes[random(bytes.count)] = UInt8(random(256))
          case 1: bytes.removeSubrange(random(bytes.count)...)
          case 2: bytes.insert(UInt8(random(256)), at: random(bytes.count))
          default:
            let start = random(bytes.count)
            bytes.removeSubrange(start..<min(bytes.count, start + 1 + random(8)))
          }
          if bytes.isEmpty { bytes = [0] }
        }
        try program.write(Data(bytes), to: seed.name)
        let run = try program.run(seed.arguments)
        #expect(
          [0, 64, 65, 66, 69].contains(run.status), "\(run.status): \(run.errors.prefix(400)) for \(bytes)")
        if run.status != 0 {
          #expect(run.errors.hasPrefix("error: "))
          #expect(program.files == [seed.name])
        }
        try? FileManager.default.removeItem(at: program.folder.appending(path: "l.csv"))
      }
      try FileManager.default.removeItem(at: program.folder.appending(path: seed.name))
    }
  }
}
