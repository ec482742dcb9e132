import Foundation
import Testing

@testable import Compiler

@Suite struct CommunicationBoundTests {
  @Test func `small work on a large chip needs no transfers beyond its operands`() {
    #expect(CommunicationBound(elements: 1000).transfers(macs: 1000, reuse: 1) == 0)
    #expect(CommunicationBound(elements: 0).transfers(macs: 1000, reuse: 1) == 0)
  }

  @Test func `the bound falls with the square root of the memory`() {
    let macs = 1 << 40
    let small = CommunicationBound(elements: 1 << 14).transfers(macs: macs, reuse: 1)
    let large = CommunicationBound(elements: 1 << 16).transfers(macs: macs, reuse: 1)
    #expect(abs(Double(small) / Double(large) - 2) < 0.01)
    // At its best the bound is the constant √2 of the proof: 4S transfers for each (2S)^1.5 multiply-accumulates.
    let known = 2.0.squareRoot() * Double(macs) / Double(1 << 14).squareRoot()
    #expect(abs(Double(small) / known - 1) < 0.01)
  }

  @Test func `reuse under a kernel lowers the bound`() {
    let macs = 1 << 40
    let plain = CommunicationBound(elements: 4096).transfers(macs: macs, reuse: 1)
    let kernel = CommunicationBound(elements: 4096).transfers(macs: macs, reuse: 9)
    #expect(abs(Double(plain) / Double(kernel) - 3) < 0.01)
  }

  /// The oracle: tiled products whose traffic is counted operand by operand, each with the best square tile that fits.
  @Test(arguments: [256, 1024, 5000]) func `no tiling moves less`(elements: Int) {
    for (m, k, n) in [(64, 64, 64), (200, 30, 170), (512, 512, 512), (40, 2000, 40), (1, 4096, 512)] {
      let bound = CommunicationBound(elements: elements).transfers(macs: m * k * n, reuse: 1)
      var best = Int.max
      for rows in 1...min(m, elements) {
        // A tile of sums stays; a column of the left and a row of the right operand stream past it.
        let columns = min(n, (elements - rows) / (rows + 1))
        guard columns > 0 else { continue }
        let traffic =
          m * k * ((n + columns - 1) / columns) + k * n * ((m + rows - 1) / rows) + m * n
        best = min(best, traffic)
      }
      #expect(bound <= best, "\(m) × \(k) × \(n) in \(elements)")
      #expect(best < 8 * max(bound, m * k + k * n + m * n), "the bound says something")
    }
  }
}
