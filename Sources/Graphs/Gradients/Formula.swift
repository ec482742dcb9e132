/// A formula over values of a graph, in which gradient rules are written.
///
/// It costs nothing until ``GradientContext/build(_:)`` turns it into nodes.
package indirect enum Formula: Sendable {
  case value(Value)
  /// A number of the element type of what is differentiated.
  case number(Double)
  /// The first result of a primitive.
  case node(any Primitive, [Formula])
}

extension Formula: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
}

extension Formula {
  package static func + (left: Formula, right: Formula) -> Formula { .node(Binary(.add), [left, right]) }
  package static func - (left: Formula, right: Formula) -> Formula {
    .node(Binary(.subtract), [left, right])
  }
  package static func * (left: Formula, right: Formula) -> Formula {
    .node(Binary(.multiply), [left, right])
  }
  package static func / (left: Formula, right: Formula) -> Formula { .node(Binary(.divide), [left, right]) }
  package static prefix func - (x: Formula) -> Formula { .node(Unary(.negate), [x]) }
  package static func < (left: Formula, right: Formula) -> Formula { .node(Binary(.less), [left, right]) }
  package static func > (left: Formula, right: Formula) -> Formula { .node(Binary(.greater), [left, right]) }
  package static func <= (left: Formula, right: Formula) -> Formula {
    .node(Binary(.lessOrEqual), [left, right])
  }
  package static func >= (left: Formula, right: Formula) -> Formula {
    .node(Binary(.greaterOrEqual), [left, right])
  }
  package static func == (left: Formula, right: Formula) -> Formula { .node(Binary(.equal), [left, right]) }

  /// The elements of one formula where a condition holds, of another elsewhere.
  package static func select(_ condition: Formula, _ yes: Formula, _ no: Formula) -> Formula {
    .node(Select(), [condition, yes, no])
  }

  /// A function of each element.
  package func map(_ function: UnaryFunction) -> Formula { .node(Unary(function), [self]) }

  /// A reduction that keeps its axes with extent 1.
  package func reduced(_ function: Reduce.Function, _ axes: [Int], keeps: Bool = true) -> Formula {
    axes.isEmpty ? self : .node(Reduce(function, axes: axes, keepsDimensions: keeps), [self])
  }

  package func reshaped(_ shape: [Int]) -> Formula { .node(Reshape(shape), [self]) }
  package func expanded(_ shape: [Int]) -> Formula { .node(Expand(shape), [self]) }
  package func cast(to type: ElementType) -> Formula { .node(Cast(to: type), [self]) }
}
