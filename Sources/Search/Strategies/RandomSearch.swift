package import Measures

/// Architectures drawn independently, each as likely as the others: the line that every strategy has to beat.
package struct RandomSearch: Strategy {
  private let space: any SearchSpace
  private var random: RandomStream

  package init(space: any SearchSpace, random: RandomStream) {
    self.space = space
    self.random = random
  }

  package mutating func ask() -> Architecture? { space.sample(using: &random) }

  package mutating func tell(_ trial: Trial) {}
}
