/// What turns a pixel into the number that a network sees: (pixel / 255 − mean) / deviation of its channel.
package struct Normalization: Hashable, Sendable {
  package var means: [Double]
  package var deviations: [Double]

  package init(means: [Double], deviations: [Double]) {
    self.means = means
    self.deviations = deviations
  }
}
