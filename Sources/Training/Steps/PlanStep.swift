import CKernels

/// Something that a plan does when it runs: one kernel over whole tensors.
protocol PlanStep: Sendable {
  /// What the step does, for profiles: "convolution".
  var label: String { get }
  /// The shapes it works on, for profiles.
  var detail: String { get }
  /// Floating-point operations of products and convolutions.
  var operations: Int { get }
  /// Buffers that must hold their contents when the step starts.
  var reads: [Int] { get }
  /// Buffers that the step writes or uses as its own work space.
  var writes: [Int] { get }
  /// Does it; must not allocate.
  func run(_ context: StepContext)
}

extension PlanStep {
  var detail: String { "" }
  var operations: Int { 0 }
}

/// What a running step sees: the arena and the threads.
struct StepContext {
  let arena: UnsafeMutablePointer<Float>
  let offsets: UnsafePointer<Int>
  let pool: WorkerPool
  /// Chunks and their addresses for each worker.
  let scratch: Scratch

  /// The first element of a buffer.
  func pointer(_ buffer: Int) -> UnsafeMutablePointer<Float> { arena + offsets[buffer] }

  /// The element of a view that stands at index 0 on all axes.
  func pointer(_ view: TensorView) -> UnsafeMutablePointer<Float> { pointer(view.buffer) + view.offset }

  /// The first element of a buffer of integers.
  func integers(_ buffer: Int) -> UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(pointer(buffer)).assumingMemoryBound(to: Int32.self)
  }

  func integers(_ view: TensorView) -> UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(pointer(view)).assumingMemoryBound(to: Int32.self)
  }
}

/// Room for the chunks of fused loops: for each worker some chunks and the addresses that instructions use.
struct Scratch {
  static let chunk = Int(JK_CHUNK)
  let slots: Int
  let chunks: UnsafeMutablePointer<Float>
  let addresses: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>

  init(workers: Int, slots: Int) {
    self.slots = max(1, slots)
    let count = workers * self.slots
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * Self.chunk * 4, alignment: 64)
    chunks = memory.bindMemory(to: Float.self, capacity: count * Self.chunk)
    chunks.initialize(repeating: 0, count: count * Self.chunk)
    addresses = .allocate(capacity: count)
    addresses.initialize(repeating: chunks, count: count)
  }

  func deallocate() {
    chunks.deallocate()
    addresses.deallocate()
  }

  func chunk(_ slot: Int, worker: Int) -> UnsafeMutablePointer<Float> {
    chunks + (worker * slots + slot) * Self.chunk
  }

  func addresses(worker: Int) -> UnsafeMutablePointer<UnsafeMutablePointer<Float>?> {
    addresses + worker * slots
  }
}

/// The range of a whole that one of several equal parts covers.
func part(_ index: Int, of parts: Int, _ whole: Int) -> Range<Int> {
  whole * index / parts..<whole * (index + 1) / parts
}
