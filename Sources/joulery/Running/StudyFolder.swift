import Datasets
import Foundation
import Reports
import Search
import Studies

/// A study that lies in a store, with the space that it searches.
struct StudyFolder {
  let store: StudyStore
  let summary: StudySummary
  let space: any SearchSpace
  let images: ImageDataset

  /// Reads a study by the path of its store or its file.
  ///
  /// - Throws: ``StudyError`` for a store that cannot be read; the dataset's error where it is not on this machine, since
  ///   networks depend on its images.
  init(_ study: String) throws {
    store = try StudyStore(path: StudySession.storePath(of: study), for: nil)
    let description = try store.description()
    images = try DatasetLibrary.standard(environment: ProcessInfo.processInfo.environment).dataset(
      description.dataset.name)
    space = description.space.space(input: images.imageShape, classes: images.classes)
    let name = URL(filePath: store.path).deletingPathExtension().lastPathComponent
    summary = StudySummary(
      name: name, description: description, trials: try store.trials(),
      confirmations: try store.confirmations())
  }

  /// A trial with findings: the given one, or the best by the objective.
  ///
  /// - Throws: ``Failure`` where there is none, and why.
  func trial(_ number: Int?) throws -> TrialRecord {
    guard let last = summary.trials.last else {
      throw Failure(.notFound, "\(summary.name): found no trials; run it with 'joulery search' first")
    }
    guard let number else {
      guard let best = summary.best else {
        throw Failure(
          .notFound,
          "\(summary.name): found no trial that keeps all limits; name one with --trial"
            + (summary.nearest.map { ", such as \($0.number), which comes nearest" } ?? ""))
      }
      return best
    }
    guard let trial = summary.trials.first(where: { $0.number == number }) else {
      throw Failure(
        .notFound, "--trial \(number): found no such trial in \(summary.name), expected 0 … \(last.number)")
    }
    switch trial.state {
    case .scored: return trial
    case .running:
      throw Failure(.badInput, "--trial \(number): it has not ended yet; resume the study first")
    case .failed:
      throw Failure(
        .badInput,
        "--trial \(number): it failed (\(trial.failure ?? "no message")); expected one that did not")
    }
  }
}
