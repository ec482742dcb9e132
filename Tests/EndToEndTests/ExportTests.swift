import Foundation
import Testing

@Suite struct `joulery export` {
  let program: Program
  init() throws { program = try Program() }

  @Test func `writes a file that every command reads, the same for the same seed`() throws {
    defer { program.remove() }
    for file in ["first.onnx", "second.onnx"] {
      let run = try program("export", "lenet5", "--seed", "1", "--onnx", file)
      #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty)
    }
    let bytes = try ["first.onnx", "second.onnx"].map {
      try Data(contentsOf: program.folder.appending(path: $0))
    }
    #expect(bytes[0] == bytes[1])
    #expect(try program("export", "first.onnx", "--onnx", "again.onnx").status == 0)
    let run = try program("simulate", "again.onnx", "--json")
    #expect(run.status == 0)
    #expect(run.output.contains("\"macs\": 416520"))
  }

  @Test func `asks for weights where there are none`() throws {
    defer { program.remove() }
    let run = try program("export", "lenet5", "--onnx", "out.onnx")
    #expect(run.status == 64)
    #expect(run.errors.contains("found no values for 10 weights") && run.errors.contains("--structure-only"))
    let seed = try program("export", "missing.onnx", "--seed", "1", "--onnx", "out.onnx")
    #expect(seed.status == 64)
    #expect(
      seed.errors.contains("--seed: found with missing.onnx, expected with a built-in network alone"))
    #expect(program.files.isEmpty)
  }
}
