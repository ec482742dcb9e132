import ArgumentParser
import FoundationEssentials
import Hardware

extension HardwareLibrary {
  /// The machines that this installation knows.
  static var installed: HardwareLibrary {
    .standard(
      environment: ProcessInfo.processInfo.environment,
      currentDirectory: FileManager.default.currentDirectoryPath,
      executable: executablePath)
  }

  /// Where this program's file is; the folder of machines is looked for beside it.
  private static var executablePath: String? {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments.first
  }
}
