import Measures

/// Points that fill a cube evenly, one after the other, however many are taken.
///
/// Source: Halton, Numerische Mathematik 2, 1960, doi:10.1007/BF01386213; moved by a random vector modulo 1 (Cranley and
/// Patterson, SIAM Journal on Numerical Analysis 13(6), 1976, doi:10.1137/0713071), so that a seed matters.
struct HaltonPoints: Sendable {
  private let bases: [Int]
  private let shift: [Double]
  private var index = 0

  init(dimensions: Int, random: RandomStream) {
    var random = random
    bases = Self.primes(dimensions)
    shift = bases.map { _ in random.uniform() }
  }

  /// The next point of the sequence.
  mutating func next() -> [Double] {
    index += 1
    return zip(bases, shift).map { base, shift in
      var (rest, digit, value) = (index, 1.0 / Double(base), 0.0)
      while rest > 0 {
        value += Double(rest % base) * digit
        rest /= base
        digit /= Double(base)
      }
      let moved = value + shift
      return moved >= 1 ? moved - 1 : moved
    }
  }

  private static func primes(_ count: Int) -> [Int] {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < count {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes
  }
}
