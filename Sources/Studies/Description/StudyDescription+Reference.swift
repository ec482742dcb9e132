package import Formats
import Records

extension StudyDescription {
  /// The JSON Schema of a study file, for editors; it is kept as `docs/study.schema.json`.
  package static var schema: JSONValue { tree.schema(title: "Joulery study") }

  /// All keys as a page of the documentation; it is kept as `StudyKeys.md`.
  package static var documentation: String {
    let head = [
      "# Keys of a study", "",
      "Every key that a study file may have; only `hardware` is required.", "",
      "## Overview", "",
      "Quantities have units (`12 us`, `3 uJ`, `250 mW`). Unknown keys and values out of range are errors at their line and",
      "column. `joulery explain study.KEY` says the same as this table; `joulery init study` writes a file with all of them,",
      "and `joulery init study-schema` the JSON Schema that an editor reads. This page is generated from",
      "`StudyDescription+Keys.swift`.", "",
    ]
    return (head + tree.table()).joined(separator: "\n") + "\n"
  }
}
