import Compiler
import Dispatch
import Formats
import Graphs
import Hardware
import Simulator
import Synchronization

/// Runs rows on machines, several at once, each pair once.
struct Simulations: Sendable {
  let rows: [Measurement]
  /// Digest of what each row runs.
  private let digests: [String]
  private let store: SimulationStore
  private let jobs: Int

  init(
    rows: [Measurement], store: SimulationStore, jobs: Int
  ) {
    self.rows = rows
    self.store = store
    self.jobs = max(1, jobs)
    var known: [String: String] = [:]
    digests = rows.map { row in
      let key = row.subject
      if let digest = known[key] { return digest }
      let text =
        row.graph.canonicalDescription + "\(row.mapping.map { "\($0)" } ?? "")\(row.isWarm ? " warm" : "")"
      let digest = sha256(of: Array(text.utf8))
      known[key] = digest
      return digest
    }
  }

  /// What to run: a row by index, on a machine with its digest.
  struct Request: Sendable {
    var row: Int
    var model: HardwareModel
    var digest: String
  }

  /// The predictions of requests, in their order.
  ///
  /// - Throws: ``CalibrationError`` at the place of the first row that does not run.
  func predictions(_ requests: [Request]) throws(CalibrationError) -> [Prediction] {
    var order: [String] = []
    var missing: [(key: String, request: Request)] = []
    var found: [String: Prediction] = [:]
    for request in requests {
      let key = String(sha256(of: Array((digests[request.row] + request.digest).utf8)).prefix(32))
      order.append(key)
      guard found[key] == nil, !missing.contains(where: { $0.key == key }) else { continue }
      if let known = store.prediction(key) { found[key] = known } else { missing.append((key, request)) }
    }
    for (key, prediction) in try run(missing) { found[key] = prediction }
    return order.compactMap { found[$0] }
  }

  private func run(
    _ work: [(key: String, request: Request)]
  ) throws(CalibrationError) -> [(String, Prediction)] {
    guard !work.isEmpty else { return [] }
    let next = Atomic(0)
    let results = Mutex<[Int: Result<Prediction, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: min(jobs, work.count)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < work.count else { return }
        let (key, request) = work[index]
        let result = Result { try Prediction(rows[request.row], on: request.model) }
        if case .success(let prediction) = result { store.add(prediction, key) }
        results.withLock { $0[index] = result }
      }
    }
    let all = results.withLock { $0 }
    var predictions: [(String, Prediction)] = []
    for (index, item) in work.enumerated() {
      switch all[index] {
      case .success(let prediction): predictions.append((item.key, prediction))
      case .failure(let error): throw refusal(of: rows[item.request.row], error)
      case nil: preconditionFailure("a piece of work was left undone")
      }
    }
    return predictions
  }

  private func refusal(of row: Measurement, _ error: any Error) -> CalibrationError {
    let kind: CalibrationError.Kind =
      (error as? CompileError)?.kind == .unsupported ? .unsupported : .badInput
    return CalibrationError(
      kind,
      Diagnostic(
        at: row.place, "'\(excerpt(row.name))' does not run on the machine: \(error)",
        remedy: "give the row a 'flag' to leave it out"))
  }
}
