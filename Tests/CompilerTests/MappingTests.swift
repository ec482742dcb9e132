import Foundation
import Graphs
import Hardware
import Measures
import Testing

@testable import Compiler

/// The search and its cost model.
@Suite struct MappingTests {
  private func problem(
    rows: Int, columns: Int, channels: Int, outputs: Int, kernel: Int, onChip: Bool, on machine: Target
  ) -> ArrayProblem {
    var shape = ArrayShape(
      images: 1, rows: rows, columns: columns, inputRows: rows, inputColumns: columns, channels: channels,
      outputChannels: outputs, outputRows: rows, outputColumns: columns,
      macs: rows * columns * channels * outputs * kernel * kernel)
    shape.kernelRows = kernel
    shape.kernelColumns = kernel
    shape.paddingRows = kernel / 2
    shape.paddingColumns = kernel / 2
    func layout(_ channels: Int) -> OperandLayout {
      OperandLayout(
        StoredTensor(
          name: "t", origin: .intermediate, channels: channels, rows: rows, columns: columns, bits: 8,
          block: machine.blockChannels, wordBytes: machine.activationWord))
    }
    var recipe = VectorRecipe()
    recipe.appendElementwise([.multiply])
    return ArrayProblem(
      shape: shape, items: 1, input: layout(channels), output: layout(outputs), right: nil,
      rightReducesPixels: false,
      rightColumns: 1, inputIsOnChip: onChip, rightIsOnChip: false, outputIsOnChip: onChip, loadedFurther: 0,
      repeatedBytes: 0, recipe: recipe, budgets: machine.model.scratchpads.map { $0.capacity.count })
  }

  private func target(_ overrides: [String] = []) throws -> Target {
    try Target(Fixtures.machine("edge", overrides: overrides), integerOperands: false)
  }

  @Test(arguments: [
    (14, 64, 128, 3), (28, 32, 96, 1), (7, 512, 512, 1), (13, 96, 64, 3), (20, 256, 32, 1), (5, 160, 320, 3),
  ])
  func `the search comes within 2 % of trying every tile`(
    extent: Int, channels: Int, outputs: Int, kernel: Int
  ) throws {
    let machine = try target()
    for onChip in [true, false] {
      let problem = problem(
        rows: extent, columns: extent, channels: channels, outputs: outputs, kernel: kernel, onChip: onChip,
        on: machine)
      let chosen = try #require(ArraySearch(machine, problem).best())
      let best = try #require(ArraySearch(machine, problem, isExhaustive: true).best())
      #expect(chosen.estimate.cycles <= best.estimate.cycles * 1.02)
    }
  }

  @Test func `what is chosen fits`() throws {
    let machine = try target(["scratchpads.spm.capacity=64 KiB"])
    let problem = problem(
      rows: 56, columns: 56, channels: 256, outputs: 512, kernel: 3, onChip: false, on: machine)
    let search = ArraySearch(machine, problem)
    let choice = try #require(search.best())
    let need = search.cost.need(choice.mapping, search.cost.buffers(choice.mapping))
    #expect(zip(need, problem.budgets).allSatisfy { $0 <= $1 })
    #expect(search.accepts(choice.mapping))
  }

  @Test func `folds cost what the array's rules say`() throws {
    let machine = try target()
    let timing = ArrayTiming(machine.model.array, format: machine.format)
    // 2 reduction folds × 9 positions × 4 output folds of 100 accesses, preload hidden.
    #expect(
      timing.cycles(.weightStationary, m: 100, width: 10, channels: 64, positions: 9, n: 128, packs: false)
        == 7200)
    // 20 accesses hide behind the preload of 32 rows.
    #expect(
      timing.cycles(.weightStationary, m: 20, width: 10, channels: 32, positions: 1, n: 32, packs: false)
        == 32)
    // 27 operands of a first layer share one fold.
    #expect(
      timing.cycles(.weightStationary, m: 100, width: 10, channels: 3, positions: 9, n: 32, packs: true)
        == 100)
    // 4 × 2 folds of 576 accesses each.
    #expect(
      timing.cycles(.outputStationary, m: 100, width: 10, channels: 64, positions: 9, n: 64, packs: false)
        == 8 * 576)
  }

  @Test func `without overlaps every fold pays preload, fill and drain`() throws {
    let machine = try target(["array.overlaps-folds=false", "array.overlaps-preload=false"])
    let timing = ArrayTiming(machine.model.array, format: machine.format)
    #expect(
      timing.cycles(.weightStationary, m: 100, width: 10, channels: 32, positions: 1, n: 64, packs: false)
        == 2 * (100 + 32 + 64))
  }

  /// The port takes longer than the cells.
  ///
  /// 16 × 58 inputs of a channel in a pass of 2048, so two channels a pass: each of 784 · 64 sums travels four times, four
  /// in a cycle. 128 folds of 168 cycles of work wait for them.
  @Test func `passes of a row-stationary array wait for their sums`() throws {
    func cycles(_ settings: [String]) throws -> Int {
      let model = try Fixtures.machine("eyeriss", overrides: settings)
      let timing = ArrayTiming(model.array, format: try #require(model.array.formats.first))
      return timing.cycles(
        .rowStationary, m: 14 * 56, width: 56, channels: 8, positions: 9, n: 64, packs: false)
    }
    #expect(try cycles([]) == 784 * 64)
    #expect(try cycles(["array.passes=none"]) == 128 * 168)
  }

  @Test func `the sentence says how and why`() throws {
    let program = try GraphCompiler(for: Fixtures.machine()).compile(Fixtures.network("resnet18")).program
    let sentence = try #require(program.layers.first { $0.name == "layer1.0.conv1" }).mapping
    #expect(sentence.hasPrefix("weight-stationary, "))
    #expect(sentence.contains("per tile, weights loaded once; array-bound (array busy "))
  }

  @Test func `a second compilation finds its mappings in the cache`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "mappings-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let graph = try Fixtures.network("resnet18")
    let model = try Fixtures.machine()
    let first = try GraphCompiler(for: model, cache: MappingCache(folder: folder)).compile(graph)
    let second = try GraphCompiler(for: model, cache: MappingCache(folder: folder)).compile(graph)
    #expect(first.cacheHits == 0 && first.cacheMisses > 0)
    #expect(second.cacheMisses == 0 && second.cacheHits == first.cacheMisses)
    #expect(second.program == first.program)
    let other = try Fixtures.machine("edge", overrides: ["array.rows=16"])
    #expect(try GraphCompiler(for: other, cache: MappingCache(folder: folder)).compile(graph).cacheHits == 0)
  }

  @Test func `a damaged cache is as good as none`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "mappings-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let graph = try Fixtures.network("lenet5")
    let model = try Fixtures.machine()
    let first = try GraphCompiler(for: model, cache: MappingCache(folder: folder)).compile(graph)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let path = "\(folder)/\(try #require(names.first))"
    var text = try String(contentsOfFile: path, encoding: .utf8)
    text = text.split(separator: "\n").map {
      $0.split(separator: " ").prefix(3).joined(separator: " ") + " 0 -4 x"
    }
    .joined(separator: "\n")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let second = try GraphCompiler(for: model, cache: MappingCache(folder: folder)).compile(graph)
    #expect(second.cacheHits == 0)
    #expect(second.program == first.program)
  }
}
