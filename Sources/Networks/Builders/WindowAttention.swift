import Graphs

/// Attention inside square windows of an image `[batch, height, width, channels]`.
///
/// Each relative position has a learned bias; a shift makes windows overlap those of the block before.
/// Source: Liu et al. 2021, section 3.2.
struct WindowAttention {
  var window: Int
  var heads: Int
  /// Rows and columns by which the image is rolled first; 0 for none.
  var shift: Int

  func add(to image: Value, in network: inout NetworkBuilder, name: String) throws(ShapeError) -> Value {
    let shape = network.shape(image)
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let (rows, columns, area) = (height / window, width / window, window * window)
    var x = try roll(image, by: shift, in: &network, name: "\(name).roll")
    x = try network.reshape(
      x, [batch, rows, window, columns, window, channels], name: "\(name).grid")
    x = try network.apply(Transpose([0, 1, 3, 2, 4, 5]), x, name: "\(name).windows")
    x = try network.reshape(x, [batch * rows * columns, area, channels], name: "\(name).tokens")
    x = try network.linear(x, 3 * channels, name: "\(name).qkv")
    let parts = try network.splitQueryKeyValue(x, heads: heads, name: name)
    let bias = try positionBias(in: &network, name: name)
    x = try network.attention(query: parts.query, key: parts.key, value: parts.value, name: name) {
      (network, scores) throws(ShapeError) in
      let biased = try network.apply(Binary(.add), scores, bias, name: "\(name).position_bias")
      guard shift > 0 else { return biased }
      let mask = network.constant(
        "\(name).mask", TensorType([rows * columns, 1, area, area]), bytes: mask(rows, columns))
      let grouped = [batch, rows * columns, heads, area, area]
      let byImage = try network.reshape(biased, grouped, name: "\(name).by_image")
      let masked = try network.apply(Binary(.add), byImage, mask, name: "\(name).mask")
      return try network.reshape(masked, network.shape(biased), name: "\(name).by_window")
    }
    x = try network.linear(x, channels, name: "\(name).proj")
    x = try network.reshape(x, [batch, rows, columns, window, window, channels], name: "\(name).split")
    x = try network.apply(Transpose([0, 1, 3, 2, 4, 5]), x, name: "\(name).rows")
    x = try network.reshape(x, shape, name: "\(name).image")
    return try roll(x, by: -shift, in: &network, name: "\(name).unroll")
  }

  /// The image moved up and left by `shift`, what leaves it coming in on the other side.
  private func roll(
    _ x: Value, by shift: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    guard shift != 0 else { return x }
    var y = x
    for axis in 1...2 {
      let type = network.graph.type(of: y)
      let cut = shift > 0 ? shift : type.shape[axis] + shift
      let tail = try Slice(of: type, axes: [axis], starts: [cut], ends: [type.shape[axis]])
      let head = try Slice(of: type, axes: [axis], starts: [0], ends: [cut])
      let first = try network.apply(tail, y, name: "\(name).tail\(axis)")
      let second = try network.apply(head, y, name: "\(name).head\(axis)")
      y = try network.apply(Concatenate(axis: axis), first, second, name: "\(name).concatenate\(axis)")
    }
    return y
  }

  /// The learned bias of each head for each pair of positions in a window.
  private func positionBias(in network: inout NetworkBuilder, name: String) throws(ShapeError) -> Value {
    let area = window * window
    let reach = 2 * window - 1
    let table = network.parameter("\(name).relative_position_bias_table", [reach * reach, heads])
    var indices: [Int64] = []
    for query in 0..<area {
      for key in 0..<area {
        let rows = query / window - key / window + window - 1
        let columns = query % window - key % window + window - 1
        indices.append(Int64(rows * reach + columns))
      }
    }
    let index = network.indices(indices, shape: [area, area], "\(name).relative_position_index")
    let bias = try network.apply(Gather(axis: 0), table, index, name: "\(name).bias_table")
    return try network.apply(Transpose([2, 0, 1]), bias, name: "\(name).bias_by_head")
  }

  /// −100 for pairs of positions that only the roll brought together, else 0; float32 `[windows, 1, area, area]`.
  private func mask(_ rows: Int, _ columns: Int) -> [UInt8] {
    // Along each axis the last window holds two regions that were not neighbours.
    func region(_ windowIndex: Int, of count: Int, _ offset: Int) -> Int {
      windowIndex < count - 1 ? 0 : offset < window - shift ? 1 : 2
    }
    var values: [UInt32] = []
    values.reserveCapacity(rows * columns * window * window * window * window)
    for row in 0..<rows {
      for column in 0..<columns {
        let regions = (0..<window * window).map {
          3 * region(row, of: rows, $0 / window) + region(column, of: columns, $0 % window)
        }
        for query in regions {
          for key in regions { values.append(query == key ? 0 : Float(-100).bitPattern) }
        }
      }
    }
    return littleEndianBytes(values)
  }
}
