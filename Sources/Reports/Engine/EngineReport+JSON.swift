package import Formats
import Training

extension EngineReport {
  /// Version of the document's form.
  package static let schema = 1

  package var json: JSONValue {
    [
      "schema": .integer(Self.schema),
      "work": .string(kind),
      "network": [
        "name": .string(network.name), "sha256": .string(network.sha256),
        "parameters": .integer(network.parameters),
      ],
      "batch": .integer(batch),
      "threads": .integer(threads),
      "compile_seconds": .number(compileSeconds),
      "recompile_seconds": .number(recompileSeconds),
      "run_seconds": .array(times.wall.map { .number($0) }),
      "processor_seconds": .array(times.processor.map { .number($0) }),
      "floating_point_operations": .integer(operations),
      "arena_bytes": .integer(arenaBytes),
      "product_flops_per_second": limits.map { .number($0.productRate) } ?? .null,
      "copy_bytes_per_second": limits.map { .number($0.copyRate) } ?? .null,
      "kernels": .array(
        profile.kernels.map { kernel in
          [
            "kernel": .string(kernel.label), "steps": .integer(kernel.steps),
            "seconds": .number(kernel.seconds),
            "floating_point_operations": .integer(kernel.operations), "bytes": .integer(kernel.bytes),
          ]
        }),
      "steps": .array(
        profile.steps.map { step in
          [
            "kernel": .string(step.label), "shapes": .string(step.detail), "seconds": .number(step.seconds),
            "floating_point_operations": .integer(step.operations), "bytes": .integer(step.bytes),
          ]
        }),
      "version": .string(provenance.version),
      "command": .string(provenance.commandLine),
    ]
  }
}
