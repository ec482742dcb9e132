import Datasets
import Foundation
import Hardware
import Reports
import Studies

extension StudySession {
  /// Trains the best network and the reference anew, as often as the study asks for.
  ///
  /// - Throws: ``Failure`` with status `interrupted` where somebody asked to stop.
  func confirm(_ interruption: Interruption, _ status: StatusLine) throws {
    let summary = StudySummary(
      name: name, description: description, trials: try store.trials(readsCurves: false))
    guard description.confirmations > 0, let best = summary.best else { return }
    let images = try DatasetLibrary.standard(environment: ProcessInfo.processInfo.environment).dataset(
      description.dataset.name)
    var section = description.estimator
    // Whatever trials were judged by: here it is the accuracy.
    section.method = .training
    let confirmation = StudyConfirmation(
      description, space: description.space.space(input: images.imageShape, classes: images.classes),
      store: store,
      cost: HardwareCost(
        model: try HardwareLibrary.installed.model(description.hardware), version: Joulery.version,
        cache: .ofUser),
      estimator: try TrainingEstimator(
        section, training: images.training.subset(0..<description.dataset.training), validation: images.test,
        seed: UInt64(description.seed), threads: options.threads))
    let isComplete = try confirmation.run(best: best.architecture, shouldStop: { interruption.isRequested }) {
      status.show("training the \($0.rawValue) anew, \($1 + 1)/\(description.confirmations)")
    }
    status.clear()
    guard isComplete else {
      throw Failure(
        .interrupted,
        "\(name): interrupted while networks were trained anew; go on with 'joulery resume \(store.path)'")
    }
  }
}
