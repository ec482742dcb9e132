package import Measures
package import Search

/// A search as its user wrote it down: what is searched, for which machine, towards what, how, and for how long.
///
/// It decides the results: the same description gives the same trials, whoever runs it and however often it is resumed.
package struct StudyDescription: Hashable, Sendable {
  package var space = SpaceSection()
  package var dataset = DatasetSection()
  /// A hardware model by name or path.
  package var hardware = ""
  package var objective = ObjectiveSection()
  package var strategy = StrategySection()
  package var estimator = EstimatorSection()
  package var budget = BudgetSection()
  /// Trials that may be under way at the same time.
  package var parallelTrials = 1
  /// With how many seeds the best network and the space's reference are trained anew at the end.
  package var confirmations = 0
  package var seed = 1

  package init() {}
}

/// Which networks are searched.
package struct SpaceSection: Hashable, Sendable {
  package enum Name: String, CaseIterable, Hashable, Sendable {
    case nasBench201 = "nas-bench-201"
    case darts
    case dartsEdges = "darts-edges"
    case macro
  }
  package var name = Name.nasBench201
  package var channels = 8
  package var cells = 1

  package init() {}
}

/// What networks are trained on.
package struct DatasetSection: Hashable, Sendable {
  /// The name of an embedded dataset, or the path of one in files.
  package var name = "stripes"
  /// Images that weights are trained on.
  package var training = 256
  /// Images, none of them trained on, by which networks are judged.
  package var validation = 512

  package init() {}
}

/// What is wanted.
package struct ObjectiveSection: Hashable, Sendable {
  /// A cost with what to aim at and what not to exceed, in the unit of its quantity.
  package struct Wish<Amount: Quantity>: Hashable, Sendable {
    package var target: Amount?
    package var limit: Amount?
    package init() {}
  }
  package enum Form: String, CaseIterable, Hashable, Sendable {
    case oneSidedAbsolute = "one-sided-absolute"
    case absolute
    case mnasNetSoft = "mnasnet-soft"
    case mnasNetHard = "mnasnet-hard"
    case proxylessNAS = "proxylessnas"
  }
  /// The least accuracy that is allowed.
  package var leastQuality: Double?
  package var latency: Wish<Seconds>?
  package var energy: Wish<Joules>?
  package var averagePower: Wish<Watts>?
  package var peakPower: Wish<Watts>?
  package var form = Form.oneSidedAbsolute
  /// β or w of the form; nil for what its paper takes.
  package var strength: Double?

  package init() {}

  /// The objective of the search.
  package var objective: Objective {
    var costs: [Objective.Cost] = []
    func add<Amount>(_ criterion: Criterion, _ wish: Wish<Amount>?) {
      guard let wish else { return }
      costs.append(Objective.Cost(criterion, target: wish.target?.value, limit: wish.limit?.value))
    }
    add(.latency, latency)
    add(.energy, energy)
    add(.averagePower, averagePower)
    add(.peakPower, peakPower)
    let form: ScalarForm =
      switch form {
      case .oneSidedAbsolute: .oneSidedAbsolute(strength: strength ?? 0.1)
      case .absolute: .absolute(strength: strength ?? 0.1)
      case .mnasNetSoft: .mnasNetSoft(exponent: strength ?? -0.07)
      case .mnasNetHard: .mnasNetHard(exponent: strength ?? -1)
      case .proxylessNAS: .proxylessNAS(exponent: strength ?? 0.1)
      }
    return Objective(costs: costs, form: form, leastQuality: leastQuality)
  }
}

/// How the next network is chosen.
package struct StrategySection: Hashable, Sendable {
  package enum Name: String, CaseIterable, Hashable, Sendable {
    case random
    case regularizedEvolution = "regularized-evolution"
    case localSearch = "local-search"
    case nsga2 = "nsga2"
    case paretoMutation = "pareto-mutation"
    case xnas
    case gaea
    case darts
    case softmaxGradient = "softmax-gradient"

    /// Whether one network that holds all others is trained first, and tells which of them to try.
    package var isOneShot: Bool { [.xnas, .gaea, .darts, .softmaxGradient].contains(self) }
  }
  package var name = Name.regularizedEvolution
  /// Networks of the population, or random ones at the start.
  package var population = 10
  /// Of how many the best is a parent.
  package var sample = 3
  /// How one-shot strategies search; nil for what they usually do.
  package var oneShot: OneShotSection?

  package init() {}

  /// The strategy at its beginning.
  ///
  /// - Parameter finalists: What a one-shot search found, to be tried first.
  package func make(
    in space: any SearchSpace, finalists: [Architecture] = [], random: RandomStream
  ) -> any Strategy {
    switch name {
    case .xnas, .gaea, .darts, .softmaxGradient:
      ParetoMutation(space: space, starts: finalists, random: random)
    case .random: RandomSearch(space: space, random: random)
    case .regularizedEvolution:
      RegularizedEvolution(space: space, populationSize: population, sampleSize: sample, random: random)
    case .localSearch: LocalSearch(space: space, random: random)
    case .nsga2: NSGA2(space: space, populationSize: population, random: random)
    case .paretoMutation: ParetoMutation(space: space, startCount: population, random: random)
    }
  }
}

/// How the quality of a network is found out.
package struct EstimatorSection: Hashable, Sendable {
  package enum Method: String, CaseIterable, Hashable, Sendable {
    /// The accuracy on validation images after training.
    case training
    /// Σ of training losses, and its variants; see ``Search/TrainingSpeed``.
    case trainingSpeed = "tse"
    case trainingSpeedLast = "tse-e"
    case trainingSpeedAverage = "tse-ema"
    /// Σ of the losses of some more training from weights that all networks share.
    case inheritedTrainingSpeed = "inherited-tse"
    /// The accuracy with weights that all networks share.
    case inheritedAccuracy = "inherited-accuracy"
    /// A column of a table, with no training at all.
    case table
  }
  package var method = Method.training
  package var epochs = 3
  package var batch = 64
  package var rate = 0.1
  /// Networks that are trained before all trials, to find out how long training speed tells anything; 0 for none.
  package var probes = 0
  /// Batches that a network learns from, from shared weights on.
  package var batches = 100
  /// The table's file and column, for the method `table`.
  package var file: String?
  package var column: String?

  package init() {}

  /// Whether qualities are accuracies, and not numbers that only order networks.
  package var isAccuracy: Bool { trainingSpeed == nil && method != .inheritedTrainingSpeed }

  /// Whether networks are trained alone, from weights of their own.
  package var trainsAlone: Bool { method == .training || trainingSpeed != nil }

  /// The estimate that stands for the accuracy, or nil where accuracy itself is measured or looked up.
  package var trainingSpeed: TrainingSpeed? {
    switch method {
    case .training, .table, .inheritedTrainingSpeed, .inheritedAccuracy: nil
    case .trainingSpeed: .sum
    case .trainingSpeedLast: .lastEpochs(1)
    case .trainingSpeedAverage: .movingAverage(0.999)
    }
  }
}

/// When the search ends.
package struct BudgetSection: Hashable, Sendable {
  package var trials = 50
  /// Wall-clock time of one run; nil without limit.
  ///
  /// What it cuts short depends on the machine.
  package var time: Seconds?

  package init() {}
}
