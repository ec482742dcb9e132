import Datasets
import Foundation
import Studies

extension StudyDescription {
  /// How the study finds out qualities: by training on images of a dataset, or from the table that it names.
  ///
  /// - Throws: ``Failure`` where the dataset has too few images or the table is not there.
  func qualityEstimator(for images: ImageDataset, threads: Int) throws -> any QualityEstimator {
    if estimator.method == .table, let file = estimator.file, let column = estimator.column {
      guard let bytes = FileManager.default.contents(atPath: file) else {
        throw Failure(.notFound, "\(file): the file cannot be read; expected the table that the study names")
      }
      return try TableEstimator(bytes: [UInt8](bytes), file: file, column: column)
    }
    guard [.inheritedTrainingSpeed, .inheritedAccuracy].contains(estimator.method) else {
      return try trainingEstimator(for: images, threads: threads)
    }
    let (training, validation) = try parts(of: images)
    return InheritedEstimator(
      estimator, training: training, validation: validation, seed: UInt64(seed), threads: threads)
  }

  /// Training as the study does it: on the first training images, judged on those that follow.
  ///
  /// - Throws: ``Failure`` where the dataset has too few images.
  func trainingEstimator(for images: ImageDataset, threads: Int) throws -> TrainingEstimator {
    let (training, validation) = try parts(of: images)
    return try TrainingEstimator(
      estimator, training: training, validation: validation, seed: UInt64(seed), threads: threads)
  }

  /// The images to train on, and those that follow to judge by.
  private func parts(of images: ImageDataset) throws -> (training: LabelledImages, validation: LabelledImages)
  {
    let (training, validation) = (dataset.training, dataset.validation)
    guard training + validation <= images.training.count else {
      throw Failure(
        .badInput,
        "\(dataset.name): found \(images.training.count) training images, expected \(training) to train on and "
          + "\(validation) others to judge by; lower dataset.training or dataset.validation")
    }
    return (
      try images.training.subset(0..<training),
      try images.training.subset(training..<(training + validation))
    )
  }
}
