import Formats
import FoundationEssentials

/// Where datasets are found by name: the embedded one, and folders of this machine.
package struct DatasetLibrary: Sendable {
  /// A dataset that has a name.
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var sentence: String
    /// Folders or files below a folder of ``DatasetLibrary/folders`` in which it may lie.
    var places: [String]
  }

  package static let entries: [Entry] = [
    Entry(name: "stripes", sentence: "2048 + 512 procedural images of 16 × 16 pixels, embedded", places: []),
    Entry(
      name: "mnist", sentence: "60000 + 10000 handwritten digits of 28 × 28 pixels",
      places: ["mnist", "mnist.npz"]),
    Entry(
      name: "fashion-mnist", sentence: "60000 + 10000 pieces of clothing of 28 × 28 pixels",
      places: ["fashion-mnist", "fashion-mnist.npz"]),
    Entry(
      name: "cifar-10", sentence: "50000 + 10000 photos of 32 × 32 pixels, 10 classes",
      places: ["cifar-10", "cifar-10-batches-bin"]),
    Entry(
      name: "cifar-100", sentence: "50000 + 10000 photos of 32 × 32 pixels, 100 classes",
      places: ["cifar-100", "cifar-100-binary"]),
  ]

  /// Folders in which datasets are looked for, in this order.
  package var folders: [String]

  package init(folders: [String]) { self.folders = folders }

  /// `JOULERY_DATA` and its `datasets`, the user's data folder, and where Debian's packages put datasets.
  package static func standard(environment: [String: String]) -> DatasetLibrary {
    func absolute(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let given = environment["JOULERY_DATA"].map { ["\($0)/datasets", $0] } ?? []
    let user = absolute("XDG_DATA_HOME") ?? absolute("HOME").map { "\($0)/.local/share" }
    return DatasetLibrary(
      folders: given + (user.map { ["\($0)/joulery/datasets"] } ?? []) + ["/usr/share/datasets"])
  }

  /// Where a named dataset lies, nil where it is not on this machine.
  package func path(of entry: Entry) -> String? {
    let candidates = folders.flatMap { folder in entry.places.map { "\(folder)/\($0)" } }
    return candidates.first { FileManager.default.fileExists(atPath: $0) }
  }

  /// Reads a dataset by its name or path.
  ///
  /// - Throws: ``DatasetError`` or `FormatError`.
  package func dataset(_ nameOrPath: String) throws -> ImageDataset {
    if nameOrPath == "stripes" { return try .stripes() }
    if let entry = Self.entries.first(where: { $0.name == nameOrPath }) {
      guard let path = path(of: entry) else {
        throw DatasetError(
          nameOrPath, found: "no such dataset in \(folders.joined(separator: ", "))",
          expected: "its files there; scripts/fetch-data \(nameOrPath) fetches them", isMissing: true)
      }
      return try ImageDataset(contentsOf: path, name: nameOrPath)
    }
    guard FileManager.default.fileExists(atPath: nameOrPath) else {
      let near = nearest(to: nameOrPath, among: Self.entries.map(\.name))
      throw DatasetError(
        nameOrPath, found: "no file, folder or dataset of this name",
        expected: "one of \(listed(Self.entries.map(\.name))), a folder or a .npz file"
          + (near.map { "; did you mean '\($0)'?" } ?? ""), isMissing: true)
    }
    return try ImageDataset(contentsOf: nameOrPath, name: nameOrPath)
  }
}
