import Records

extension HardwareKeys {
  /// All keys as a Markdown document; it is kept as `hwmodels/README.md`.
  package static var documentation: String {
    let head = [
      "# Hardware models", "",
      "One file describes one machine; `dram/` holds DRAM parts that machines share by name.",
      "Every quantity has a unit (`800 MHz`, `512 KiB`, `0.2 pJ`); every number has a source, in its own `source` or",
      "in the section `sources`. Unknown keys, missing keys and values out of range are errors.",
      "`joulery explain KEY` says the same as this table, and `--set KEY=VALUE` overrides any key for one run.",
      "This page is generated from the declarations in `Sources/Hardware/YAML/Keys`.", "",
    ]
    return (head + tree.table { !isPartOfEnergy($0) }).joined(separator: "\n") + "\n"
  }

  /// Whether it is the value or the source of an energy, whose form the page says once.
  private static func isPartOfEnergy(_ entry: KeyTree.Entry) -> Bool {
    entry.path.hasPrefix("energy.") && ["value", "source"].contains(entry.declaration.name)
  }
}
