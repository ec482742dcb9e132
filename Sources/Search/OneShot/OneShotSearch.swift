package import Datasets
import Measures

/// A differentiable search: the weights of a search network and the mixtures of its choices learn in turn.
///
/// First order. With expert advice it is XNAS (Nayman et al. 2019, arXiv:1906.08031, algorithm 1); with Adam on logits,
/// first-order DARTS (Liu et al. 2019, arXiv:1806.09055). What the papers do not have is off by default and says so.
package struct OneShotSearch: Hashable, Sendable {
  /// How mixtures learn.
  package enum Method: Hashable, Sendable {
    /// Exponentiated gradients, clipped to ±bound, with wipeout; a rate of nil is the theory's.
    case expertAdvice(bound: Double, rate: Double?, wipes: Bool)
    /// Exponentiated gradients without clipping or wipeout (GAEA: Li et al. 2021, arXiv:2004.07802).
    case exponentiated(rate: Double)
    /// Gradient ascent on logits.
    case softmaxGradient(rate: Double)
    /// Adam on logits, as DARTS' authors run it.
    case softmaxAdam(rate: Double)
    /// Mixtures stay equal: the line that others have to beat.
    case uniform
  }

  /// Which losses reward operations.
  package enum RewardSource: Hashable, Sendable {
    /// Those of images that weights do not learn from, after each step of the weights.
    case validation
    /// Those of the training batches themselves, summed over windows of steps in which mixtures stay: with expert advice,
    /// training speed as a reward. Where weights are redone, each window's steps are taken again with the new mixtures
    /// (DARTS-TSE: Ru et al. 2021, arXiv:2006.04492, section 5.3).
    case training(window: Int, redoesWeights: Bool)
  }

  /// How the architecture is read off in the end.
  package enum Selection: String, CaseIterable, Hashable, Sendable {
    /// The strongest option of each choice.
    case strongest
    /// Choice by choice, the option whose removal raises the loss most; an addition to XNAS (Wang et al. 2021,
    /// arXiv:2108.04392, without its steps of training in between).
    case perturbation
  }

  package var method: Method
  package var epochs: Int
  package var batch: Int
  /// The largest learning rate of the weights; it falls along half a cosine.
  package var rate: Double
  /// Whether each sample of each cell is a round, as XNAS's authors have it, or each batch of each cell.
  package var countsSamples: Bool
  package var source = RewardSource.validation
  /// ρ of the dual ascent on costs, times its updates in the whole search: so it does not depend on their number.
  package var priceRate = 20.0
  /// κ of the dual ascent.
  package var priceDamping = 1.5
  package var largestPrice = 0.5
  /// The share of steps before costs count.
  package var warmUp = 0.15
  package var selection = Selection.strongest
  /// Whether an option that computes nothing may be what a choice ends with.
  package var keepsZero = false
  /// The search ends before an epoch whose architecture would have more skips; an addition.
  ///
  /// P-DARTS limits them too: Chen and others 2019, arXiv:1904.12760, section 3.3.2.
  package var skipLimit: Int?
  /// Takes this times an option's weight from its reward, times the share of the search that is over; an addition.
  ///
  /// Source: β-DARTS, Ye and others 2022, arXiv:2203.01665, section 3.2.
  package var betaDecay = 0.0
  /// The weight at the start of one more skip beside each mixture, which falls to zero; an addition.
  ///
  /// Source: DARTS−, Chu and others 2021, arXiv:2009.01027.
  package var auxiliarySkip = 0.0
  package var seed: UInt64
  package var threads: Int

  package init(
    method: Method, epochs: Int, batch: Int, rate: Double = 0.025, countsSamples: Bool = true,
    seed: UInt64, threads: Int = 2
  ) {
    self.method = method
    self.epochs = epochs
    self.batch = batch
    self.rate = rate
    self.countsSamples = countsSamples
    self.seed = seed
    self.threads = threads
  }

  /// Searches a space from beginning to end.
  ///
  /// - Parameters:
  ///   - training: Images that weights learn from.
  ///   - validation: Images that mixtures learn from, unless they learn from training losses.
  ///   - costs: What is to be held to targets.
  /// - Returns: All epochs.
  /// - Throws: As ``OneShotRun``.
  package func run(
    in space: any OneShotSpace, training: LabelledImages, validation: LabelledImages,
    costs: [PricedCost] = [], report: (SearchEpoch) -> Void = { _ in }
  ) throws -> [SearchEpoch] {
    let run = try OneShotRun(self, in: space, training: training, validation: validation, costs: costs)
    var epochs: [SearchEpoch] = []
    while let epoch = try run.nextEpoch() {
      epochs.append(epoch)
      report(epoch)
    }
    return epochs
  }

  /// The architectures that epochs stand for, the search's result first, then those of earlier epochs, each once.
  ///
  /// With a limit of skips, those that exceed it come last.
  package func finalists(of epochs: [SearchEpoch], in space: any OneShotSpace, count: Int) -> [Architecture] {
    let all = epochs.reversed().map(\.architecture)
    let isFine = { (architecture: Architecture) in
      skipLimit.map { space.skipCount(of: architecture) <= $0 } ?? true
    }
    var seen: Set<Architecture> = []
    return Array(
      (all.filter(isFine) + all.filter { !isFine($0) }).filter { seen.insert($0).inserted }.prefix(count))
  }
}
