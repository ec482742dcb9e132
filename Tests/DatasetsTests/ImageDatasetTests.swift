import Datasets
import Formats
import Foundation
import Testing

/// Datasets of files: folders of IDX and CIFAR files, archives of numpy arrays.
struct ImageDatasets {
  /// Images of 2 × 2 × 3 with values 0, 1, 2 …, labels 0 and 2, one test image of class 1 (scripts/golden/formats.py).
  static let npz: [UInt8] = [
    80, 75, 3, 4, 45, 0, 0, 0, 8, 0, 0, 0, 33, 0, 133, 58, 143, 83, 255, 255, 255, 255, 255, 255, 255,
    255, 11, 0, 20, 0, 120, 95, 116, 114, 97, 105, 110, 46, 110, 112, 121, 1, 0, 16, 0, 152, 0, 0, 0,
    0, 0, 0, 0, 96, 0, 0, 0, 0, 0, 0, 0, 155, 236, 23, 234, 27, 16, 201, 200, 80, 198, 80, 173, 158,
    146, 90, 156, 92, 164, 110, 165, 160, 94, 83, 106, 168, 174, 163, 160, 158, 150, 95, 84, 82, 148,
    152, 23, 159, 95, 148, 146, 10, 18, 119, 75, 204, 41, 78, 5, 138, 23, 103, 36, 22, 164, 2, 249,
    26, 70, 58, 10, 16, 100, 172, 169, 163, 80, 171, 64, 6, 224, 98, 96, 100, 98, 102, 97, 101, 99,
    231, 224, 228, 226, 230, 225, 229, 227, 23, 16, 20, 18, 22, 17, 21, 19, 7, 0, 80, 75, 3, 4, 45, 0,
    0, 0, 8, 0, 0, 0, 33, 0, 157, 109, 116, 71, 255, 255, 255, 255, 255, 255, 255, 255, 11, 0, 20, 0,
    121, 95, 116, 114, 97, 105, 110, 46, 110, 112, 121, 1, 0, 16, 0, 144, 0, 0, 0, 0, 0, 0, 0, 73, 0,
    0, 0, 0, 0, 0, 0, 155, 236, 23, 234, 27, 16, 201, 200, 80, 198, 80, 173, 158, 146, 90, 156, 92,
    164, 110, 165, 160, 110, 147, 105, 161, 174, 163, 160, 158, 150, 95, 84, 82, 148, 152, 23, 159,
    95, 148, 146, 10, 18, 119, 75, 204, 41, 78, 5, 138, 23, 103, 36, 22, 164, 2, 249, 26, 70, 58, 154,
    58, 10, 181, 10, 20, 0, 46, 6, 40, 96, 130, 210, 0, 80, 75, 3, 4, 45, 0, 0, 0, 8, 0, 0, 0, 33, 0,
    111, 86, 124, 208, 255, 255, 255, 255, 255, 255, 255, 255, 10, 0, 20, 0, 120, 95, 116, 101, 115,
    116, 46, 110, 112, 121, 1, 0, 16, 0, 140, 0, 0, 0, 0, 0, 0, 0, 85, 0, 0, 0, 0, 0, 0, 0, 155, 236,
    23, 234, 27, 16, 201, 200, 80, 198, 80, 173, 158, 146, 90, 156, 92, 164, 110, 165, 160, 94, 83,
    106, 168, 174, 163, 160, 158, 150, 95, 84, 82, 148, 152, 23, 159, 95, 148, 146, 10, 18, 119, 75,
    204, 41, 78, 5, 138, 23, 103, 36, 22, 164, 2, 249, 26, 134, 58, 10, 70, 96, 100, 172, 169, 163,
    80, 171, 64, 6, 224, 98, 96, 100, 98, 102, 97, 101, 99, 231, 224, 228, 226, 6, 0, 80, 75, 3, 4,
    45, 0, 0, 0, 8, 0, 0, 0, 33, 0, 14, 170, 4, 165, 255, 255, 255, 255, 255, 255, 255, 255, 10, 0,
    20, 0, 121, 95, 116, 101, 115, 116, 46, 110, 112, 121, 1, 0, 16, 0, 136, 0, 0, 0, 0, 0, 0, 0, 74,
    0, 0, 0, 0, 0, 0, 0, 155, 236, 23, 234, 27, 16, 201, 200, 80, 198, 80, 173, 158, 146, 90, 156, 92,
    164, 110, 165, 160, 110, 147, 105, 161, 174, 163, 160, 158, 150, 95, 84, 82, 148, 152, 23, 159,
    95, 148, 146, 10, 18, 119, 75, 204, 41, 78, 5, 138, 23, 103, 36, 22, 164, 2, 249, 26, 134, 58, 10,
    134, 154, 58, 10, 181, 10, 100, 3, 46, 70, 6, 8, 0, 0, 80, 75, 1, 2, 45, 3, 45, 0, 0, 0, 8, 0, 0,
    0, 33, 0, 133, 58, 143, 83, 96, 0, 0, 0, 152, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128,
    1, 0, 0, 0, 0, 120, 95, 116, 114, 97, 105, 110, 46, 110, 112, 121, 80, 75, 1, 2, 45, 3, 45, 0, 0,
    0, 8, 0, 0, 0, 33, 0, 157, 109, 116, 71, 73, 0, 0, 0, 144, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 128, 1, 157, 0, 0, 0, 121, 95, 116, 114, 97, 105, 110, 46, 110, 112, 121, 80, 75, 1, 2, 45,
    3, 45, 0, 0, 0, 8, 0, 0, 0, 33, 0, 111, 86, 124, 208, 85, 0, 0, 0, 140, 0, 0, 0, 10, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 128, 1, 35, 1, 0, 0, 120, 95, 116, 101, 115, 116, 46, 110, 112, 121, 80, 75,
    1, 2, 45, 3, 45, 0, 0, 0, 8, 0, 0, 0, 33, 0, 14, 170, 4, 165, 74, 0, 0, 0, 136, 0, 0, 0, 10, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 1, 180, 1, 0, 0, 121, 95, 116, 101, 115, 116, 46, 110, 112, 121,
    80, 75, 5, 6, 0, 0, 0, 0, 4, 0, 4, 0, 226, 0, 0, 0, 58, 2, 0, 0, 0, 0,
  ]

