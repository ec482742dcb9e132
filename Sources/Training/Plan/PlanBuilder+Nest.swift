import CKernels
import Graphs

extension PlanBuilder {
  /// Adds the step of a group of element-wise nodes and reductions.
  mutating func emitNest(_ members: [Int]) throws(PlanError) {
    let space = Fusion.space(of: graph.nodes[members[0]], in: graph) ?? []
    var external: [Value] = []
    for member in members {
      for operand in graph.nodes[member].operands where !external.contains(operand) {
        if case .node(let source, _) = operand.source, members.contains(source) { continue }
        external.append(operand)
      }
    }
    var loads: [(value: Value, view: TensorView)] = []
    var blocked: [(value: Value, view: BlockedView)] = []
    for value in external {
      // Blocks of one size at most: the loops are split by it.
      if let view = blockedView(value), view.shape == space,
        blocked.allSatisfy({ $0.view.block == view.block })
      {
        blocked.append((value, view))
      } else {
        loads.append((value, try view(value).expanded(space)))
      }
    }
    // The layout of the first operand that has all elements; a chain over broadcast operands only is row-major.
    let full = loads.first { load in
      load.view.shape.indices.allSatisfy { space[$0] == 1 || load.view.strides[$0] != 0 }
    }
    let order = full?.view.order ?? Array(space.indices)
    var nest = NestDraft(space: space, order: order)
    for load in loads { nest.load(load.value, load.view) }
    for load in blocked { nest.load(load.value, load.view) }
    for member in members {
      let node = graph.nodes[member]
      let result = Value(.node(member, result: 0))
      switch node.primitive {
      case let reduce as Reduce: try emit(reduce, node, member, in: &nest)
      case let moments as Moments: try emit(moments, node, member, in: &nest)
      default:
        nest.add(node, result)
        if let pooling = onlyPooling(of: result),
          blocked.allSatisfy({ $0.view.block == pooling.block })
        {
          let target = tensor(graph.nodes[pooling.node].resultTypes[0], order: channelsLast(space.count))
          place(Value(.node(pooling.node, result: 0)), target)
          markEmitted(pooling.node)
          nest.storeMeans(result, BlockedView(target, block: pooling.block))
        } else if readers[result] != nil {
          let target = tensor(node.resultTypes[0], order: order)
          place(result, target)
          nest.store(result, target)
        }
      }
    }
    append(nest.step(label: members.count == 1 ? graph.nodes[members[0]].primitive.name : "fused loops"))
  }

  /// The pooling of whole blocks that is all that reads a value outside its loops, where loops can do it.
  private func onlyPooling(of value: Value) -> (node: Int, block: [Int])? {
    guard case .node(let reader)? = readers[value], let pooling = graph.nodes[reader].primitive as? Pooling,
      // A task keeps whole images.
      graph.type(of: value).shape[0] >= 8
    else { return nil }
    return pooling.block(of: graph.type(of: value).shape).map { (reader, $0) }
  }

  private mutating func emit(
    _ reduce: Reduce, _ node: Node, _ index: Int, in nest: inout NestDraft
  ) throws(PlanError) {
    let shape = nest.space
    let result = reducedTensor(shape, reduce.axes, nest.order)
    let count = Double(reduce.axes.reduce(1) { $0 * shape[$1] })
    let combination: jk_combination
    switch reduce.function {
    case .maximum: combination = jk_max
    case .minimum: combination = jk_min
    case .product: combination = jk_product
    default: combination = jk_sum
    }
    let value = Value(.node(index, result: 0))
    let reduction = accumulate(node.operands[0], combination, result, in: &nest)
    nest.finishes.append(
      ReductionFinish(
        function: .scaled(reduce.function == .mean ? 1 / count : 1), combination: combination,
        accumulators: [reduction], count: result.count, results: [result]))
    place(value, view(of: result, as: node.resultTypes[0].shape, axes: reduce.axes))
  }

