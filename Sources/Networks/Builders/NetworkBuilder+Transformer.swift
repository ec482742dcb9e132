import Graphs

/// Layers on vectors `[…, features]`.
extension NetworkBuilder {
  /// A fully connected layer with weights `[outputs, inputs]`.
  mutating func linear(
    _ x: Value, _ features: Int, bias: Bool = true, name: String
  ) throws(ShapeError) -> Value {
    let weights = parameter("\(name).weight", [features, shape(x)[shape(x).count - 1]])
    let y = try apply(MatrixProduct(transposesRight: true), x, weights, name: name)
    guard bias else { return y }
    return try apply(Binary(.add), y, parameter("\(name).bias", [features]), name: "\(name).bias")
  }

  /// The elements of each sample in a row: `[batch, features]`.
  mutating func flatten(_ x: Value, name: String) throws(ShapeError) -> Value {
    let extents = shape(x)
    return try reshape(x, [extents[0], extents.dropFirst().reduce(1, *)], name: name)
  }

  /// The same elements under another shape.
  mutating func reshape(_ x: Value, _ extents: [Int], name: String) throws(ShapeError) -> Value {
    try apply(Reshape(extents), x, name: name)
  }

  /// Normalisation over the last axis with learned scale and shift.
  mutating func layerNormalization(
    _ x: Value, epsilon: Double, name: String
  ) throws(ShapeError) -> Value {
    let last = shape(x).count - 1
    let scale = parameter("\(name).weight", [shape(x)[last]])
    let shift = parameter("\(name).bias", [shape(x)[last]])
    return try apply(LayerNormalization(axis: last, epsilon: epsilon), x, scale, shift, name: name)
  }

  /// A range of the last axis.
  mutating func lastAxis(
    _ x: Value, from start: Int, count: Int, name: String
  ) throws(ShapeError) -> Value {
    let slice = try Slice(of: graph.type(of: x), axes: [-1], starts: [start], ends: [start + count])
    return try apply(slice, x, name: name)
  }

  /// `[batch, tokens, features]` as `[batch, heads, tokens, features / heads]`.
  mutating func splitHeads(_ x: Value, _ heads: Int, name: String) throws(ShapeError) -> Value {
    let extents = shape(x)
    let split = try reshape(
      x, [extents[0], extents[1], heads, extents[2] / heads], name: "\(name).heads")
    return try apply(Transpose([0, 2, 1, 3]), split, name: "\(name).transpose")
  }

  /// Queries, keys and values, split into heads, from one product `[batch, tokens, 3 · features]`.
  mutating func splitQueryKeyValue(
    _ x: Value, heads: Int, name: String
  ) throws(ShapeError) -> (query: Value, key: Value, value: Value) {
    let features = shape(x)[2] / 3
    var parts: [Value] = []
    for (index, part) in ["query", "key", "value"].enumerated() {
      let slice = try lastAxis(x, from: index * features, count: features, name: "\(name).\(part)")
      parts.append(try splitHeads(slice, heads, name: "\(name).\(part)"))
    }
    return (parts[0], parts[1], parts[2])
  }

  /// Scaled dot-product attention on heads, as `[batch, tokens, features]`.
  ///
  /// `adjust` changes the scores before the softmax: a mask, a position bias.
  /// Source: Vaswani et al. 2017, arXiv:1706.03762.
  mutating func attention(
    query: Value, key: Value, value: Value, name: String,
    adjust: (inout NetworkBuilder, Value) throws(ShapeError) -> Value = {
      (_, scores) throws(ShapeError) in scores
    }
  ) throws(ShapeError) -> Value {
    let extents = shape(query)
    let scale = number(1 / Float(extents[3]).squareRoot(), "\(name).scale")
    let scaled = try apply(Binary(.multiply), query, scale, name: "\(name).scale")
    let products = try apply(MatrixProduct(transposesRight: true), scaled, key, name: "\(name).scores")
    let scores = try adjust(&self, products)
    let weights = try apply(Softmax(axis: 3), scores, name: "\(name).softmax")
    let mixed = try apply(MatrixProduct(), weights, value, name: "\(name).values")
    let tokensFirst = try apply(Transpose([0, 2, 1, 3]), mixed, name: "\(name).transpose")
    return try reshape(
      tokensFirst, [extents[0], extents[2], extents[1] * extents[3]], name: "\(name).features")
  }

  /// Two fully connected layers with an activation between them.
  mutating func perceptron(
    _ x: Value, hidden: Int, activation: UnaryFunction, names: (String, String)
  ) throws(ShapeError) -> Value {
    let features = shape(x)[shape(x).count - 1]
    let wide = try linear(x, hidden, name: names.0)
    let active = try apply(Unary(activation), wide, name: "\(names.0).activation")
    return try linear(active, features, name: names.1)
  }
}
