import Hardware
import Measures

/// Whether what a network keeps in main memory fits there; a pipe has no known capacity.
struct MainMemoryCheck {
  /// The bytes that main memory holds, or nil where it is unknown.
  private let capacity: Bytes?

  init(_ memory: MainMemory) {
    if case .dram(let system) = memory { capacity = system.capacity } else { capacity = nil }
  }

  /// Refuses networks whose inputs, outputs and largest intermediate tensor alone are too much, before any search.
  func checkLeast(_ tensors: [StoredTensor], network: String) throws(CompileError) {
    var outer = 0
    var inner = 0
    for tensor in tensors {
      if tensor.origin == .intermediate {
        inner = max(inner, tensor.bytes)
      } else {
        let (sum, overflows) = outer.addingReportingOverflow(tensor.bytes)
        outer = overflows ? Int.max / 2 : sum
      }
    }
    try check(max(outer, inner), network: network)
  }

  /// Refuses a program that uses `bytes` of main memory if there are fewer.
  func check(_ bytes: Int, network: String) throws(CompileError) {
    guard let capacity, bytes > capacity.count else { return }
    throw CompileError(
      .doesNotFit, place: "network '\(network)'",
      found: "\(Bytes(bytes)) of tensors and weights in main memory",
      expected: "at most \(capacity)",
      remedy: "use a smaller batch or smaller input extents, or a machine with more memory.channels")
  }
}
