import Glibc

/// How the learning rate goes from step to step.
///
/// The definitions are those of PyTorch's `torch.optim.lr_scheduler`, counted in steps.
package enum Schedule: Hashable, Sendable {
  case constant
  /// Times `factor` at each of some epochs (`MultiStepLR`).
  case step(epochs: [Int], factor: Double)
  /// Down to `end` times the rate along half a cosine (`CosineAnnealingLR`; Loshchilov and Hutter 2017,
  /// arXiv:1608.03983, without restarts).
  case cosine(end: Double)
  /// Down to `end` times the rate in a straight line (`LinearLR`).
  case linear(end: Double)
  /// From 1/25 of the rate up to it along half a cosine for 30 % of the steps, then down to 1/250000
  /// (`OneCycleLR`; Smith and Topin 2018, arXiv:1708.07120); momentum stays.
  case oneCycle

  /// What the rate is multiplied with at a step, counted from 0.
  ///
  /// The first `warmup` steps rise in a straight line to 1, the last of them being there; the schedule follows behind. Step
  /// decay counts its epochs from the start of training, one cycle has a rise of its own and no warm-up.
  package func factor(step: Int, of steps: Int, stepsPerEpoch: Int, warmup: Int) -> Double {
    if step < warmup, self != .oneCycle { return Double(step + 1) / Double(warmup) }
    let progress = Double(step - warmup) / Double(max(1, steps - warmup))
    switch self {
    case .constant: return 1
    case .step(let epochs, let factor):
      return pow(factor, Double(epochs.count { step >= $0 * stepsPerEpoch }))
    case .cosine(let end): return end + (1 - end) * (1 + cos(.pi * progress)) / 2
    case .linear(let end): return 1 - (1 - end) * progress
    case .oneCycle:
      let (start, end) = (1 / 25.0, 1 / 250_000.0)
      let top = 0.3 * Double(steps) - 1
      let last = Double(steps - 1)
      func between(_ from: Double, _ to: Double, _ share: Double) -> Double {
        to + (from - to) / 2 * (1 + cos(.pi * share))
      }
      return Double(step) <= top
        ? between(start, 1, top > 0 ? Double(step) / top : 1)
        : between(1, end, last > top ? (Double(step) - top) / (last - top) : 1)
    }
  }
}
