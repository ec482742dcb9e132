package import Formats

/// How far a training has come: what, besides the weights, decides how it goes on.
///
/// Random numbers are no part of it: each is drawn from the seed and the place in the training.
package struct TrainingState: Hashable, Sendable {
  /// Epochs that are complete.
  package var history: [EpochRecord] = []
  /// Batches done of the present epoch.
  package var position = 0
  /// Steps of all epochs.
  package var stepCount = 0
  /// Over the images of the present epoch.
  package var lossSum = 0.0
  package var right = 0

  package init() {}

  /// The present epoch, from 0.
  package var epoch: Int { history.count }
}

/// One epoch of a training.
package struct EpochRecord: Hashable, Sendable {
  /// Over the epoch, while the weights changed.
  package var trainingLoss: Double
  package var trainingAccuracy: Double
  /// On the test images, behind the epoch.
  package var testLoss: Double
  package var testAccuracy: Double
  /// Of the last step.
  package var learningRate: Double

  package init(
    trainingLoss: Double, trainingAccuracy: Double, testLoss: Double, testAccuracy: Double,
    learningRate: Double
  ) {
    self.trainingLoss = trainingLoss
    self.trainingAccuracy = trainingAccuracy
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.learningRate = learningRate
  }
}

extension TrainingState {
  /// The state as JSON; numbers read back the same to the bit.
  package var json: JSONValue {
    [
      "position": .integer(position), "step": .integer(stepCount), "loss_sum": .number(lossSum),
      "right": .integer(right), "epochs": .array(history.map(\.json)),
    ]
  }

  /// Reads what ``json`` wrote; nil for anything else.
  package init?(_ json: JSONValue) {
    guard let position = json["position"]?.asInteger, let step = json["step"]?.asInteger,
      let lossSum = json["loss_sum"]?.asNumber, let right = json["right"]?.asInteger,
      let epochs = json["epochs"]?.asArray, position >= 0, step >= 0
    else { return nil }
    history = epochs.compactMap { EpochRecord($0) }
    guard history.count == epochs.count else { return nil }
    self.position = position
    stepCount = step
    self.lossSum = lossSum
    self.right = right
  }
}

extension EpochRecord {
  /// The record as JSON, with the names that outputs use.
  package var json: JSONValue {
    [
      "training_loss": .number(trainingLoss), "training_accuracy": .number(trainingAccuracy),
      "test_loss": .number(testLoss), "test_accuracy": .number(testAccuracy),
      "learning_rate": .number(learningRate),
    ]
  }

  init?(_ json: JSONValue) {
    guard let trainingLoss = json["training_loss"]?.asNumber,
      let trainingAccuracy = json["training_accuracy"]?.asNumber, let testLoss = json["test_loss"]?.asNumber,
      let testAccuracy = json["test_accuracy"]?.asNumber, let learningRate = json["learning_rate"]?.asNumber
    else { return nil }
    self.init(
      trainingLoss: trainingLoss, trainingAccuracy: trainingAccuracy, testLoss: testLoss,
      testAccuracy: testAccuracy, learningRate: learningRate)
  }
}
