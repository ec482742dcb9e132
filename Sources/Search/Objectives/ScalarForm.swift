import RealModule

/// How quality Q and a cost c with a target c₀ become one number to maximise.
///
/// Several costs apply one after another. Sources: Tan et al. 2019 (MnasNet), arXiv:1807.11626; Bender et al. 2020
/// (TuNAS), arXiv:2008.06120; Cai et al. 2019 (ProxylessNAS), arXiv:1812.00332.
package enum ScalarForm: Hashable, Sendable, Codable {
  /// Q − β · max(0, c/c₀ − 1): nothing is gained below the target.
  case oneSidedAbsolute(strength: Double)
  /// Q − β · |c/c₀ − 1|: TuNAS; it may pay to be slower, and searches in mixtures hold costs to targets from both sides.
  case absolute(strength: Double)
  /// Q · (c/c₀)^w, w = −0.07: MnasNet's soft form. Which network is best does not depend on the target.
  case mnasNetSoft(exponent: Double)
  /// Q where the cost is within the target, Q · (c/c₀)^w with w = −1 above it: MnasNet's hard form.
  case mnasNetHard(exponent: Double)
  /// Q · (c₀/c)^0.1: ProxylessNAS with reinforcement learning.
  case proxylessNAS(exponent: Double)

  /// The form that is used where a study says nothing: a tenth of the quality for each target's worth above it.
  package static let standard = ScalarForm.oneSidedAbsolute(strength: 0.1)

  /// Whether a cost below its target is worse than one at it.
  package var isTwoSided: Bool { if case .absolute = self { true } else { false } }

  /// The value of a quality whose cost is `ratio` times its target.
  package func applied(to quality: Double, ratio: Double) -> Double {
    switch self {
    case .oneSidedAbsolute(let strength): quality - strength * max(0, ratio - 1)
    case .absolute(let strength): quality - strength * abs(ratio - 1)
    case .mnasNetSoft(let exponent): quality * .pow(ratio, exponent)
    case .mnasNetHard(let exponent): ratio <= 1 ? quality : quality * .pow(ratio, exponent)
    case .proxylessNAS(let exponent): quality * .pow(1 / ratio, exponent)
    }
  }
}