  private mutating func emit(
    _ moments: Moments, _ node: Node, _ index: Int, in nest: inout NestDraft
  ) throws(PlanError) {
    let shape = nest.space
    let (mean, variance) = (
      reducedTensor(shape, moments.axes, nest.order), reducedTensor(shape, moments.axes, nest.order)
    )
    let count = Double(moments.axes.reduce(1) { $0 * shape[$1] })
    // The first element along the reduced axes: differences to it keep the digits that a large mean would cost.
    var pivot: TensorView?
    let difference: Int
    if nest.isLoaded(node.operands[0]), let source = views[node.operands[0]] {
      let first = source.expanded(shape).sliced(
        starts: shape.map { _ in 0 }, steps: shape.map { _ in 1 }, shape: mean.shape)
      let copy = reducedTensor(shape, moments.axes, nest.order)
      appendCopy(of: first, to: copy)
      pivot = copy
      let slot = nest.load(copy.expanded(shape))
      difference = nest.add(jk_subtract, [nest.slot(node.operands[0]), slot])
    } else {
      let zero = reducedTensor(shape, moments.axes, nest.order)
      append(FillStep(view: zero, value: 0))
      pivot = zero
      difference = nest.slot(node.operands[0])
    }
    let square = nest.add(jk_square, [difference])
    let sums = accumulate(slot: difference, jk_sum, mean, in: &nest)
    let squares = accumulate(slot: square, jk_sum, mean, in: &nest)
    nest.finishes.append(
      ReductionFinish(
        function: .moments(count: count), combination: jk_sum, accumulators: [sums, squares],
        count: mean.count,
        results: [mean, variance], pivot: pivot))
    for (result, tensor) in [mean, variance].enumerated() {
      place(
        Value(.node(index, result: result)),
        view(of: tensor, as: node.resultTypes[result].shape, axes: moments.axes))
    }
  }

  /// A dense tensor for what is left of a shape, with the reduced axes as 1.
  private mutating func reducedTensor(_ shape: [Int], _ axes: [Int], _ order: [Int]) -> TensorView {
    var kept = shape
    for axis in axes { kept[axis] = 1 }
    return tensor(TensorType(kept), order: order)
  }

  private func view(of tensor: TensorView, as shape: [Int], axes: [Int]) -> TensorView {
    guard shape.count != tensor.shape.count else { return tensor }
    var view = tensor
    view.shape = shape
    view.strides = tensor.strides.indices.filter { !axes.contains($0) }.map { tensor.strides[$0] }
    return view
  }

  private mutating func accumulate(
    _ value: Value, _ combination: jk_combination, _ result: TensorView, in nest: inout NestDraft
  ) -> Int {
    accumulate(slot: nest.slot(value), combination, result, in: &nest)
  }

  /// Adds a reduction with room for the largest number of copies that a step may want.
  private mutating func accumulate(
    slot: Int, _ combination: jk_combination, _ result: TensorView, in nest: inout NestDraft
  ) -> Int {
    let copies = result.count > 1 << 16 ? 2 : 16
    let accumulators = buffer(2 * result.count * copies)
    nest.reduce(slot, combination, result.expanded(nest.space), accumulators, count: result.count)
    return accumulators
  }

  /// Adds a step that adds two tensors.
  mutating func appendSum(of left: TensorView, _ right: TensorView, to target: TensorView) {
    var nest = NestDraft(space: target.shape, order: target.order)
    nest.store(nest.add(jk_add, [nest.load(left), nest.load(right)]), target)
    append(nest.step(label: Accumulation.name))
  }

  /// Adds a step that writes blocks out.
  mutating func appendCopy(of source: BlockedView, to target: TensorView) {
    var nest = NestDraft(space: target.shape, order: target.order)
    let value = Value(.input(0))
    nest.load(value, source)
    nest.store(value, target)
    append(nest.step(label: "pooling gradient"))
  }

  /// Adds a step that copies elements to another layout, or to part of another tensor.
  mutating func appendCopy(of source: TensorView, to target: TensorView) {
    var nest = NestDraft(space: target.shape, order: target.order)
    let slot = nest.add(jk_copy, [nest.load(source)])
    nest.store(slot, target)
    // Integers are copied bit by bit.
    append(nest.step(label: "copy", readsBits: true))
  }
}

