import ArgumentParser
import Compiler

extension Partition: ExpressibleByArgument {}
