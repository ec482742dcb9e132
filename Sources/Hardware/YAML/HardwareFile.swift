import Formats
import Records

/// What a hardware file describes: a machine, or a part that machines name.
package enum HardwareFile: Hashable, Sendable {
  case machine(HardwareModel)
  case dram(DRAMStandard)
}

extension HardwareLibrary {
  /// Reads a file of either kind; which it is follows from its keys.
  ///
  /// - Throws: ``HardwareError`` with everything that is wrong.
  package func file(_ path: String) throws(HardwareError) -> HardwareFile {
    let path = try self.path(of: path)
    let text = try text(of: path)
    let root: YAMLNode
    do throws(FormatError) {
      root = try YAMLReader.read(text, file: path)
    } catch {
      throw HardwareError(.badInput, error.diagnostics)
    }
    guard root.describesDRAM else { return .machine(try model(path)) }
    return .dram(try DRAMStandard.decode(yaml: text, file: path))
  }
}

extension YAMLNode {
  /// Whether more of the keys belong to DRAM parts alone than to machines alone.
  var describesDRAM: Bool {
    guard case .mapping(let entries) = content else { return false }
    let parts = Set(DRAMStandard.record.fields.map(\.declaration.name))
    let machines = Set(HardwareModel.record.fields.map(\.declaration.name))
    let keys = Set(entries.map(\.key))
    return keys.intersection(parts.subtracting(machines)).count
      > keys.intersection(machines.subtracting(parts)).count
  }
}
