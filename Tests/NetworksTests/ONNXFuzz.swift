import Foundation
import Graphs
import Networks
import Testing

/// Damaged files: whatever the bytes, the importer returns a graph or an error and never crashes, hangs or allocates
/// without bound.
struct ONNXFuzz {
  /// The same mutations at every run: SplitMix64.
  ///
  /// Source: Steele et al. 2014, doi:10.1145/2660193.2660195.
  struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  /// A model that touches most of the importer: convolution, attention, shape arithmetic, int8, function, branch.
  private static func seed() -> ONNXTestModel {
    var model = ONNXTestModel(opset: 18)
    model.addOpset("own", 1)
    model.input("x", 1, 3, 8, 8)
    model.weight("w", 8, 3, 3, 3)
    model.weight("b", 8)
    model.weight("big", 8, 200)
    model.node("Conv", ["x", "w", "b"], ["c"], ["pads": .ints([1, 1, 1, 1]), "strides": .ints([2, 2])])
    model.node("Relu", ["c"], ["r"])
    model.node("MaxPool", ["r"], ["p"], ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])])
    model.node("Shape", ["p"], ["s"])
    model.integers("zero", [0])
    model.integers("one", [1])
    model.integers("two", [2])
    model.integers("minus", [-1])
    model.node("Slice", ["s", "zero", "two"], ["head"])
    model.node("Concat", ["head", "minus"], ["target"], ["axis": .int(0)])
    model.node("Reshape", ["p", "target"], ["q"])
    model.node("Transpose", ["q"], ["t"], ["perm": .ints([0, 2, 1])])
    model.node("MatMul", ["t", "big"], ["m"])
    model.node("Softmax", ["m"], ["soft"], ["axis": .int(-1)])
    model.floats("scale", [0.5], shape: [])
    model.bytes("point", [3], shape: [], type: 3)
    model.node("QuantizeLinear", ["soft", "scale", "point"], ["i8"])
    model.node("DequantizeLinear", ["i8", "scale", "point"], ["f"])
    model.node("Range", ["zs", "ns", "os"], ["range"])
    for (name, value) in [("zs", 0), ("ns", 4), ("os", 1)] { model.integers(name, [Int64(value)], shape: []) }
    model.node("Gather", ["f", "range"], ["g"], ["axis": .int(1)])
    model.node("ConstantOfShape", ["two"], ["fill"], ["value": .tensor(ONNXTestModel.floats([1], [1]))])
    model.node("Einsum", ["g", "g"], ["e"], ["equation": .text("bij,bkj->bik")])
    model.node("Pad", ["e", "pads"], ["padded"])
    model.integers("pads", [0, 1, 1, 0, 1, 1])
    model.node("Split", ["padded"], ["left", "right"], ["axis": .int(1), "num_outputs": .int(2)])
    model.node("Tile", ["left", "repeats"], ["tiled"])
    model.integers("repeats", [1, 2, 1])
    model.node("Square", ["tiled"], ["called"], domain: "own", ["k": .int(1)])
    var branch = Onnx_GraphProto()
    branch.node = [ONNXTestModel.node("Neg", ["called"], ["out"])]
    branch.output = [ONNXTestModel.declaration("out", [])]
    model.bytes("yes", [1], shape: [], type: 9)
    model.node("If", ["yes"], ["y"], ["then_branch": .graph(branch), "else_branch": .graph(branch)])
    var function = Onnx_FunctionProto()
    function.name = "Square"
    function.domain = "own"
    function.input = ["a"]
    function.output = ["c"]
    function.attribute = ["k"]
    function.node = [
      ONNXTestModel.node("Mul", ["a", "a"], ["b"]),
      ONNXTestModel.node("TopK", ["b", "kk"], ["c", "idx"], ["axis": .int(-1)]),
      ONNXTestModel.node("Constant", [], ["kk"], ["value_ints": .ints([1])]),
    ]
    model.message.functions = [function]
    model.output("y", "right", "fill")
    return model
  }

  @Test func `the undamaged model is imported`() throws {
    let graph = try Self.seed().graph()
    #expect(graph.outputs.count == 3)
    #expect(graph.macs > 0)
  }

  /// Bytes overwritten, cut out, doubled, and the end cut off.
  @Test func `damaged bytes are an error or another graph`() throws {
    let original = [UInt8](try Self.seed().data())
    var random = Random(state: 1)
    var errors = 0
    for _ in 0..<600 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.removeSubrange(place..<min(place + Int.random(in: 1...8, using: &random), bytes.count))
        case 3: bytes.insert(contentsOf: bytes[place..<min(place + 6, bytes.count)], at: place)
        default: bytes[place] = [0x00, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
        }
        if bytes.isEmpty { break }
      }
      do {
        _ = try ONNXModel(bytes: Data(bytes), path: "fuzz.onnx").graph()
      } catch { errors += 1 }
    }
    #expect(errors > 100 && errors < 600)
  }

  /// Valid messages with hostile numbers: they get past the decoder and into every operator.
  @Test func `hostile numbers are an error or another graph`() throws {
    var random = Random(state: 2)
    var errors = 0
    let numbers: [Int64] = [
      0, -1, 1, 2, 3, 7, 255, 1 << 20, 1 << 31, (1 << 31) - 1, -(1 << 31), 1 << 40, 1 << 62, .max, .min,
      .min + 1,
    ]
    func number() -> Int64 { numbers.randomElement(using: &random) ?? 0 }
    for _ in 0..<600 {
      var graph = Self.seed().message.graph
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let node = Int.random(in: graph.node.indices, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
          let tensor = Int.random(in: graph.initializer.indices, using: &random)
          if !graph.initializer[tensor].int64Data.isEmpty {
            graph.initializer[tensor].int64Data[0] = number()
          }
        case 1:
          let tensor = Int.random(in: graph.initializer.indices, using: &random)
          if !graph.initializer[tensor].dims.isEmpty { graph.initializer[tensor].dims[0] = number() }
        case 2:
          for attribute in graph.node[node].attribute.indices {
            graph.node[node].attribute[attribute].i = number()
            for index in graph.node[node].attribute[attribute].ints.indices where Bool.random(using: &random)
            {
              graph.node[node].attribute[attribute].ints[index] = number()
            }
          }
        case 3:
          graph.input[0].type.tensorType.shape.dim[Int.random(in: 0..<4, using: &random)].dimValue = number()
        case 4:
          let other = graph.node[Int.random(in: graph.node.indices, using: &random)]
          if !graph.node[node].input.isEmpty { graph.node[node].input[0] = other.output.first ?? "" }
        default:
          graph.node[node].opType =
            OperatorTable.operatorNames.randomElement(using: &random)?.split(separator: ".").last.map(
              String.init)
            ?? "Relu"
        }
      }
      var model = Self.seed()
      model.message.graph = graph
      do { _ = try model.graph() } catch is ONNXError { errors += 1 }
    }
    #expect(errors > 100 && errors < 600)
  }
}
