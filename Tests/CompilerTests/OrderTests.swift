import Compiler
import Hardware
import Networks
import Testing

/// Dependencies order all accesses to the scratchpads.
@Suite struct OrderTests {
  @Test(
    arguments: ["lenet5", "resnet18", "mobilenet-v2", "fsrcnn", "gpt2-small-decode"])
  func `no unit touches a word before those that it must wait for`(name: String) throws {
    let model = try Fixtures.machine()
    var checker = ProgramChecker(
      try GraphCompiler(for: model).compile(Fixtures.network(name)).program, on: model)
    checker.check()
    #expect(checker.disorders == [])
    #expect(checker.checkedWords > 1000)
  }

  @Test(arguments: Fixtures.machines)
  func `the order holds on every machine`(machine: String) throws {
    let model = try Fixtures.machine(machine)
    var checker = ProgramChecker(
      try GraphCompiler(for: model).compile(Fixtures.network("squeezenet1.1")).program, on: model)
    checker.check()
    #expect(checker.disorders == [])
  }

  /// Three networks whose walks are exact; elsewhere a step may visit a word twice and leave out its neighbour.
  @Test(arguments: ["resnet18", "mobilenet-v2", "gpt2-small-decode"])
  func `nobody reads a word that was never written`(name: String) throws {
    let model = try Fixtures.machine()
    var checker = ProgramChecker(
      try GraphCompiler(for: model).compile(Fixtures.network(name)).program, on: model)
    checker.check()
    #expect(checker.unwritten == [])
  }

  @Test func `the check finds a dependency that is missing`() throws {
    let model = try Fixtures.machine()
    var program = try GraphCompiler(for: model).compile(Fixtures.network("lenet5")).program
    let victim = try #require(
      program.instructions.firstIndex { $0.kind == .array && $0.dependencyCount > 0 })
    program.instructions[victim].dependencyCount = 0
    var checker = ProgramChecker(program, on: model)
    checker.check()
    #expect(!checker.disorders.isEmpty)
  }
}
