import Datasets
import Formats
import Foundation
import Testing

/// Datasets and their batches.
struct Images {
  @Test func `images and labels of IDX files belong together`() throws {
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 3, 9]
    let images = try LabelledImages(idxImages: Files.idx, labels: labels, name: "small")
    #expect((images.count, images.height, images.width) == (2, 2, 3))
    #expect(images.labels == [3, 9])
    #expect(throws: DatasetError("small", found: "class 9", expected: "0 ..< 5")) {
      try LabelledImages(idxImages: Files.idx, labels: labels, classes: 5, name: "small")
    }
    #expect(
      throws: DatasetError(
        "small", found: "images [2, 2, 3] and labels [1]", expected: "[count, height, width] and [count]")
    ) {
      try LabelledImages(idxImages: Files.idx, labels: [0, 0, 8, 1, 0, 0, 0, 1, 3], name: "small")
    }
  }

  @Test func `CIFAR's planes are kept in order`() throws {
    let record: [UInt8] = [7] + (0..<3072).map { UInt8($0 / 1024) }
    let images = try LabelledImages(cifarBinary: [record, record + record], name: "cifar")
    #expect(images.labels == [7, 7, 7])
    #expect(images.pixels[1023] == 0 && images.pixels[1024] == 1 && images.pixels[2048] == 2)
    let fine = try LabelledImages(cifarBinary: [[3, 99] + record.dropFirst()], classes: 100, name: "cifar")
    #expect(fine.labels == [99])
    #expect(throws: DatasetError("cifar", found: "a file of 3072 bytes", expected: "a multiple of 3073")) {
      try LabelledImages(cifarBinary: [Array(record.dropLast())], name: "cifar")
    }
  }

  @Test func `stripes depend on the seed and on nothing else`() throws {
    let few = try ProceduralImages(seed: 5).images(20)
    let many = try ProceduralImages(seed: 5).images(200)
    #expect(try many.prefix(20) == few)
    #expect(try ProceduralImages(seed: 6).images(20) != few)
    #expect(Set(many.labels) == Set(0..<10))
    #expect(throws: DatasetError("stripes", found: "0 images of 16 × 16", expected: "at least 1")) {
      try ProceduralImages().images(0)
    }
    #expect(throws: DatasetError("stripes", found: "images 0..<300", expected: "a range in 0 ..< 200")) {
      try many.subset(0..<300)
    }
  }

  @Test func `an epoch shows every image once, in an order of its own`() throws {
    let batches = try Batches(ProceduralImages().images(50), batchSize: 10, seed: 3)
    let (first, second) = (batches.order(epoch: 0), batches.order(epoch: 1))
    #expect(first.flatMap { $0 }.sorted() == Array(0..<50))
    #expect(first != second)
    #expect(try Batches(ProceduralImages().images(50), batchSize: 10, seed: 3).order(epoch: 0) == first)
    #expect(
      throws: DatasetError("stripes", found: "5 images in batches of 6", expected: "at least one batch")
    ) {
      try Batches(ProceduralImages().images(5), batchSize: 6, seed: 3)
    }
  }

  @Test func `normalised pixels have mean 0 and deviation 1`() throws {
    let batches = try Batches(ProceduralImages().images(100), batchSize: 100, seed: 3)
    let pixels = batches.batch(Array(0..<100)).pixels.map(Double.init)
    let mean = pixels.reduce(0, +) / Double(pixels.count)
    let square = pixels.reduce(0) { $0 + $1 * $1 } / Double(pixels.count)
    #expect(abs(mean) < 1e-4)
    #expect(abs(square - 1) < 1e-4)
  }

  @Test(.enabled(if: SharedData.has("datasets/fashion-mnist"), "no Fashion-MNIST: set JOULERY_DATA"))
  func `Fashion-MNIST is what its authors describe`() throws {
    let images = try LabelledImages(
      idxImages: SharedData.bytes("datasets/fashion-mnist/t10k-images-idx3-ubyte.gz"),
      labels: SharedData.bytes("datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz"), name: "Fashion-MNIST")
    #expect((images.count, images.height, images.width) == (10000, 28, 28))
    for label in 0..<10 { #expect(images.labels.count { $0 == label } == 1000) }
    // Mean and deviation that the condensation literature uses are those of the training set: 0.2861 and 0.3530.
    #expect(abs(images.statistics.means[0] - 0.2861) < 0.003)
    #expect(abs(images.statistics.deviations[0] - 0.3530) < 0.003)
  }

  @Test(.enabled(if: SharedData.has("datasets/gnn-npz"), "no graphs: set JOULERY_DATA"))
  func `an archive of numpy's own has the arrays of a sparse matrix`() throws {
    let archive = try ZipArchive(
      SharedData.bytes("datasets/gnn-npz/amazon_photo.npz"), source: "amazon_photo.npz")
    let pointers = try NPYArray(archive.contents(of: "adj_indptr.npy"), source: "pointers")
    let labels = try NPYArray(archive.contents(of: "labels.npy"), source: "labels")
    #expect(pointers.shape == [7651])
    #expect(labels.shape == [7650])
    #expect(Set(labels.numbers) == Set((0..<8).map(Double.init)))
    let indices = try NPYArray(archive.contents(of: "adj_indices.npy"), source: "indices")
    #expect(Double(indices.shape[0]) == pointers.numbers.last)
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
