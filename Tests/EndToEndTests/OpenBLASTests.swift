import Foundation
import Testing

/// OpenBLAS is loaded by what needs it, and by nothing else.
@Suite struct OpenBLASTests {
  private func withoutLibrary() throws -> Program {
    var program = try Program()
    program.settings["JOULERY_OPENBLAS"] = "/nowhere/libopenblas.so"
    return program
  }

  @Test func `a simulation runs where there is no OpenBLAS`() throws {
    let program = try withoutLibrary()
    defer { program.remove() }
    let run = try program("simulate", "lenet5", "--json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("\"schema\": 1"))
  }

  @Test func `what computes on this processor says what is missing`() throws {
    let program = try withoutLibrary()
    defer { program.remove() }
    let run = try program("profile", "lenet5", "--runs", "1")
    #expect(run.status == 69)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: OpenBLAS: found /nowhere/libopenblas.so: cannot open"))
    #expect(run.errors.contains("expected the library libopenblas"))
    #expect(run.errors.hasSuffix("or name its file in JOULERY_OPENBLAS\n"))
  }
}
