import Hardware

/// Explains an idle stretch of the array by what its end had to wait for, and that in turn, back to its beginning.
///
/// The stretch is cut into pieces along the chain of instructions that bound each other's start; each piece gets the
/// cause of the unit that was at work and the layer it worked for, so pieces add up to the stretch.
struct CriticalPath {
  /// A piece of an idle stretch.
  struct Piece {
    var start: Int
    var end: Int
    var cause: CycleCause
    var layer: Int
  }

  let program: Program

  /// The pieces of `beginning ..< end`, latest first, that lead to the start of `instruction` (or to its end).
  func pieces(
    from beginning: Int, to end: Int, leadingTo instruction: Int, includingItself: Bool, timeline: Timeline
  ) -> [Piece] {
    var pieces: [Piece] = []
    var upper = end
    var current = instruction
    func cut(at time: Int, _ cause: CycleCause, _ layer: Int) {
      let lower = max(beginning, min(time, upper))
      if lower < upper { pieces.append(Piece(start: lower, end: upper, cause: cause, layer: layer)) }
      upper = lower
    }
    if includingItself {
      cut(at: timeline.start[current], cause(of: current), layer(of: current))
    }
    while upper > beginning {
      if timeline.heldFrom[current] < upper {
        cut(at: timeline.heldFrom[current], .otherCores, layer(of: current))
        continue
      }
      let bound = Int(timeline.bound[current])
      if bound >= 0 {
        current = bound
        cut(at: timeline.start[current], cause(of: current), layer(of: current))
        continue
      }
      // The sequencer was late: because a queue was full, or because it was busy with this and earlier instructions.
      if timeline.blocker[current] >= 0 {
        let blocker = Int(timeline.blocker[current])
        cut(at: timeline.start[blocker], .issue, layer(of: current))
        current = blocker
        continue
      }
      guard current > 0 else {
        cut(at: beginning, .issue, layer(of: current))
        break
      }
      cut(at: timeline.issued[current - 1], .issue, layer(of: current))
      current -= 1
      // From here on the chain follows the hand-over of the earlier instruction, not its start.
      while upper > beginning, timeline.blocker[current] < 0, current > 0 {
        cut(at: timeline.issued[current - 1], .issue, layer(of: current))
        current -= 1
      }
      if current == 0, timeline.blocker[0] < 0 {
        cut(at: beginning, .issue, layer(of: 0))
        break
      }
      if timeline.blocker[current] >= 0 {
        let blocker = Int(timeline.blocker[current])
        cut(at: timeline.start[blocker], .issue, layer(of: current))
        current = blocker
      }
    }
    return pieces
  }

  private func layer(of instruction: Int) -> Int { Int(program.instructions[instruction].layer) }

  private func cause(of instruction: Int) -> CycleCause {
    switch program.instructions[instruction].kind {
    case .load: .memoryLoad
    case .store: .memoryStore
    case .vector: .vector
    case .array: .fillDrain
    }
  }
}
