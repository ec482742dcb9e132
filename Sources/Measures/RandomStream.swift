/// A seeded stream of random numbers: xoshiro256** (Blackman and Vigna, ACM TOMS 47(4), 2021, doi:10.1145/3460772),
/// its state filled by SplitMix64 (Steele et al., OOPSLA 2014, doi:10.1145/2660193.2660195).
///
/// The same seed gives the same numbers on every platform, now and in later versions. Streams are values: a copy
/// repeats the original, and ``child(_:)`` gives an independent stream that does not depend on how far this one ran.
package struct RandomStream: RandomNumberGenerator, Hashable, Sendable {
  private var first: UInt64
  private var second: UInt64
  private var third: UInt64
  private var fourth: UInt64
  /// What children are derived from.
  private let root: UInt64

  package init(seed: UInt64) {
    var filler = SplitMix64(state: seed)
    (first, second, third, fourth) = (filler.next(), filler.next(), filler.next(), filler.next())
    root = filler.next()
  }

  /// A stream that starts from a given state, for known-answer tests.
  package init(state: (UInt64, UInt64, UInt64, UInt64)) {
    (first, second, third, fourth) = state
    root = 0
  }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    let result = (second &* 5).rotatedLeft(by: 7) &* 9
    let shifted = second << 17
    third ^= first
    fourth ^= second
    second ^= third
    first ^= fourth
    third ^= shifted
    fourth = fourth.rotatedLeft(by: 45)
    return result
  }

  /// The stream number `index` of this stream's family; it is the same however many numbers were drawn before.
  package func child(_ index: UInt64) -> RandomStream {
    var mixer = SplitMix64(state: root ^ index.rotatedLeft(by: 32))
    return RandomStream(seed: mixer.next() &+ index &* 0xD134_2543_DE82_EF95)
  }

  /// A number in 0 ..< 1 with 53 random bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in 0 ..< `bound`, without bias (Lemire, ACM TOMACS 29(1), 2019, doi:10.1145/3230636).
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "the bound of a random number must be positive")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }
}

/// SplitMix64: turns a seed, however plain, into well-mixed 64-bit words.
package struct SplitMix64: Hashable, Sendable {
  package var state: UInt64

  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension UInt64 {
  fileprivate func rotatedLeft(by count: UInt64) -> UInt64 { (self << count) | (self >> (64 - count)) }
}
