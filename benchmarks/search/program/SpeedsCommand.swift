import ArgumentParser
import Formats
import Measures
import Search

/// Training-speed estimates against what networks came to in the end, on published training curves.
struct SpeedsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "speeds")

  @OptionGroup var data: DataOptions
  @Option var resamples = 1000

  func run() throws {
    JSONValue.object([
      .init("nas_bench_201", .array(try cells())), .init("wikitext_2", .array(try recurrent())),
    ]).write()
  }

  private var bootstrap: Bootstrap { Bootstrap(resamples: resamples, random: RandomStream(seed: 1)) }

  /// Spearman's ρ with its interval.
  private func correlation(_ estimates: [Double], _ truth: [Double]) -> JSONValue {
    let interval = bootstrap.interval(of: truth.count) { rows in
      Pairs(predicted: rows.map { estimates[$0] }, measured: rows.map { truth[$0] }).spearman
    }
    return [
      "spearman": .number(Pairs(predicted: estimates, measured: truth).spearman),
      "low": .number(interval?.lowerBound ?? .nan), "high": .number(interval?.upperBound ?? .nan),
    ]
  }

  /// The difference of two estimators on the same networks.
  private func difference(_ first: [Double], _ second: [Double], _ truth: [Double]) -> JSONValue {
    func gain(_ rows: [Int]) -> Double {
      func spearman(_ estimates: [Double]) -> Double {
        Pairs(predicted: rows.map { estimates[$0] }, measured: rows.map { truth[$0] }).spearman
      }
      return spearman(first) - spearman(second)
    }
    let interval = bootstrap.interval(of: truth.count, gain)
    return [
      "difference": .number(gain(Array(truth.indices))), "low": .number(interval?.lowerBound ?? .nan),
      "high": .number(interval?.upperBound ?? .nan),
    ]
  }

  /// 1000 cells of NAS-Bench-201: a schedule of 12 epochs against one of 200.
  private func cells() throws -> [JSONValue] {
    let file = "tse/nb201_trainloss_1000.csv"
    let sets = ["c10", "c100", "in16"]
    let curves = try NASBench201Table(
      csv: data.text(file), file: file, columns: sets.map { "\($0)_train_loss12" })
    let names = sets.flatMap { ["\($0)_val12", "\($0)_test12", "\($0)_test200"] } + ["params_M", "macs_M"]
    let table = try NASBench201Table(
      csv: data.text("nb201/nb201_accuracy.csv.gz"), file: "nb201_accuracy.csv", columns: names)
    return try sets.map { set in
      func column(_ name: String) throws -> [Double] {
        guard let values = table.columns[name] else { throw ValidationError("no column \(name)") }
        return curves.architectures.map { table.row(of: $0).map { values[$0] } ?? .nan }
      }
      let truth = try column("\(set)_test200")
      let speed = (curves.columns["\(set)_train_loss12"] ?? []).map {
        -TrainingSpeed.lastEpochs(1).estimate([$0])
      }
      let (validation, test) = (try column("\(set)_val12"), try column("\(set)_test12"))
      // The best fifth by what they came to; of cells that tie for its last place those that stand last in the table.
      let order = truth.indices.sorted { (truth[$0], $0) < (truth[$1], $1) }
      let top = Array(order.suffix(truth.count / 5))
      func ofTop(_ values: [Double]) -> [Double] { top.map { values[$0] } }
      return [
        "set": .string(set), "count": .integer(truth.count), "tse_e1": correlation(speed, truth),
        "test12": correlation(test, truth), "val12": correlation(validation, truth),
        "macs": correlation(try column("macs_M"), truth),
        "params": correlation(try column("params_M"), truth),
        "tse_less_val12": difference(speed, validation, truth),
        "tse_less_test12": difference(speed, test, truth),
        "top_tse_e1": correlation(ofTop(speed), ofTop(truth)),
        "top_val12": correlation(ofTop(validation), ofTop(truth)),
      ]
    }
  }

  /// 341 recurrent cells on WikiText-2, of which every epoch's losses are known.
  private func recurrent() throws -> [JSONValue] {
    let file = "tse/nasbenchnlp_wikitext2_curves.npz"
    let archive = try ZipArchive(data.bytes(file), source: file)
    func curves(_ name: String) throws -> [[Double]] {
      let array = try NPYArray(archive.contents(of: "\(name).npy"), source: "\(file): \(name)")
      guard case .numbers(let numbers) = array.elements, array.shape.count == 2 else {
        throw ValidationError("\(file): \(name) is no table of numbers")
      }
      return (0..<array.shape[0]).map { row in
        numbers[row * array.shape[1]..<(row + 1) * array.shape[1]].map { Double($0) }
      }
    }
    let (training, validation, test) = (
      try curves("train_loss"), try curves("val_loss"), try curves("test_loss")
    )
    let truth = test.map { -($0.last ?? .nan) }
    let estimators: [(String, TrainingSpeed)] = [
      ("tse", .sum), ("tse_e1", .lastEpochs(1)), ("tse_ema_0.999", .movingAverage(0.999)),
      ("tse_ema_0.9", .movingAverage(0.9)), ("tse_ema_official", .officialMovingAverage(0.9)),
    ]
    return [1, 5, 10, 25].map { epochs in
      var members: [JSONValue.Member] = [
        .init("epochs", .integer(epochs)), .init("count", .integer(truth.count)),
      ]
      for (name, estimator) in estimators {
        members.append(
          .init(name, correlation(training.map { -estimator.estimate(Array($0.prefix(epochs))) }, truth)))
      }
      members.append(.init("val_loss", correlation(validation.map { -$0[epochs - 1] }, truth)))
      members.append(
        .init("sum_of_val_losses", correlation(validation.map { -$0.prefix(epochs).reduce(0, +) }, truth)))
      return .object(members)
    }
  }
}
