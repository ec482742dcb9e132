extension Pooling: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    kind == .maximum
      ? [.node(MaximumPoolingGradient(of: self), [context.x[0], context.g])]
      : [.node(AveragePoolingGradient(of: self, shape: context.shape(0)), [context.g])]
  }
}

extension AveragePoolingGradient: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] { [.node(pooling, [context.g])] }
}

extension MaximumPoolingGradient: DifferentiablePrimitive {
  /// The places of the maxima do not change with small changes of x.
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    [nil, .node(MaximumPoolingSelection(of: pooling), [context.x[0], context.g])]
  }
}

extension MaximumPoolingSelection: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    [nil, .node(MaximumPoolingGradient(of: pooling), [context.x[0], context.g])]
  }
}
