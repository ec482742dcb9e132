import Formats
import Foundation
import Measures
import Testing

@Suite struct `A Pareto front` {
  @Test func `holds what nothing beats, equal points included`() {
    #expect(ParetoFront(of: [[1, 4], [2, 2], [3, 3], [4, 1], [2, 2]]).members == [0, 1, 3, 4])
    #expect(ParetoFront(of: [[3], [1], [1]]).members == [1, 2])
    #expect(ParetoFront(of: []).members == [])
  }

  @Test func `leaves out points that are no numbers`() {
    #expect(ParetoFront(of: [[.nan, 0], [1, 1], [0, .nan]]).members == [1])
  }

  @Test func `takes infinities as the worst and the best`() {
    #expect(ParetoFront(of: [[.infinity, 0], [1, 1], [-.infinity, 2]]).members == [0, 1, 2])
  }

  @Test(arguments: 1...5) func `is what comparing all pairs gives`(dimensions: Int) {
    var random = RandomStream(seed: UInt64(dimensions))
    for _ in 0..<300 {
      let points = randomPoints(1 + random.below(40), dimensions, &random)
      let expected = points.indices.filter { index in !points.contains { dominates($0, points[index]) } }
      #expect(ParetoFront(of: points).members == expected)
    }
  }
}

@Suite struct `The hypervolume` {
  @Test func `of one point is the box up to the reference`() {
    #expect(Hypervolume(reference: [4, 5, 6]).of([[1, 2, 3]]) == 27)
    #expect(Hypervolume(reference: [2]).of([[0.5], [1]]) == 1.5)
  }

  @Test func `of nothing, and of points outside, is nothing`() {
    #expect(Hypervolume(reference: [1, 1]).of([]) == 0)
    #expect(Hypervolume(reference: [1, 1]).of([[1, 0], [2, -5]]) == 0)
  }

  @Test func `counts what several points dominate once`() {
    #expect(Hypervolume(reference: [4, 4]).of([[1, 3], [2, 2], [3, 1]]) == 6)
    #expect(Hypervolume(reference: [4, 4]).of([[1, 3], [2, 2], [3, 1], [3, 3], [2, 2]]) == 6)
  }

  @Test(arguments: 2...4) func `is the sum of the cells of a grid that a point dominates`(dimensions: Int) {
    var random = RandomStream(seed: UInt64(70 + dimensions))
    for _ in 0..<60 {
      let points = randomPoints(1 + random.below(10), dimensions, &random)
      let reference = Array(repeating: 0.9, count: dimensions)
      let expected = cellVolume(points, reference)
      #expect(abs(Hypervolume(reference: reference).of(points) - expected) <= 1e-12 * max(1, expected))
    }
  }

  @Test func `grows with a point that nothing dominates and only then`() {
    var random = RandomStream(seed: 5)
    let measure = Hypervolume(reference: [1, 1, 1])
    var points: [[Double]] = []
    for _ in 0..<60 {
      let point = randomPoints(1, 3, &random)[0]
      let before = measure.of(points)
      let isNew = !points.contains { $0 == point || dominates($0, point) } && point.allSatisfy { $0 < 1 }
      points.append(point)
      #expect(measure.of(points) >= before)
      #expect((measure.of(points) > before) == isNew)
    }
  }

  /// NAS-Bench-201: error on CIFAR-10 against the latency on each device, all 15 625 cells; the volumes up to 90 % error
  /// and the slowest cell, worked out apart from this project with Python.
  @Test(
    .enabled(if: SharedTable.exists("nb201"), "no NAS-Bench-201: set JOULERY_DATA"),
    arguments: [
      ("eyeriss", 738.436), ("fpga", 627.279), ("raspi4", 8050.711), ("pixel3", 2985.564),
      ("gold_6226", 1461.574), ("titan_rtx_256", 3457.504),
    ])
  func `of NAS-Bench-201 is the known one`(device: String, volume: Double) throws {
    let costs = try SharedTable.column("help_\(device)_ms", of: "nb201/nb201_hw_cost.csv.gz")
    let accuracies = try SharedTable.column("c10_test200", of: "nb201/nb201_accuracy.csv.gz")
    #expect(costs.count == 15_625 && accuracies.count == 15_625)
    let points = zip(costs, accuracies).map { [$0, 100 - $1] }
    let worst = try #require(costs.max())
    #expect(abs(Hypervolume(reference: [worst, 90]).of(points) - volume) < 0.001)
  }
}

/// Public tables beside the checkout, or where JOULERY_DATA says.
private enum SharedTable {
  private static var root: URL {
    if let path = ProcessInfo.processInfo.environment["JOULERY_DATA"] { return URL(filePath: path) }
    let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return checkout.deletingLastPathComponent().appending(path: "shared/data")
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  static func column(_ name: String, of path: String) throws -> [Double] {
    let bytes = [UInt8](try Data(contentsOf: root.appending(path: path)))
    let text = String(decoding: try Gzip.decompress(bytes, source: path), as: UTF8.self)
    return try CSVReader.read(text, file: path).rows.map { try $0.number(name) }
  }
}

/// Points on a coarse grid in 0 … 1, so that ties are frequent.
private func randomPoints(_ count: Int, _ dimensions: Int, _ random: inout RandomStream) -> [[Double]] {
  (0..<count).map { _ in (0..<dimensions).map { _ in Double(random.below(12)) / 10 } }
}

/// The slow twin: every cell between the coordinates of the points, in all dimensions.
private func cellVolume(_ points: [[Double]], _ reference: [Double]) -> Double {
  let axes = reference.indices.map { axis in
    Set(points.map { min($0[axis], reference[axis]) } + [reference[axis]]).sorted()
  }
  var total = 0.0
  func visit(_ axis: Int, _ corner: [Double], _ volume: Double) {
    guard axis < axes.count else {
      if points.contains(where: { zip($0, corner).allSatisfy { $0 <= $1 } }) { total += volume }
      return
    }
    for (low, high) in zip(axes[axis], axes[axis].dropFirst()) {
      visit(axis + 1, corner + [low], volume * (high - low))
    }
  }
  visit(0, [], 1)
  return total
}
