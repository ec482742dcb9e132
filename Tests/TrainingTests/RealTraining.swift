import Datasets
import Foundation
import Graphs
import Networks
import Testing
import Training

/// Small networks that learn.
struct RealTraining {
  /// Trains a small ConvNet and returns its accuracy on other images.
  private func accuracy(
    _ training: LabelledImages, _ test: LabelledImages, epochs: Int, width: Int, batch: Int, seed: UInt64
  ) throws -> Double {
    func network(_ count: Int) throws -> Graph {
      var builder = NetworkBuilder(name: "convnet")
      try ConvNet(width: width).build(
        in: &builder, batch: count, input: [1, training.height, training.width])
      return builder.graph
    }
    let recipe = Recipe(optimizer: .sgd(momentum: 0.9), weightDecay: 5e-4)
    let trainer = try Trainer(network(batch), recipe, initialization: Initialization(seed: seed))
    let batches = try Batches(training, batchSize: batch, seed: seed)
    for epoch in 0..<epochs {
      for indices in batches.order(epoch: epoch) {
        let (pixels, labels) = batches.batch(indices)
        _ = try trainer.run(pixels, labels: labels, rate: 0.05)
      }
    }
    let evaluation = try Evaluation(network(batch), values: trainer.values)
    let testBatches = try Batches(test, batchSize: batch, seed: 0, normalization: batches.normalization)
    var (right, seen) = (0, 0)
    for first in stride(from: 0, through: test.count - batch, by: batch) {
      let (pixels, labels) = testBatches.batch(Array(first..<first + batch))
      right += zip(try evaluation.classify(pixels), labels).count { $0 == $1 }
      seen += batch
    }
    return Double(right) / Double(seen)
  }

  @Test func `a small network learns stripes without any file`() throws {
    let images = try ProceduralImages().images(1600)
    let found = try accuracy(
      images.subset(0..<1280), images.subset(1280..<1600), epochs: 3, width: 16, batch: 32, seed: 1)
    #expect(found >= 0.9)
  }

  @Test(.enabled(if: SharedData.has("datasets/fashion-mnist"), "no Fashion-MNIST: set JOULERY_DATA"))
  func `a small network learns clothes from 8000 images`() throws {
    let images = try LabelledImages(
      idxImages: SharedData.bytes("datasets/fashion-mnist/t10k-images-idx3-ubyte.gz"),
      labels: SharedData.bytes("datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz"), name: "Fashion-MNIST")
    let found = try accuracy(
      images.subset(0..<8000), images.subset(8000..<10000), epochs: 1, width: 16, batch: 64, seed: 1)
    #expect(found >= 0.75)
  }

  @Test func `training twice gives the same weights to the bit`() throws {
    let images = try ProceduralImages().images(64)
    func weights(threads: Int) throws -> [String: [Float]] {
      var builder = NetworkBuilder(name: "resnet")
      try SmallResNet(depth: 1).build(in: &builder, batch: 16, input: [1, 16, 16])
      let trainer = try Trainer(
        builder.graph, Recipe(), initialization: Initialization(seed: 2), threads: threads)
      let batches = try Batches(images, batchSize: 16, seed: 2)
      for indices in batches.order(epoch: 0) {
        let (pixels, labels) = batches.batch(indices)
        _ = try trainer.run(pixels, labels: labels, rate: 0.1)
      }
      return trainer.values
    }
    let first = try weights(threads: 2)
    #expect(try weights(threads: 2) == first)
    #expect(try weights(threads: 1) == first)
  }

  @Test func `a residual network of 20 layers has the parameters of its paper`() throws {
    var builder = NetworkBuilder(name: "resnet20")
    try SmallResNet().build(in: &builder, batch: 1, input: [3, 32, 32])
    // 0.27 M in table 6, and what PyTorch counts for the same layers.
    #expect(builder.graph.parameterCount == 269_722)
  }
}

/// Public data beside the checkout, or where JOULERY_DATA says.
enum SharedData {
  static var root: URL {
    if let path = ProcessInfo.processInfo.environment["JOULERY_DATA"] { return URL(fileURLWithPath: path) }
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return checkout.deletingLastPathComponent().appendingPathComponent("shared/data")
  }

  static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appendingPathComponent(path)))
  }
}
