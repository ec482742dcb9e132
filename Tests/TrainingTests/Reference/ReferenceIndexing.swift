import Graphs

/// An index that may count from the end.
private func counted(_ index: Double, _ extent: Int) -> Int { index < 0 ? Int(index) + extent : Int(index) }

extension Gather: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let rank = x[1].shape.count
    return [
      ReferenceTensor(types[0].shape) { place in
        let index = x[1][Array(place[axis..<axis + rank])]
        return x[0][
          Array(place[..<axis]) + [counted(index, x[0].shape[axis])] + Array(place[(axis + rank)...])]
      }
    ]
  }
}

extension ScatterSum: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    var y = ReferenceTensor(types[0].shape) { _ in 0 }
    let rank = x[0].shape.count
    for offset in 0..<x[1].count {
      let place = x[1].shape.place(of: offset)
      let index = counted(x[0][Array(place[axis..<axis + rank])], extent)
      y[Array(place[..<axis]) + [index] + Array(place[(axis + rank)...])] += x[1].elements[offset]
    }
    return [y]
  }
}

extension GatherElements: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) { place in
        var source = place
        source[axis] = counted(x[1][place], x[0].shape[axis])
        return x[0][source]
      }
    ]
  }
}

extension GatherND: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let outer = x[1].shape.count - 1
    return [
      ReferenceTensor(types[0].shape) { place in
        let batch = Array(place[..<batchDimensions])
        let tuple = (0..<x[1].shape[outer]).map { q in
          counted(x[1][Array(place[..<outer]) + [q]], x[0].shape[batchDimensions + q])
        }
        return x[0][batch + tuple + Array(place[outer...])]
      }
    ]
  }
}

extension ScatterReduction {
  func reference(_ old: Double, _ new: Double) -> Double {
    switch self {
    case .replace: new
    case .add: old + new
    case .multiply: old * new
    case .minimum: min(old, new)
    case .maximum: max(old, new)
    }
  }
}

extension ScatterElements: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    var y = x[0]
    for offset in 0..<x[2].count {
      var place = x[2].shape.place(of: offset)
      place[axis] = counted(x[1].elements[offset], y.shape[axis])
      y[place] = reduction.reference(y[place], x[2].elements[offset])
    }
    return [y]
  }
}

extension ScatterND: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    var y = x[0]
    let outer = x[1].shape.count - 1
    for offset in 0..<x[2].count {
      let place = x[2].shape.place(of: offset)
      let tuple = (0..<x[1].shape[outer]).map { q in
        counted(x[1][Array(place[..<outer]) + [q]], y.shape[q])
      }
      let target = tuple + Array(place[outer...])
      y[target] = reduction.reference(y[target], x[2].elements[offset])
    }
    return [y]
  }
}

extension OneHot: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) { place in
        var rest = place
        let index = rest.remove(at: axis)
        return x[1].elements[counted(x[0][rest], depth) == index ? 1 : 0]
      }
    ]
  }
}
