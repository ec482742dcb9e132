import Datasets
import Formats
import Foundation
import Measures
import Networks
import Search
import Testing
import Training

/// One-shot searches epoch by epoch: interruption, costs, where rewards come from, and what keeps skips away.
struct OneShotRuns {
  static let space = OneShot.space

  private func images() throws -> (training: LabelledImages, validation: LabelledImages) {
    let images = try ProceduralImages(extent: 8, seed: 3).images(96)
    return (try images.subset(0..<48), try images.subset(48..<96))
  }

  private func search(
    _ method: OneShotSearch.Method = .expertAdvice(bound: 1, rate: nil, wipes: true), epochs: Int = 3,
    _ change: (inout OneShotSearch) -> Void = { _ in }
  ) -> OneShotSearch {
    var search = OneShotSearch(method: method, epochs: epochs, batch: 16, seed: 4, threads: 1)
    change(&search)
    return search
  }

  private func epochs(_ search: OneShotSearch, costs: [PricedCost] = []) throws -> [SearchEpoch] {
    let (training, validation) = try images()
    return try search.run(in: Self.space, training: training, validation: validation, costs: costs)
  }

  private func timeless(_ epochs: [SearchEpoch]) -> [SearchEpoch] {
    epochs.map {
      var epoch = $0
      epoch.seconds = 0
      return epoch
    }
  }

  /// Convolutions cost what they compute.
  static let table = CostTable(
    base: 1, costs: Array(repeating: [0, 0, 1, 3, 0.5], count: 6), determination: 1)

  @Test(arguments: [
    OneShotSearch.Method.expertAdvice(bound: 1, rate: 0.05, wipes: true), .exponentiated(rate: 0.1),
    .softmaxAdam(rate: 3e-3),
  ])
  func `a search that goes on from any epoch ends as one that was never interrupted`(
    method: OneShotSearch.Method
  ) throws {
    let (training, validation) = try images()
    let costs = [
      PricedCost(.latency, target: 4, isEquality: true, estimate: Self.table),
      PricedCost(
        .averagePower, target: 5,
        estimate: CheckedCostTable(Self.table, checks: 3) { Self.table.cost(of: $0) + 1 }),
      PricedCost(
        .energy, target: 4, estimate: SampledCost(samples: 2, interval: 2) { Self.table.cost(of: $0) }),
    ]
    let search = search(method) {
      $0.auxiliarySkip = 0.5
      $0.warmUp = 0.2
    }
    let whole = try search.run(in: Self.space, training: training, validation: validation, costs: costs)
    for cut in 1..<whole.count {
      let first = try OneShotRun(
        search, in: Self.space, training: training, validation: validation, costs: costs)
      for _ in 0..<cut { _ = try first.nextEpoch() }
      let second = try OneShotRun(
        search, in: Self.space, training: training, validation: validation, costs: costs,
        checkpoint: first.checkpoint())
      var rest: [SearchEpoch] = []
      while let epoch = try second.nextEpoch() { rest.append(epoch) }
      #expect(timeless(rest) == timeless(Array(whole[cut...])))
    }
  }