  /// Calls `body` with a new folder that is removed afterwards.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func write(_ bytes: [UInt8], _ name: String, _ folder: URL) throws {
    try Data(bytes).write(to: folder.appending(path: name))
  }

  @Test func `arrays of numpy with channels last are read`() throws {
    let dataset = try ImageDataset(npz: Self.npz, name: "x")
    #expect(dataset.imageShape == [3, 2, 2])
    #expect(dataset.classes == 3)
    #expect(dataset.training.labels == [0, 2])
    #expect(dataset.test.labels == [1])
    #expect(dataset.training.pixels.prefix(12) == [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])
  }

  @Test func `a folder of IDX files is a dataset, compressed or not`() throws {
    try withFolder { folder in
      let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 3, 9]
      try write(Files.idx, "train-images-idx3-ubyte.gz", folder)
      try write(labels, "train-labels-idx1-ubyte", folder)
      try write(Files.idx, "t10k-images-idx3-ubyte.gz", folder)
      try write(labels, "t10k-labels-idx1-ubyte", folder)
      let dataset = try ImageDataset(contentsOf: folder.path, name: "folder")
      #expect(dataset.imageShape == [1, 2, 3])
      #expect(dataset.training.labels == [3, 9])
      #expect(dataset.sha256 == dataset.sha256)
      #expect(try dataset.limited(training: 1, test: nil).sha256 != dataset.sha256)
    }
  }

  @Test func `CIFAR's folders tell 10 classes from 100`() throws {
    let pixels = (0..<3072).map { UInt8($0 / 1024) }
    try withFolder { folder in
      try write([7] + pixels, "data_batch_1.bin", folder)
      try write([8] + pixels, "data_batch_2.bin", folder)
      try write([9] + pixels, "test_batch.bin", folder)
      let dataset = try ImageDataset(contentsOf: folder.path, name: "ten")
      #expect(dataset.training.labels == [7, 8])
      #expect(dataset.classes == 10)
    }
    try withFolder { folder in
      try write([1, 70] + pixels, "train.bin", folder)
      try write([2, 80] + pixels, "test.bin", folder)
      let dataset = try ImageDataset(contentsOf: folder.path, name: "hundred")
      #expect(dataset.training.labels == [70])
      #expect(dataset.classes == 100)
    }
  }

  @Test func `what is no dataset says what would be one`() throws {
    try withFolder { folder in
      let empty = #expect(throws: DatasetError.self) { try ImageDataset(contentsOf: folder.path, name: "x") }
      #expect(empty?.found == "an empty folder")
      #expect(empty?.expected.contains("data_batch_1.bin") == true)
      try write([1], "notes.txt", folder)
      let other = #expect(throws: DatasetError.self) { try ImageDataset(contentsOf: folder.path, name: "x") }
      #expect(other?.found == "files notes.txt")
      let file = #expect(throws: DatasetError.self) {
        try ImageDataset(contentsOf: "\(folder.path)/notes.txt", name: "x")
      }
      #expect(file?.expected == "a folder of IDX or CIFAR files, or a .npz file")
      let nothing = #expect(throws: DatasetError.self) {
        try ImageDataset(contentsOf: "\(folder.path)/none", name: "x")
      }
      #expect(nothing?.isMissing == true)
    }
  }

  @Test func `names are looked for in folders, and unknown ones get a suggestion`() throws {
    try withFolder { folder in
      let library = DatasetLibrary(folders: [folder.path])
      let missing = #expect(throws: DatasetError.self) { try library.dataset("fashion-mnist") }
      #expect(
        missing?.description
          == "fashion-mnist: found no such dataset in \(folder.path), expected its files there; scripts/fetch-data fashion-mnist fetches them"
      )
      let unknown = #expect(throws: DatasetError.self) { try library.dataset("cifar10") }
      #expect(unknown?.expected.hasSuffix("did you mean 'cifar-10'?") == true)
      #expect(unknown?.isMissing == true)
    }
    #expect(try DatasetLibrary(folders: []).dataset("stripes").training.count == 2048)
    let library = DatasetLibrary.standard(environment: ["JOULERY_DATA": "data", "HOME": "/home/someone"])
    #expect(
      library.folders == [
        "data/datasets", "data", "/home/someone/.local/share/joulery/datasets", "/usr/share/datasets",
      ])
  }

  @Test func `parts that do not fit each other are refused`() throws {
    let small = try ProceduralImages(extent: 8).images(4)
    let large = try ProceduralImages(extent: 16).images(4)
    #expect(
      throws: DatasetError(
        "x", found: "training images [1, 8, 8] of 10 classes and test images [1, 16, 16] of 10",
        expected: "equal extents and classes")
    ) { try ImageDataset(name: "x", training: small, test: large) }
    #expect(
      throws: DatasetError("x", found: "4 training and 0 test images", expected: "at least 1 of each")
    ) { try ImageDataset(name: "x", training: small, test: small.prefix(0)) }
  }
}
