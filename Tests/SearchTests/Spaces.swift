import Graphs
import Measures
import Search
import Testing

/// Search spaces: what they hold, what is equal in them, and the networks they stand for.
struct Spaces {
  let space = NASBench201Space()

  @Test func `a space is walked in the order of a counter`() {
    let plain = PlainSpace([2, 1, 3])
    #expect(plain.count == 6)
    #expect(plain.all.map(\.options).first == [0, 0, 0])
    #expect(
      plain.all.map(\.options) == [[0, 0, 0], [0, 0, 1], [0, 0, 2], [1, 0, 0], [1, 0, 1], [1, 0, 2]])
  }

  @Test func `a mutation decides one choice otherwise, each way as often as the others`() {
    let plain = PlainSpace([3, 1, 2])
    var random = RandomStream(seed: 1)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<8000 {
      counts[plain.mutation(of: Architecture([1, 0, 0]), using: &random).options, default: 0] += 1
    }
    #expect(Set(counts.keys) == [[0, 0, 0], [2, 0, 0], [1, 0, 1]])
    // 2,000, 2,000 and 4,000 are expected; five standard deviations are 220.
    #expect(abs((counts[[0, 0, 0]] ?? 0) - 2000) < 220)
    #expect(abs((counts[[1, 0, 1]] ?? 0) - 4000) < 240)
  }

  @Test func `neighbours differ in one choice`() {
    #expect(space.neighbours(of: Architecture([0, 1, 2, 3, 4, 0])).count == 24)
    for neighbour in space.neighbours(of: Architecture([0, 1, 2, 3, 4, 0])) {
      #expect(zip(neighbour.options, [0, 1, 2, 3, 4, 0]).count { $0 != $1 } == 1)
    }
  }

  @Test func `fifteen thousand cells fall into 6,466 published classes and compute 4,930 functions`() {
    var classes: Set<String> = []
    var functions: Set<String> = []
    // A function has one form, so classes are only ever divided further.
    var functionOfClass: [String: String] = [:]
    var isConsistent = true
    for architecture in space.all {
      let published = space.publishedClass(of: architecture)
      let function = space.canonicalForm(of: architecture)
      classes.insert(published)
      functions.insert(function)
      if functionOfClass.updateValue(function, forKey: published).map({ $0 != function }) ?? false {
        isConsistent = false
      }
    }
    #expect(space.count == 15_625)
    #expect(classes.count == 6466)
    #expect(functions.count == 4930)
    #expect(isConsistent)
  }

  @Test(.enabled(if: SearchData.has("nb201"), "no tables of NAS-Bench-201: set JOULERY_DATA"))
  func `classes are those of the published table`() throws {
    let table = try SearchData.accuracies.get()
    let published = try #require(table.columns["unique_id"])
    var numbers: [String: Double] = [:]
    for (architecture, number) in zip(table.architectures, published) {
      let form = space.publishedClass(of: architecture)
      #expect(numbers[form] == nil || numbers[form] == number)
      numbers[form] = number
    }
    #expect(numbers.count == Set(published).count)
  }

  @Test(.enabled(if: SearchData.has("nb201"), "no tables of NAS-Bench-201: set JOULERY_DATA"))
  func `networks have the published parameters and multiply-accumulates`() throws {
    let table = try SearchData.accuracies.get()
    let whole = NASBench201Space(keepsDeadOperations: true)
    let parameters = try #require(table.columns["params_M"])
    let macs = try #require(table.columns["macs_M"])
    for row in stride(from: 0, to: table.architectures.count, by: 97) {
      let graph = try whole.network(table.architectures[row], batch: 1)
      let problems = graph.verify()
      #expect(problems.isEmpty)
      // The table counts weights of convolutions and of the classifier, and scales and shifts of normalisations.
      #expect(abs(Double(graph.parameterCount) / 1e6 - parameters[row]) < 1e-4)
      #expect(abs(Double(graph.macs) / 1e6 - macs[row]) < 1e-4)
    }
  }

  @Test func `operations that reach no output are left out unless they are asked for`() throws {
    // Node 1 is computed by a 3 × 3 convolution, and nothing reads it.
    let cell = try #require(space.architecture("310100"))
    let lean = try space.network(cell, batch: 1)
    let whole = try NASBench201Space(keepsDeadOperations: true).network(cell, batch: 1)
    #expect(lean.macs < whole.macs)
    #expect(lean.parameterCount < whole.parameterCount)
  }

  @Test func `a cell without a path has a network that yields the same for all images`() throws {
    let graph = try space.network(try #require(space.architecture("300000")), batch: 2)
    #expect(graph.verify().isEmpty)
    #expect(space.canonicalForm(of: try #require(space.architecture("300000"))) == "0")
  }

  @Test func `only six digits up to four are a cell`() {
    #expect(space.architecture("12345") == nil)
    #expect(space.architecture("012345") == nil)
    #expect(space.architecture("01234x") == nil)
    #expect(space.architecture("012340")?.options == [0, 1, 2, 3, 4, 0])
  }

  @Test func `a diagram shows what the network computes, and nothing else`() throws {
    let lean = NASBench201Space(channels: 4, cells: 1)
    for code in ["333333", "000300", "310100", "303200", "041230", "300000", "111111", "321033"] {
      let cell = try #require(lean.architecture(code))
      let diagram = try #require(lean.diagrams(of: cell).first)
      let graph = try lean.network(cell, batch: 1)
      let drawn = diagram.edges.count { $0.kind == .convolution || $0.kind == .pointwise }
      // Beside three cells there are the stem and three convolutions in each of two reductions.
      #expect(graph.nodes.count { $0.primitive is Convolution } == 7 + 3 * drawn)
    }
    #expect(lean.contains(try #require(lean.reference).architecture))
  }
}
