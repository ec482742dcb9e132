import Hardware
import Measures

/// Replays a program word by word and finds what a machine would get wrong: words read before they were written, or
/// reached by two units in an order that no dependency fixes.
struct ProgramChecker {
  let model: HardwareModel
  let program: Program
  /// What was found, at most ``limit`` of them.
  private(set) var disorders: [String] = []
  private(set) var unwritten: [String] = []
  private(set) var checkedWords = 0

  static let limit = 20

  /// For each instruction the newest one of each unit that has completed when it starts.
  private var known: [[Int32]] = []
  private var lastOfUnit: [Int32] = [-1, -1, -1, -1]
  private var writes: [[Int32]]
  private var reads: [[SIMD4<Int32>]]
  /// Whether a word has been written; also the words between two steps of a walk that rounds its pace down.
  private var isWritten: [[Bool]]

  init(_ program: Program, on model: HardwareModel) {
    self.model = model
    self.program = program
    writes = model.scratchpads.map { Array(repeating: -1, count: $0.capacity.count / $0.wordBytes) }
    isWritten = model.scratchpads.map { Array(repeating: false, count: $0.capacity.count / $0.wordBytes) }
    reads = model.scratchpads.map {
      Array(repeating: SIMD4(repeating: -1), count: $0.capacity.count / $0.wordBytes)
    }
  }

  mutating func check() {
    for (index, instruction) in program.instructions.enumerated() {
      learn(index, instruction)
      let payload = Int(instruction.payload)
      switch instruction.kind {
      case .load, .store:
        let transfer = program.transfers[payload]
        let word = model.scratchpads[transfer.memory].wordBytes
        let first = transfer.scratchpadAddress / word
        for offset in 0..<(transfer.bytes + word - 1) / word {
          touch(index, instruction.kind, transfer.memory, first + offset, isWrite: instruction.kind == .load)
        }
      case .array:
        let tile = program.arrayTiles[payload]
        let pixels = max(1, model.array.pixels)
        let accesses = (tile.m + pixels - 1) / pixels
        let rows = min(tile.k, model.array.rows) + model.array.preloadRowsPerCycle - 1
        walk(index, tile.activations, accesses: accesses, isWrite: false)
        walk(index, tile.weights, accesses: rows / model.array.preloadRowsPerCycle, isWrite: false)
        if tile.accumulates { walk(index, tile.output, accesses: accesses, isWrite: false) }
        let folds = (tile.n + model.array.columns - 1) / model.array.columns
        for fold in 0..<folds {
          var output = tile.output
          output.address += fold * output.foldStride * model.scratchpads[output.memory].wordBytes
          let words = tile.m * output.words / min(pixels, tile.m)
          walk(index, output, accesses: accesses, isWrite: true, limit: words)
        }
      case .vector:
        let tile = program.vectorTiles[payload]
        let steps = (tile.elements + model.vector.lanes - 1) / model.vector.lanes
        walk(index, tile.firstOperand, accesses: steps, isWrite: false)
        walk(index, tile.secondOperand, accesses: steps, isWrite: false)
        walk(index, tile.result, accesses: steps, isWrite: true)
      }
    }
  }

  /// Merges what is known to be complete when an instruction starts.
  private mutating func learn(_ index: Int, _ instruction: Instruction) {
    let unit = Int(instruction.kind.rawValue)
    var mine: [Int32] = [-1, -1, -1, -1]
    func merge(_ other: [Int32]) { for unit in 0..<4 { mine[unit] = max(mine[unit], other[unit]) } }
    if lastOfUnit[unit] >= 0 { merge(known[Int(lastOfUnit[unit])]) }
    for position in 0..<Int(instruction.dependencyCount) {
      let dependency = program.dependencies[Int(instruction.firstDependency) + position]
      merge(known[Int(dependency)])
      let other = Int(program.instructions[Int(dependency)].kind.rawValue)
      mine[other] = max(mine[other], dependency)
    }
    known.append(mine)
    lastOfUnit[unit] = Int32(index)
  }

  private mutating func walk(
    _ index: Int, _ pattern: AccessPattern, accesses: Int, isWrite: Bool, limit: Int = .max
  ) {
    guard pattern.memory >= 0 else { return }
    let kind = program.instructions[index].kind
    let first = pattern.address / model.scratchpads[pattern.memory].wordBytes
    let inner = max(1, pattern.innerCount)
    var previous = -1
    for access in 0..<accesses {
      let word = first + access / inner * pattern.outerStride + access % inner * pattern.innerStride
      guard word != previous else { continue }
      previous = word
      // A wide access may reach beyond the last pixel or lane that it needs: only its first word counts as read.
      for offset in 0..<(isWrite ? pattern.words : 1) where word - first + offset < limit {
        touch(index, kind, pattern.memory, word + offset, isWrite: isWrite)
      }
    }
    guard isWrite, pattern.innerStride == 0, inner > 1, previous >= 0 else { return }
    let end = first + accesses * pattern.outerStride / (inner - 1) + pattern.words
    for word in previous..<min(end, isWritten[pattern.memory].count) {
      isWritten[pattern.memory][word] = true
    }
  }

  private mutating func touch(
    _ index: Int, _ kind: Instruction.Kind, _ memory: Int, _ word: Int, isWrite: Bool
  ) {
    checkedWords += 1
    let place = { [model] in "word \(word) of '\(model.scratchpads[memory].name)'" }
    guard writes[memory].indices.contains(word) else {
      note(&disorders, index, "reaches beyond the memory: \(place())")
      return
    }
    let unit = Int(kind.rawValue)
    let writer = writes[memory][word]
    if !isWrite, !isWritten[memory][word] {
      note(&unwritten, index, "reads what nobody wrote: \(place())")
    }
    if writer >= 0, Int(writer) != index {
      let other = Int(program.instructions[Int(writer)].kind.rawValue)
      let isOrdered = other == unit && (isWrite || kind != .vector) || known[index][other] >= writer
      if !isOrdered {
        note(&disorders, index, "does not wait for \(describe(Int(writer))), which wrote \(place())")
      }
    }
    if isWrite {
      for other in 0..<4 where other != unit && reads[memory][word][other] >= 0 {
        let reader = reads[memory][word][other]
        if known[index][other] < reader {
          note(&disorders, index, "overwrites what \(describe(Int(reader))) may still read: \(place())")
        }
      }
      writes[memory][word] = Int32(index)
      isWritten[memory][word] = true
      reads[memory][word] = SIMD4(repeating: -1)
    } else {
      reads[memory][word][unit] = Int32(index)
    }
  }

  private func describe(_ index: Int) -> String {
    let instruction = program.instructions[index]
    return "\(instruction.kind) \(index) of '\(program.layers[Int(instruction.layer)].name)'"
  }

  private func note(_ list: inout [String], _ index: Int, _ finding: String) {
    guard list.count < Self.limit else { return }
    let text = "\(describe(index)) \(finding)"
    if list.last != text { list.append(text) }
  }
}