/// A nest under construction.
struct NestDraft {
  let space: [Int]
  /// The axes from the outermost loop to the innermost.
  let order: [Int]
  var finishes: [ReductionFinish] = []
  /// Tensors with the block of equal elements along each axis; nil for one element each.
  private var loads: [(slot: Int, view: TensorView, block: [Int]?)] = []
  private var instructions: [jk_nest_instruction] = []
  private var stores: [(slot: Int, view: TensorView, block: [Int]?)] = []
  private var reductions:
    [(slot: Int, combination: jk_combination, view: TensorView, accumulators: Int, count: Int)] = []
  /// There are few, so that looking them through is faster than hashing.
  private var slots: [(value: Value, slot: Int)] = []
  private var slotCount = 0

  init(space: [Int], order: [Int]) {
    self.space = space
    self.order = order
  }

  func slot(_ value: Value) -> Int { slots.last { $0.value == value }?.slot ?? 0 }

  /// Whether a value comes from memory, not from this nest itself.
  func isLoaded(_ value: Value) -> Bool { loads.contains { $0.slot == slot(value) } }

  private mutating func newSlot() -> Int {
    slotCount += 1
    return slotCount - 1
  }

  @discardableResult
  mutating func load(_ view: TensorView) -> Int {
    if let known = loads.first(where: { $0.view == view && $0.block == nil }) { return known.slot }
    let slot = newSlot()
    loads.append((slot, view, nil))
    return slot
  }

  mutating func load(_ value: Value, _ blocked: BlockedView) {
    let slot = newSlot()
    loads.append((slot, blocked.view, blocked.block))
    slots.append((value, add(jk_scale, [slot], p: blocked.factor)))
  }

  mutating func load(_ value: Value, _ view: TensorView) { slots.append((value, load(view))) }

  mutating func add(_ function: jk_function, _ operands: [Int], p: Float = 0, q: Float = 0) -> Int {
    let target = newSlot()
    instructions.append(jk_nest_instruction(function, target, operands, p: p, q: q))
    return target
  }

  /// Adds an element-wise node whose operands have slots.
  mutating func add(_ node: Node, _ result: Value) {
    let operands = node.operands.map { slot($0) }
    let target: Int
    switch node.primitive {
    case let unary as Unary:
      if case .clamp(let minimum, let maximum) = unary.function {
        target = add(
          jk_clamp, operands, p: minimum.map { Float($0) } ?? -.infinity,
          q: maximum.map { Float($0) } ?? .infinity)
      } else {
        target = add(unary.function.kernel, operands)
      }
    case let binary as Binary:
      target =
        binary.function == .multiply && operands[0] == operands[1]
        ? add(jk_square, [operands[0]]) : add(binary.function.kernel, operands)
    case is Select: target = add(jk_select, operands)
    case let cast as Cast: target = add(cast.elementType == .bool ? jk_truth : jk_copy, operands)
    default: target = operands[0]
    }
    slots.append((result, target))
  }

  mutating func store(_ value: Value, _ view: TensorView) { store(slot(value), view) }

  mutating func store(_ slot: Int, _ view: TensorView) { stores.append((slot, view, nil)) }

  /// Stores the mean of each block.
  mutating func storeMeans(_ value: Value, _ blocked: BlockedView) {
    stores.append((add(jk_scale, [slot(value)], p: blocked.factor), blocked.view, blocked.block))
  }

  mutating func reduce(
    _ slot: Int, _ combination: jk_combination, _ view: TensorView, _ accumulators: Int, count: Int
  ) {
    reductions.append((slot, combination, view, accumulators, count))
  }

