import Graphs
import Testing

/// Gradients of every primitive against finite differences, in double precision.
struct Gradients {
  @Test(arguments: GradientCase.all)
  func `the gradient of every primitive is the slope of what it computes`(_ sample: GradientCase) throws {
    try sample.check(order: 1)
  }

  @Test(arguments: GradientCase.all)
  func `the second derivative of every primitive is the slope of its gradient`(_ sample: GradientCase) throws
  {
    try sample.check(order: 2)
  }

  @Test(arguments: PrimitiveCatalog.samples)
  func `every primitive has a gradient or says why not`(_ sample: PrimitiveCatalog.Sample) {
    let reason = (sample.primitive as? any NonDifferentiablePrimitive)?.nonDifferentiableReason
    #expect((sample.primitive is any DifferentiablePrimitive) == (reason == nil))
    #expect(reason?.isEmpty != true)
  }

  @Test func `a value of several elements needs a seed`() throws {
    var graph = Graph(name: "several")
    let x = graph.addInput("x", TensorType([2, 3]))
    let y = try graph.add(Unary(.exponential), x, name: "y")
    let error = #expect(throws: ShapeError.self) { try graph.addGradients(of: [y], withRespectTo: [x]) }
    #expect(
      error?.description
        == "gradient of 'y': found float32[2, 3], expected one element, or a seed of the same type")
    let gradients = try graph.addGradients(of: [y], seeds: [x], withRespectTo: [x])
    #expect(gradients.compactMap { $0 }.count == 1)
  }

  @Test func `a seed of another type is refused`() throws {
    var graph = Graph(name: "seed")
    let x = graph.addInput("x", TensorType([2]))
    let y = try graph.add(Reduce(.sum, axes: [0], keepsDimensions: false), x, name: "y")
    let error = #expect(throws: ShapeError.self) {
      try graph.addGradients(of: [y], seeds: [x], withRespectTo: [x])
    }
    #expect(error?.description == "gradient of 'y': found a seed float32[2], expected float32[]")
  }

  @Test func `integers have no gradient`() throws {
    var graph = Graph(name: "integers")
    let i = graph.addInput("i", TensorType([2], .int64))
    let y = graph.addInput("y", TensorType([]))
    let error = #expect(throws: ShapeError.self) { try graph.addGradients(of: [y], withRespectTo: [i]) }
    #expect(
      error?.description
        == "gradient with respect to 'i': found int64[2], expected floating-point elements")
    let other = #expect(throws: ShapeError.self) { try graph.addGradients(of: [i], withRespectTo: [y]) }
    #expect(other?.description == "gradient of 'i': found int64[2], expected floating-point elements")
  }

  @Test func `a target that nothing depends on has no gradient`() throws {
    var graph = Graph(name: "independent")
    let x = graph.addInput("x", TensorType([]))
    let z = graph.addInput("z", TensorType([]))
    let y = try graph.add(Unary(.sine), x, name: "y")
    let gradients = try graph.addGradients(of: [y], withRespectTo: [x, z])
    #expect(gradients[0] != nil)
    #expect(gradients[1] == nil)
    #expect(
      try graph.differentiated(y, withRespectTo: [x, z]).outputs.map(\.name) == ["gradient of x"])
  }

  @Test func `the gradient of a value with respect to itself is one`() throws {
    var graph = Graph(name: "itself")
    let x = graph.addInput("x", TensorType([]))
    let copy = try graph.differentiated(x, withRespectTo: [x])
    let result = try ReferenceInterpreter(inputs: [ReferenceTensor([], [7])]).outputs(of: copy)
    #expect(result == [ReferenceTensor([], [1])])
  }

  @Test func `an unrolled gradient step is differentiable`() throws {
    // w' = w − 0.1 · d(w³)/dw and d(w'²)/dw = 2 w' (1 − 0.6 w).
    var graph = Graph(name: "unrolled")
    let w = graph.addInput("w", TensorType([], .float64))
    let square = try graph.add(Binary(.multiply), w, w, name: "square")
    let cube = try graph.add(Binary(.multiply), square, w, name: "cube")
    let slope = try #require(try graph.addGradients(of: [cube], withRespectTo: [w])[0])
    let rate = graph.number(0.1, .float64, name: "rate")
    let step = try graph.add(Binary(.multiply), rate, slope, name: "step")
    let next = try graph.add(Binary(.subtract), w, step, name: "next")
    let loss = try graph.add(Binary(.multiply), next, next, name: "loss")
    let differentiated = try graph.differentiated(loss, withRespectTo: [w])
    #expect(differentiated.verify().isEmpty)
    let result = try ReferenceInterpreter(inputs: [ReferenceTensor([], [0.7])]).outputs(of: differentiated)
    let expected = 2 * (0.7 - 0.3 * 0.49) * (1 - 0.6 * 0.7)
    #expect(abs(result[0].elements[0] - expected) < 1e-12)
  }
}
