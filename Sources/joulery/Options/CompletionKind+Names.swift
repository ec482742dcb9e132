import ArgumentParser
import FoundationEssentials
import Hardware
import Networks

extension CompletionKind {
  /// The built-in networks, and the network files here.
  static var networks: CompletionKind {
    .custom { _, _, _ in
      let here = (try? FileManager.default.contentsOfDirectory(atPath: ".")) ?? []
      return BuiltInNetworks.all.map(\.name)
        + here.filter { $0.hasSuffix(".onnx") || $0.hasSuffix(".csv") }.sorted()
    }
  }

  /// The machines of this installation, and the hardware files here.
  static var machines: CompletionKind {
    .custom { _, _, _ in
      let here = (try? FileManager.default.contentsOfDirectory(atPath: ".")) ?? []
      return HardwareLibrary.installed.names + here.filter { $0.hasSuffix(".yaml") }.sorted()
    }
  }
}
