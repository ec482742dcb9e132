import Graphs

/// The encoder of BERT-base (uncased).
///
/// Source: Devlin et al. 2019, arXiv:1810.04805.
struct BERT: NetworkArchitecture {
  var features = 768
  var depth = 12
  var heads = 12
  var vocabulary = 30522
  var positions = 512
  /// Whether a last layer looks at the first token.
  var hasPooler = false

  var inputAxes: [String] { ["tokens"] }

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    let tokens = input[0]
    guard tokens <= positions else {
      throw ShapeError("input", found: "\(tokens) tokens", expected: "at most \(positions)")
    }
    let identifiers = try network.input("input_ids", [batch, tokens], .int64)
    let segments = try network.input("token_type_ids", [batch, tokens], .int64)
    let order = network.indices((0..<tokens).map(Int64.init), shape: [1, tokens], "position_ids")
    let words = try embedding(identifiers, vocabulary, in: &network, name: "embeddings.word_embeddings")
    let types = try embedding(segments, 2, in: &network, name: "embeddings.token_type_embeddings")
    let places = try embedding(order, positions, in: &network, name: "embeddings.position_embeddings")
    var x = try network.apply(Binary(.add), words, types, name: "embeddings.add_types")
    x = try network.apply(Binary(.add), x, places, name: "embeddings.add_positions")
    x = try network.layerNormalization(x, epsilon: 1e-12, name: "embeddings.LayerNorm")
    for layer in 0..<depth {
      x = try encoderLayer(x, in: &network, name: "encoder.layer.\(layer)")
    }
    network.output("last_hidden_state", x)
    guard hasPooler else { return }
    let first = Slice(starts: [0, 0, 0], ends: [batch, 1, features])
    x = try network.apply(first, x, name: "pooler.first")
    x = try network.reshape(x, [batch, features], name: "pooler.features")
    x = try network.linear(x, features, name: "pooler.dense")
    network.output("pooler_output", try network.apply(Unary(.tanh), x, name: "pooler.activation"))
  }

  private func embedding(
    _ indices: Value, _ rows: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let table = network.parameter("\(name).weight", [rows, features])
    return try network.apply(Gather(axis: 0), table, indices, name: name)
  }

  private func encoderLayer(
    _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    var parts: [Value] = []
    for part in ["query", "key", "value"] {
      let name = "\(name).attention.self.\(part)"
      let projected = try network.linear(x, features, name: name)
      parts.append(try network.splitHeads(projected, heads, name: name))
    }
    var y = try network.attention(
      query: parts[0], key: parts[1], value: parts[2], name: "\(name).attention.self")
    y = try network.linear(y, features, name: "\(name).attention.output.dense")
    y = try network.apply(Binary(.add), y, x, name: "\(name).attention.output.add")
    let attended = try network.layerNormalization(
      y, epsilon: 1e-12, name: "\(name).attention.output.LayerNorm")
    y = try network.perceptron(
      attended, hidden: 4 * features, activation: .gelu(approximatesWithTanh: false),
      names: ("\(name).intermediate.dense", "\(name).output.dense"))
    y = try network.apply(Binary(.add), y, attended, name: "\(name).output.add")
    return try network.layerNormalization(y, epsilon: 1e-12, name: "\(name).output.LayerNorm")
  }
}
