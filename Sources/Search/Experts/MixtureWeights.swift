/// Weights of the operations on one edge, learned from rewards.
///
/// The reward of operation i is −∂loss/∂uᵢ, the normalisation of the weights u held fixed: −⟨∂loss/∂p, fᵢ⟩ for a mixture
/// p = Σ uᵢ fᵢ of outputs fᵢ.
package protocol MixtureWeights: Sendable {
  /// The share of each operation in the mixture; they are not negative and add up to 1.
  var weights: [Double] { get }

  /// Takes one round: a reward for each operation; those of operations that are no longer in the mixture are ignored.
  mutating func update(_ rewards: [Double])
}

extension MixtureWeights {
  /// The number of the largest weight, the first of equals.
  package var strongest: Int {
    let weights = weights
    return weights.indices.reduce(0) { weights[$1] > weights[$0] ? $1 : $0 }
  }

  /// How undecided the mixture is, in nats: ln N where all are equal, 0 where one has everything.
  package var entropy: Double {
    weights.reduce(0) { $1 > 0 ? $0 - $1 * Scalar.logarithm($1) : $0 }
  }
}