  @Test func `a checkpoint of another search is refused`() throws {
    let (training, validation) = try images()
    func run(_ search: OneShotSearch, _ checkpoint: [UInt8]? = nil) throws -> OneShotRun {
      try OneShotRun(
        search, in: Self.space, training: training, validation: validation, checkpoint: checkpoint)
    }
    let first = try run(search())
    _ = try first.nextEpoch()
    let kept = try first.checkpoint()
    let error = #expect(throws: PlanError.self) { try run(search(epochs: 4), kept) }
    #expect(error?.description.contains("one of other rounds, rates or choices") ?? false)
    let broken = #expect(throws: FormatError.self) {
      try run(search(), Safetensors(tensors: []).bytes)
    }
    #expect(broken?.description.contains("no state of a one-shot search") ?? false)
  }

  @Test func `an epoch that is broken off leaves no result`() throws {
    let (training, validation) = try images()
    let run = try OneShotRun(search(), in: Self.space, training: training, validation: validation)
    var count = 0
    let epoch = try run.nextEpoch {
      count += 1
      return count > 2
    }
    #expect(epoch == nil)
    #expect(!run.isFinished)
  }

  @Test func `rounds are counted by samples and cells, and so is the theory's rate`() throws {
    // 3 epochs of 3 batches; 3 cells; 16 samples.
    let last = try #require(try epochs(search()).last)
    let rounds = 3 * 3 * 3 * 16
    let bound = ExponentiatedGradient.regretBound(experts: 5, rounds: rounds)
    #expect(last.regretBounds?.allSatisfy { $0 <= bound + 1e-9 } ?? false)
    let whole = OneShotSearch.Method.expertAdvice(bound: 1, rate: nil, wipes: false)
    let batches = try #require(try epochs(search(whole) { $0.countsSamples = false }).last)
    let coarse = ExponentiatedGradient.regretBound(experts: 5, rounds: rounds / 16)
    #expect(batches.regretBounds?.allSatisfy { abs($0 - coarse) < 1e-9 } ?? false)
    #expect(last.regrets.allSatisfy { $0 <= bound })
  }

  @Test func `costs are brought down to their target, and left alone below it`() throws {
    func run(_ target: Double?) throws -> [SearchEpoch] {
      let search = search(.exponentiated(rate: 0.1), epochs: 40) {
        $0.warmUp = 0.1
        $0.rate = 1e-4
      }
      return try epochs(
        search, costs: target.map { [PricedCost(.latency, target: $0, estimate: Self.table)] } ?? [])
    }
    // Even mixtures cost 6.4.
    for target in [3.0, 5] {
      let epochs = try run(target)
      #expect(epochs[0].prices[0].price == 0 && epochs[0].prices[0].expected > target)
      #expect(epochs.contains { $0.prices[0].price > 0.01 })
      #expect(epochs[39].prices[0].expected <= target)
    }
    let (free, without) = (try run(100), try run(nil))
    #expect(free.allSatisfy { $0.prices[0].price == 0 })
    #expect(free.map(\.mixtures) == without.map(\.mixtures))
  }

  @Test(arguments: [3, 5, 8])
  func `a cost that is wanted from both sides comes up to its target too`(target: Double) throws {
    let search = search(.exponentiated(rate: 0.1), epochs: 60) { $0.rate = 1e-4 }
    let costs = [PricedCost(.latency, target: target, isEquality: true, estimate: Self.table)]
    let epochs = try epochs(search, costs: costs)
    // Even mixtures cost 6.4.
    #expect(abs(epochs[0].prices[0].expected / 6.4 - 1) < 0.05)
    for epoch in epochs.suffix(10) { #expect(abs(epoch.prices[0].expected / target - 1) < 0.05) }
    #expect(epochs.allSatisfy { abs($0.prices[0].price) <= search.largestPrice })
    let least = epochs.map { $0.prices[0].price }.min() ?? 0
    #expect(target < 6.4 || least < 0)
  }

  @Test func `sampled costs are without bias`() throws {
    let values = (0..<12).map { Double(($0 * 37) % 11) }
    let space = PlainSpace([2, 3, 2])
    let oracle = MultilinearOracle(radices: [2, 3, 2], values: values)
    let numbers = Dictionary(uniqueKeysWithValues: zip(space.all, values))
    let mixtures = [[0.3, 0.7], [0.2, 0.5, 0.3], [0.9, 0.1]]
    let sampled = SampledCost(samples: 20_000) { numbers[$0] ?? .nan }
    let (cost, marginals) = try sampled.expectation(of: mixtures, using: RandomStream(seed: 2))
    #expect(abs(cost - oracle.expectation(mixtures)) < 0.1)
    for (mine, exact) in zip(marginals.joined(), oracle.marginals(mixtures).joined()) {
      #expect(abs(mine - exact) < 0.1)
    }
  }

  @Test func `steps that are taken again with the same mixtures change nothing`() throws {
    let plain = search(.uniform) { $0.source = .training(window: 2, redoesWeights: false) }
    let redone = search(.uniform) { $0.source = .training(window: 2, redoesWeights: true) }
    #expect(try timeless(epochs(plain)) == timeless(epochs(redone)))
    let learning = search(.softmaxAdam(rate: 0.1)) { $0.source = .training(window: 2, redoesWeights: true) }
    let last = try #require(try epochs(learning).last)
    #expect(last.mixtures[0] != last.mixtures[0].map { _ in 0.2 })
  }

  @Test func `a window of training losses rewards what its batches do one by one`() throws {
    // With a rate of zero weights stay, so that windows differ in when mixtures move only, and not at all in one epoch's
    // first window.
    let (training, validation) = try images()
    func first(_ window: Int) throws -> [[Double]] {
      let search = search(.exponentiated(rate: 1e-6), epochs: 1) {
        $0.source = .training(window: window, redoesWeights: false)
        $0.rate = 0
      }
      return try search.run(in: Self.space, training: training, validation: validation)[0].mixtures
    }
    for (one, other) in zip(try first(1).joined(), try first(3).joined()) { #expect(abs(one - other) < 1e-9) }
  }

  @Test func `an auxiliary skip without weight is none`() throws {
    let whole = OneShot.whole
    let (images, _) = try images()
    let (pixels, labels) = try Batches(images, batchSize: 16, seed: 1).batch(Array(0..<16))
    let mixtures = whole.map { _ in Array(repeating: 0.2, count: 5) }
    func net(_ hasSkips: Bool) throws -> Supernet {
      try Supernet(
        Self.space.searchNetwork(whole, batch: 16, hasAuxiliarySkips: hasSkips), batch: 16,
        recipe: Recipe(), seed: 5, threads: 1)
    }
    let (plain, skipping) = (try net(false), try net(true))
    let without = try plain.rewards(pixels, labels: labels, mixtures: mixtures).loss
    #expect(abs(try skipping.rewards(pixels, labels: labels, mixtures: mixtures).loss - without) < 1e-5)
    skipping.auxiliaryShare = 1
    #expect(abs(try skipping.rewards(pixels, labels: labels, mixtures: mixtures).loss - without) > 1e-3)
  }

  @Test func `decay of weights keeps mixtures undecided`() throws {
    let plain = try epochs(search(.exponentiated(rate: 0.5)))
    let decayed = try epochs(search(.exponentiated(rate: 0.5)) { $0.betaDecay = 1 })
    #expect(decayed[2].entropy > plain[2].entropy)
  }

  @Test func `selection by perturbation chooses an operation for each edge`() throws {
    let last = try #require(
      try epochs(search(.softmaxGradient(rate: 1)) { $0.selection = .perturbation }).last)
    #expect(Self.space.contains(last.architecture))
    #expect(!last.architecture.options.contains(0))
  }

  private func epoch(_ number: Int, _ code: String) throws -> SearchEpoch {
    SearchEpoch(
      number: number, trainingLoss: 1, rewardLoss: 1, mixtures: [], isPresent: [], entropy: 0,
      clippedShare: 0, regrets: [], regretBounds: nil, prices: [],
      architecture: try #require(Self.space.architecture(code)), seconds: 0)
  }

  @Test func `finalists are the cells on the way, latest first, with too many skips last`() throws {
    let epochs = try ["333333", "133333", "113333", "133333", "111111"].enumerated().map {
      try epoch($0.offset + 1, $0.element)
    }
    func codes(_ search: OneShotSearch, _ count: Int) -> [String] {
      search.finalists(of: epochs, in: Self.space, count: count).map { Self.space.text(of: $0) }
    }
    #expect(codes(search(), 2) == ["111111", "133333"])
    #expect(codes(search { $0.skipLimit = 1 }, 9) == ["133333", "333333", "111111", "113333"])
  }

  @Test func `a search with a limit of skips ends when it is exceeded`() throws {
    let epochs = try epochs(search(.uniform, epochs: 9) { $0.skipLimit = 5 })
    // Equal mixtures stand for the first option but zero, which is the skip.
    #expect(epochs.map(\.architecture.options) == [[1, 1, 1, 1, 1, 1]])
  }
}
