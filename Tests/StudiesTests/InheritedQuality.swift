import Datasets
import Foundation
import Graphs
import Search
import Studies
import Testing

/// Qualities by weights that all networks of a space share.
struct InheritedQuality {
  static let space = NASBench201Space(channels: 4, cells: 1, input: [1, 8, 8])

  private func description(_ method: EstimatorSection.Method) -> StudyDescription {
    var description = StudyDescription()
    description.hardware = "edge"
    description.estimator.method = method
    description.estimator.epochs = 2
    description.estimator.batch = 16
    description.estimator.batches = 3
    return description
  }

  private func estimator(_ description: StudyDescription) throws -> InheritedEstimator {
    let images = try ProceduralImages(extent: 8, seed: 3).images(96)
    return InheritedEstimator(
      description.estimator, training: try images.subset(0..<64), validation: try images.subset(64..<96),
      seed: 1, threads: 1)
  }

  @Test(arguments: [EstimatorSection.Method.inheritedTrainingSpeed, .inheritedAccuracy])
  func `shared weights are trained once, and whoever comes later finds them`(
    method: EstimatorSection.Method
  ) throws {
    let folder = try StudyRuns.Folder()
    let description = description(method)
    let store = try StudyStore(path: "\(folder.path)/i.sqlite", for: description)
    let cells = try ["333333", "123410"].map { try #require(Self.space.architecture($0)) }
    func qualities() throws -> [Double] {
      let estimator = try estimator(description).prepared(in: Self.space, store: store)
      return try cells.map { try estimator.quality(of: $0, in: Self.space, trial: 0).quality }
    }
    let first = try qualities()
    #expect(first.allSatisfy { method == .inheritedAccuracy ? (0...1).contains($0) : $0 < 0 })
    let kept = try #require(try store.sharedWeights())
    #expect(try qualities() == first)
    // Asked in another order they are the same: no trial changes what others inherit.
    let again = try estimator(description).prepared(in: Self.space, store: store)
    for (cell, quality) in zip(cells, first).reversed() {
      #expect(try again.quality(of: cell, in: Self.space, trial: 0).quality == quality)
    }
    #expect(try store.sharedWeights() == kept)
  }

  @Test func `weights that were not trained or do not fit are refused`() throws {
    let folder = try StudyRuns.Folder()
    let description = description(.inheritedAccuracy)
    let store = try StudyStore(path: "\(folder.path)/i.sqlite", for: description)
    let cell = try #require(Self.space.architecture("333333"))
    #expect(throws: TrialFailure.self) {
      try estimator(description).quality(of: cell, in: Self.space, trial: 0)
    }
    _ = try estimator(description).prepared(in: Self.space, store: store)
    let wide = NASBench201Space(channels: 8, cells: 2, input: [1, 8, 8])
    let error = #expect(throws: (any Error).self) {
      try estimator(description).prepared(in: wide, store: store)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("those of another network"))
  }
}
