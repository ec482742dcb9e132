import Datasets
import Search
import Testing

/// Architectures ranked by weights that they share.
struct InheritedRankings {
  private func images() throws -> LabelledImages { try ProceduralImages(extent: 8, seed: 3).images(96) }

  private func ranking() throws -> InheritedRanking {
    try InheritedRanking(
      .init(epochs: 2, batch: 16, seed: 4, threads: 1), in: OneShot.space, training: images().subset(0..<64))
  }

  @Test func `asking about a candidate changes nothing for the next`() throws {
    let ranking = try ranking()
    for _ in 0..<2 { #expect(try ranking.train().isFinite) }
    let cells = try ["333333", "123401", "111111"].map { try #require(OneShot.space.architecture($0)) }
    let first = try cells.map { try ranking.losses(of: $0, batches: 6) }
    #expect(try cells.reversed().map { try ranking.losses(of: $0, batches: 6) } == first.reversed())
    #expect(first.allSatisfy { $0.count == 6 })
    // Fewer batches are the same ones, cut short.
    #expect(try ranking.losses(of: cells[0], batches: 3) == Array(first[0].prefix(3)))
    let held = try images().subset(64..<96)
    let accuracy = try ranking.accuracy(of: cells[0], on: held)
    _ = try ranking.losses(of: cells[0], batches: 6)
    #expect(try ranking.accuracy(of: cells[0], on: held) == accuracy)
  }

  @Test func `the same seed gives the same weights`() throws {
    func losses() throws -> [Double] {
      let ranking = try ranking()
      return try [ranking.train(), ranking.train()]
    }
    #expect(try losses() == losses())
  }

  @Test func `a path trains the operations that it takes and no others`() throws {
    // Two rankings that differ in nothing but a candidate's training in between.
    let (one, other) = (try ranking(), try ranking())
    _ = try one.train()
    _ = try other.train()
    let cell = try #require(OneShot.space.architecture("222222"))
    _ = try other.losses(of: cell, batches: 4)
    #expect(try one.train() == other.train())
  }
}
