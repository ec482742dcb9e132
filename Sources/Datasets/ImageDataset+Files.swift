import Formats
import FoundationEssentials

extension ImageDataset {
  /// Reads a folder of IDX files (MNIST's names) or of CIFAR's binary files, or a `.npz` file.
  ///
  /// - Throws: ``DatasetError`` for a path that holds none of these or broken files, `FormatError` for broken formats.
  package init(contentsOf path: String, name: String) throws {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw DatasetError(path, found: "nothing there", expected: "a folder or a .npz file", isMissing: true)
    }
    guard isFolder else {
      guard path.hasSuffix(".npz") else {
        throw DatasetError(path, found: "a file", expected: "a folder of IDX or CIFAR files, or a .npz file")
      }
      try self.init(npz: try Self.bytes(path), name: name)
      return
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    func contents(_ file: String) throws -> [UInt8] { try Self.bytes("\(path)/\(file)") }
    let idx = Self.idxNames.map { name in files.first { $0 == name || $0 == "\(name).gz" } }
    if idx.allSatisfy({ $0 != nil }) {
      let files = idx.compactMap { $0 }
      try self.init(
        name: name,
        training: LabelledImages(
          idxImages: contents(files[0]), labels: contents(files[1]), name: "\(name), training"),
        test: LabelledImages(idxImages: contents(files[2]), labels: contents(files[3]), name: "\(name), test")
      )
      return
    }
    let batches = files.filter { $0.hasPrefix("data_batch") && $0.hasSuffix(".bin") }
    if !batches.isEmpty, files.contains("test_batch.bin") {
      try self.init(
        name: name,
        training: LabelledImages(cifarBinary: batches.map(contents), name: "\(name), training"),
        test: LabelledImages(cifarBinary: [contents("test_batch.bin")], name: "\(name), test"))
      return
    }
    if files.contains("train.bin"), files.contains("test.bin") {
      try self.init(
        name: name,
        training: LabelledImages(
          cifarBinary: [contents("train.bin")], classes: 100, name: "\(name), training"),
        test: LabelledImages(cifarBinary: [contents("test.bin")], classes: 100, name: "\(name), test"))
      return
    }
    throw DatasetError(
      path, found: files.isEmpty ? "an empty folder" : "files \(files.prefix(4).joined(separator: ", "))",
      expected:
        "\(Self.idxNames.joined(separator: ", ")) (or .gz), or data_batch_1.bin … and test_batch.bin (CIFAR-10), "
        + "or train.bin and test.bin (CIFAR-100)")
  }

  private static let idxNames = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ]

  private static func bytes(_ path: String) throws(DatasetError) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw DatasetError(path, found: "no readable file", expected: "permission to read it")
    }
    return [UInt8](data)
  }
}
