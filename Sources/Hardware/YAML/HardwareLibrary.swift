package import Formats
import FoundationEssentials
package import Records

/// Folders of hardware files: `NAME.yaml` is a machine, `dram/NAME.yaml` a shared part.
package struct HardwareLibrary: Hashable, Sendable {
  /// The folders, looked through in order.
  package var searchPath: [String]

  package init(searchPath: [String]) { self.searchPath = searchPath }

  /// The folders an installation has: `JOULERY_HWMODELS` (several separated by colons), `hwmodels` in the current
  /// directory, `hwmodels` beside the executable or above it, and `share/joulery/hwmodels` of its prefix.
  package static func standard(
    environment: [String: String], currentDirectory: String, executable: String?
  ) -> HardwareLibrary {
    var folders = (environment["JOULERY_HWMODELS"] ?? "").split(separator: ":").map(String.init)
    folders.append(currentDirectory.appendingPathComponent("hwmodels"))
    var ancestor = executable?.deletingLastPathComponent ?? ""
    if !ancestor.isEmpty {
      let prefix = ancestor.deletingLastPathComponent
      while true {
        folders.append(ancestor.appendingPathComponent("hwmodels"))
        guard !ancestor.isEmpty, ancestor != "/" else { break }
        ancestor = ancestor.deletingLastPathComponent
      }
      folders.append(prefix.appendingPathComponent("share/joulery/hwmodels"))
    }
    var seen: Set<String> = []
    return HardwareLibrary(searchPath: folders.filter { seen.insert($0).inserted })
  }

  /// The names of all machines, in alphabetical order.
  package var names: [String] { names(in: nil) }

  /// The names of all parts of a kind, in alphabetical order.
  package func names(in folder: String?) -> [String] {
    var names: Set<String> = []
    for path in searchPath {
      let full = folder.map(path.appendingPathComponent) ?? path
      for file in (try? FileManager.default.contentsOfDirectory(atPath: full)) ?? []
      where file.hasSuffix(".yaml") {
        names.insert(String(file.dropLast(5)))
      }
    }
    return names.sorted()
  }

  /// Where a machine's file is: the path itself, or the first file of that name.
  /// - Throws: ``HardwareError`` of kind ``HardwareError/Kind/notFound``.
  package func path(of nameOrPath: String) throws(HardwareError) -> String {
    if nameOrPath.contains("/") || nameOrPath.hasSuffix(".yaml") || nameOrPath.hasSuffix(".yml") {
      guard !isFile(nameOrPath) else { return nameOrPath }
      // "calibrated/NAME" is a machine in a folder of the library.
      let inside = searchPath.lazy.map { $0.appendingPathComponent(nameOrPath + ".yaml") }.first(
        where: isFile)
      guard let inside, !nameOrPath.hasPrefix("/"), !nameOrPath.hasPrefix(".") else {
        throw HardwareError(
          .notFound,
          [
            Diagnostic(
              at: Place(source: nameOrPath), "there is no such file", expected: "a hardware file or a name")
          ])
      }
      return inside
    }
    for folder in searchPath {
      let path = folder.appendingPathComponent(nameOrPath + ".yaml")
      if isFile(path) { return path }
    }
    throw HardwareError(.notFound, [unknown(nameOrPath, in: nil, place: Place(source: nameOrPath))])
  }

  /// Reads a machine by name or path.
  /// - Throws: ``HardwareError`` with everything that is wrong.
  package func model(_ nameOrPath: String, overrides: [String] = []) throws(HardwareError) -> HardwareModel {
    let path = try path(of: nameOrPath)
    return try HardwareModel.decode(
      yaml: try text(of: path), file: path, overrides: overrides, parts: parts(besides: path))
  }

  /// Finds the parts that the file at `path` mentions.
  package func parts(
    besides path: String
  ) -> @Sendable (PartReference) -> Result<YAMLNode, HardwareError> {
    { reference in
      Result { () throws(HardwareError) in try part(reference, besides: path) }
    }
  }

  private func part(_ reference: PartReference, besides path: String) throws(HardwareError) -> YAMLNode {
    let folder = path.deletingLastPathComponent
    let isPath = reference.name.contains("/") || reference.name.hasSuffix(".yaml")
    let relative = isPath ? reference.name : "\(reference.folder)/\(reference.name).yaml"
    let candidates = (isPath ? [folder] : [folder] + searchPath).map { $0.appendingPathComponent(relative) }
    guard let file = candidates.first(where: isFile) else {
      let searched = HardwareLibrary(searchPath: [folder] + searchPath)
      throw HardwareError(
        .badInput,
        [
          isPath
            ? Diagnostic(at: reference.place, "there is no file '\(excerpt(reference.name))'")
            : searched.unknown(reference.name, in: reference.folder, place: reference.place)
        ])
    }
    let text = try text(of: file)
    do throws(FormatError) {
      return try YAMLReader.read(text, file: file)
    } catch {
      throw HardwareError(.badInput, error.diagnostics)
    }
  }

  private func unknown(_ name: String, in folder: String?, place: Place) -> Diagnostic {
    let names = names(in: folder)
    let what = folder.map { "\($0) part" } ?? "machine"
    return Diagnostic(
      at: place, "there is no \(what) called '\(excerpt(name))'",
      expected: names.isEmpty ? "a name, but no folder of hardware files was found" : listed(names),
      remedy: nearest(to: name, among: names).map { "did you mean '\($0)'?" })
  }

  private func isFile(_ path: String) -> Bool {
    var isDirectory = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory
  }

  func text(of path: String) throws(HardwareError) -> String {
    let place = Place(source: path, line: 1, column: 1)
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard size <= YAMLReader.largestText else {
      throw HardwareError(
        .badInput,
        [Diagnostic(at: place, "the file has \(size) bytes", expected: "at most \(YAMLReader.largestText)")])
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw HardwareError(.notFound, [Diagnostic(at: place, "the file cannot be read")])
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw HardwareError(
        .badInput, [Diagnostic(at: place, "the file is not UTF-8 text", expected: "YAML in UTF-8")])
    }
    return text
  }
}

extension String {
  fileprivate func appendingPathComponent(_ component: String) -> String {
    isEmpty ? component : hasSuffix("/") ? self + component : "\(self)/\(component)"
  }

  /// The path without its last component; empty when there is only one.
  fileprivate var deletingLastPathComponent: String {
    guard let slash = lastIndex(of: "/") else { return "" }
    return slash == startIndex ? (count == 1 ? "" : "/") : String(self[..<slash])
  }
}
