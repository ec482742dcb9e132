import Graphs

/// How weights follow their gradients; the definitions are those of PyTorch's `torch.optim`.
package enum Optimizer: Hashable, Sendable {
  /// Stochastic gradient descent; Nesterov's variant looks ahead (Sutskever et al. 2013, section 2).
  case sgd(momentum: Double = 0, nesterov: Bool = false)
  /// Kingma and Ba 2015, arXiv:1412.6980, algorithm 1; weight decay is added to the gradient.
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
  /// Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2; weight decay shrinks the weight itself.
  case adamW(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
  /// Hinton 2012, lecture 6e, with an optional momentum.
  case rmsProp(alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0)

  /// The names of the tensors that are kept for each weight, all zero at first.
  var states: [String] {
    switch self {
    case .sgd(let momentum, _): momentum == 0 ? [] : ["momentum"]
    case .adam, .adamW: ["mean", "square"]
    case .rmsProp(_, _, let momentum): momentum == 0 ? ["square"] : ["square", "momentum"]
    }
  }

  /// The new states and the new weight.
  ///
  /// `step` counts from 1; `rate` is the learning rate; `decay` the weight decay or 0.
  func update(
    weight w: Formula, gradient: Formula, states: [Formula], rate: Formula, step: Formula, decay: Double,
    build: (Formula) throws(ShapeError) -> Formula
  ) throws(ShapeError) -> (states: [Formula], weight: Formula) {
    let g = decay == 0 || isDecoupled ? gradient : try build(gradient + .number(decay) * w)
    switch self {
    case .sgd(let momentum, let nesterov):
      guard momentum != 0 else { return ([], w - rate * g) }
      let v = try build(.number(momentum) * states[0] + g)
      return ([v], w - rate * (nesterov ? g + .number(momentum) * v : v))
    case .adam(let beta1, let beta2, let epsilon), .adamW(let beta1, let beta2, let epsilon):
      let mean = try build(.number(beta1) * states[0] + .number(1 - beta1) * g)
      let square = try build(.number(beta2) * states[1] + .number(1 - beta2) * (g * g))
      // Corrections of the start at zero, the same for all elements.
      let first = 1 - Formula.node(Binary(.power), [.number(beta1), step])
      let second = (1 - Formula.node(Binary(.power), [.number(beta2), step])).map(.squareRoot)
      let change = rate / first * mean / (square.map(.squareRoot) / second + .number(epsilon))
      let shrunk = isDecoupled && decay != 0 ? w * (1 - rate * .number(decay)) : w
      return ([mean, square], shrunk - change)
    case .rmsProp(let alpha, let epsilon, let momentum):
      let square = try build(.number(alpha) * states[0] + .number(1 - alpha) * (g * g))
      let change = g / (square.map(.squareRoot) + .number(epsilon))
      guard momentum != 0 else { return ([square], w - rate * change) }
      let v = try build(.number(momentum) * states[1] + change)
      return ([square, v], w - rate * v)
    }
  }

  private var isDecoupled: Bool {
    if case .adamW = self { true } else { false }
  }
}
