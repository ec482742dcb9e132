import Formats
import Measures
import Search
import Testing

/// Training-speed estimates on published curves, whose rank correlations are known.
@Suite(.enabled(if: SearchData.has("tse") && SearchData.has("nb201"), "no training curves: set JOULERY_DATA"))
struct TrainingSpeedAnchors {
  @Test(arguments: [("c10", 0.895, 0.804), ("c100", 0.848, 0.845), ("in16", 0.860, 0.834)])
  func `twelve epochs of a cell tell about two hundred`(set: String, speed: Double, validation: Double) throws
  {
    let curves = try NASBench201Table(
      csv: SearchData.text("tse/nb201_trainloss_1000.csv"), file: "trainloss",
      columns: ["\(set)_train_loss12"])
    let table = try NASBench201Table(
      csv: SearchData.text("nb201/nb201_accuracy.csv.gz"), file: "accuracy",
      columns: ["\(set)_test200", "\(set)_val12"])
    let rows = curves.architectures.compactMap(table.row)
    #expect(rows.count == 1000)
    func column(_ name: String) throws -> [Double] {
      let values = try #require(table.columns[name])
      return rows.map { values[$0] }
    }
    let truth = try column("\(set)_test200")
    let losses = try #require(curves.columns["\(set)_train_loss12"])
    let estimates = losses.map { -TrainingSpeed.lastEpochs(1).estimate([$0]) }
    #expect(abs(Pairs(predicted: estimates, measured: truth).spearman - speed) < 1e-3)
    let early = Pairs(predicted: try column("\(set)_val12"), measured: truth).spearman
    #expect(abs(early - validation) < 1e-3)
  }

  private static let names = ["train_loss", "val_loss", "test_loss"]

  private func curves() throws -> [[[Double]]] {
    let file = "tse/nasbenchnlp_wikitext2_curves.npz"
    let archive = try ZipArchive(SearchData.bytes(file), source: file)
    return try Self.names.map { name in
      let array = try NPYArray(archive.contents(of: "\(name).npy"), source: name)
      let count = array.shape[1]
      let numbers = array.numbers
      return (0..<array.shape[0]).map { Array(numbers[$0 * count..<($0 + 1) * count]) }
    }
  }

  /// Epochs, then Spearman's ρ of TSE, TSE-E, TSE-EMA (0.9 where given), the validation loss, and the sum of those.
  @Test(
    arguments: [
      (5, 0.864, 0.900, 0.868, 0.914, 0.877), (10, 0.904, 0.932, 0.911, 0.946, 0.916),
      (25, 0.935, 0.964, 0.950, 0.988, 0.943),
    ] as [(Int, Double, Double, Double, Double, Double)])
  func `early losses of recurrent cells tell about late ones`(
    epochs: Int, sum: Double, last: Double, average: Double, validation: Double, validationSum: Double
  ) throws {
    let curves = try curves()
    let truth = curves[2].map { -$0[49] }
    #expect(truth.count == 341)
    func spearman(_ estimates: [Double]) -> Double { Pairs(predicted: estimates, measured: truth).spearman }
    func speed(_ estimator: TrainingSpeed) -> Double {
      spearman(curves[0].map { -estimator.estimate(Array($0.prefix(epochs))) })
    }
    #expect(abs(speed(.sum) - sum) < 1e-3)
    #expect(abs(speed(.lastEpochs(1)) - last) < 1e-3)
    #expect(abs(speed(.movingAverage(0.9)) - average) < 1e-3)
    // Over so few epochs a decay of 0.999 is none.
    #expect(abs(speed(.movingAverage(0.999)) - sum) < 1e-3)
    #expect(abs(spearman(curves[1].map { -$0[epochs - 1] }) - validation) < 1e-3)
    #expect(abs(spearman(curves[1].map { -$0.prefix(epochs).reduce(0, +) }) - validationSum) < 1e-3)
  }
}
