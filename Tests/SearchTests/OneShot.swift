import Datasets
import Graphs
import Networks
import Search
import Testing
import Training

/// Search networks: rewards against differences of losses, wiped operations, and a search from end to end.
struct OneShot {
  static let space = NASBench201Space(channels: 4, cells: 1, input: [1, 8, 8], classes: 10)
  static let whole = Array(repeating: Array(repeating: true, count: 5), count: 6)

  /// Samples of a batch: enough that single kinks of the loss do not decide over its slope.
  static let batch = 64

  private func supernet(_ present: [[Bool]] = whole, store: WeightStore? = nil) throws -> Supernet {
    try Supernet(
      Self.space.searchNetwork(present, batch: Self.batch, hasAuxiliarySkips: false), batch: Self.batch,
      recipe: Recipe(), cells: Array(repeating: [0, 1, 2], count: 6), store: store, seed: 5, threads: 1)
  }

  private func batch() throws -> (pixels: [Float], labels: [Int]) {
    let images = try ProceduralImages(extent: 8, seed: 3).images(Self.batch)
    return try Batches(images, batchSize: Self.batch, seed: 1).batch(Array(0..<Self.batch))
  }

  @Test func `rewards add up to the slope of the loss along a weight`() throws {
    let net = try supernet()
    let (pixels, labels) = try batch()
    let mixtures = Array(repeating: Array(repeating: 0.2, count: 5), count: 6)
    let (rounds, _) = try net.rewards(pixels, labels: labels, mixtures: mixtures)
    #expect(rounds.count == 6 && rounds[0].count == 3 && rounds[0][0].count == Self.batch)
    // Rectifiers bend the loss: halved again and again, differences approach the reward down to about this step.
    let step = 3e-4
    for (edge, operation) in [(0, 3), (2, 1), (3, 4), (5, 2)] {
      var (up, down) = (mixtures, mixtures)
      up[edge][operation] += step
      down[edge][operation] -= step
      let slope =
        (try net.rewards(pixels, labels: labels, mixtures: up).loss
          - net.rewards(pixels, labels: labels, mixtures: down).loss) / (2 * step)
      // All samples and the three cells together; the loss is the mean over samples.
      let reward = rounds[edge].joined().reduce(0) { $0 + $1[operation] } / Double(Self.batch)
      #expect(abs(reward + slope) < 0.03 * abs(slope) + 3e-3, "edge \(edge), operation \(operation)")
    }
  }

  @Test func `zero has no reward and is not in the network`() throws {
    let (pixels, labels) = try batch()
    let mixtures = Array(repeating: Array(repeating: 0.2, count: 5), count: 6)
    let rounds = try supernet().rewards(pixels, labels: labels, mixtures: mixtures).rounds
    #expect(rounds.joined().joined().allSatisfy { $0[0] == 0 })
  }

  @Test func `a wiped operation leaves the network, and the others go on as they were`() throws {
    let (pixels, labels) = try batch()
    var mixtures = Array(repeating: Array(repeating: 0.25, count: 5), count: 6)
    for edge in 0..<6 { mixtures[edge][3] = 0 }
    let net = try supernet()
    _ = try net.train(pixels, labels: labels, mixtures: mixtures, rate: 0.05)
    var present = Self.whole
    for edge in 0..<6 { present[edge][3] = false }
    let lean = try supernet(present, store: net.store)
    let small = try CellSupernet(isPresent: present, channels: 4, cells: 1, classes: 10).build(
      batch: 6, input: [1, 8, 8])
    let large = try CellSupernet(isPresent: Self.whole, channels: 4, cells: 1, classes: 10).build(
      batch: 6, input: [1, 8, 8])
    #expect(small.graph.macs < large.graph.macs)
    let before = try net.rewards(pixels, labels: labels, mixtures: mixtures)
    let after = try lean.rewards(pixels, labels: labels, mixtures: mixtures)
    #expect(abs(before.loss - after.loss) < 1e-5)
    #expect(abs(before.rounds[0][0][0][2] - after.rounds[0][0][0][2]) < 1e-4)
  }

  @Test(arguments: [
    OneShotSearch.Method.expertAdvice(bound: 1, rate: nil, wipes: true), .exponentiated(rate: 0.1),
    .softmaxGradient(rate: 0.1), .softmaxAdam(rate: 3e-3), .uniform,
  ])
  func `a search ends with a cell, and the same seed gives the same one`(method: OneShotSearch.Method) throws
  {
    let images = try ProceduralImages(extent: 8, seed: 3).images(96)
    let search = OneShotSearch(method: method, epochs: 3, batch: 16, seed: 4, threads: 1)
    func run() throws -> [SearchEpoch] {
      try search.run(in: Self.space, training: images.subset(0..<48), validation: images.subset(48..<96))
    }
    let epochs = try run()
    #expect(epochs.count == 3)
    #expect(
      epochs.allSatisfy {
        $0.trainingLoss.isFinite && $0.mixtures.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 }
      })
    #expect(Self.space.contains(epochs[2].architecture))
    #expect(try run().map(\.mixtures) == epochs.map(\.mixtures))
    if method == .uniform {
      #expect(epochs[2].mixtures == epochs[0].mixtures)
    } else {
      #expect(epochs[2].mixtures != epochs[0].mixtures)
    }
  }

  @Test func `the search network learns`() throws {
    let images = try ProceduralImages(extent: 8, seed: 3).images(512)
    let search = OneShotSearch(
      method: .expertAdvice(bound: 1, rate: nil, wipes: true), epochs: 5, batch: 32, rate: 0.05, seed: 4,
      threads: 1)
    let epochs = try search.run(
      in: Self.space, training: images.subset(0..<256), validation: images.subset(256..<512))
    #expect(epochs[4].trainingLoss < 0.8 * epochs[0].trainingLoss)
    #expect(epochs[4].entropy <= epochs[0].entropy)
  }
}
