import Foundation
import Search
import Studies
import Testing

/// What a one-shot search leaves in the store of its study.
struct SearchEpochs {
  static func epoch(_ number: Int) -> SearchEpoch {
    SearchEpoch(
      number: number, trainingLoss: 2.3 / Double(number), rewardLoss: 1.0 / 3,
      mixtures: [[0.25, 0.75], [1, 0]],
      isPresent: [[true, true], [true, false]], entropy: 0.1, clippedShare: 0.5, regrets: [1, 2],
      regretBounds: [64.5, 64.5],
      prices: [.init(criterion: .averagePower, target: 2e-3, expected: 1e-9, price: 0.1)],
      architecture: Architecture([1, 0]), seconds: 0.125)
  }

  @Test func `epochs are kept as they were, and the last one's state with them`() throws {
    let folder = try StudyRuns.Folder()
    var description = StudyDescription()
    description.hardware = "edge"
    let store = try StudyStore(path: "\(folder.path)/s.sqlite", for: description)
    #expect(try store.searchEpochs().isEmpty)
    #expect(try store.searchCheckpoint() == nil)
    for number in 1...3 { try store.keep(Self.epoch(number), checkpoint: [UInt8(number), 0, 255]) }
    let again = try StudyStore(path: "\(folder.path)/s.sqlite", for: nil)
    #expect(try again.searchEpochs() == (1...3).map(Self.epoch))
    #expect(try again.searchEpochs()[2].wipedCount == 1)
    #expect(try again.searchCheckpoint() == [3, 0, 255])
  }
}
