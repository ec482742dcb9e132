import Records

extension VectorUnit {
  /// The keys of the section `vector`.
  static let record = Record(
    blank: VectorUnit(lanes: 0, cyclesPerStep: [:], pipelineCycles: 0),
    [
      .required("lanes", \.lanes, .whole(1...65536), "Elements processed in one step."),
      .required(
        "cycles-per-step", \.cyclesPerStep, .table(of: .whole(1...4096), allRequired: true),
        "Cycles between the steps of an operation, by its class."),
      .required(
        "pipeline", \.pipelineCycles, .cycles(0...4096), "Cycles from the last operand to the last result."),
    ])
}
