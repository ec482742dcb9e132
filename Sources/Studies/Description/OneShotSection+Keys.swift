import Records
import Search

extension OneShotSection {
  static let record = Record(
    blank: OneShotSection(),
    [
      .optional("epochs", \.epochs, .whole(1...100_000), default: 30, "Epochs of the search."),
      .optional("batch", \.batch, .whole(1...65_536), default: 64, "Images of one step."),
      .optional(
        "learning-rate", \.rate, .number(0...100, excludesLower: true), default: 0.05,
        "The largest learning rate of the weights; it falls to zero along half a cosine."),
      .optional(
        "mixture-rate", \.mixtureRate, .optional(.number(0...1000, excludesLower: true)), default: nil,
        "The learning rate of the mixtures; without it √(2 ln N / (T L²)) (xnas), 0.1 (gaea, softmax-gradient) or 0.0003 (darts)."
      ),
      .optional(
        "rounds", \.rounds, .word(), default: .perSample,
        "What one round of expert advice is: a sample in a cell, or a batch in a cell (xnas)."),
      .optional(
        "bound", \.bound, .number(0...1e6, excludesLower: true), default: 1,
        "L, to which rewards are clipped (xnas)."),
      .optional(
        "wipeout", \.wipes, .flag, default: true,
        "Whether operations that can no longer win leave the search network (xnas)."),
      .optional(
        "rewards-from", \.source, .word(), default: .validation,
        "Whose losses reward operations: those of the half of the training images that weights do not learn from, or those that they do."
      ),
      .optional(
        "window", \.window, .whole(1...100_000), default: 10,
        "Steps over which training losses are summed before mixtures move (rewards-from: training)."),
      .optional(
        "redo", \.redoesWeights, .flag, default: false,
        "Whether the steps of a window are taken again with the new mixtures, as DARTS-TSE does."),
      .optional(
        "cost-model", \.costModel, .word(), default: .table,
        "How costs depend on mixtures: a table fitted to simulations, or simulations of networks drawn from the mixtures."
      ),
      .optional(
        "cost-samples", \.costSamples, .whole(2...100_000), default: 200,
        "Networks that the table is fitted to, or a fiftieth of it for each drawn expectation."),
      .optional(
        "price-rate", \.priceRate, .number(0...1e6), default: 20,
        "What an excess as large as the target adds to the price of a cost over the whole search."),
      .optional(
        "price-damping", \.priceDamping, .number(0...1e6), default: 1.5,
        "How much of the excess of the moment comes on top of the price, which keeps costs from swinging about their target."
      ),
      .optional(
        "largest-price", \.largestPrice, .number(0...1e6), default: 0.5,
        "The most that a cost's price becomes, to either side where the form is absolute."
      ),
      .optional(
        "warm-up", \.warmUp, .number(0...1), default: 0.15, "The share of steps before costs count."),
      .optional(
        "selection", \.selection, .word(), default: .strongest,
        "How the network is read off: strongest options, or those whose removal hurts most (an addition)."),
      .optional(
        "keep-zero", \.keepsZero, .flag, default: false,
        "Whether a choice may end with the option that computes nothing."),
      .optional(
        "skip-limit", \.skipLimit, .optional(.whole(0...1000)), default: nil,
        "The search ends before networks have more skips than this (an addition)."),
      .optional(
        "beta-decay", \.betaDecay, .number(0...1e6), default: 0,
        "How strongly large weights are held down, growing over the search (an addition)."),
      .optional(
        "auxiliary-skip", \.auxiliarySkip, .number(0...100), default: 0,
        "The weight at the start of one more skip beside each mixture, falling to zero (an addition)."),
      .optional(
        "finalists", \.finalists, .whole(1...1000), default: 1,
        "How many of the networks that mixtures stood for, latest first, are tried; further trials change one choice of the best."
      ),
    ])
}
