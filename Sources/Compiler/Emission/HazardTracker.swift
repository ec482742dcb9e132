import Hardware

/// Finds what an instruction must wait for: earlier ones that touched the same bytes.
///
/// Each unit runs its instructions in order, so the latest of each unit stands for all before it.
struct HazardTracker: Sendable {
  /// A range of pieces of a buffer, read or written.
  struct Access: Hashable, Sendable {
    var buffer: Int
    var pieces: Range<Int>
    var isWrite: Bool
  }

  private struct Buffer {
    var memory: Int
    var address: Int
    var bytes: Int
    var isEntered = false
    /// The latest instruction of each unit that wrote, then read, each piece; −1 for none.
    var latest: [Int32]
  }

  private var buffers: [Buffer] = []
  /// Buffers that were entered and not yet overwritten entirely, by memory.
  private var regions: [[Int]]
  private static let units = 4

  init(memories: Int) { regions = Array(repeating: [], count: memories) }

  /// Adds a buffer of `pieces` pieces; main memory has no number (nil) and its buffers never overlap.
  mutating func add(memory: Int?, address: Int, bytes: Int, pieces: Int = 1) -> Int {
    buffers.append(
      Buffer(
        memory: memory ?? -1, address: address, bytes: bytes,
        latest: Array(repeating: -1, count: pieces * 2 * Self.units)))
    return buffers.count - 1
  }

  /// Records an instruction and returns those it depends on: at most one of each unit, ascending.
  mutating func record(_ instruction: Int32, _ kind: Instruction.Kind, _ accesses: [Access]) -> [Int32] {
    let own = Int(kind.rawValue)
    var newest: [Int32] = [-1, -1, -1, -1]
    for access in accesses {
      enter(access.buffer)
      for piece in access.pieces {
        let start = piece * 2 * Self.units
        for unit in 0..<Self.units {
          let wrote = buffers[access.buffer].latest[start + unit]
          // Within a unit order is enough, but for a pass of the vector unit that reads what the one before wrote.
          if unit != own || kind == .vector && !access.isWrite { newest[unit] = max(newest[unit], wrote) }
          guard access.isWrite, unit != own else { continue }
          newest[unit] = max(newest[unit], buffers[access.buffer].latest[start + Self.units + unit])
        }
      }
    }
    for access in accesses {
      for piece in access.pieces {
        buffers[access.buffer].latest[piece * 2 * Self.units + (access.isWrite ? 0 : Self.units) + own] =
          instruction
      }
    }
    return newest.filter { $0 >= 0 }.sorted()
  }

  /// Takes over what is pending on the bytes that earlier buffers had here.
  private mutating func enter(_ position: Int) {
    guard !buffers[position].isEntered else { return }
    buffers[position].isEntered = true
    let memory = buffers[position].memory
    guard memory >= 0 else { return }
    let (low, high) = (buffers[position].address, buffers[position].address + buffers[position].bytes)
    var inherited: [Int32] = [-1, -1, -1, -1]
    var remaining: [Int] = []
    for other in regions[memory] {
      let (start, end) = (buffers[other].address, buffers[other].address + buffers[other].bytes)
      if start < high, low < end {
        for slot in buffers[other].latest.indices {
          inherited[slot % Self.units] = max(inherited[slot % Self.units], buffers[other].latest[slot])
        }
        if low <= start, end <= high { continue }
      }
      remaining.append(other)
    }
    remaining.append(position)
    regions[memory] = remaining
    guard inherited.contains(where: { $0 >= 0 }) else { return }
    // As reads: whoever writes here must wait, whoever reads will wait for that write.
    let pieces = buffers[position].latest.count / (2 * Self.units)
    for piece in 0..<pieces {
      for unit in 0..<Self.units {
        buffers[position].latest[piece * 2 * Self.units + Self.units + unit] = inherited[unit]
      }
    }
  }
}
