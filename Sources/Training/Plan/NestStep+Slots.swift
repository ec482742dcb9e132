import CKernels

extension NestStep {
  /// Puts one function in place of a product and the only sum that reads it.
  mutating func joinMultiplyAdds() {
    var uses = Array(repeating: 0, count: slots)
    for instruction in instructions {
      for operand in instruction.operands.prefix(instruction.function.arity) { uses[operand] += 1 }
    }
    for store in stores { uses[Int(store.slot)] += 1 }
    for reduction in reductions { uses[Int(reduction.slot)] += 1 }
    // Where the product of each slot is computed.
    var products: [Int?] = Array(repeating: nil, count: slots)
    var removed: Set<Int> = []
    for index in instructions.indices {
      let instruction = instructions[index]
      if instruction.function == jk_multiply { products[Int(instruction.target)] = index }
      guard instruction.function == jk_add, instruction.a != instruction.b else { continue }
      for (sum, other) in [(instruction.a, instruction.b), (instruction.b, instruction.a)] {
        guard uses[Int(sum)] == 1, let product = products[Int(sum)] else { continue }
        instructions[index].function = jk_multiply_add
        instructions[index].a = instructions[product].a
        instructions[index].b = instructions[product].b
        instructions[index].c = other
        removed.insert(product)
        break
      }
    }
    instructions = instructions.indices.filter { !removed.contains($0) }.map { instructions[$0] }
  }

  /// Gives chunks of values that are no longer needed to later ones.
  ///
  /// Loads and stored values keep theirs: those hold what lies in memory.
  mutating func assignSlots() {
    var lastUse = Array(repeating: -1, count: slots)
    for (index, instruction) in instructions.enumerated() {
      for operand in instruction.operands { lastUse[operand] = index }
    }
    var isFixed = Array(repeating: false, count: slots)
    for load in loads { isFixed[Int(load.slot)] = true }
    for store in stores { isFixed[Int(store.slot)] = true }
    for reduction in reductions { isFixed[Int(reduction.slot)] = true }
    var places: [Int32] = Array(repeating: -1, count: slots)
    var count: Int32 = 0
    for slot in 0..<slots where isFixed[slot] {
      places[slot] = count
      count += 1
    }
    var free: [Int32] = []
    for (index, instruction) in instructions.enumerated() {
      let target = Int(instruction.target)
      if places[target] < 0 {
        if let place = free.popLast() {
          places[target] = place
        } else {
          places[target] = count
          count += 1
        }
      }
      for (position, operand) in instruction.operands.enumerated()
      where !isFixed[operand] && lastUse[operand] == index
        && !instruction.operands[..<position].contains(operand)
      {
        free.append(places[operand])
      }
      if lastUse[target] < 0, !isFixed[target] { free.append(places[target]) }
    }
    for index in instructions.indices {
      instructions[index].target = places[Int(instructions[index].target)]
      instructions[index].a = places[Int(instructions[index].a)]
      instructions[index].b = places[Int(instructions[index].b)]
      instructions[index].c = places[Int(instructions[index].c)]
    }
    for index in loads.indices { loads[index].slot = places[Int(loads[index].slot)] }
    for index in stores.indices { stores[index].slot = places[Int(stores[index].slot)] }
    for index in reductions.indices { reductions[index].slot = places[Int(reductions[index].slot)] }
    slots = Int(count)
  }
}

extension jk_nest_instruction {
  fileprivate var operands: [Int] { [Int(a), Int(b), Int(c)] }
}

extension jk_function {
  /// Chunks that a function reads.
  fileprivate var arity: Int {
    switch self {
    case jk_select, jk_multiply_add: 3
    case jk_add, jk_subtract, jk_multiply, jk_divide, jk_power, jk_minimum, jk_maximum, jk_remainder,
      jk_truncated_remainder, jk_equal, jk_less, jk_less_or_equal, jk_greater, jk_greater_or_equal, jk_and,
      jk_or, jk_xor:
      2
    default: 1
    }
  }
}