  /// The finished step; with `readsBits` integers stay as they are.
  func step(label: String, readsBits: Bool = false) -> NestStep {
    let block = (loads.map(\.block) + stores.map(\.block)).lazy.compactMap { $0 }.first
    let split = SplitLoops(space: space, order: order, block: block)
    let collapsed = CollapsedLoops(
      space: split.space, order: split.order,
      strides: loads.map { split.strides(of: $0.view, isBlocked: $0.block != nil) }
        + stores.map { split.strides(of: $0.view, isBlocked: $0.block != nil) }
        + reductions.map { split.strides(of: $0.view, isBlocked: false) })
    var all = collapsed.strides[...]
    var step = NestStep(
      label: label, loops: collapsed.loops, extents: collapsed.extents, loads: [], instructions: instructions,
      stores: [], reductions: [], finishes: finishes, slots: slotCount)
    for load in loads {
      let strides = all.removeFirst()
      let isInteger = load.view.isInteger && !readsBits
      step.loads.append(
        jk_nest_load(
          slot: Int32(load.slot), buffer: Int32(load.view.buffer), offset: load.view.offset,
          strides: jk_strides(strides), dense: !isInteger && collapsed.isDense(strides) ? 1 : 0,
          integer: isInteger ? 1 : 0, period: collapsed.period(of: strides)))
    }
    for store in stores {
      let strides = all.removeFirst()
      step.stores.append(
        jk_nest_store(
          slot: Int32(store.slot), buffer: Int32(store.view.buffer), offset: store.view.offset,
          strides: jk_strides(strides), dense: store.block == nil && collapsed.isDense(strides) ? 1 : 0,
          sums: store.block == nil ? 0 : 1))
    }
    for reduction in reductions {
      step.reductions.append(
        jk_nest_reduction(
          slot: Int32(reduction.slot), buffer: Int32(reduction.accumulators), count: reduction.count,
          strides: jk_strides(all.removeFirst()), combination: reduction.combination))
    }
    step.joinMultiplyAdds()
    step.assignSlots()
    return step
  }
}

extension jk_nest_instruction {
  /// Functions of fewer operands get the first one again.
  fileprivate init(_ function: jk_function, _ target: Int, _ operands: [Int], p: Float, q: Float) {
    self.init()
    self.function = function
    self.target = Int32(target)
    self.operands = operands
    self.p = p
    self.q = q
  }

  fileprivate var operands: [Int] {
    get { [Int(a), Int(b), Int(c)] }
    set {
      a = Int32(newValue[0])
      b = Int32(newValue[newValue.count > 1 ? 1 : 0])
      c = Int32(newValue[newValue.count > 2 ? 2 : 0])
    }
  }
}

extension jk_strides {
  init(_ steps: [Int]) {
    self.init()
    withUnsafeMutableBytes(of: &step) { bytes in
      let words = bytes.bindMemory(to: Int.self)
      for (index, step) in steps.enumerated() { words[index] = step }
    }
  }
}

/// The axes of a space in loop order, joined where all tensors allow it.
private struct CollapsedLoops {
  var extents: [Int] = []
  /// The steps of each tensor in each loop.
  var strides: [[Int]]

  init(space: [Int], order: [Int], strides: [[Int]]) {
    self.strides = strides.map { _ in [] }
    for axis in order where space[axis] != 1 {
      let last = extents.count - 1
      let joins =
        last >= 0 && strides.indices.allSatisfy { self.strides[$0][last] == strides[$0][axis] * space[axis] }
      if joins {
        extents[last] *= space[axis]
        for tensor in strides.indices { self.strides[tensor][last] = strides[tensor][axis] }
      } else {
        extents.append(space[axis])
        for tensor in strides.indices { self.strides[tensor].append(strides[tensor][axis]) }
      }
    }
    if extents.isEmpty {
      extents = [1]
      self.strides = strides.map { _ in [1] }
    }
  }

  var loops: jk_loops {
    var loops = jk_loops()
    loops.rank = Int32(extents.count)
    withUnsafeMutableBytes(of: &loops.extents) { bytes in
      let words = bytes.bindMemory(to: Int.self)
      for (index, extent) in extents.enumerated() { words[index] = extent }
    }
    return loops
  }

  /// How many rows in a row are the same for a tensor of these steps.
  func period(of strides: [Int]) -> Int {
    var period = 1
    for loop in extents.indices.dropLast().reversed() {
      guard strides[loop] == 0 else { break }
      period *= extents[loop]
    }
    return period
  }

  func isDense(_ strides: [Int]) -> Bool {
    var step = 1
    for loop in extents.indices.reversed() {
      guard strides[loop] == step else { return false }
      step *= extents[loop]
    }
    return true
  }
}
