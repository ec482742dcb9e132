import Hardware
import Testing

/// Which weights are stored: counted one by one.
@Suite struct WeightStorageTests {
  @Test func `a pattern keeps the first weights of each block, and of what is left`() {
    for of in 2...9 {
      for kept in 1..<of {
        let storage = WeightStorage.pattern(kept: kept, of: of)
        for depth in 1...40 {
          #expect(storage.slots(depth) == (0..<depth).count { $0 % of < kept })
        }
      }
    }
  }

  @Test func `blocks of rows share slots in pairs`() {
    for block in 2...9 {
      let storage = WeightStorage.rows(block: block)
      for depth in 1...60 {
        let blocks = stride(from: 0, to: depth, by: block).map { _ in block }
        #expect(storage.slots(depth) == (blocks.count + 1) / 2 * block)
      }
    }
  }

  @Test func `the place of a weight in its block takes whole bits`() {
    #expect(WeightStorage.dense.metadataBits == 0)
    for (of, bits) in [(2, 1), (3, 2), (4, 2), (5, 3), (8, 3), (9, 4), (64, 6)] {
      #expect(WeightStorage.pattern(kept: 1, of: of).metadataBits == bits)
      #expect(WeightStorage.rows(block: of).metadataBits == bits)
    }
  }

  @Test func `a slot chooses among the activations of its block`() {
    #expect(WeightStorage.dense.choices(8) == 8)
    #expect(WeightStorage.pattern(kept: 2, of: 4).choices(8) == 16)
    #expect(WeightStorage.pattern(kept: 3, of: 8).choices(8) == 22)
    #expect(WeightStorage.rows(block: 8).choices(8) == 16)
  }
}
