/// N:M sparsity: of every ``of`` weights along the reduction at most ``kept`` are not zero.
package struct StructuredSparsity: Hashable, Sendable {
  package var kept: Int
  package var of: Int

  /// - Precondition: 1 ≤ kept ≤ of.
  package init(kept: Int, of: Int) {
    self.kept = kept
    self.of = of
  }
}
