import ArgumentParser
import Datasets

/// Which images the searches of this benchmark learn from: CIFAR-10 at half its resolution.
struct ImageOptions: ParsableArguments {
  @Option(help: "A folder of CIFAR's binary files.") var images: String
  @Option(help: "Images that weights learn from.") var training = 2000
  @Option(help: "Images that networks are judged by during a search.") var validation = 1000
  @Option(help: "Images that networks are judged by in the end.") var test = 4000
  @Option var batch = 32
  @Option var epochs = 10
  @Option var seeds = 1
  @Option var threads = 1

  /// Parts of the dataset, each pixel the mean of four.
  func parts() throws -> (training: LabelledImages, validation: LabelledImages, test: LabelledImages) {
    let set = try ImageDataset(contentsOf: images, name: "cifar-10")
    return (
      try set.training.subset(0..<training).halved(),
      try set.training.subset(training..<training + validation).halved(),
      try set.test.subset(0..<test).halved()
    )
  }
}

extension LabelledImages {
  /// Images of half the height and width: means over 2 × 2 pixels.
  func halved() throws -> LabelledImages {
    let (rows, columns) = (height / 2, width / 2)
    var halved: [UInt8] = []
    halved.reserveCapacity(pixels.count / 4)
    for plane in 0..<count * channels {
      for row in 0..<rows {
        for column in 0..<columns {
          let start = plane * height * width + 2 * row * width + 2 * column
          let sum = [0, 1, width, width + 1].reduce(2) { $0 + Int(pixels[start + $1]) }
          halved.append(UInt8(sum / 4))
        }
      }
    }
    return try LabelledImages(
      name: "\(name), halved", channels: channels, height: rows, width: columns, classes: classes,
      pixels: halved, labels: labels)
  }
}
