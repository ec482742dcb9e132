import Formats
import Foundation
import Hardware
import Testing

/// Machines are found by name or path.
@Suite struct HardwareLibraryTests {
  /// A folder that is removed after the test.
  private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("joulery-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files {
      let path = "\(folder)/\(name)"
      try FileManager.default.createDirectory(
        atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true
      )
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    try body(folder)
  }

  private func failure(_ body: () throws(HardwareError) -> Void) -> HardwareError? {
    do throws(HardwareError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  @Test func `the shipped machines are these`() {
    #expect(
      ShippedFiles.library.names == [
        "dpu-b4096", "edge", "edge-tpu", "edge-x4", "ethos-u55-256", "ethos-u65-256", "eyeriss", "gap9-ne16",
        "gemmini", "nvdla-large", "scale-sim", "tpu-v1", "tpu-v4i-like",
      ])
  }

  @Test func `an unknown name lists the names and the nearest`() throws {
    let error = failure { () throws(HardwareError) in _ = try ShippedFiles.library.model("gemini") }
    #expect(error?.kind == .notFound)
    #expect(
      error?.description == """
        gemini: there is no machine called 'gemini'; expected dpu-b4096, edge, edge-tpu, edge-x4, \
        ethos-u55-256, ethos-u65-256, eyeriss, gap9-ne16, gemmini, nvdla-large, scale-sim, tpu-v1 or tpu-v4i-like; did you mean 'gemmini'?
        """)
    let nowhere = failure { () throws(HardwareError) in _ = try HardwareLibrary(searchPath: []).model("edge")
    }
    #expect(
      nowhere?.description
        == "edge: there is no machine called 'edge'; expected a name, but no folder of hardware files was found"
    )
  }

  @Test func `a path is taken as it is`() throws {
    let path = "\(ShippedFiles.folder)/edge.yaml"
    #expect(try HardwareLibrary(searchPath: []).model(path) == ShippedFiles.library.model("edge"))
    let error = failure { () throws(HardwareError) in _ = try ShippedFiles.library.model("no/such.yaml") }
    #expect(error?.kind == .notFound)
    #expect(error?.description == "no/such.yaml: there is no such file; expected a hardware file or a name")
    let folder = failure { () throws(HardwareError) in _ = try ShippedFiles.library.model(ShippedFiles.folder)
    }
    #expect(folder?.kind == .notFound)
  }

  @Test func `the first folder of the search path wins`() throws {
    let mine = FixtureMachine.yaml.replacing("rows: 32", with: "rows: 16")
    try withFolder(["edge.yaml": mine]) { (folder: String) throws in
      let library = HardwareLibrary(searchPath: [folder, ShippedFiles.folder])
      #expect(try library.model("edge").array.rows == 16)
      #expect(try library.model("gemmini").array.rows == 16)
      #expect(library.names.count == ShippedFiles.library.names.count)
    }
  }

  @Test func `parts beside a file come before shared ones, and may be named by path`() throws {
    let part = try ShippedFiles.text("dram/lpddr4-3200.yaml").replacing("rows: 65536", with: "rows: 1024")
    let byPath = FixtureMachine.yaml.replacing("dram: lpddr4-3200", with: "dram: parts/mine.yaml")
    try withFolder([
      "a.yaml": FixtureMachine.yaml, "dram/lpddr4-3200.yaml": part, "b.yaml": byPath, "parts/mine.yaml": part,
    ]) { (folder: String) throws in
      for name in ["a", "b"] {
        let model = try ShippedFiles.library.model("\(folder)/\(name).yaml")
        guard case .dram(let system) = model.memory else {
          Issue.record("no DRAM")
          return
        }
        #expect(system.standard.rows == 1024)
      }
    }
  }

  @Test func `errors in a part are placed in the part`() throws {
    let part = try ShippedFiles.text("dram/lpddr4-3200.yaml").replacing("rows: 65536", with: "rows: many")
    try withFolder(["a.yaml": FixtureMachine.yaml, "dram/lpddr4-3200.yaml": part]) {
      (folder: String) throws in
      let error = failure { () throws(HardwareError) in
        _ = try HardwareLibrary(searchPath: []).model("\(folder)/a.yaml", overrides: ["array.rows=0"])
      }
      #expect(
        error?.description == """
          --set array.rows=0: array.rows: 0 is out of range; expected a whole number 1 … 1024
          \(folder)/dram/lpddr4-3200.yaml:11:7: rows: 'many' is not a whole number; expected a whole number 1 … 16777216
          """)
    }
  }

  @Test func `files that are no text or too large are refused`() throws {
    try withFolder(["long.yaml": String(repeating: "#", count: 1_048_577)]) { (folder: String) throws in
      let long = failure { () throws(HardwareError) in
        _ = try HardwareLibrary(searchPath: [folder]).model("long")
      }
      #expect(
        long?.description == "\(folder)/long.yaml:1:1: the file has 1048577 bytes; expected at most 1048576")
      try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: "\(folder)/bytes.yaml"))
      let bytes = failure { () throws(HardwareError) in
        _ = try HardwareLibrary(searchPath: [folder]).model("bytes")
      }
      #expect(
        bytes?.description == "\(folder)/bytes.yaml:1:1: the file is not UTF-8 text; expected YAML in UTF-8")
    }
  }

  @Test func `the standard search path goes from the environment to the installation`() {
    let library = HardwareLibrary.standard(
      environment: ["JOULERY_HWMODELS": "/a:/b"], currentDirectory: "/home/me",
      executable: "/opt/joulery/bin/joulery")
    #expect(
      library.searchPath == [
        "/a", "/b", "/home/me/hwmodels", "/opt/joulery/bin/hwmodels", "/opt/joulery/hwmodels",
        "/opt/hwmodels",
        "/hwmodels", "/opt/joulery/share/joulery/hwmodels",
      ])
    #expect(
      HardwareLibrary.standard(environment: [:], currentDirectory: "/x", executable: nil).searchPath == [
        "/x/hwmodels"
      ])
    #expect(
      HardwareLibrary.standard(environment: [:], currentDirectory: "/x", executable: ".build/debug/joulery")
        .searchPath == [
          "/x/hwmodels", ".build/debug/hwmodels", ".build/hwmodels", "hwmodels",
          ".build/share/joulery/hwmodels",
        ])
  }

  @Test func `a DRAM part reads alone`() throws {
    let error = failure { () throws(HardwareError) in
      _ = try DRAMStandard.decode(yaml: "name: x", file: "x.yaml")
    }
    #expect(error?.diagnostics.count == 10)
    #expect(
      error?.diagnostics.first?.description
        == "x.yaml:1:1: access is missing; expected an amount of memory 1 B … 4 KiB; add 'access: 512 KiB'")
  }
}
