import Graphs
import Measures
import Networks
import Search
import Testing

/// The cells of DARTS, and depths and widths: what they hold and what networks they stand for.
struct OtherSpaces {
  let darts = DARTSSpace()

  @Test func `published cells have the published parameters`() throws {
    // DARTS prints 3.349342 M for 36 channels; XNAS's README has 3.8, 5.6 and 7.2 M for 36, 44 and 50 channels. Digits and
    // MACs beyond those are of the same network in PyTorch, its convolutions and its classifier counted by hooks.
    let published: [(DARTSGenotype, channels: Int, parameters: Int, macs: Int)] = [
      (.darts, 36, 3_349_342, 528_359_040), (.darts, 50, 6_353_560, 996_897_600),
      (.xnas, 36, 3_793_438, 595_543_680), (.xnas, 44, 5_594_918, 874_589_056),
      (.xnas, 50, 7_174_760, 1_118_881_600),
    ]
    for (genotype, channels, parameters, macs) in published {
      let space = DARTSSpace(channels: channels)
      let graph = try space.network(try #require(space.architecture(genotype)), batch: 1)
      #expect(graph.verify().isEmpty)
      #expect(graph.parameterCount == parameters)
      #expect(graph.macs == macs)
    }
    let small = DARTSSpace(channels: 8, cells: 1, input: [1, 16, 16])
    let graph = try small.network(try #require(small.architecture(.xnas)), batch: 1)
    #expect(graph.parameterCount == 45_786 && graph.macs == 2_076_416)
  }

  @Test func `the space has the size that is published, and an architecture for every pair of cells`() throws
  {
    // 1, 3, 6 and 10 pairs of states and seven operations on each of eight edges, for two cells: (180 · 7⁸)² ≈ 10¹⁸.
    let cell = 180 * 5_764_801
    #expect(darts.choices.prefix(12).reduce(1) { $0 * $1.options.count } == cell)
    #expect(darts.count == cell * cell)
    var random = RandomStream(seed: 1)
    for _ in 0..<100 {
      let architecture = darts.sample(using: &random)
      #expect(darts.architecture(darts.genotype(of: architecture)) == architecture)
    }
    // A node that reads one state twice, or one behind it, is none of the space.
    var broken = DARTSGenotype.darts
    broken.normal[1].state = 0
    #expect(darts.architecture(broken) == nil)
    broken.normal[1].state = 3
    #expect(darts.architecture(broken) == nil)
    let reference = try #require(darts.reference)
    #expect(
      darts.text(of: reference.architecture)
        == "sep3:0 sep3:1 | sep3:0 sep3:1 | skip:0 sep3:1 | skip:0 dil3:2 / "
        + "max3:0 max3:1 | max3:1 skip:2 | max3:0 skip:2 | max3:1 skip:2")
  }

  /// The cell with its nodes in another order, where no node comes before what it reads.
  private func renumbered(_ edges: [DARTSGenotype.Edge], _ order: [Int]) -> [DARTSGenotype.Edge]? {
    var result: [DARTSGenotype.Edge] = []
    for old in order {
      for edge in edges[2 * old..<2 * old + 2].reversed() {
        let state = edge.state < 2 ? edge.state : 2 + (order.firstIndex(of: edge.state - 2) ?? 9)
        guard state < 2 + result.count / 2 else { return nil }
        result.append(.init(edge.operation, state))
      }
    }
    return result
  }

  @Test func `isomorphic cells share a form, and cells of unlike degrees do not`() throws {
    var random = RandomStream(seed: 2)
    var count = 0
    for _ in 0..<200 {
      let architecture = darts.sample(using: &random)
      let genotype = darts.genotype(of: architecture)
      for order in [[1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 3, 2], [2, 0, 1, 3], [1, 2, 3, 0], [3, 2, 1, 0]] {
        guard let normal = renumbered(genotype.normal, order) else { continue }
        let other = DARTSGenotype(normal: normal, reduction: genotype.reduction)
        let twin = try #require(darts.architecture(other))
        #expect(darts.canonicalForm(of: twin) == darts.canonicalForm(of: architecture))
        count += twin == architecture ? 0 : 1
      }
      // How often each operation stands on each input of the cell does not depend on the order of nodes.
      let mutant = darts.mutation(of: architecture, using: &random)
      if invariant(of: mutant) != invariant(of: architecture) {
        #expect(darts.canonicalForm(of: mutant) != darts.canonicalForm(of: architecture))
      }
    }
    #expect(count > 50)
  }

  private func invariant(of architecture: Architecture) -> [[String]] {
    let genotype = darts.genotype(of: architecture)
    return [genotype.normal, genotype.reduction].map { edges in
      edges.map { "\($0.operation.shortName) \(min($0.state, 2))" }.sorted()
    }
  }

  @Test func `nodes that look alike but are two do not count as one`() throws {
    // Nodes 0 and 1 compute alike; node 2 reads one of them twice, or both.
    func cell(_ state: Int) -> [DARTSGenotype.Edge] {
      [
        .init(.skip, 0), .init(.separable3, 1), .init(.skip, 0), .init(.separable3, 1), .init(.skip, 0),
        .init(.dilated3, 2), .init(.maximumPooling, 2), .init(.averagePooling, state),
      ]
    }
    let forms = try [3, 4].map { state in
      let genotype = DARTSGenotype(normal: cell(state), reduction: cell(3))
      return darts.canonicalForm(of: try #require(darts.architecture(genotype)))
    }
    #expect(forms[0] != forms[1])
  }

  @Test func `depths and widths are what their names say`() throws {
    let space = MacroSpace(channels: 8, cells: 1, input: [3, 32, 32])
    #expect(space.count == 373_248)
    let architecture = Architecture([0, 0, 0, 0, 1, 1, 1, 1, 2, 3, 0, 2])
    #expect(space.text(of: architecture) == "1×4k3e1 2×12k5e3 3×48k3e6")
    let graph = try space.network(architecture, batch: 2)
    #expect(graph.verify().isEmpty)
    let shapes = graph.nodes.indices.map { graph.type(of: Value(.node($0, result: 0))).shape }
    #expect(
      shapes.contains([2, 4, 32, 32]) && shapes.contains([2, 12, 16, 16]) && shapes.contains([2, 48, 8, 8]))
    // Stem and last layer, then three layers for each block, of which those without expansion have two.
    #expect(graph.nodes.count { $0.primitive is Convolution } == 2 + 2 + 2 * 3 + 3 * 3)
    #expect(space.diagrams(of: architecture).first?.edges.count == 6)
    #expect(space.contains(try #require(space.reference).architecture))
  }

  @Test func `all spaces draw what they choose, and name architectures apart`() throws {
    let spaces: [any SearchSpace] = [darts, DARTSEdgeSpace(), MacroSpace(), NASBench201Space()]
    for space in spaces {
      var random = RandomStream(seed: 3)
      var texts: [String: Architecture] = [:]
      for _ in 0..<200 {
        let architecture = space.sample(using: &random)
        let former = texts.updateValue(architecture, forKey: space.text(of: architecture))
        #expect(former == nil || former == architecture)
        for diagram in space.diagrams(of: architecture) {
          #expect(diagram.edges.allSatisfy { $0.from < $0.to && $0.to < diagram.nodes.count })
        }
      }
    }
  }

  @Test func `edges of published cells make the same networks`() throws {
    let edges = DARTSEdgeSpace(channels: 8, cells: 1, input: [1, 16, 16])
    let pairs = DARTSSpace(channels: 8, cells: 1, input: [1, 16, 16])
    for genotype in [DARTSGenotype.darts, .xnas] {
      let (one, other) = (edges.architecture(genotype), try #require(pairs.architecture(genotype)))
      #expect(edges.canonicalForm(of: one) == pairs.canonicalForm(of: other))
      let (first, second) = (try edges.network(one, batch: 1), try pairs.network(other, batch: 1))
      #expect(first.parameterCount == second.parameterCount && first.macs == second.macs)
    }
    // Nothing on any edge: every cell yields zeros of the right extents.
    let nothing = try edges.network(Architecture(Array(repeating: 0, count: 28)), batch: 2)
    #expect(nothing.verify().isEmpty)
  }

  @Test func `mixtures stand for the two strongest edges to each node`() throws {
    let space = DARTSEdgeSpace(channels: 4, cells: 1, input: [1, 8, 8])
    #expect(space.choices.count == 28 && space.choices.allSatisfy { $0.options.count == 8 })
    var mixtures = Array(repeating: [0.93, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01], count: 28)
    // Node 3 of the normal cell reads states 0 … 4 by edges 9 … 13; zero's weight counts for nothing.
    mixtures[10] = [0.1, 0.1, 0.2, 0.1, 0.1, 0.2, 0.1, 0.1]
    mixtures[13] = [0.9, 0, 0, 0, 0, 0.1, 0, 0]
    mixtures[12] = [0, 0.09, 0.05, 0, 0, 0, 0, 0]
    let architecture = space.architecture(of: mixtures, keepsZero: false)
    #expect(Array(architecture.options[9..<14]) == [0, 2, 0, 0, 5])
    #expect(space.architecture(of: mixtures, keepsZero: true) == architecture)
    for cell in 0..<2 {
      for (first, count) in [(0, 2), (2, 3), (5, 4), (9, 5)] {
        let part = architecture.options[(14 * cell + first)..<(14 * cell + first + count)]
        #expect(part.count { $0 > 0 } == 2)
      }
    }
    #expect(space.skipCount(of: space.architecture(.darts)) == 5)
  }

  @Test func `the search network mixes all operations, and goes on without those that were wiped`() throws {
    let space = DARTSEdgeSpace(channels: 4, cells: 1, input: [1, 8, 8])
    var present = Array(repeating: Array(repeating: true, count: 8), count: 28)
    let whole = try space.searchNetwork(present, batch: 2, hasAuxiliarySkips: true)
    #expect(whole.graph.verify().isEmpty)
    // Five cells, of which the second and the fourth reduce; 14 edges with seven operations beside zero.
    #expect(whole.mixing.count == 5 * 14 * 7)
    #expect(Set(whole.mixing.filter { $0.edge >= 14 }.map(\.cell)) == [1, 3])
    #expect(whole.graph.inputs.count == 2 + whole.mixing.count)
    for edge in present.indices { present[edge] = present[edge].indices.map { $0 == 0 || edge >= 14 } }
    let lean = try space.searchNetwork(present, batch: 2, hasAuxiliarySkips: false)
    #expect(lean.graph.verify().isEmpty)
    #expect(lean.mixing.count == 2 * 14 * 7 && lean.graph.macs < whole.graph.macs)
  }
}
