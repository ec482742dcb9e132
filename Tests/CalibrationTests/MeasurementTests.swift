import Formats
import Graphs
import Testing

@testable import Calibration

/// What a file of measurements may hold, and what is said of each thing that is wrong.
@Suite struct MeasurementTests {
  private func messages(_ csv: String, split: String? = nil) -> [String] {
    do throws(FormatError) {
      _ = try MeasurementSet(csv: csv, path: "m.csv", splitColumn: split)
      return []
    } catch {
      return error.diagnostics.map(\.description)
    }
  }

  @Test func `a row says whether caches are warm`() throws {
    let set = try MeasurementSet(
      csv: "network,cycles,warm\nlenet5,1,yes\nlenet5,1,no\nlenet5,1,\n", path: "m.csv")
    #expect(set.rows.map(\.isWarm) == [true, false, false])
    #expect(set.rows[0].subject != set.rows[1].subject && set.unusedColumns.isEmpty)
    do throws(FormatError) {
      _ = try MeasurementSet(csv: "network,cycles,warm\nlenet5,1,maybe\n", path: "m.csv")
      Issue.record("'maybe' is neither yes nor no")
    } catch {
      #expect(
        error.diagnostics.map(\.description) == [
          "m.csv:2:10: warm: 'maybe' is neither yes nor no; expected yes, no, or an empty cell for no"
        ])
    }
  }

  @Test func `a row is a network by name, with values in the unit of the heading`() throws {
    let set = try MeasurementSet(
      csv: """
        network,input,batch,latency_ms,energy_uj,weight,flag,set,board
        lenet5,,2,1.5,20,,,clock=300 MHz; dma.setup=4 cycles,x
        squeezenet1.1,3x128x128,,2,,0.5,warm,,y
        """, path: "folder/m.csv")
    #expect(set.name == "m.csv")
    #expect(set.unusedColumns == ["board"])
    #expect(set.usedRows.count == 1)
    let row = set.rows[0]
    #expect(row.name == "lenet5" && row.group == "lenet5 × 2")
    #expect(abs((row.value(of: .latency) ?? 0) - 1.5e-3) < 1e-15)
    #expect(abs((row.value(of: .energy) ?? 0) - 20e-6) < 1e-15)
    #expect(row.overrides == ["clock=300 MHz", "dma.setup=4 cycles"])
    #expect(row.graph.inputs[0].type.shape == [2, 1, 32, 32])
    #expect(set.rows[1].weight == 0.5)
    #expect(set.rows[1].graph.inputs[0].type.shape == [1, 3, 128, 128])
  }

  @Test func `a row is a layer by its extents, padded as its output needs`() throws {
    let set = try MeasurementSet(
      csv: "C,K,P,Q,R,S,stride_h,stride_w,cycles\n3,64,112,112,7,7,2,2,1000\n64,64,56,56,1,1,1,1,10\n",
      path: "m.csv")
    #expect(set.rows[0].graph.nodes[0].resultTypes[0].shape == [1, 64, 112, 112])
    #expect(set.rows[0].graph.macs == 118_013_952)
    #expect(set.rows[0].layerClass == "7×7 convolutions, strided")
    #expect(set.rows[1].layerClass == "1×1 convolutions")
    #expect(set.rows[0].observations == [Observation(.cycles, 1000)])
  }

  @Test func `multiply-accumulates that are gated off take no energy`() throws {
    let set = try MeasurementSet(csv: "network,energy_uj,zeros\nlenet5,2,0.25\n", path: "m.csv")
    let model = try Machines.template().model
    let plain = try Prediction(set.rows[0], on: model)
    let gated = plain.leavingOut(set.rows[0].zeroShare, on: model)
    let saved = 0.25 * 416_520 * (EnergyActions.price(of: "energy.mac.int8", on: model) ?? 0)
    #expect(abs(plain.joules - gated.joules - saved) < 1e-6 * saved)
    #expect(gated.cycles == plain.cycles)
    #expect(
      messages("network,energy_uj,zeros\nlenet5,2,25\n") == [
        "m.csv:2:10: zeros: 25.0 is no share; expected a number 0 … 1"
      ])
  }

  @Test func `the energies of the actions add up to that of the run`() throws {
    let set = try MeasurementSet(csv: "network,input,energy_uj\nsqueezenet1.1,3x64x64,2\n", path: "m.csv")
    let model = try Machines.template(["energy.static-power.other=5 mW"]).model
    let prediction = try Prediction(set.rows[0], on: model)
    let sum = zip(EnergyActions.keys(of: model), prediction.actions).reduce(0) { sum, action in
      sum + (EnergyActions.price(of: action.0, on: model) ?? 0) * action.1
    }
    #expect(abs(sum / prediction.joules - 1) < 1e-9)
  }

  @Test func `power over a time is an energy`() throws {
    let set = try MeasurementSet(csv: "network,latency_ms,power_mw\nlenet5,2,300\n", path: "m.csv")
    #expect(abs((set.rows[0].value(of: .energy) ?? 0) - 6e-4) < 1e-12)
  }

  @Test func `a unit that is missing or unknown is an error at the heading`() {
    #expect(
      messages("network,latency\nlenet5,1\n") == [
        """
        m.csv:1:9: the column 'latency' has no unit; expected latency_s, latency_ms, latency_us or latency_ns; \
        rename it to the unit that its numbers are in
        """
      ])
    #expect(
      messages("network,energy_kj\nlenet5,1\n") == [
        """
        m.csv:1:9: the column 'energy_kj' has a unit that is not known; expected energy_j, energy_mj, energy_uj, \
        energy_nj or energy_pj; rename it to the unit that its numbers are in
        """
      ])
  }

  @Test func `mixed units of one quantity are an error`() {
    #expect(
      messages("network,latency_ms,cycles\nlenet5,1,2\n") == [
        """
        m.csv:1:20: 'cycles' and 'latency_ms' measure the same twice; expected one column for each quantity; \
        remove one of them
        """
      ])
  }

  @Test func `everything wrong with the rows comes at once, each at its cell`() {
    #expect(
      messages(
        "network,latency_ms,batch\nlenet6,1,\nlenet5,-2,\nlenet5,fast,\nlenet5,,\nlenet5,1,0\n") == [
          """
          m.csv:2:1: there is no built-in network 'lenet6'; expected an ONNX file, or a name of 'joulery list \
          networks'; did you mean 'lenet5'?
          """,
          """
          m.csv:3:8: latency_ms: -2.0 is not positive; expected a number above 0; leave the cell empty where \
          nothing was measured
          """,
          "m.csv:4:8: latency_ms: 'fast' is not a number; expected a number",
          "m.csv:5:1: the row holds no measured value; expected a number under latency_ms; remove the row",
          "m.csv:6:10: batch: 0 is out of range; expected a whole number 1 … 65536",
        ])
  }

  @Test func `files without what is needed say what is missing`() {
    #expect(
      messages("name,latency_ms\na,1\n") == [
        "m.csv:1:1: there is no column 'network'; expected 'network', or the extents of layers in C, K, P, Q, R and S"
      ])
    #expect(
      messages("network,layer\nlenet5,1\n") == [
        """
        m.csv:1:1: no column holds measured values; expected at least one of latency_ms, cycles, energy_uj and \
        power_mw, with its unit in the name
        """
      ])
    #expect(
      messages("network,latency_ms\n") == [
        "m.csv:1:1: the file has no rows; expected at least one measurement"
      ])
    #expect(
      messages("network,latency_ms\nlenet5,1\n", split: "set") == [
        "m.csv:1:1: there is no column 'set' to split the rows by; expected network or latency_ms"
      ])
    #expect(
      messages("network,latency_ms\nnone.onnx,1\n") == [
        """
        m.csv:2:1: there is no file 'none.onnx'; expected an ONNX file, beside the measurements or from the \
        current directory
        """
      ])
    #expect(
      messages("network,latency_ms,mapping\nlenet5,1,what\n") == [
        """
        m.csv:2:10: found 1 sizes; expected seven, R_S_P_Q_C_K_N, or levels such as 'L1[O] K4 P16'; write for \
        example '3_3_14_14_64_16_1' or 'L3[WIO] K4 - L2[WI] K16X - L1[O] P14 C4 C16X'
        """
      ])
  }

  @Test func `repeats give the noise, and contradict each other beyond a factor of two`() throws {
    let csv = "network,latency_ms\nlenet5,1\nlenet5,1.1\nlenet5,0.9\nsqueezenet1.1,5\n"
    let set = try MeasurementSet(csv: csv, path: "m.csv")
    let repeats = try #require(Repeats(of: .latency, in: set.rows))
    #expect(repeats.groups == 1)
    #expect(abs(repeats.noise - 0.2 / 3) < 1e-12)
    #expect(Repeats(of: .energy, in: set.rows) == nil)
    #expect(Repeats.contradictions(in: set.rows).isEmpty)
    let wrong = try MeasurementSet(csv: csv + "lenet5,3\n", path: "m.csv")
    #expect(
      Repeats.contradictions(in: wrong.rows).map(\.description) == [
        """
        m.csv:6:1: latency is 3.33 times that of the same run in line 4; expected repeats that agree within a \
        factor of 2; remove the wrong one, give it a 'flag', or tell the rows apart by 'set' or 'input'
        """
      ])
  }
}

