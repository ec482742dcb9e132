import Foundation
import Networks
import SwiftProtobuf

/// Small ONNX files, made from the generated messages.
enum NetworkFiles {
  /// One convolution and a ReLU on an image of four channels and 10 × 10 pixels, or of three and any; the batch is open.
  static func convolution(
    opset: Int64 = 18, unknown types: [String] = [], hasOpenExtents: Bool = false
  ) throws -> Data {
    let channels: Int64 = hasOpenExtents ? 3 : 4
    var model = Onnx_ModelProto()
    model.irVersion = 8
    model.opsetImport = [.with { $0.version = opset }]
    model.graph.name = "small"
    model.graph.input = [
      .with { info in
        info.name = "image"
        info.type.tensorType.elemType = 1
        let extents: [Onnx_TensorShapeProto.Dimension] =
          hasOpenExtents
          ? [.with { $0.dimValue = 3 }, .with { $0.dimParam = "height" }, .with { $0.dimParam = "width" }]
          : [4, 10, 10].map { extent in .with { $0.dimValue = extent } }
        info.type.tensorType.shape.dim = [.with { $0.dimParam = "batch" }] + extents
      }
    ]
    model.graph.initializer = [
      .with { tensor in
        tensor.name = "weight"
        tensor.dims = [8, channels, 3, 3]
        tensor.dataType = 1
        tensor.rawData = Data(repeating: 0, count: Int(8 * channels * 3 * 3 * 4))
      }
    ]
    model.graph.node = [
      node("Conv", ["image", "weight"], "hidden"), node("Relu", ["hidden"], "result"),
    ]
    for (index, type) in types.enumerated() {
      let operand = index == 0 ? "result" : "unknown \(index - 1)"
      model.graph.node.append(node(type, [operand], "unknown \(index)"))
    }
    model.graph.output = [.with { $0.name = types.isEmpty ? "result" : "unknown \(types.count - 1)" }]
    return try model.serializedBytes()
  }

  /// A classifier of grey images of 16 × 16 pixels with open batch: convolution, ReLU, means of channels, one product.
  static func classifier(classes: Int64 = 10) throws -> Data {
    var model = Onnx_ModelProto()
    model.irVersion = 8
    model.opsetImport = [.with { $0.version = 18 }]
    model.graph.name = "classifier"
    model.graph.input = [
      .with { info in
        info.name = "image"
        info.type.tensorType.elemType = 1
        info.type.tensorType.shape.dim =
          [.with { $0.dimParam = "batch" }] + [1, 16, 16].map { extent in .with { $0.dimValue = extent } }
      }
    ]
    func weights(_ name: String, _ dims: [Int64]) -> Onnx_TensorProto {
      .with { tensor in
        tensor.name = name
        tensor.dims = dims
        tensor.dataType = 1
        let count = Int(dims.reduce(1, *))
        tensor.rawData = Data(
          (0..<count).flatMap { index in
            withUnsafeBytes(of: Float(0.3 * sin(Double(index) * 1.7 + 0.4)).bitPattern.littleEndian) {
              Array($0)
            }
          })
      }
    }
    model.graph.initializer = [
      weights("conv.weight", [12, 1, 5, 5]), weights("fc.weight", [classes, 12]),
      weights("fc.bias", [classes]),
    ]
    var gemm = node("Gemm", ["flat", "fc.weight", "fc.bias"], "logits")
    gemm.attribute = [
      .with {
        $0.name = "transB"
        $0.type = .int
        $0.i = 1
      }
    ]
    model.graph.node = [
      node("Conv", ["image", "conv.weight"], "hidden"), node("Relu", ["hidden"], "positive"),
      node("GlobalAveragePool", ["positive"], "pooled"), node("Flatten", ["pooled"], "flat"), gemm,
    ]
    model.graph.output = [.with { $0.name = "logits" }]
    return try model.serializedBytes()
  }

  private static func node(_ type: String, _ inputs: [String], _ output: String) -> Onnx_NodeProto {
    .with {
      $0.opType = type
      $0.name = "the \(type)"
      $0.input = inputs
      $0.output = [output]
    }
  }
}
