import Formats
import Foundation
import Measures
import Search
import Studies
import Testing

/// Study files: what is read, and what is refused at which place.
struct StudyFiles {
  private func message(_ yaml: String) -> String {
    do {
      _ = try StudyDescription.decode(yaml: yaml, file: "s.yaml")
      return "no error"
    } catch { return error.description }
  }

  @Test func `a machine is all that a study must say`() throws {
    let study = try StudyDescription.decode(yaml: "hardware: edge\n", file: "s.yaml")
    #expect(study.hardware == "edge")
    #expect(study.strategy.name == .regularizedEvolution)
    #expect(study.budget.trials == 50)
    #expect(try StudyDescription.decode(yaml: study.yaml(), file: "s.yaml") == study)
  }

  @Test func `quantities have their units, and become the objective`() throws {
    let study = try StudyDescription.decode(
      yaml: """
        hardware: edge
        objective:
          latency: {target: 250 us, limit: 1 ms}
          energy: {limit: 2 mJ}
          least-quality: 0.5
          form: absolute
          strength: 0.2
        """, file: "s.yaml")
    let objective = study.objective.objective
    #expect(objective.costs.map(\.criterion) == [.latency, .energy])
    #expect(abs((objective.costs[0].target ?? 0) - 250e-6) < 1e-12)
    #expect(objective.costs[1].target == nil && objective.costs[1].limit == 2e-3)
    #expect(objective.form == .absolute(strength: 0.2))
    #expect(objective.leastQuality == 0.5)
    #expect(try StudyDescription.decode(yaml: study.yaml(), file: "s.yaml") == study)
  }

  @Test func `what is wrong is said at its place, all at once`() {
    let text = message(
      """
      hardware: edge
      stratgy: {name: random}
      objective: {latency: {target: 3}}
      budget: {trials: 0}
      """)
    #expect(text.split(separator: "\n").count == 3)
    #expect(text.contains("s.yaml:2:1: the file: 'stratgy' is not a key here"))
    #expect(text.contains("did you mean 'strategy'?"))
    #expect(text.contains("s.yaml:3:31: objective.latency.target: '3' has no unit"))
    #expect(text.contains("s.yaml:4:18: budget.trials: 0 is out of range"))
  }

  @Test func `keys that do not fit together are refused`() {
    #expect(
      message("hardware: edge\nestimator: {method: table}\n").contains("estimator.file is missing"))
    #expect(
      message("hardware: edge\ndataset: {training: 10}\n")
        .contains("10 training images in batches of 64"))
    let table = message(
      "hardware: edge\nspace: {name: darts}\nestimator: {method: table, file: a, column: b}\nconfirmations: 1\n"
    )
    #expect(table.contains("s.yaml:2:9: tables are of nas-bench-201, not of darts"))
    #expect(table.contains("a study from a table trains nothing anew"))
    #expect(
      message("hardware: edge\nstrategy: {name: nsga2, population: 1}\n").contains("a population of 1"))
  }

  @Test func `the study that init writes says what it means to`() throws {
    let study = try StudyDescription.decode(yaml: StudyDescription.template, file: "s.yaml")
    #expect(study.hardware == "edge" && study.budget.trials == 100 && study.confirmations == 3)
    #expect(study.dataset.training == 1024 && study.estimator.epochs == 6)
    let commented = StudyDescription.template.split(separator: "\n").filter { $0.contains("# limit:") }
    #expect(commented.count == 4)
  }

  @Test func `the page and the schema of keys are those of the declarations`() throws {
    var sources = URL(filePath: #filePath)
    for _ in 0..<3 { sources.deleteLastPathComponent() }
    let generated = [
      ("Sources/joulery/Joulery.docc/StudyKeys.md", StudyDescription.documentation),
      ("docs/study.schema.json", StudyDescription.schema.text),
    ]
    for (name, text) in generated {
      let file = sources.appending(path: name)
      if ProcessInfo.processInfo.environment["JOULERY_UPDATE"] != nil {
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      let kept = try? String(contentsOf: file, encoding: .utf8)
      #expect(kept == text, "set JOULERY_UPDATE=1 to write \(name) anew")
    }
  }
}