/// Which rows are fitted and which are kept back.
@Suite struct SplitTests {
  private func rows() throws -> [Measurement] {
    try MeasurementSet(
      csv: "network,latency_ms,set\nlenet5,1,\nlenet5,1.1,\nsqueezenet1.1,5,\nalexnet,7,\n".replacing(
        ",set\n", with: ",kind\n"
      ).replacing("1,\n", with: "1,fit\n"), path: "m.csv", splitColumn: "kind"
    ).rows
  }

  @Test func `folds keep the rows of a network together, and each row is held out once`() throws {
    let parts = try Split.folds(3).parts(of: rows(), file: "m.csv")
    #expect(parts[0] == Split.Part(fitted: [0, 1, 2, 3], heldOut: []))
    #expect(parts.dropFirst().map(\.heldOut) == [[0, 1], [2], [3]])
    for part in parts.dropFirst() { #expect((part.fitted + part.heldOut).sorted() == [0, 1, 2, 3]) }
  }

  @Test func `a name holds its rows out, a column those without the word fit`() throws {
    #expect(
      try Split.holdOut(["lenet5"]).parts(of: rows(), file: "m.csv") == [
        Split.Part(fitted: [2, 3], heldOut: [0, 1])
      ])
    #expect(
      try Split.column("kind").parts(of: rows(), file: "m.csv") == [
        Split.Part(fitted: [0, 1], heldOut: [2, 3])
      ])
  }

  @Test func `a split that cannot be made says why`() throws {
    func message(_ split: Split) throws -> String? {
      let rows = try rows()
      do throws(CalibrationError) {
        _ = try split.parts(of: rows, file: "m.csv")
        return nil
      } catch {
        return error.description
      }
    }
    #expect(
      try message(.holdOut(["lenet"])) == """
        --hold-out lenet: no row belongs to 'lenet'; expected the name of a network or group in m.csv; did you \
        mean 'lenet5'?
        """)
    #expect(
      try message(.folds(9)) == "--folds 9: m.csv has rows of 3 networks or layers; expected 2 … 3 folds")
    #expect(
      try message(.holdOut(["lenet5", "squeezenet1.1", "alexnet"]))
        == "m.csv: the split leaves no row to fit; expected fewer held-out networks")
  }
}
