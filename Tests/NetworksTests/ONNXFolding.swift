import Graphs
import Networks
import Testing

/// What the importer computes itself: shape arithmetic, constants, functions and branches leave no nodes behind.
struct ONNXFolding {
  private func graph(
    _ options: ONNXImportOptions = ONNXImportOptions(), opset: Int64 = 18,
    _ build: (inout ONNXTestModel) -> Void
  ) throws -> Graph {
    var model = ONNXTestModel(opset: opset)
    build(&model)
    return try model.graph(options)
  }

  /// The elements of an int64 result that the import computed.
  private func integers(_ build: (inout ONNXTestModel) -> Void) throws -> [Int64] {
    let graph = try graph {
      build(&$0)
      $0.output("y")
    }
    #expect(graph.nodes.isEmpty)
    guard case .constant(let index) = try #require(graph.outputs.first).value.source else { return [] }
    let bytes = try #require(graph.constants[index].bytes)
    #expect(graph.constants[index].type.elementType == .int64)
    return bytes.withUnsafeBytes { raw in
      stride(from: 0, to: raw.count, by: 8).map { raw.loadUnaligned(fromByteOffset: $0, as: Int64.self) }
    }
  }

  @Test func `the flattening that exporters write leaves one reshape`() throws {
    let graph = try graph { model in
      model.input("x", 2, 3, 4, 5)
      model.node("Shape", ["x"], ["s"])
      model.integers("index", [0], shape: [])
      model.node("Gather", ["s", "index"], ["b"])
      model.integers("axis", [0])
      model.node("Unsqueeze", ["b", "axis"], ["b1"])
      model.integers("rest", [-1])
      model.node("Concat", ["b1", "rest"], ["t"], ["axis": .int(0)])
      model.node("Reshape", ["x", "t"], ["y"], name: "flat")
      model.output("y")
    }
    #expect(graph.nodes.map(\.name) == ["flat"])
    #expect(graph.nodes[0].resultTypes[0].shape == [2, 60])
    #expect(graph.constants.isEmpty)
  }

