import Formats
import Foundation
import Measures
import Reports
import Search
import Studies
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct `The report of a study` {
  /// A trial of a cell with its accuracy, microseconds and microjoules.
  private func trial(
    _ number: Int, _ code: String, _ quality: Double?, _ latency: Double, _ energy: Double,
    violation: Double = 0
  ) -> TrialRecord {
    let score = Score(
      scalar: quality ?? -.infinity, losses: [-(quality ?? 0), latency * 1e-6], violation: violation)
    return TrialRecord(
      number: number, architecture: NASBench201Space().architecture(code) ?? Architecture([]), text: code,
      state: .scored,
      findings: .init(
        quality: quality, latency: latency * 1e-6, energy: energy * 1e-6, peakPower: 1, score: score,
        curve: [.init(trainingLoss: 2), .init(trainingLoss: 1, validationAccuracy: quality)]), seconds: 0.5)
  }

  private func failed(_ number: Int, _ message: String) -> TrialRecord {
    TrialRecord(
      number: number, architecture: Architecture([0, 0, 0, 0, 0, 0]), text: "000000", state: .failed,
      failure: message, seconds: 0.25)
  }

  private func report(_ trials: [TrialRecord], epochs: [SearchEpoch] = []) -> StudyReport {
    var description = StudyDescription()
    description.hardware = "edge"
    return StudyReport(
      summary: StudySummary(name: "cells", description: description, trials: trials),
      space: NASBench201Space(), simulationCount: 3, searchEpochs: epochs, version: "1.2.3",
      commandLine: "joulery report cells.sqlite")
  }

  private var trials: [TrialRecord] {
    [
      trial(0, "333333", 0.8, 20, 8), trial(1, "303410", 0.7, 9, 4), trial(2, "141431", 0.75, 12, 3),
      trial(3, "222222", 0.6, 21, 9), failed(4, "no <room> for it & more"),
      trial(5, "404040", nil, 99, 50, violation: 0.5),
    ]
  }

  @Test func `names the best network, its cost, and what failed`() throws {
    var report = report(trials)
    report.winnerPage = "cells.winner.html"
    let page = try report.html()
    for text in [
      "Of 6 networks 333333 is the best by the objective: accuracy 80.0 %, 20 µs and 8 µJ",
      "6 of 50 trials, 1 failed", "failed: no &lt;room&gt; for it &amp; more", "limits exceeded by 50.0 %",
      "href=\"cells.winner.html\"", "3<span class=\"unit\"> networks", "hardware: edge",
    ] {
      #expect(page.contains(text), "\(text) is missing")
    }
    #expect(!page.contains("<room>"))
    for reference in ["src=", "url(", "@import", "<link", "<iframe", "What the strategy did"] {
      #expect(!page.contains(reference), "\(reference) is there")
    }
  }

  @Test func `is well-formed for no trials, for none that is allowed, and for hostile names`() throws {
    var hostile = trials
    hostile[0].text = "<script>alert(1)</script>"
    let epoch = SearchEpoch(
      number: 1, trainingLoss: 1, rewardLoss: 2,
      mixtures: Array(repeating: [0.2, 0.2, 0.2, 0.2, 0.2], count: 6),
      isPresent: Array(repeating: [true, true, true, true, false], count: 6), entropy: 1.6,
      clippedShare: 0.25,
      regrets: [1, 2, 3, 4, 5, 6], regretBounds: [2, 3, 4, 5, 6, 7],
      prices: [.init(criterion: .latency, target: 1, expected: 1.5, price: 0.1)],
      architecture: Architecture([3, 3, 3, 3, 3, 3]), seconds: 1)
    for report in [
      report([]), report([trials[5]]), report([trials[4]]), report(hostile), report(trials, epochs: [epoch]),
    ] {
      let page = try report.html()
      #expect(!page.contains("<script>alert"))
      var rest = page[...]
      while let start = rest.range(of: "<svg"), let end = rest.range(of: "</svg>") {
        let parser = XMLParser(data: Data(String(rest[start.lowerBound..<end.upperBound]).utf8))
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
        rest = rest[end.upperBound...]
      }
    }
    #expect(try report([]).html().contains("No network was evaluated."))
    #expect(try report([trials[5]]).html().contains("404040 comes nearest: it exceeds them by 50.0 %"))
    let searched = try report(trials, epochs: [epoch]).html()
    for text in [
      "What the strategy did", "21, where theory allows 27", "25.0 % in the end", "1.5 and 0.1 in the end",
      "The mixtures stand for 333333", "6 in the end",
    ] {
      #expect(searched.contains(text), "\(text) is missing")
    }
  }

  @Test func `draws the best network first, and only unbeaten ones`() throws {
    let page = try report(trials).html()
    let cards = page.components(separatedBy: "class=\"cell\"").dropFirst().map { $0.prefix(60) }
    #expect(cards.count == 3)
    #expect(cards[0].contains("333333 · best"))
    #expect(!cards.contains { $0.contains("222222") })
  }

  @Test func `a front is what nobody beats in three things at once`() {
    let summary = report(trials).summary
    #expect(summary.openFront.map(\.number) == [1, 2, 0])
    var random = RandomStream(seed: 4)
    for _ in 0..<20 {
      let trials = (0..<30).map {
        trial(
          $0, "333333", Double(random.below(8)) / 8, Double(1 + random.below(8)), Double(1 + random.below(8)))
      }
      let front = Set(report(trials).summary.openFront.map(\.number))
      for one in trials {
        let isBeaten = trials.contains { other in
          guard let a = one.findings, let b = other.findings, let p = a.quality, let q = b.quality else {
            return false
          }
          let isNoWorse = q >= p && b.latency <= a.latency && b.energy <= a.energy
          return isNoWorse && (q > p || b.latency < a.latency || b.energy < a.energy)
        }
        #expect(front.contains(one.number) != isBeaten)
      }
    }
  }

  @Test func `hypervolumes never fall and end with that of all networks`() throws {
    let shares = report(trials).summary.hypervolumes
    #expect(shares.map(\.trial) == [0, 1, 2, 3])
    for (one, next) in zip(shares, shares.dropFirst()) { #expect(one.share <= next.share) }
    #expect(shares[2].share == shares[3].share)
    // Between the extremes, a tenth beyond the worst: by hand from qualities 0.8, 0.7, 0.75, 0.6 and so on.
    func point(_ quality: Double, _ latency: Double, _ energy: Double) -> [Double] {
      [(0.8 - quality) / (0.2 * 1.1), (latency - 9) / (12 * 1.1), (energy - 3) / (6 * 1.1)]
    }
    let all = Hypervolume(reference: [1, 1, 1]).of([
      point(0.8, 20, 8), point(0.7, 9, 4), point(0.75, 12, 3), point(0.6, 21, 9),
    ])
    #expect(abs(shares[3].share - all) < 1e-12)
    let one = point(0.8, 20, 8).reduce(1) { $0 * (1 - $1) }
    #expect(abs(shares[0].share - one) < 1e-12)
    #expect(report([]).summary.hypervolumes.isEmpty)
  }

  @Test func `says in JSON and on a terminal what the search took`() throws {
    let text = report(trials).json.text
    for part in ["\"open_front\"", "\"trial_seconds\": 2.75", "\"simulations\": 3", "\"epochs\": 10"] {
      #expect(text.contains(part), "\(part) is missing")
    }
    #expect(
      report(trials).terminalText(in: .plain).contains("cost: 2.75 s of trials, 3 simulations, 10 epochs"))
  }

  @Test func `a network that is far worse than all others does not press them into a line`() throws {
    let good = (0..<20).map { trial($0, "303410", 0.78 + Double($0) / 1000, 10 + Double($0), 4) }
    let page = try report(good + [trial(20, "000300", 0.1, 5, 2)]).html()
    // It is cheap and so on the front: then it has its place.
    #expect(!page.contains("at the lower edge"))
    let beaten = try report(good + [trial(20, "000300", 0.1, 50, 20)]).html()
    #expect(beaten.contains("Networks far worse than the others lie at the lower edge: 1."))
  }

  @Test func `long studies took minutes and hours`() throws {
    var long = trials
    long[0].seconds = 600
    #expect(report(long).terminalText(in: .plain).contains("10.0 min of trials"))
    long[0].seconds = 36_000
    #expect(report(long).terminalText(in: .plain).contains("10.0 h of trials"))
  }
}
