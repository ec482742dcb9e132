/// Where the time of a plan's runs goes.
package struct Profile: Hashable, Sendable {
  /// One step of the plan.
  package struct Step: Hashable, Sendable {
    /// The kernel: "direct convolution".
    package var label: String
    /// The shapes that it works on.
    package var detail: String
    /// The shortest time of a run.
    package var seconds: Double
    /// Floating-point operations of products and convolutions; loops and movements count none.
    package var operations: Int
    /// What the step must read and write at least once.
    package var bytes: Int
  }

  /// All steps with the same kernel.
  package struct Kernel: Hashable, Sendable {
    package var label: String
    package var steps = 0
    package var seconds = 0.0
    package var operations = 0
    package var bytes = 0
  }

  /// In the order in which they run.
  package var steps: [Step]

  package var seconds: Double { steps.reduce(0) { $0 + $1.seconds } }

  /// The kernels, the longest first.
  package var kernels: [Kernel] {
    var kernels: [Kernel] = []
    var places: [String: Int] = [:]
    for step in steps {
      let place = places[step.label] ?? kernels.count
      if place == kernels.count {
        places[step.label] = place
        kernels.append(Kernel(label: step.label))
      }
      kernels[place].steps += 1
      kernels[place].seconds += step.seconds
      kernels[place].operations += step.operations
      kernels[place].bytes += step.bytes
    }
    return kernels.sorted { ($1.seconds, $0.label) < ($0.seconds, $1.label) }
  }
}
