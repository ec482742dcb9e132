import Hardware

/// What a run leaves behind for the next one: the lines in the caches, and the pages whose addresses are known.
struct MemoryState: Sendable {
  var caches: [CacheLevel]
  var touchedPages: Set<Int>
}

extension HardwareModel {
  /// The machine's caches, empty.
  var newCaches: [CacheLevel] { caches.map(CacheLevel.init) }
}

extension MachineRun {
  var memoryState: MemoryState {
    MemoryState(caches: port.caches.levels, touchedPages: loads.touchedPages)
  }
}
