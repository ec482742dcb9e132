import COpenBLAS
import Graphs

/// The memory and threads of a plan: writes inputs, runs, reads outputs.
///
/// One execution belongs to one thread at a time.
package final class Execution {
  package let plan: Plan
  private let arena: UnsafeMutablePointer<Float>
  private let offsets: UnsafeMutablePointer<Int>
  private let pool: WorkerPool
  private let scratch: Scratch
  private let store: WeightStore?

  /// Takes memory and sets the constants.
  ///
  /// `values` holds the elements, in row-major order, of constants without bytes (or other ones for those with), by name.
  /// Shared weights keep their values; `store` must have the layout that the plan was made for.
  /// - Throws: ``PlanError`` for a constant without value, a value of another size, or another layout.
  package init(_ plan: Plan, values: [String: [Float]] = [:], store: WeightStore? = nil) throws {
    guard plan.weights == store?.layout else {
      throw PlanError(
        "execution", found: store == nil ? "no shared weights" : "shared weights of another layout",
        expected: plan.weights == nil ? "none" : "those that the plan was made for")
    }
    self.plan = plan
    self.store = store
    let words = max(16, plan.memory.wordCount)
    arena = UnsafeMutableRawPointer.allocate(byteCount: words * 4, alignment: 64).bindMemory(
      to: Float.self, capacity: words)
    arena.initialize(repeating: 0, count: words)
    offsets = .allocate(capacity: max(1, plan.memory.offsets.count))
    for (index, offset) in plan.memory.offsets.enumerated() { (offsets + index).initialize(to: offset) }
    // Steps find every buffer by its distance from the arena, those of shared weights too.
    if let store {
      for shared in plan.sharedBuffers {
        guard let tensor = store.layout.tensors[shared.name] else { continue }
        let distance = Int(bitPattern: store.memory + tensor.offset) - Int(bitPattern: arena)
        offsets[shared.buffer] = distance / MemoryLayout<Float>.stride
      }
    }
    pool = WorkerPool(count: plan.threads)
    scratch = Scratch(workers: pool.count, slots: plan.slots)
    jk_openblas_load()
    for (index, constant) in plan.constants.enumerated() where !plan.isShared(index) {
      let place = "constant '\(constant.name)'"
      if let given = values[constant.name] {
        try write(given, to: plan.constantViews[index], place)
      } else if let bytes = constant.bytes {
        try write(bytes, constant.type, to: plan.constantViews[index], place)
      } else {
        throw PlanError(place, found: "no value", expected: "\(constant.type.count) elements")
      }
    }
    let context = StepContext(arena: arena, offsets: UnsafePointer(offsets), pool: pool, scratch: scratch)
    for step in plan.preparation { step.run(context) }
  }

  deinit {
    pool.stop()
    arena.deallocate()
    offsets.deallocate()
    scratch.deallocate()
  }

  /// Runs all steps once; allocates nothing.
  package func run() {
    let context = StepContext(arena: arena, offsets: UnsafePointer(offsets), pool: pool, scratch: scratch)
    for step in plan.steps { step.run(context) }
  }

  /// Runs all steps several times and returns the shortest time of each.
  package func profile(runs: Int = 1) -> Profile {
    let context = StepContext(arena: arena, offsets: UnsafePointer(offsets), pool: pool, scratch: scratch)
    var shortest = plan.steps.map { _ in Double.infinity }
    for _ in 0..<max(1, runs) {
      for (index, step) in plan.steps.enumerated() {
        shortest[index] = min(shortest[index], measure { step.run(context) })
      }
    }
    return Profile(
      steps: plan.steps.enumerated().map { index, step in
        let words = (step.reads + step.writes).reduce(0) { $0 + plan.memory.sizes[$1] }
        return Profile.Step(
          label: step.label, detail: step.detail, seconds: shortest[index], operations: step.operations,
          bytes: words * 4)
      })
  }

  /// Sets an input of real numbers or truth values (0 and 1), in row-major order.
  ///
  /// - Throws: ``PlanError`` for an input of integers or another number of elements.
  package func write(_ elements: [Float], toInput index: Int) throws {
    try write(elements, to: plan.inputViews[index], "input '\(plan.inputs[index].name)'")
  }

  /// Sets an input of integers, in row-major order.
  ///
  /// - Throws: ``PlanError`` for an input of real numbers, another number of elements, or an index outside what it names.
  package func write(_ elements: [Int], toInput index: Int) throws {
    let view = plan.inputViews[index]
    let place = "input '\(plan.inputs[index].name)'"
    if let bound = plan.indexBounds[index],
      let wrong = elements.first(where: { !(-bound..<bound).contains($0) })
    {
      throw PlanError(place, found: "index \(wrong)", expected: "\(-bound) ..< \(bound)")
    }
    let element = plan.inputs[index].type.elementType
    if element.bits < 32, let wrong = elements.first(where: { !element.range.contains($0) }) {
      throw PlanError(place, found: "\(wrong)", expected: "numbers of \(element.rawValue)")
    }
    try write(elements, to: view, place)
  }

  /// The elements of an output, in row-major order; truth values are 0 and 1.
  package func output(_ index: Int) -> [Float] { elements(of: plan.outputViews[index]) }

  /// The present elements of a constant, in row-major order.
  package func constant(_ index: Int) -> [Float] { elements(of: plan.constantViews[index]) }

  private func elements(of view: TensorView) -> [Float] {
    let start = arena + offsets[view.buffer] + view.offset
    var elements: [Float] = []
    elements.reserveCapacity(view.count)
    let integers = UnsafeMutableRawPointer(start).assumingMemoryBound(to: Int32.self)
    view.eachOffset { elements.append(view.isInteger ? Float(integers[$0]) : start[$0]) }
    return elements
  }

  private func write(_ elements: [Float], to view: TensorView, _ place: String) throws {
    guard !view.isInteger else {
      throw PlanError(place, found: "real numbers", expected: "integers")
    }
    try requireCount(elements.count, view, place)
    let start = arena + offsets[view.buffer]
    var index = 0
    view.eachOffset {
      start[$0] = elements[index]
      index += 1
    }
  }

  private func write(_ elements: [Int], to view: TensorView, _ place: String) throws {
    guard view.isInteger else {
      throw PlanError(place, found: "integers", expected: "real numbers")
    }
    try requireCount(elements.count, view, place)
    // Loops compare integers as single-precision numbers, which are exact up to here.
    if let wrong = elements.first(where: { $0.magnitude > 1 << 24 }) {
      throw PlanError(place, found: "\(wrong)", expected: "integers of at most 2^24")
    }
    let start = UnsafeMutableRawPointer(arena + offsets[view.buffer]).assumingMemoryBound(to: Int32.self)
    var index = 0
    view.eachOffset {
      start[$0] = Int32(elements[index])
      index += 1
    }
  }

  private func write(_ bytes: [UInt8], _ type: TensorType, to view: TensorView, _ place: String) throws {
    func words<Word: FixedWidthInteger>(_: Word.Type) -> [Word] {
      let size = Word.bitWidth / 8
      return (0..<bytes.count / size).map { word in
        (0..<size).reduce(Word(0)) { $0 | Word(truncatingIfNeeded: bytes[word * size + $1]) << ($1 * 8) }
      }
    }
    switch type.elementType {
    case .float32: try write(words(UInt32.self).map { Float(bitPattern: $0) }, to: view, place)
    case .bool: try write(bytes.map { Float($0 == 0 ? 0 : 1) }, to: view, place)
    case .int64, .uint64: try write(words(UInt64.self).map { Int(Int64(bitPattern: $0)) }, to: view, place)
    case .int32, .uint32: try write(words(UInt32.self).map { Int(Int32(bitPattern: $0)) }, to: view, place)
    case .int16: try write(words(UInt16.self).map { Int(Int16(bitPattern: $0)) }, to: view, place)
    case .uint16: try write(words(UInt16.self).map { Int($0) }, to: view, place)
    case .int8: try write(bytes.map { Int(Int8(bitPattern: $0)) }, to: view, place)
    case .uint8: try write(bytes.map { Int($0) }, to: view, place)
    case .int4, .uint4:
      let halves = (0..<type.count).map { Int(bytes[$0 / 2] >> (4 * UInt8($0 & 1)) & 15) }
      try write(halves.map { Int(type.elementType.wrapped($0)) }, to: view, place)
    default: throw PlanError(place, found: "\(type)", expected: "float32, bool, or integers")
    }
  }

  private func requireCount(_ count: Int, _ view: TensorView, _ place: String) throws {
    guard count == view.count else {
      throw PlanError(place, found: "\(count) elements", expected: "\(view.count) for \(view.shape)")
    }
  }
}

extension Plan {
  /// Whether a constant is a slice of shared weights.
  fileprivate func isShared(_ constant: Int) -> Bool {
    let buffer = constantViews[constant].buffer
    return sharedBuffers.contains { $0.buffer == buffer }
  }
}

extension TensorView {
  /// Calls `body` with the offset of each element, in row-major order.
  func eachOffset(_ body: (Int) -> Void) {
    var place = shape.map { _ in 0 }
    var offset = 0
    for _ in 0..<count {
      body(offset)
      for axis in shape.indices.reversed() {
        place[axis] += 1
        offset += strides[axis]
        if place[axis] < shape[axis] { break }
        offset -= shape[axis] * strides[axis]
        place[axis] = 0
      }
    }
  }
}
