import ArgumentParser
import Dispatch

/// The command line: parses, runs one command, and ends with an honest exit code.
@main
struct Joulery: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "joulery",
    abstract: "Simulates neural networks on neural-network accelerators, cycle by cycle, and trains them.",
    usage: """
      joulery simulate NETWORK [--on HARDWARE] [--set KEY=VALUE] … [--report FILE.html]
      joulery compare NETWORK … [--on HARDWARE,…]
      joulery sweep HARDWARE NETWORK … --set KEY=VALUE,VALUE,… …
      joulery search STUDY.yaml [--workers COUNT]
      joulery train NETWORK [--on DATASET] [--epochs COUNT] [--out FOLDER] …
      joulery calibrate HARDWARE --measurements FILE.csv [--out FILE.yaml]
      """,
    discussion: """
      Examples:
        joulery simulate resnet18
        joulery simulate model.onnx --set array.rows=16 --report report.html
        joulery compare resnet18 mobilenet-v2 --on edge
        joulery train convnet-small --on fashion-mnist --out run
        joulery list networks

      Results go to standard output, everything else to standard error.
      Exit codes: 0 done, 64 usage, 65 bad input, 66 not found,
      69 unsupported operation, 70 internal error, 74 output not written,
      75 interrupted.
      """,
    version: version,
    subcommands: [
      SimulateCommand.self, CompareCommand.self, SweepCommand.self, CalibrateCommand.self, TrainCommand.self,
      EvaluateCommand.self, QuantizeCommand.self, ProfileCommand.self, SearchCommand.self, ResumeCommand.self,
      ReportCommand.self, StudiesCommand.self, InitCommand.self, ExportCommand.self, CheckCommand.self,
      ListCommand.self,
      ExplainCommand.self, MemoryCommand.self,
    ])

  /// The version of the program, in reports and `--version`.
  static let version = "0.1.0"

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      failure.exit()
    } catch let error where exitCode(for: error) == .failure {
      Failure(error).exit()
    } catch {
      exit(withError: error)
    }
  }
}
