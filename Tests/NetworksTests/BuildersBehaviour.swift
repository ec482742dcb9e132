import Graphs
import Networks
import Testing

/// What the built-in networks promise for any batch and input.
struct BuildersBehaviour {
  static let names = BuiltInNetworks.all.map(\.name)

  @Test(arguments: names)
  func `arithmetic grows with the batch and parameters do not`(_ name: String) throws {
    let network = try #require(BuiltInNetworks.named(name))
    let (one, three) = (try network.graph(), try network.graph(batch: 3))
    #expect(three.macs == 3 * one.macs)
    #expect(three.parameterCount == one.parameterCount)
    // A decoding step takes one token; what the user chooses is the length of its cache.
    if name != "gpt2-small-decode" { #expect(one.inputs[0].type.shape == [1] + network.inputShape) }
  }

  @Test(arguments: names)
  func `names of nodes and of tensors are unique`(_ name: String) throws {
    let graph = try #require(BuiltInNetworks.named(name)).graph()
    #expect(Set(graph.nodes.map(\.name)).count == graph.nodes.count)
    let tensors = graph.inputs.map(\.name) + graph.constants.map(\.name)
    #expect(Set(tensors).count == tensors.count)
  }

  @Test(arguments: names)
  func `an impossible input is an error that says what is possible`(_ name: String) throws {
    let network = try #require(BuiltInNetworks.named(name))
    let rank = #expect(throws: ShapeError.self) { try network.graph(inputShape: [1, 2, 3, 4]) }
    #expect(rank?.place == "input of network '\(name)'")
    #expect(rank?.expected.contains("such as") == true)
    #expect(throws: ShapeError.self) { try network.graph(batch: 0) }
    #expect(throws: ShapeError.self) { try network.graph(batch: .max) }
  }

  @Test func `an image that a network cannot divide is an error`() throws {
    for (name, place) in [
      ("vit-b16", "input"), ("swin-t", "input"), ("unet", "input"), ("tiny-yolo", "input"),
      ("alexnet", "layer 'avgpool'"),
    ] {
      let network = try #require(BuiltInNetworks.named(name))
      let error = #expect(throws: ShapeError.self) { try network.graph(inputShape: [3, 259, 259]) }
      #expect(error?.place == place)
      #expect(error?.found.contains("an image of") == true)
    }
  }

  @Test func `another image size changes the arithmetic of the convolutions alone`() throws {
    let resnet = try #require(BuiltInNetworks.named("resnet18"))
    let small = try resnet.graph().macs - 512 * 1000
    let large = try resnet.graph(inputShape: [3, 448, 448]).macs - 512 * 1000
    #expect(large == 4 * small)
  }

  @Test func `a decoding step reads its cache and returns it one token longer`() throws {
    let graph = try #require(BuiltInNetworks.named("gpt2-small-decode")).graph(inputShape: [40])
    let past = graph.inputs.filter { $0.name.hasPrefix("past_key_values") }
    let present = graph.outputs.filter { $0.name.hasPrefix("present") }
    #expect(past.count == 24 && present.count == 24)
    #expect(past.allSatisfy { $0.type.shape == [1, 12, 40, 64] })
    #expect(present.allSatisfy { graph.type(of: $0.value).shape == [1, 12, 41, 64] })
  }

  @Test func `more tokens than positions are an error`() throws {
    for name in ["bert-base", "gpt2-small", "gpt2-small-decode"] {
      let network = try #require(BuiltInNetworks.named(name))
      let error = #expect(throws: ShapeError.self) { try network.graph(inputShape: [1025]) }
      #expect(error?.expected.hasPrefix("at most") == true)
    }
  }

  @Test func `logits are what classifiers return`() throws {
    for name in ["vgg16", "densenet121", "squeezenet1.1", "swin-t", "convnext-tiny"] {
      let graph = try #require(BuiltInNetworks.named(name)).graph(batch: 2)
      #expect(graph.outputs.map { graph.type(of: $0.value).shape } == [[2, 1000]])
    }
  }

  /// The mask of Liu et al., figure 4: a window on the image's edge mixes two regions, the corner window four.
  @Test func `shifted windows mask the pairs that only the roll brought together`() throws {
    let graph = try #require(BuiltInNetworks.named("swin-t")).graph()
    let mask = try #require(graph.constants.first { $0.name.hasSuffix("attn.mask") })
    #expect(mask.type.shape == [64, 1, 49, 49])
    let bytes = try #require(mask.bytes)
    var masked = Array(repeating: 0, count: 64)
    for index in 0..<64 * 2401 where bytes[4 * index + 3] != 0 { masked[index / 2401] += 1 }
    // Regions of 4 and 3 rows: 2401 − (28² + 21²) on an edge; 2401 − (16² + 12² + 12² + 9²) in the corner.
    let edge = 2401 - 784 - 441
    for index in 0..<64 {
      let edges = (index / 8 == 7 ? 1 : 0) + (index % 8 == 7 ? 1 : 0)
      #expect(masked[index] == [0, edge, 2401 - 256 - 144 - 144 - 81][edges])
    }
  }
}
