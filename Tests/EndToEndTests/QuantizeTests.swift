import Foundation
import Testing

/// From a training to a file of integers: `joulery export`, `joulery quantize` and `joulery simulate` behind one another.
@Suite struct `joulery quantize` {
  let program: Program
  init() throws { program = try Program() }

  private func object(_ run: Program.Outcome) throws -> [String: Any] {
    #expect(run.status == 0, "\(run.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test func `a trained network is exported, keeps its accuracy on integers, and simulates as them`() throws {
    defer { program.remove() }
    let training = try object(
      program(
        "train", "convnet-small", "--train-images", "512", "--test-images", "128", "--epochs", "3",
        "--threads",
        "1", "--out", "run", "--json", "--quiet"))
    let accuracy = try #require((training["result"] as? [String: Any])?["test_accuracy"] as? Double)

    let quantized = try object(
      program("quantize", "run", "--test-images", "128", "--threads", "1", "--onnx", "int8.onnx", "--json"))
    #expect(quantized["test_accuracy"] as? Double == accuracy)
    let onIntegers = try #require(quantized["int8_test_accuracy"] as? Double)
    #expect(abs(onIntegers - accuracy) < 0.05)
    #expect(quantized["integer_macs"] as? Int == quantized["macs"] as? Int)

    #expect(try program("export", "run", "--onnx", "real.onnx").status == 0)
    let again = try object(
      program(
        "quantize", "real.onnx", "--on", "stripes", "--test-images", "128", "--threads", "1", "--onnx",
        "again.onnx", "--json"))
    // The file's images are normalised by all training images, the checkpoint's by the first 512.
    #expect(abs(try #require(again["test_accuracy"] as? Double) - accuracy) < 0.03)

    let simulation = try object(program("simulate", "int8.onnx", "--json"))
    let network = try #require(simulation["network"] as? [String: Any])
    #expect(network["macs"] as? Int == quantized["macs"] as? Int)
  }

  @Test func `says what is missing before it works`() throws {
    defer { program.remove() }
    #expect(try program("export", "lenet5", "--seed", "1", "--onnx", "a.onnx").status == 0)
    let dataset = try program("quantize", "a.onnx", "--onnx", "b.onnx")
    #expect(dataset.status == 64)
    #expect(dataset.errors.contains("a.onnx: found no dataset, expected --on DATASET"))
    let method = try program("quantize", "a.onnx", "--method", "best", "--onnx", "b.onnx")
    #expect(method.status == 64)
    #expect(method.errors.contains("--method must be one of minmax, percentile, mse, entropy, found 'best'"))
    let seed = try program("export", "run.safetensors", "--seed", "1", "--onnx", "b.onnx")
    #expect(seed.status == 64)
    #expect(
      seed.errors.contains("found --seed, expected neither --seed nor --input; a checkpoint has its weights"))
    let missing = try program("export", "run.safetensors", "--onnx", "b.onnx")
    #expect(missing.status == 66)
    #expect(
      missing.errors.contains(
        "run.safetensors: cannot be read, expected a checkpoint of 'joulery train --out'"))
    #expect(program.files == ["a.onnx"])
  }
}