  @Test func `arithmetic on shapes is exact`() throws {
    #expect(
      try integers { model in
        model.integers("a", [7, -7, 9])
        model.integers("b", [2, 2, -4])
        model.node("Div", ["a", "b"], ["q"])
        model.node("Mod", ["a", "b"], ["r"])
        model.node("Mul", ["q", "b"], ["p"])
        model.node("Sub", ["a", "p"], ["d"])
        model.node("Concat", ["q", "r", "d"], ["y"], ["axis": .int(0)])
        // Quotients towards zero, remainders with the divisor's sign, as ONNX has them.
      } == [3, -3, -2, 1, 1, -3, 1, -1, 1])
  }

  @Test func `real arithmetic on shapes rounds as float32 does`() throws {
    #expect(
      try integers { model in
        model.input("x", 1, 3, 7, 10)
        model.node("Shape", ["x"], ["s"], ["start": .int(2)])
        model.node("Cast", ["s"], ["f"], ["to": .int(1)])
        model.floats("scale", [1.7, 0.35])
        model.node("Mul", ["f", "scale"], ["m"])
        model.node("Floor", ["m"], ["n"])
        model.node("Cast", ["n"], ["y"], ["to": .int(7)])
      } == [11, 3])
  }

  @Test func `slices, ranges, fills, selections and reductions fold`() throws {
    #expect(
      try integers { model in
        for (name, value) in [("zero", 0), ("ten", 10), ("three", 3)] {
          model.integers(name, [Int64(value)], shape: [])
        }
        model.node("Range", ["zero", "ten", "three"], ["r"])  // 0 3 6 9
        for (name, value) in [("last", -1), ("before", Int.min), ("first", 0), ("back", -2), ("four", 4)] {
          model.integers(name, [Int64(value)])
        }
        model.node("Slice", ["r", "last", "before", "first", "back"], ["s"])  // 9 3
        model.node("ConstantOfShape", ["four"], ["f"], ["value": .tensor(ONNXTestModel.integers([5], [1]))])
        model.node("Greater", ["r", "f"], ["g"])  // no no yes yes
        model.node("Where", ["g", "r", "f"], ["w"])  // 5 5 6 9
        model.node("ReduceProd", ["w"], ["p"], ["keepdims": .int(1)])
        model.node("CumSum", ["w", "zero"], ["c"])
        model.node("NonZero", ["r"], ["n"])
        model.node("Squeeze", ["n"], ["nn"])
        model.node("Concat", ["s", "p", "c", "nn"], ["y"], ["axis": .int(0)])
      } == [9, 3, 1350, 5, 10, 16, 25, 1, 2, 3])
  }

  @Test func `movements of known tensors fold`() throws {
    #expect(
      try integers { model in
        model.integers("a", [1, 2, 3, 4, 5, 6], shape: [2, 3])
        model.node("Transpose", ["a"], ["t"])  // 1 4 | 2 5 | 3 6
        model.integers("pick", [2, -3])
        model.node("Gather", ["t", "pick"], ["g"], ["axis": .int(0)])  // 3 6 | 1 4
        model.integers("repeats", [1, 2])
        model.node("Tile", ["g", "repeats"], ["y"])
      } == [3, 6, 3, 6, 1, 4, 1, 4])
    #expect(
      try integers { model in
        model.integers("a", [1, 2], shape: [2, 1])
        model.integers("shape", [2, 2, 3])
        model.node("Expand", ["a", "shape"], ["y"])
      } == [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2])
  }

  @Test func `every form of Constant is read`() throws {
    #expect(
      try integers { model in
        model.node("Constant", [], ["a"], ["value_int": .int(.max)])
        model.node("Constant", [], ["b"], ["value_ints": .ints([1, 2])])
        model.node("Constant", [], ["c"], ["value": .tensor(ONNXTestModel.integers([3], [1]))])
        model.node("Constant", [], ["f"], ["value_float": .float(4.5)])
        model.node("Constant", [], ["g"], ["value_floats": .floats([5.5, -6.5])])
        model.integers("one", [1])
        model.node("Reshape", ["a", "one"], ["a1"])
        model.node("Reshape", ["f", "one"], ["f1"])
        model.node("Concat", ["f1", "g"], ["h"], ["axis": .int(0)])
        model.node("Cast", ["h"], ["i"], ["to": .int(7)])
        model.node("Concat", ["a1", "b", "c", "i"], ["y"], ["axis": .int(0)])
      } == [.max, 1, 2, 3, 4, 5, -6])
  }

  @Test func `sizes and empty lists fold`() throws {
    #expect(
      try integers { model in
        model.input("x", 2, 3, 4)
        model.node("Size", ["x"], ["n"])
        model.integers("zero", [0])
        model.node("Shape", ["x"], ["s"])
        model.node("Slice", ["s", "zero", "zero"], ["none"])
        model.node("Unsqueeze", ["n", "zero"], ["n1"])
        model.node("Concat", ["none", "n1"], ["y"], ["axis": .int(0)])
      } == [24])
  }

  @Test(arguments: [
    (Int32(10), [0x00, 0x3e], 1.5), (16, [0xc0, 0x3f], 1.5), (11, [0, 0, 0, 0, 0, 0, 0xf8, 0x3f], 1.5),
  ])
  func `real formats are decoded`(_ type: Int32, _ bytes: [UInt8], _ value: Double) throws {
    #expect(
      try integers { model in
        model.bytes("a", bytes, shape: [1], type: type)
        model.node("Cast", ["a"], ["f"], ["to": .int(1)])
        model.node("Constant", [], ["two"], ["value_floats": .floats([2])])
        model.node("Mul", ["f", "two"], ["m"])
        model.node("Cast", ["m"], ["y"], ["to": .int(7)])
      } == [Int64(2 * value)])
  }

  @Test(arguments: [
    (Int32(2), [200] as [UInt8], Int64(200)), (3, [200], -56), (4, [1, 2], 513), (5, [0, 255], -256),
    (6, [255, 255, 255, 255], -1), (12, [255, 255, 255, 255], 4_294_967_295), (9, [7], 1), (22, [0x0f], -1),
    (21, [0x0f], 15),
  ])
  func `integer formats are decoded`(_ type: Int32, _ bytes: [UInt8], _ value: Int64) throws {
    #expect(
      try integers { model in
        model.bytes("a", bytes, shape: [1], type: type)
        model.node("Cast", ["a"], ["y"], ["to": .int(7)])
      } == [value])
  }

  @Test func `a division by zero is not folded, and then not a shape`() throws {
    let error = #expect(throws: ONNXError.self) {
      try graph { model in
        model.input("x", 4)
        model.integers("a", [4])
        model.integers("b", [0])
        model.node("Div", ["a", "b"], ["q"])
        model.node("Reshape", ["x", "q"], ["y"])
        model.output("y")
      }
    }
    #expect(error?.description.contains("extents that depend on the data") == true)
  }

  // MARK: Weights

  @Test func `a transposed weight is a constant, counted once, and not read`() throws {
    let graph = try graph { model in
      model.input("ids", 1, 5, type: 7)
      model.weight("table", 300, 400)
      model.node("Gather", ["table", "ids"], ["e"])
      model.node("Transpose", ["table"], ["t"])
      model.node("MatMul", ["e", "t"], ["y"])
      model.output("y")
    }
    #expect(graph.nodes.map(\.primitive.name) == ["gather", "matrix-product"])
    #expect(graph.parameterCount == 300 * 400)
    #expect(graph.constants.allSatisfy { $0.bytes == nil })
  }

  @Test func `weights are read when they are asked for`() throws {
    var model = ONNXTestModel()
    model.input("x", 1, 40)
    model.weight("w", 40, 50)
    model.node("MatMul", ["x", "w"], ["y"])
    model.output("y")
    #expect(try model.graph().constants[0].bytes == nil)
    let read = try model.graph(ONNXImportOptions(readsWeights: true)).constants[0]
    #expect(read.bytes == (0..<2000).flatMap { withUnsafeBytes(of: Float($0)) { Array($0) } })
    #expect(read.isParameter && read.name == "w")
  }

  @Test func `only trained numbers are parameters`() throws {
    let graph = try graph { model in
      model.input("x", 1, 4, 8, 8)
      model.weight("w", 8, 4, 3, 3)
      model.weight("b", 8)
      model.node("Conv", ["x", "w", "b"], ["c"])
      for name in ["scale", "shift", "mean", "variance"] { model.weight(name, 8) }
      model.node("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], ["n"])
      model.floats("half", [0.5], shape: [1])
      model.node("Mul", ["n", "half"], ["m"])
      model.integers("pick", [1, 2, 3])
      model.node("Gather", ["m", "pick"], ["g"], ["axis": .int(1)])
      model.floats("s", [0.1], shape: [])
      model.node("QuantizeLinear", ["g", "s"], ["y"])
      model.output("y")
    }
    #expect(graph.parameterCount == 8 * 4 * 9 + 8 + 16)
  }

  @Test func `a shared weight is one constant`() throws {
    let graph = try graph { model in
      model.input("x", 4, 4)
      model.weight("w", 4, 4)
      model.node("MatMul", ["x", "w"], ["a"])
      model.node("MatMul", ["a", "w"], ["y"])
      model.output("y")
    }
    #expect(graph.constants.count == 1 && graph.parameterCount == 16)
  }

  @Test func `quantised weights stay quantised and their biases become real`() throws {
    let graph = try graph { model in
      model.input("x", 1, 2, 4, 4)
      model.floats("s", [0.5], shape: [])
      model.bytes("z", [0], shape: [], type: 3)
      model.bytes("w", Array(repeating: 1, count: 18), shape: [1, 2, 3, 3], type: 3)
      model.bytes("b", [8, 0, 0, 0], shape: [1], type: 6)
      model.node("DequantizeLinear", ["w", "s", "z"], ["wf"])
      model.node("DequantizeLinear", ["b", "s"], ["bf"])
      model.node("Conv", ["x", "wf", "bf"], ["y"])
      model.output("y")
    }
    #expect(graph.nodes.map(\.primitive.name) == ["dequantize-linear", "convolution", "binary"])
    #expect(graph.constants.map(\.type.elementType) == [.int8, .float32, .int8, .float32])
    #expect(graph.parameterCount == 18 + 1)
  }

  // MARK: Functions and branches

  @Test func `a function is imported in place of its call`() throws {
    let graph = try graph { model in
      model.addOpset("own", 1)
      var function = Onnx_FunctionProto()
      function.name = "Scaled"
      function.domain = "own"
      function.input = ["a", "optional"]
      function.output = ["c"]
      function.attribute = ["slope"]
      var standard = Onnx_AttributeProto()
      (standard.name, standard.type, standard.f) = ("slope", .float, 0.25)
      function.attributeProto = [standard]
      function.node = [
        ONNXTestModel.node("LeakyRelu", ["a"], ["b"], name: "leak", ["alpha": .reference("slope")]),
        ONNXTestModel.node("Clip", ["b", "optional"], ["c"], name: "clip"),
      ]
      model.message.functions = [function]
      model.input("x", 4)
      model.node("Scaled", ["x"], ["h"], name: "first", domain: "own", ["slope": .float(0.5)])
      model.node("Scaled", ["h"], ["y"], name: "second", domain: "own")
      model.output("y")
    }
    #expect(graph.nodes.map(\.name) == ["first/leak", "second/leak"])
    #expect(
      graph.nodes.map { ($0.primitive as? Unary)?.function } == [
        .leakyReLU(slope: 0.5), .leakyReLU(slope: 0.25),
      ])
  }

  @Test(arguments: [(UInt8(1), "unary"), (0, "binary")])
  func `a condition that is known selects its branch`(_ condition: UInt8, _ primitive: String) throws {
    let graph = try graph { model in
      model.input("x", 4)
      model.bytes("c", [condition], shape: [], type: 9)
      var (yes, no) = (Onnx_GraphProto(), Onnx_GraphProto())
      yes.node = [ONNXTestModel.node("Relu", ["x"], ["o"], name: "r")]
      no.node = [ONNXTestModel.node("Add", ["x", "k"], ["o"], name: "a")]
      no.initializer = [ONNXTestModel.floats([1, 2, 3, 4], [4], "k")]
      yes.output = [ONNXTestModel.declaration("o", [])]
      no.output = yes.output
      model.node("If", ["c"], ["y"], name: "if", ["then_branch": .graph(yes), "else_branch": .graph(no)])
      model.output("y")
    }
    #expect(graph.nodes.map(\.primitive.name) == [primitive])
    #expect(graph.nodes[0].name.hasPrefix("if/"))
  }

  // MARK: Names, order, inputs

  @Test func `nodes without a name are called by type and place`() throws {
    let graph = try graph { model in
      model.input("x", 4)
      model.node("Relu", ["x"], ["a"])
      model.node("Neg", ["a"], ["b"], name: "named")
      model.node("Abs", ["b"], ["y"])
      model.output("y")
    }
    #expect(graph.nodes.map(\.name) == ["Relu_0", "named", "Abs_2"])
  }

  @Test func `nodes in any order are sorted`() throws {
    let graph = try graph { model in
      model.input("x", 4)
      model.node("Abs", ["b"], ["y"])
      model.node("Neg", ["a"], ["b"])
      model.node("Relu", ["x"], ["a"])
      model.output("y")
    }
    #expect(graph.nodes.map(\.name) == ["Relu_2", "Neg_1", "Abs_0"])
  }

  @Test func `identities, dropout and casts to the same type are no nodes`() throws {
    let graph = try graph { model in
      model.input("x", 4)
      model.node("Identity", ["x"], ["a"])
      model.node("Dropout", ["a"], ["b"])
      model.node("Cast", ["b"], ["c"], ["to": .int(1)])
      model.node("Relu", ["c"], ["y"])
      model.output("y")
    }
    #expect(graph.nodes.count == 1)
    #expect(graph.nodes[0].operands == [Value(.input(0))])
  }

  @Test func `one binding determines extents that share its name`() throws {
    let graph = try graph(ONNXImportOptions(bindings: ["ids": [2, 7]])) { model in
      model.input("ids", "batch", "tokens")
      model.input("mask", "batch", 1, "tokens")
      model.node("Mul", ["ids", "mask"], ["y"])
      model.output("y")
    }
    #expect(graph.inputs.map(\.type.shape) == [[2, 7], [2, 1, 7]])
  }

  @Test func `the batch fills open first extents`() throws {
    let graph = try graph(ONNXImportOptions(batch: 5)) { model in
      model.input("x", "N", 3)
      model.input("z", "M", 3)
      model.node("Add", ["x", "z"], ["y"])
      model.output("y")
    }
    #expect(graph.inputs.map(\.type.shape) == [[5, 3], [5, 3]])
  }

  @Test func `initializers among the inputs, and inputs that nothing reads, are none`() throws {
    let graph = try graph { model in
      model.input("x", 4)
      model.input("w", 4)
      model.input("unused", "open")
      model.weight("w", 4)
      model.node("Add", ["x", "w"], ["y"])
      model.output("y")
    }
    #expect(graph.inputs.map(\.name) == ["x"])
    #expect(graph.parameterCount == 4)
  }

  @Test func `the graph is named after the file`() throws {
    var model = ONNXTestModel()
    model.input("x", 4)
    model.node("Relu", ["x"], ["y"])
    model.output("y")
    #expect(try model.model(path: "some/folder/net.v1.onnx").graph().name == "net.v1")
    #expect(try model.graph(ONNXImportOptions(name: "mine")).name == "mine")
  }

  @Test func `large payloads stay in the file and the rest decodes as before`() throws {
    var model = ONNXTestModel()
    model.input("x", 1, 100)
    model.weight("w", 100, 100)
    // The packed form of old exporters has the same bytes.
    model.message.graph.initializer[0].clearRawData()
    model.message.graph.initializer[0].floatData = (0..<10_000).map { Float($0) }
    model.node("MatMul", ["x", "w"], ["y"])
    model.output("y")
    let onnx = try model.model()
    #expect(onnx.structure.graph.initializer[0].floatData.isEmpty)
    var restored = onnx.structure
    restored.graph.initializer[0] = model.message.graph.initializer[0]
    #expect(restored == model.message)
    let constant = try onnx.graph(ONNXImportOptions(readsWeights: true)).constants[0]
    #expect(constant.bytes == (0..<10_000).flatMap { withUnsafeBytes(of: Float($0)) { Array($0) } })
  }
}
