import Foundation
import Graphs
import Networks
import Testing

/// What the importer says of single nodes: attributes and operands that cannot be.
struct ONNXNodeErrors {
  /// What is found and expected of one node with operands x [1, 4, 6, 6], i (integers) and w (weights).
  private func finding(
    _ type: String, _ inputs: [String] = ["x"], opset: Int64 = 18,
    _ attributes: [String: ONNXTestModel.Attribute] = [:],
    outputs: [String] = ["y"], integers: [Int64] = [1]
  ) -> String {
    let text = ONNXTestModel.message(opset: opset) { model in
      model.input("x", 1, 4, 6, 6)
      model.input("data", 4, type: 7)
      model.integers("i", integers)
      model.weight("w", 8, 4, 3, 3)
      model.weight("b", 7)
      model.node(type, inputs, outputs, name: "n", attributes)
      for name in outputs { model.output(name) }
    }
    guard let start = text.range(of: "'n' (\(type)): ") else { return text }
    return String(text[start.upperBound...].prefix { $0 != "\n" })
  }

  @Test func `attributes that a node cannot have`() {
    #expect(
      finding("Conv", ["x", "w"], ["auto_pad": .text("MAYBE")])
        == "found auto_pad 'MAYBE', expected NOTSET, VALID, SAME_UPPER, SAME_LOWER")
    #expect(
      finding("Conv", ["x", "w"], ["kernel_shape": .ints([5, 5])])
        == "found kernel_shape [5, 5] for weights of [3, 3], expected equal extents")
    #expect(
      finding("Conv", ["x", "w"], ["strides": .ints([1])])
        == "found 1 strides, 2 dilations and 4 pads, expected 2, 2 and 4")
    #expect(
      finding("Conv", ["x", "w"], ["strides": .ints([0, 1])]).contains("expected numbers of at least 1"))
    #expect(finding("Conv", ["x", "w", "b"]) == "found bias float32[7], expected [8]")
    #expect(
      finding("Conv", ["x", "w"], ["group": .float(1)])
        == "found attribute 'group' of type float, expected int")
    #expect(
      finding("Conv", ["x", "w"], ["group": .int(1 << 40)])
        == "found attribute 'group' of 1099511627776, expected a number within ±2^31")
    #expect(finding("Conv", ["x"]) == "found no operand 1, expected at least 2 operands")
    #expect(
      finding("MaxPool", ["x"], ["kernel_shape": .ints([2])]).contains(
        "expected 2 extents"))
    #expect(
      finding("MaxPool", ["x"], ["kernel_shape": .ints([2, 2])], outputs: ["y", "z"])
        == "found a use of the result Indices, expected a use of the first result only")
    #expect(finding("Softmax", ["x"], ["axis": .int(4)]) == "found axis 4, expected an axis in -4 ..< 4")
    #expect(
      finding("ReduceMean", ["x"], ["axes": .ints([1, -3])]) == "found axes [1, -3], expected each axis once")
    #expect(
      finding("Einsum", ["x"], ["equation": .text("b...->b")]).hasPrefix(
        "found equation 'b...->b' for 1 operands"))
    #expect(finding("Selu", ["x"], ["alpha": .float(2)]).hasPrefix("found alpha 2.0, gamma 1.05"))
    #expect(finding("LpNormalization", ["x"], ["p": .int(3)]) == "found p 3, expected 1 or 2")
    #expect(finding("Cast", ["x"], ["to": .int(8)]).hasPrefix("found elements of type string"))
    #expect(finding("Cast") == "found no attribute 'to', expected an element type")
    #expect(finding("LRN") == "found no size, expected a number of channels")
    #expect(finding("DepthToSpace") == "found no blocksize, expected a whole number")
    #expect(finding("Constant", [], ["value_string": .text("a")]).hasPrefix("found no tensor or number"))
    #expect(finding("Squeeze", ["x", "i"]) == "found axes [1] of [1, 4, 6, 6], expected axes of extent 1")
    #expect(
      finding("Split", ["x"], ["axis": .int(1), "num_outputs": .int(9)])
        == "found 9 parts of an axis of 4 for 1 results, expected one part for each result, at most 4")
    #expect(
      finding("Split", ["x", "i"], ["axis": .int(1)]).contains(
        "expected one positive size for each result, 4 in all"))
    #expect(
      finding("Gather", ["x", "i"], ["axis": .int(1)], integers: [4])
        == "found index 4 on an axis of 4, expected an index inside it")
    #expect(finding("Pad", ["x", "i"]) == "found pads [1] for 4 axes, expected two for each axis")
    #expect(finding("Pad", ["x", "i"], integers: [.min, 0, 0, 0, 0, 0, 0, 0]).hasPrefix("found pads"))
    #expect(
      finding("Expand", ["x", "i"], integers: [3, 3]).hasPrefix("found float32[1, 4, 6, 6] to [3, 3]"))
    #expect(
      finding("TopK", ["x", "i"], ["axis": .int(1)], outputs: ["y", "z"], integers: [5]).contains(
        "k = 5 along an axis of 4"))
    #expect(
      finding("QuantizeLinear", ["x", "b"], opset: 21, ["block_size": .int(2)]).hasPrefix(
        "found a block_size"))
    #expect(
      finding("GroupNormalization", ["x", "b", "b"]) == "found no num_groups, expected a number of groups")
  }

  @Test func `training is refused`() {
    #expect(
      finding("BatchNormalization", ["x", "b", "b", "b", "b"], ["training_mode": .int(1)])
        == "found training_mode 1, expected a model exported for inference")
  }

  @Test func `Resize in forms that are not understood`() {
    #expect(finding("Resize", ["x", "", "b"]) == "found 7 scales and 0 sizes, expected 4 of one of them")
    #expect(
      finding("Resize", ["x", "", "b"], ["coordinate_transformation_mode": .text("tf_crop_and_resize")])
        .hasPrefix("found coordinate_transformation_mode 'tf_crop_and_resize', expected half_pixel, "))
    #expect(
      finding("Resize", ["x", "", "b"], ["antialias": .int(1)])
        == "found antialias 1, expected a Resize without antialiasing")
  }

  @Test func `shapes that depend on the data`() {
    #expect(
      finding("Reshape", ["x", "data"])
        == "found extents that depend on the data, expected extents that follow from the file and the extents of the inputs"
    )
    #expect(
      finding("NonZero")
        == "found elements that depend on the data, expected elements that follow from the file and the extents of the inputs"
    )
    #expect(finding("Range", ["data", "i", "i"]).hasPrefix("found bounds that depend on the data"))
    #expect(finding("Range", ["i", "i", "i"]).hasPrefix("found a range from 1.0 to 1.0 by 1.0"))
    #expect(finding("If", ["data"]).hasPrefix("found condition values that depend on the data"))
  }

  @Test func `giant results are refused without being made`() {
    let huge: [Int64] = [1 << 20, 1 << 20, 1 << 20, 1]
    #expect(finding("ConstantOfShape", ["i"], integers: huge).contains("expected extents of 0 to 2^40"))
    #expect(finding("Expand", ["x", "i"], integers: [1 << 40, 4, 6, 6]).contains("2^40"))
    #expect(finding("Tile", ["x", "i"], integers: [1 << 20, 1 << 20, 1, 1]).contains("2^40"))
    #expect(finding("Tile", ["x", "i"], integers: [.max, .max, .max, .max]).contains("2^40"))
    #expect(
      finding("Reshape", ["x", "i"], integers: [.max, .max]).contains("expected positive extents, -1 or 0"))
    #expect(
      finding("Pad", ["x", "i"], integers: [0, 0, 1 << 30, 1 << 30, 0, 0, 1 << 30, 1 << 30]).contains("2^40"))
  }
}
