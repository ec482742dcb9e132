import Graphs

/// GPT-2 small with its tied output projection: all tokens of a prompt at once, or one token after a cache.
///
/// Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".
struct GPT2: NetworkArchitecture {
  var features = 768
  var depth = 12
  var heads = 12
  var vocabulary = 50257
  var positions = 1024
  /// Whether keys and values of earlier tokens come in as inputs, and one new token is computed.
  var decodes: Bool

  var inputAxes: [String] { [decodes ? "cached tokens" : "tokens"] }

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    let cached = decodes ? input[0] : 0
    let tokens = decodes ? 1 : input[0]
    guard cached + tokens <= positions else {
      throw ShapeError("input", found: "\(cached + tokens) tokens", expected: "at most \(positions)")
    }
    let identifiers = try network.input("input_ids", [batch, tokens], .int64)
    let places =
      decodes
      ? try network.input("position_ids", [batch, 1], .int64)
      : network.indices((0..<tokens).map(Int64.init), shape: [1, tokens], "position_ids")
    let words = network.parameter("wte.weight", [vocabulary, features])
    let table = network.parameter("wpe.weight", [positions, features])
    let embedded = try network.apply(Gather(axis: 0), words, identifiers, name: "wte")
    let placed = try network.apply(Gather(axis: 0), table, places, name: "wpe")
    var x = try network.apply(Binary(.add), embedded, placed, name: "embeddings.add")
    for layer in 0..<depth {
      x = try decoderLayer(x, cached: cached, in: &network, layer: layer)
    }
    x = try network.layerNormalization(x, epsilon: 1e-5, name: "ln_f")
    let logits = try network.apply(
      MatrixProduct(transposesRight: true), x, words, name: "lm_head")
    network.output("logits", logits)
  }

  private func decoderLayer(
    _ x: Value, cached: Int, in network: inout NetworkBuilder, layer: Int
  ) throws(ShapeError) -> Value {
    let name = "h.\(layer)"
    var y = try network.layerNormalization(x, epsilon: 1e-5, name: "\(name).ln_1")
    y = try projection(y, 3 * features, in: &network, name: "\(name).attn.c_attn")
    var (query, key, value) = try network.splitQueryKeyValue(y, heads: heads, name: "\(name).attn")
    if decodes {
      key = try extended(key, "key", cached: cached, in: &network, layer: layer)
      value = try extended(value, "value", cached: cached, in: &network, layer: layer)
    }
    network.output("present.\(layer).key", key)
    network.output("present.\(layer).value", value)
    y = try network.attention(query: query, key: key, value: value, name: "\(name).attn") {
      (network, scores) throws(ShapeError) in
      // One new token may see all that came before it.
      decodes ? scores : try causal(scores, in: &network, name: "\(name).attn.mask")
    }
    y = try projection(y, features, in: &network, name: "\(name).attn.c_proj")
    let attended = try network.apply(Binary(.add), y, x, name: "\(name).add_1")
    y = try network.layerNormalization(attended, epsilon: 1e-5, name: "\(name).ln_2")
    y = try projection(y, 4 * features, in: &network, name: "\(name).mlp.c_fc")
    y = try network.apply(Unary(.gelu(approximatesWithTanh: true)), y, name: "\(name).mlp.act")
    y = try projection(y, features, in: &network, name: "\(name).mlp.c_proj")
    return try network.apply(Binary(.add), attended, y, name: "\(name).add_2")
  }

  /// A fully connected layer whose weights are stored `[inputs, outputs]`.
  private func projection(
    _ x: Value, _ outputs: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let weights = network.parameter("\(name).weight", [network.shape(x)[2], outputs])
    let y = try network.apply(MatrixProduct(), x, weights, name: name)
    let bias = network.parameter("\(name).bias", [outputs])
    return try network.apply(Binary(.add), y, bias, name: "\(name).bias")
  }

  /// The cache of a layer, an input of the network, with the new token's key or value behind it.
  private func extended(
    _ new: Value, _ part: String, cached: Int, in network: inout NetworkBuilder, layer: Int
  ) throws(ShapeError) -> Value {
    var shape = network.shape(new)
    shape[2] = cached
    let past = try network.input("past_key_values.\(layer).\(part)", shape)
    return try network.apply(
      Concatenate(axis: 2), past, new, name: "h.\(layer).attn.\(part)_cache")
  }

  /// Scores of later tokens replaced by the lowest number.
  private func causal(
    _ scores: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let tokens = network.shape(scores)[3]
    var visible: [UInt8] = []
    for query in 0..<tokens { for key in 0..<tokens { visible.append(key <= query ? 1 : 0) } }
    let mask = network.constant(name, TensorType([1, 1, tokens, tokens], .bool), bytes: visible)
    let lowest = network.number(-Float.greatestFiniteMagnitude, "\(name).lowest")
    return try network.apply(Select(), mask, scores, lowest, name: name)
  }
}
