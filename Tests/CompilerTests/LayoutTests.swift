import Graphs
import Hardware
import Networks
import Testing

@testable import Compiler

/// What moves, and what only looks different.
@Suite struct LayoutTests {
  private func loop(_ extent: Int, _ direction: TensorView.Direction, _ stride: Int) -> TensorView.Factor {
    .init(extent: extent, direction: direction, stride: stride)
  }

  private var tokens: TensorView {
    TensorView(tensor: 0, axes: [[], [loop(196, .pixel, 1)], [loop(768, .channel, 1)]])
  }

  @Test func `heads are cut from channels without a move`() throws {
    let heads = try #require(tokens.reshaped(to: [1, 196, 12, 64])).transposed([0, 2, 1, 3])
    #expect(heads.shape == [1, 12, 196, 64])
    #expect(heads.axes[1] == [loop(12, .channel, 64)])
    #expect(heads.position(of: [0, 3, 5, 7]).channel == 3 * 64 + 7)
    #expect(heads.position(of: [0, 3, 5, 7]).pixel == 5)
  }

  @Test func `cutting and joining again gives the same view`() throws {
    let there = try #require(tokens.reshaped(to: [14, 14, 12, 64]))
    let back = try #require(there.reshaped(to: [1, 196, 768]))
    #expect(back.axes.map(TensorView.simplified) == tokens.axes)
  }

  @Test func `a shape that cuts a loop unevenly has no view`() {
    #expect(tokens.reshaped(to: [1, 147, 1024]) == nil)
  }

  @Test func `a slice starts where it says`() throws {
    let slice = try #require(tokens.sliced(axis: 2, start: 256, count: 256, step: 1))
    #expect(slice.channelOffset == 256)
    #expect(slice.shape == [1, 196, 256])
    let every = try #require(tokens.sliced(axis: 1, start: 1, count: 98, step: 2))
    #expect(every.pixelOffset == 1)
    #expect(every.axes[1] == [loop(98, .pixel, 2)])
  }

  @Test func `a tile of rows is one run for each block`() {
    let tensor = StoredTensor(
      name: "t", origin: .intermediate, channels: 80, rows: 14, columns: 14, bits: 8, block: 32, wordBytes: 16
    )
    let region = TensorRegion(channel: 0, channelCount: 80, pixel: 28, rows: 2, rowStride: 14, columns: 14)
    let runs = tensor.runs(of: region)
    #expect(runs.map(\.run) == [28 * 32, 28 * 16])
    #expect(runs.map(\.innerCount) == [2, 1])
    #expect(runs.reduce(0) { $0 + $1.bytes } == tensor.bytes(of: region))
    #expect(tensor.bytes == 196 * 80)
  }

  @Test func `few channels lie side by side`() {
    let image = StoredTensor(
      name: "image", origin: .input, channels: 3, rows: 224, columns: 224, bits: 8, block: 32, wordBytes: 32)
    #expect(image.isInterleaved)
    #expect(image.bytes == 224 * 224 * 3)
  }

  @Test(arguments: ["bert-base", "gpt2-small", "vit-b16"])
  func `transformers do not move what a view can say`(name: String) throws {
    let result = try GraphCompiler(for: Fixtures.machine()).compile(Fixtures.network(name))
    let moves = result.program.layers.filter {
      ["layout", "transpose", "reshape", "slice"].contains($0.operatorName)
    }
    #expect(moves.map(\.name) == [])
    #expect(result.elidedNodes.count > 40)
  }

  @Test func `dense blocks are concatenated where they are written`() throws {
    let layers = try GraphCompiler(for: Fixtures.machine()).compile(Fixtures.network("densenet121")).program
      .layers
    #expect(layers.filter { $0.operatorName == "concatenate" }.map(\.name) == [])
  }
}
