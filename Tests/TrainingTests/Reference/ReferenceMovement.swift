import Foundation
import Graphs

extension Reshape: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [ReferenceTensor(shape, x[0].elements)]
  }
}

extension Transpose: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) { place in
        var source = place
        for (axis, from) in permutation.enumerated() { source[from] = place[axis] }
        return x[0][source]
      }
    ]
  }
}

extension Concatenate: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) { place in
        var (source, index) = (place, 0)
        while source[axis] >= x[index].shape[axis] {
          source[axis] -= x[index].shape[axis]
          index += 1
        }
        return x[index][source]
      }
    ]
  }
}

extension Slice: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) { place in
        x[0][place.indices.map { starts[$0] + place[$0] * steps[$0] }]
      }
    ]
  }
}

extension SliceGradient: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [adjoint(of: x[0], shape) { slice.reference([$0], [TensorType(x[0].shape)])[0] }]
  }
}

/// The adjoint of a linear function, from its images of all unit tensors.
private func adjoint(
  of g: ReferenceTensor, _ shape: [Int], _ function: (ReferenceTensor) -> ReferenceTensor
) -> ReferenceTensor {
  var unit = ReferenceTensor(shape) { _ in 0 }
  return ReferenceTensor(shape) { place in
    unit[place] = 1
    defer { unit[place] = 0 }
    return zip(function(unit).elements, g.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

extension Pad: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) { place in
        var source = place.indices.map { place[$0] - before[$0] }
        for (axis, extent) in x[0].shape.enumerated() where !(0..<extent).contains(source[axis]) {
          switch mode {
          case .constant(let number): return number
          case .edge: source[axis] = min(max(source[axis], 0), extent - 1)
          case .wrap: source[axis] = (source[axis] + extent) % extent
          case .reflection: source[axis] = source[axis] < 0 ? -source[axis] : 2 * (extent - 1) - source[axis]
          }
        }
        return x[0][source]
      }
    ]
  }
}

extension PadGradient: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    var linear = pad
    if case .constant = pad.mode { linear.mode = .constant(0) }
    return [adjoint(of: x[0], shape) { linear.reference([$0], [TensorType(x[0].shape)])[0] }]
  }
}

extension Expand: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [ReferenceTensor(shape) { x[0].broadcast(at: $0) }]
  }
}

extension Tile: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [ReferenceTensor(types[0].shape) { place in x[0][place.indices.map { place[$0] % x[0].shape[$0] }] }]
  }
}

extension DepthToSpace: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let (b, channels) = (blockSize, types[0].shape[1])
    return [
      ReferenceTensor(types[0].shape) { place in
        let block = place[2] % b * b + place[3] % b
        let channel = order == .depthLast ? block * channels + place[1] : place[1] * b * b + block
        return x[0][[place[0], channel, place[2] / b, place[3] / b]]
      }
    ]
  }
}

extension SpaceToDepth: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let (b, channels) = (blockSize, x[0].shape[1])
    return [
      ReferenceTensor(types[0].shape) { place in
        let block = place[1] / channels
        return x[0][[place[0], place[1] % channels, place[2] * b + block / b, place[3] * b + block % b]]
      }
    ]
  }
}

extension Trilu: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) { place in
        let diagonal = place[place.count - 1] - place[place.count - 2]
        return (upper ? diagonal >= k : diagonal <= k) ? x[0][place] : 0
      }
    ]
  }
}

extension Resize: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    var y = x[0]
    // One axis after the other: the kernels are products of one-dimensional ones.
    for axis in shape.indices where y.shape[axis] != shape[axis] || scales != nil && scales?[axis] != 1 {
      let source = y
      var next = source.shape
      next[axis] = shape[axis]
      y = ReferenceTensor(next) { place in
        let all = taps(place[axis], axis, from: source.shape[axis])
        let inside = all.filter { $0.index >= 0 && $0.index < source.shape[axis] }
        let share = excludesOutside ? inside.reduce(0) { $0 + $1.weight } : 1
        return (excludesOutside ? inside : all).reduce(0) { sum, tap in
          var near = place
          near[axis] = min(max(tap.index, 0), source.shape[axis] - 1)
          return sum + tap.weight / share * source[near]
        }
      }
    }
    return [y]
  }

  /// The elements that one element is blended of, with their weights; ONNX Resize-18.
  private func taps(_ index: Int, _ axis: Int, from source: Int) -> [(index: Int, weight: Double)] {
    let target = shape[axis]
    let (i, n) = (Double(index), Double(source))
    let scale = scales?[axis] ?? Double(target) / n
    let m = scale * n
    let x: Double
    switch coordinates {
    case .halfPixel: x = (i + 0.5) / scale - 0.5
    case .halfPixelSymmetric: x = n / 2 - n / 2 * (Double(target) / m) + (i + 0.5) / scale - 0.5
    case .pytorchHalfPixel: x = target > 1 ? (i + 0.5) / scale - 0.5 : 0
    case .alignCorners: x = target > 1 ? i * (n - 1) / (m - 1) : 0
    case .asymmetric: x = i / scale
    }
    let low = x.rounded(.down)
    let t = x - low
    switch mode {
    case .nearest(let rounding):
      switch rounding {
      case .floor: return [(Int(low), 1)]
      case .ceiling: return [(Int(x.rounded(.up)), 1)]
      case .halfDown: return [(Int((x - 0.5).rounded(.up)), 1)]
      case .halfUp: return [(Int((x + 0.5).rounded(.down)), 1)]
      }
    case .linear: return [(Int(low), 1 - t), (Int(low) + 1, t)]
    case .cubic(let a):
      func near(_ d: Double) -> Double { ((a + 2) * d - (a + 3)) * d * d + 1 }
      func far(_ d: Double) -> Double { ((a * d - 5 * a) * d + 8 * a) * d - 4 * a }
      return [
        (Int(low) - 1, far(t + 1)), (Int(low), near(t)), (Int(low) + 1, near(1 - t)),
        (Int(low) + 2, far(2 - t)),
      ]
    }
  }
}

extension ResizeGradient: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [adjoint(of: x[0], shape) { resize.reference([$0], [TensorType(x[0].shape)])[0] }]
  }
}
