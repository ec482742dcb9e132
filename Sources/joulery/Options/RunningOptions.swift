import ArgumentParser
import Compiler

/// Options of all commands that simulate.
struct RunningOptions: ParsableArguments {
  @Flag(name: .long, help: "Search for all mappings anew instead of keeping them in the user's cache.")
  var noCache = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  var cache: MappingCache? { noCache ? nil : .ofUser }
}
