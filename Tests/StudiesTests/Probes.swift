import Datasets
import Foundation
import Search
import Studies
import Testing

/// When training speed stops telling anything, accuracy takes its place.
struct Probes {
  static let space = NASBench201Space(channels: 4, cells: 1, input: [1, 8, 8])

  private func quality(epochs: Int, probes: Int, rate: Double) throws -> (Double, StudyStore) {
    let folder = try StudyRuns.Folder()
    var description = StudyDescription()
    description.hardware = "edge"
    description.estimator.method = .trainingSpeedLast
    description.estimator.epochs = epochs
    description.estimator.batch = 16
    description.estimator.rate = rate
    description.estimator.probes = probes
    let images = try ProceduralImages(extent: 8, seed: 3).images(96)
    let store = try StudyStore(path: "\(folder.path)/p.sqlite", for: description)
    let estimator = try TrainingEstimator(
      description.estimator, training: images.subset(0..<64), validation: images.subset(64..<96), seed: 1,
      threads: 1)
    let cell = try #require(Self.space.architecture("333333"))
    let prepared = try estimator.prepared(in: Self.space, store: store)
    // The second time everything is in the store.
    let again = try estimator.prepared(in: Self.space, store: store)
    let found = try prepared.quality(of: cell, in: Self.space, trial: 0).quality
    #expect(try again.quality(of: cell, in: Self.space, trial: 0).quality == found)
    return (found, store)
  }

  @Test func `training speed is a negative loss as long as no probe's loss vanishes`() throws {
    let (quality, store) = try quality(epochs: 2, probes: 2, rate: 0.001)
    #expect(quality < -0.1)
    #expect(try store.probes().mapValues(\.count) == [0: 2, 1: 2])
  }

  @Test func `beyond nine tenths of the epoch at which one does, quality is accuracy`() throws {
    let (quality, store) = try quality(epochs: 40, probes: 2, rate: 0.1)
    #expect(try store.probes().values.contains { $0.contains { $0 < 0.1 } })
    #expect((0...1).contains(quality))
    let (without, _) = try self.quality(epochs: 40, probes: 0, rate: 0.1)
    #expect(without < 0)
  }

  @Test func `probes without training speed are refused`() throws {
    let error = #expect(throws: StudyError.self) {
      try StudyDescription.decode(yaml: "hardware: edge\nestimator: {probes: 3}", file: "s.yaml")
    }
    #expect(error?.description.contains("probes for the method training") ?? false)
  }
}
