import Graphs
import Testing

/// What holds for every primitive of the catalogue.
struct Catalog {
  @Test(arguments: PrimitiveCatalog.samples)
  func `every primitive takes its sample and says what it does`(_ sample: PrimitiveCatalog.Sample) throws {
    let results = try sample.primitive.results(for: sample.operandTypes)
    #expect(!results.isEmpty)
    for result in results { try result.validate("result") }
    let work = sample.primitive.work(for: sample.operandTypes, results: results)
    let isView = sample.primitive is Reshape
    #expect(work.isEmpty == isView)
    for nest in work { #expect(nest.isPositive) }
  }

  @Test(arguments: PrimitiveCatalog.samples)
  func `every primitive refuses a wrong number of operands with its own name`(
    _ sample: PrimitiveCatalog.Sample
  ) {
    guard !(sample.primitive is Concatenate) else { return }
    let tooMany = sample.operandTypes + Array(repeating: TensorType([1]), count: 4)
    for operands in [[], tooMany] {
      let error = #expect(throws: ShapeError.self) { try sample.primitive.results(for: operands) }
      #expect(error?.place == sample.primitive.name)
      #expect(error?.found == "\(operands.count) operands")
    }
  }

  @Test func `names are unique among types`() {
    var types: [String: String] = [:]
    for sample in PrimitiveCatalog.samples {
      let type = "\(Swift.type(of: sample.primitive))"
      #expect(types[sample.primitive.name, default: type] == type)
      types[sample.primitive.name] = type
    }
    #expect(types.count == PrimitiveCatalog.names.count)
    #expect(
      PrimitiveCatalog.names.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isLowercase || $0 == "-" } })
  }
}

extension Work {
  /// Whether every extent of the nest is at least 1.
  var isPositive: Bool {
    switch self {
    case .matrixProduct(let nest): nest.macs > 0
    case .convolution(let nest): nest.macs > 0
    case .elementwise(let nest): nest.elements > 0 && nest.operands > 0
    case .reduction(let nest): nest.inputs >= nest.outputs && nest.outputs > 0
    case .movement(let nest): nest.run > 0 && nest.elements >= nest.run
    case .gather(let nest): nest.indices > 0 && nest.run > 0
    }
  }
}
