import Measures
import Records

extension SupplyVoltage {
  /// The keys of the section `voltage`.
  static let record = Record(
    blank: SupplyVoltage(),
    [
      .optional(
        "nominal", \.nominal, .quantity(Volts(0)...Volts(20)), default: .zero,
        "The voltage at which the energies of the file hold; 0 V where it is not known."),
      .optional(
        "supply", \.supply, .quantity(Volts(0)...Volts(20)), default: .zero,
        "The voltage at which the machine runs; 0 V for 'nominal'."),
      .optional(
        "static-exponent", \.staticExponent, .number(0...10), default: usualStaticExponent,
        "The power of the voltage with which static power grows; energies of actions grow with its square."),
      .optional(
        "components", \.components, .list(of: .word()), default: onChip,
        "The components on this supply; energies of all others stay as they are."),
    ])
}
