import Measures
import Testing

/// Random streams give the published sequences, and the same ones forever.
@Suite struct RandomStreamTests {
  /// From the authors' C code with the state 1, 2, 3, 4; the same numbers stand in the tests of the Rust crate rand_xoshiro.
  @Test func `xoshiro256** gives its known sequence`() {
    var random = RandomStream(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360, 607_988_272_756_665_600,
      16_172_922_978_634_559_625, 8_476_171_486_693_032_832, 10_595_114_339_597_558_777,
      2_904_607_092_377_533_576,
    ]
    #expect((0..<10).map { _ in random.next() } == expected)
  }

  /// The sequence of seed 1234567, published with the algorithm on Rosetta Code.
  @Test func `SplitMix64 gives its known sequence`() {
    var mixer = SplitMix64(state: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431,
      16_408_922_859_458_223_821,
    ]
    #expect((0..<5).map { _ in mixer.next() } == expected)
  }

  @Test func `a child does not depend on how far its parent ran`() {
    let fresh = RandomStream(seed: 7)
    var used = fresh
    for _ in 0..<100 { _ = used.next() }
    #expect(used.child(3) == fresh.child(3))
    #expect(fresh.child(3) != fresh.child(4))
    #expect(fresh.child(3) != RandomStream(seed: 8).child(3))
  }

  @Test func `neighbouring children are not correlated`() {
    let root = RandomStream(seed: 1)
    var firsts = Set<UInt64>()
    var sum = 0.0
    for index in 0..<4096 {
      var child = root.child(UInt64(index))
      sum += child.uniform()
      firsts.insert(child.next())
    }
    #expect(firsts.count == 4096)
    // The mean of 4096 uniform numbers has a standard deviation of 0.0045.
    #expect(abs(sum / 4096 - 0.5) < 0.0225)
  }

  @Test func `bounded numbers are uniform and in range`() {
    var random = RandomStream(seed: 2)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.below(7)] += 1 }
    // Chi-squared with 6 degrees of freedom exceeds 22.5 once in a thousand seeds.
    let statistic = counts.map { Double(($0 - 10_000) * ($0 - 10_000)) / 10_000 }.reduce(0, +)
    #expect(statistic < 22.5)
    #expect(random.below(1) == 0)
  }

  @Test func `uniform numbers lie in 0 ..< 1`() {
    var random = RandomStream(seed: 3)
    #expect((0..<10_000).allSatisfy { _ in (0..<1).contains(random.uniform()) })
  }
}
