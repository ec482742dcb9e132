import FoundationEssentials

/// Memory that this process may still take.
enum AvailableMemory {
  /// Bytes, by the kernel's estimate and the limit of the control group; nil where neither is known.
  static var byteCount: Int? {
    [kernelEstimate, controlGroupRest].compactMap { $0 }.min()
  }

  private static var kernelEstimate: Int? {
    let lines = text("/proc/meminfo")?.split(separator: "\n") ?? []
    guard let line = lines.first(where: { $0.hasPrefix("MemAvailable:") }) else { return nil }
    return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }

  private static var controlGroupRest: Int? {
    guard let limit = number("/sys/fs/cgroup/memory.max"), let used = number("/sys/fs/cgroup/memory.current")
    else {
      return nil
    }
    return max(0, limit - used)
  }

  private static func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.filter { $0 != "\n" }) }
  }

  private static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}
