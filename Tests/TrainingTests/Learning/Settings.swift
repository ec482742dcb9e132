import Datasets
import Formats
import Testing
import Training

/// Recipes: keys that are declared once.
struct Settings {
  @Test func `settings read back as they were written`() throws {
    var settings = TrainingSettings()
    settings.epochs = 7
    settings.learningRate = 0.1 + 0.2
    settings.optimizerKind = .adamw
    settings.scheduleKind = .oneCycle
    settings.augmentations = [.crop(padding: 4), .flip]
    settings.stepEpochs = [3, 9]
    var read = TrainingSettings()
    try read.read(yaml: settings.yaml, file: "x")
    #expect(read == settings)
  }

  @Test func `a list may be written as one`() throws {
    var settings = TrainingSettings()
    try settings.read(yaml: "augment: [crop:4, flip]\nstep-epochs:\n- 2\n- 4\n", file: "x")
    #expect(settings.augmentations == [.crop(padding: 4), .flip])
    #expect(settings.stepEpochs == [2, 4])
  }

  @Test func `names of keys are unique and every default is allowed`() throws {
    #expect(Set(SettingKeys.all.map(\.name)).count == SettingKeys.all.count)
    for key in SettingKeys.all {
      var settings = TrainingSettings()
      #expect(key.set(key.text(in: settings), in: &settings), "\(key.name)")
      #expect(!key.set("no such value", in: &settings), "\(key.name)")
    }
  }

  @Test func `everything that is wrong with a recipe is said at once`() throws {
    var settings = TrainingSettings()
    let error = #expect(throws: FormatError.self) {
      try settings.read(
        yaml: "epochs: 0\nlerning-rate: 1\nmomentum: {a: 1}\nstep-epochs: 5, 3\n", file: "r.yaml")
    }
    #expect(
      error?.description == """
        r.yaml:1:9: “0” for epochs; expected a whole number from 1 to 1000000
        r.yaml:2:1: “lerning-rate” is no key of a recipe; expected one of those that 'joulery list recipe-keys' shows; did you mean “learning-rate”?
        r.yaml:3:11: a mapping; expected a number from 0 to 1
        r.yaml:4:14: “5, 3” for step-epochs; expected rising whole numbers, separated by commas
        """)
    let list = #expect(throws: FormatError.self) { try settings.read(yaml: "- 1", file: "r.yaml") }
    #expect(list?.description == "r.yaml:1:1: a list; expected a mapping, such as “epochs: 5”")
    let option = #expect(throws: FormatError.self) {
      try settings.set("nesterov", to: "maybe", source: "--set nesterov=maybe")
    }
    #expect(option?.description == "--set nesterov=maybe: “maybe” for nesterov; expected true or false")
  }

  @Test func `warm-up counts in epochs`() {
    var settings = TrainingSettings()
    settings.scheduleKind = .constant
    settings.warmupEpochs = 0.5
    #expect(abs(settings.rate(step: 0, stepsPerEpoch: 20) - settings.learningRate / 10) < 1e-12)
    #expect(settings.rate(step: 9, stepsPerEpoch: 20) == settings.learningRate)
    #expect(settings.rate(step: 50, stepsPerEpoch: 20) == settings.learningRate)
  }
}
