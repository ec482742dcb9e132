import ArgumentParser
import Calibration
import FoundationEssentials

/// Options that say what is fitted, to which rows, and how.
struct CalibrationOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Keys to fit, separated by commas.",
      discussion:
        "Without it: those of the file's section 'calibration', or the usual ones. With 'none' all rows judge "
        + "the machine as it is.",
      valueName: "key,…"))
  var fit: String?

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("Networks whose rows are not fitted, but judge the fit.", valueName: "name"))
  var holdOut: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("Predict each network by a fit to the others.", valueName: "count"))
  var folds: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Fit the rows that say 'fit' in this column, hold out the others.", valueName: "column"))
  var split: String?

  @Option(
    name: .long,
    help: "How values are searched: \(FitOptions.Method.allCases.map(\.rawValue).joined(separator: ", ")).")
  var method: FitOptions.Method = .automatic

  @Flag(name: .long, help: "Let rows beyond 10 % count by their distance instead of its square (Huber).")
  var robust = false

  @Option(name: .long, help: "Machines that are tried at most; each takes a simulation of every row.")
  var evaluations = 200

  @Option(
    name: .long,
    help: "Optima that are followed side by side; for a local search the points from which it starts.")
  var starts = 3

  @Option(name: .long, help: "Seed of the points tried and of resamples.")
  var seed: UInt64 = 0

  @Option(name: .long, help: "Simulations that run at once; one for each core by default.")
  var jobs: Int?

  func validate() throws {
    let ways = [!holdOut.isEmpty, folds != nil, split != nil].count { $0 }
    if isJudged, ways > 0 {
      throw ValidationError("found a way to hold rows out with --fit none, which holds out all of them")
    }
    if ways > 1 { throw ValidationError("found several of --hold-out, --folds and --split, expected one") }
    if let folds, folds < 2 { throw ValidationError("--folds must be at least 2, found \(folds)") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, found \(jobs)") }
    if evaluations < 10 { throw ValidationError("--evaluations must be at least 10, found \(evaluations)") }
    if starts < 1 { throw ValidationError("--starts must be at least 1, found \(starts)") }
  }

  private var isJudged: Bool { fit == "none" }

  /// The keys named.
  var keys: [String] {
    isJudged
      ? []
      : (fit ?? "").split(separator: ",").map { key in
        String(key.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
  }

  var rowSplit: Split {
    get throws {
      if isJudged { return .judged }
      if let split { return .column(split) }
      if let folds { return .folds(folds) }
      return holdOut.isEmpty ? .none : .holdOut(holdOut)
    }
  }

  var options: FitOptions {
    FitOptions(
      method: method, loss: Loss(knee: robust ? Loss.usualKnee : nil), mostEvaluations: evaluations,
      starts: starts, seed: seed)
  }
}

extension FitOptions.Method: ExpressibleByArgument {}
