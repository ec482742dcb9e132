import Foundation
import Graphs
import Networks
import Testing

/// Each message of the importer: place, finding, expectation, remedy.
struct ONNXErrors {
  @Test func `a file that is not there`() {
    let error = #expect(throws: ONNXError.self) { try ONNXModel(contentsOf: "/no/such.onnx") }
    #expect(
      error?.description == "/no/such.onnx: cannot be read: no such file; give the path of an ONNX file")
  }

  @Test func `a folder in place of a file`() {
    let path = FileManager.default.temporaryDirectory.path()
    let error = #expect(throws: ONNXError.self) { try ONNXModel(contentsOf: path) }
    #expect(error?.description.contains("cannot be read: it is not a readable file") == true)
  }

  @Test func `bytes that are no model`() {
    for (text, finding) in [
      ("", "found no graph in 0 bytes, expected an ONNX model"),
      ("hello, world", "found wire type 4 at byte 2, expected a protobuf field of ONNX"),
      (":onnx", "found a field of 111 bytes at byte 0 with 3 bytes left, expected a complete ONNX file"),
      ("\u{8}\u{7f}\u{8}", "found a number cut off at byte 3, expected a complete ONNX file"),
      ("\u{3}", "found wire type 3 at byte 0, expected a protobuf field of ONNX"),
    ] {
      let error = #expect(throws: ONNXError.self) { try ONNXModel(bytes: Data(text.utf8), path: "m.onnx") }
      #expect(
        error?.description
          == "m.onnx: \(finding); export the model again or check it with onnx.checker")
    }
  }

  @Test func `a truncated file, wherever it ends`() throws {
    var model = ONNXTestModel()
    model.input("x", 1, 4)
    model.weight("w", 4, 2000)
    model.node("MatMul", ["x", "w"], ["y"])
    model.output("y")
    let data = try model.data()
    for length in stride(from: 0, to: data.count, by: 97) {
      #expect(throws: ONNXError.self) {
        try ONNXModel(bytes: data.prefix(length), path: "m.onnx").graph()
      }
    }
  }

  @Test(arguments: [Int64(6), 23]) func `an operator set outside the table`(_ version: Int64) {
    let text = ONNXTestModel.message(opset: version) { $0.output("y") }
    #expect(
      text
        == "test.onnx: found operator set 'ai.onnx' version \(version), expected ai.onnx version 7 to 22; "
        + "export again with opset_version=18 or convert with onnx.version_converter")
  }

  @Test func `no operator set`() {
    let text = ONNXTestModel.message {
      $0.message.opsetImport = []
      $0.output("y")
    }
    #expect(text.hasPrefix("test.onnx: found no operator set version for domain 'ai.onnx', expected"))
  }

  @Test func `every unsupported node at once`() {
    let text = ONNXTestModel.message { model in
      model.addOpset("my.domain", 1)
      model.input("x", 1, 4)
      model.node("Fourier", ["x"], ["a"], name: "first")
      model.node("Fourier", ["a"], ["b"])
      model.node("Wavelet", ["b"], ["c"], domain: "my.domain")
      model.node("Relu", ["c"], ["y"])
      model.output("y")
    }
    #expect(
      text == """
        test.onnx: found operators that are not supported:
          Fourier × 2 (first: 'first')
          my.domain.Wavelet × 1 (first: 'Wavelet_2')
        expected operators that 'joulery list operations' names; replace them in the model, or export with another opset
        """)
  }

  @Test func `an unsupported node whose result nobody uses`() {
    let text = ONNXTestModel.message { model in
      model.input("x", 1, 4)
      model.node("Relu", ["x"], ["y"])
      model.node("Fourier", ["x"], ["unused"], name: "aside")
      model.output("y")
    }
    #expect(text.contains("found operators that are not supported:\n  Fourier × 1 (first: 'aside')"))
  }

  @Test func `an operator before its operator set is unsupported`() {
    let text = ONNXTestModel.message(opset: 19) { model in
      model.input("x", 4)
      model.node("Gelu", ["x"], ["y"])
      model.output("y")
    }
    #expect(text.contains("Gelu × 1 (first: 'Gelu_0')"))
  }

  @Test func `a known node that nothing reads is left out, whatever its operands`() {
    let text = ONNXTestModel.message { model in
      model.input("x", 4)
      model.weight("w", 3, 2)
      model.node("MatMul", ["x", "w"], ["a"])
      model.node("Relu", ["x"], ["y"])
      model.output("y")
    }
    #expect(text == "no error")
  }

  @Test func `every invalid node at once`() {
    let text = ONNXTestModel.message { model in
      model.input("x", 1, 4)
      model.weight("w", 3, 2)
      model.node("MatMul", ["x", "w"], ["a"], name: "product")
      model.node("Concat", ["x", "x"], ["b"], name: "join")
      model.node("Relu", ["x"], ["c"], name: "curve", ["slope": .float(2)])
      model.output("a", "b", "c")
    }
    #expect(
      text == """
        test.onnx: found nodes that cannot be imported:
          'product' (MatMul): found [1, 4] × [3, 2], inner extents 4 and 3, expected equal inner extents
          'join' (Concat): found no axis, expected an axis
          'curve' (Relu): found attribute 'slope', expected attributes of Relu in operator set 18
        correct the model, or bind its inputs with --input NAME=1x3x224x224 if their extents are open
        """)
  }

  @Test func `an operand that nothing computes`() {
    let text = ONNXTestModel.message { model in
      model.node("Relu", ["ghost"], ["y"])
      model.output("y")
    }
    #expect(
      text.contains(
        "'Relu_0' (Relu): found operand 'ghost' that nothing computes, expected an input, weight or result"))
  }

  @Test func `an output that nothing computes`() {
    #expect(
      ONNXTestModel.message { $0.output("y") }
        == "test.onnx: found output 'y' that no node computes, expected a node for it; "
        + "export the model again or check it with onnx.checker")
    #expect(
      ONNXTestModel.message { _ in }.contains("found a graph without outputs, expected at least one output"))
  }

  @Test func `a cycle`() {
    let text = ONNXTestModel.message { model in
      model.node("Relu", ["b"], ["a"], name: "one")
      model.node("Relu", ["a"], ["b"], name: "two")
      model.output("b")
    }
    #expect(text.contains("found a cycle through node 'one' (Relu), expected nodes without cycles"))
  }

  @Test func `a name that two nodes compute`() {
    let text = ONNXTestModel.message { model in
      model.input("x", 4)
      model.node("Relu", ["x"], ["y"])
      model.node("Neg", ["x"], ["y"])
      model.output("y")
    }
    #expect(text.contains("found 'y' computed by nodes 0 and 1, expected one node for each name"))
  }

  @Test func `functions that call each other without end`() {
    let text = ONNXTestModel.message { model in
      model.addOpset("own", 1)
      for (name, other) in [("Ping", "Pong"), ("Pong", "Ping")] {
        var function = Onnx_FunctionProto()
        function.name = name
        function.domain = "own"
        function.input = ["a"]
        function.output = ["b"]
        function.node = [ONNXTestModel.node(other, ["a"], ["b"], domain: "own")]
        model.message.functions.append(function)
      }
      model.input("x", 4)
      model.node("Ping", ["x"], ["y"], domain: "own")
      model.output("y")
    }
    #expect(
      text.contains("found functions or branches that call each other without end, expected at most 32 calls")
    )
  }

  @Test func `functions that multiply`() {
    let text = ONNXTestModel.message { model in
      model.addOpset("own", 1)
      // Thirty levels that each call the next twice: 2^30 nodes.
      for level in 0..<30 {
        var function = Onnx_FunctionProto()
        function.name = "F\(level)"
        function.domain = "own"
        function.input = ["a"]
        function.output = ["c"]
        let (next, domain) = level == 29 ? ("Relu", "") : ("F\(level + 1)", "own")
        function.node = [
          ONNXTestModel.node(next, ["a"], ["b"], domain: domain),
          ONNXTestModel.node(next, ["b"], ["c"], domain: domain),
        ]
        model.message.functions.append(function)
      }
      model.input("x", 4)
      model.node("F0", ["x"], ["y"], domain: "own")
      model.output("y")
    }
    #expect(text.contains("2^17 nodes in all"))
  }

  @Test func `thousands of unsupported types are counted in linear time`() {
    let text = ONNXTestModel.message { model in
      model.input("x", 4)
      for index in 0..<5000 {
        model.node("Type\(index)", [index == 0 ? "x" : "v\(index - 1)"], ["v\(index)"])
      }
      model.output("v4999")
    }
    #expect(text.split(separator: "\n").count == 5002)
  }

  // MARK: Inputs

  @Test func `open extents name every input and the remedy`() {
    let text = ONNXTestModel.message { model in
      model.input("image", "batch", 3, "height", 224)
      model.input("mask", "batch", 1)
      model.node("Relu", ["image"], ["a"])
      model.node("Relu", ["mask"], ["b"])
      model.output("a", "b")
    }
    #expect(
      text == """
        test.onnx: found inputs with open extents:
          'image' [batch, 3, height, 224]
          'mask' [batch, 1]
        expected a number for each; give them with --input image=1x3x1x224 --input mask=1x1
        """)
  }

  @Test func `bindings that do not fit`() {
    func bound(_ bindings: [String: [Int]], batch: Int? = nil) -> String {
      ONNXTestModel.message(ONNXImportOptions(bindings: bindings, batch: batch)) { model in
        model.input("x", "n", 3)
        model.input("z", "n", 5)
        model.node("Relu", ["x"], ["a"])
        model.node("Relu", ["z"], ["b"])
        model.output("a", "b")
      }
    }
    let end = "; correct --input or --batch"
    #expect(bound(["q": [1]]) == "test.onnx: input 'q': found no such input, expected one of x, z" + end)
    #expect(bound(["x": [1]]) == "test.onnx: input 'x': found 1 extents [1], expected 2: [n, 3]" + end)
    #expect(bound(["x": [1, 4]]) == "test.onnx: input 'x': found [1, 4], expected [n, 3]" + end)
    #expect(
      bound(["x": [1, 3], "z": [2, 5]])
        == "test.onnx: input 'z': found 'n' bound to 1 and to 2, expected one value"
        + end)
    #expect(
      bound(["x": [0, 3]]).hasPrefix(
        "test.onnx: input 'x': found float32[0, 3], expected extents of at least 1"))
    #expect(bound(["x": [1 << 41, 3]]).contains("expected at most 2^40 elements"))
    #expect(bound(["x": [-1, 3]]).contains("expected extents of at least 1"))
    #expect(bound(["x": [2, 3]]) == "no error")
  }

  @Test func `a batch for a model without an open one`() {
    let text = ONNXTestModel.message(ONNXImportOptions(batch: 4)) { model in
      model.input("x", 1, 3)
      model.node("Relu", ["x"], ["y"])
      model.output("y")
    }
    #expect(
      text.contains(
        "input 'x': found batch 4 for a first extent of float32[1, 3], expected an open first extent"))
  }

  @Test func `an input that is not a tensor of numbers`() {
    let text = ONNXTestModel.message { model in
      model.input("x", 1, type: 8)
      model.node("Relu", ["x"], ["y"])
      model.output("y")
    }
    #expect(
      text.contains("input 'x': found elements of type string, expected real numbers, integers or bool"))
    let sequence = ONNXTestModel.message { model in
      model.input("x", 1)
      model.message.graph.input[0].type.sequenceType = Onnx_TypeProto.Other()
      model.node("Relu", ["x"], ["y"])
      model.output("y")
    }
    #expect(sequence.contains("input 'x': found a value that is not a tensor, expected a tensor"))
  }

  // MARK: Tensors

  private func weight(_ change: (inout Onnx_TensorProto) -> Void) -> String {
    ONNXTestModel.message { model in
      model.weight("w", 4, 2)
      change(&model.message.graph.initializer[0])
      model.input("x", 1, 4)
      model.node("MatMul", ["x", "w"], ["y"])
      model.output("y")
    }
  }

  @Test func `weights that contradict themselves`() {
    #expect(
      weight { $0.dims = [4, 3] }.contains(
        "'w' (initializer): found 32 bytes for float32[4, 3], expected 48 bytes"))
    #expect(weight { $0.dims = [-4, 2] }.contains("found extents [-4, 2], expected extents of 0 to 2^40"))
    #expect(weight { $0.dims = [1 << 40, 1 << 40] }.contains("expected extents of 0 to 2^40"))
    #expect(
      weight { $0.dataType = 17 }.contains("found elements of type float8E4M3Fn, expected real numbers"))
    #expect(weight { $0.dataType = 99 }.contains("found elements of type 99"))
    #expect(
      weight { $0.clearRawData() }.contains("found 0 stored elements for float32[4, 2], expected 8"))
  }

  @Test func `weights cannot claim bytes of the file`() {
    let text = weight {
      $0.clearRawData()
      $0.elidedOffset = 0
      $0.elidedLength = 32
    }
    #expect(text.contains("found 0 stored elements"))
  }

  @Test func `external data stays in the model's folder`() {
    func external(_ location: String, _ extra: [String: String] = [:]) -> String {
      weight { tensor in
        tensor.clearRawData()
        tensor.dataLocation = .external
        for (key, value) in [("location", location)] + extra.sorted(by: { $0.key < $1.key }) {
          var entry = Onnx_StringStringEntryProto()
          entry.key = key
          entry.value = value
          tensor.externalData.append(entry)
        }
      }
    }
    for path in ["../w.bin", "/etc/passwd", "a/../../w.bin", "..\\w.bin"] {
      #expect(
        external(path).contains("found external data at '\(path)', expected a path inside the model's folder")
      )
    }
    #expect(external("").contains("found external data without a location, expected a file beside the model"))
    #expect(
      external("no-such.bin").contains(
        "found no file 'no-such.bin' beside the model, expected the external data"))
    #expect(
      external("w.bin", ["offset": "-4"]).contains(
        "found external data with offset '-4', expected a number of bytes"))
    #expect(external("w.bin", ["length": "31"]).contains("found 31 bytes of external data, expected 32"))
  }

  @Test func `external data that is too short, or linked from elsewhere`() throws {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appending(path: "onnx-\(UUID().uuidString)")
    try manager.createDirectory(at: folder.appending(path: "model"), withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: folder) }
    try Data(count: 40).write(to: folder.appending(path: "outside.bin"))
    try Data(count: 30).write(to: folder.appending(path: "model/short.bin"))
    try Data((0..<40).map { UInt8($0) }).write(to: folder.appending(path: "model/good.bin"))
    try manager.createSymbolicLink(
      at: folder.appending(path: "model/link.bin"), withDestinationURL: folder.appending(path: "outside.bin"))
    func graph(_ file: String) throws -> Graph {
      var model = ONNXTestModel()
      model.weight("w", 4, 2)
      model.message.graph.initializer[0].clearRawData()
      model.message.graph.initializer[0].dataLocation = .external
      for (key, value) in [("location", file), ("offset", "8")] {
        var entry = Onnx_StringStringEntryProto()
        (entry.key, entry.value) = (key, value)
        model.message.graph.initializer[0].externalData.append(entry)
      }
      model.input("x", 1, 4)
      model.node("MatMul", ["x", "w"], ["y"])
      model.output("y")
      return try model.model(path: folder.appending(path: "model/m.onnx").path()).graph()
    }
    #expect(
      "\(try #require(throws: ONNXError.self) { try graph("short.bin") })".contains(
        "found 32 bytes from 8 in 'short.bin', which has 30, expected a range inside the file"))
    #expect(
      "\(try #require(throws: ONNXError.self) { try graph("link.bin") })".contains(
        "found external data at 'link.bin', a link out of the folder"))
    #expect(try graph("good.bin").constants[0].bytes == (8..<40).map { UInt8($0) })
  }
}
