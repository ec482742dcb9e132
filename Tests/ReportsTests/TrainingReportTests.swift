import Formats
import Foundation
import Reports
import Testing
import Training

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct `The report of a training` {
  private func report(epochs: Int = 3, network: String = "convnet-small") -> TrainingReport {
    var settings = TrainingSettings()
    settings.batchSize = 10
    return TrainingReport(
      network: network, parameters: 24_714, memoryBytes: 5 << 20,
      dataset: .init(name: "stripes", sha256: "abc", classes: 10, trainingCount: 40, testCount: 20),
      settings: settings, threads: 2, stepsPerEpoch: 4,
      epochs: (0..<epochs).map { index in
        EpochRecord(
          trainingLoss: 1 / Double(index + 1), trainingAccuracy: 0.5, testLoss: 0.25,
          testAccuracy: index == 1 ? 0.75 : 0.6, learningRate: 0.05)
      },
      steps: (0..<epochs * 4).map {
        .init(number: $0 + 1, loss: 1, learningRate: 0.05, seconds: Double($0 + 1) / 2)
      }, checkpoint: nil,
      provenance: Provenance(version: "1.2.3", commandLine: "joulery train \(network)"))
  }

  @Test func `shows epochs and the result on a terminal`() {
    let text = report().terminalText(in: .plain)
    #expect(text.contains("convnet-small on stripes"))
    #expect(text.contains("      3         0.3333    50.0 %     0.2500    60.0 %           0.05"))
    #expect(text.contains("test accuracy 60.0 % after 3 epochs, 6 s for 20 images/s"))
    #expect(text.contains("--out keeps them"))
    #expect(report(epochs: 30).terminalText(in: .plain).split(separator: "\n").count == 12 + 5)
    #expect(!report(epochs: 0).terminalText(in: .plain).contains("test accuracy"))
  }

  @Test func `has settings, epochs and result in JSON`() {
    let json = report().json
    #expect(json["settings"]?["batch"]?.asString == "10")
    #expect(json["epochs"]?.asArray?.count == 3)
    #expect(json["result"]?["test_accuracy"]?.asNumber == 0.6)
    #expect(json["result"]?["steps"]?.asInteger == 12)
    #expect(json["result"]?["images_per_second"]?.asNumber == 20)
    #expect(report(epochs: 0).json["result"]?["test_accuracy"] == .null)
  }

  @Test func `is a page that says what happened and reaches for nothing`() throws {
    let page = try report().html()
    for text in [
      "<h1>convnet-small on stripes</h1>", "60.0 % of 20 test images are classified rightly after 3 epochs",
      "it was 75.0 % after epoch 2", "label-smoothing", "joulery train convnet-small", "1.2.3",
    ] {
      #expect(page.contains(text), "\(text) is missing")
    }
    for reference in ["src=", "href=", "url(", "@import", "<script", "<link", "<iframe"] {
      #expect(!page.contains(reference), "\(reference) reaches out")
    }
  }

  @Test func `draws curves that are well-formed, even of nothing and with hostile names`() throws {
    for report in [
      report(), report(epochs: 0), report(epochs: 1), report(epochs: 400), report(network: "<script>&"),
    ] {
      let page = try report.html()
      #expect(!page.contains("<script>"))
      var rest = page[...]
      var count = 0
      while let start = rest.range(of: "<svg"), let end = rest.range(of: "</svg>") {
        let parser = XMLParser(data: Data(String(rest[start.lowerBound..<end.upperBound]).utf8))
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
        rest = rest[end.upperBound...]
        count += 1
      }
      #expect(count == 8)
    }
  }
}
