import Formats
import Foundation
import Hardware
import Reports
import Simulator
import SwiftProtobuf
import Testing

@Suite struct `The Perfetto trace` {
  private func bytes(_ report: RunReport) throws -> [UInt8] {
    final class Collector { var bytes: [UInt8] = [] }
    let collector = Collector()
    try report.writeTrace { collector.bytes.append(contentsOf: $0) }
    return collector.bytes
  }

  @Test func `is a Trace message with a slice for each instruction`() throws {
    let report = reportFixture()
    let trace = try Perfetto_Protos_Trace(serializedBytes: bytes(report))
    let begins = trace.packet.filter { $0.trackEvent.type == .sliceBegin }
    let ends = trace.packet.filter { $0.trackEvent.type == .sliceEnd }
    #expect(begins.count == report.program.instructions.count)
    #expect(ends.count == begins.count)
    #expect(trace.packet.allSatisfy { $0.trustedPacketSequenceID == 1 })
    #expect(trace.packet.first?.sequenceFlags == 1)
  }

  @Test func `has a track for each unit and counters for power, bandwidth and occupancy`() throws {
    let trace = try Perfetto_Protos_Trace(serializedBytes: bytes(reportFixture()))
    let names = trace.packet.filter { $0.trackDescriptor.hasUuid }.map(\.trackDescriptor.name)
    for name in [
      "resnet18 on edge", "DMA load", "DMA store", "MAC array", "Vector unit", "Power", "Power: Main memory",
      "Memory bandwidth", "Occupancy: activations",
    ] {
      #expect(names.contains(name), "\(name) is missing")
    }
  }

  @Test func `names slices by layer and never crosses them on a track`() throws {
    let report = reportFixture()
    let trace = try Perfetto_Protos_Trace(serializedBytes: bytes(report))
    var names: [UInt64: String] = [:]
    var open: [UInt64: Bool] = [:]
    var last: [UInt64: UInt64] = [:]
    var layers = Set<String>()
    for packet in trace.packet {
      for entry in packet.internedData.eventNames { names[entry.iid] = entry.name }
      let event = packet.trackEvent
      guard event.type == .sliceBegin || event.type == .sliceEnd else { continue }
      #expect(packet.timestamp >= last[event.trackUuid] ?? 0)
      last[event.trackUuid] = packet.timestamp
      #expect(open[event.trackUuid] ?? false == (event.type == .sliceEnd))
      open[event.trackUuid] = event.type == .sliceBegin
      if event.type == .sliceBegin { layers.insert(try #require(names[event.nameIid])) }
    }
    #expect(layers == Set(report.result.layers.map(\.name)))
  }

  @Test func `is the same for the same run`() throws {
    #expect(try bytes(reportFixture()) == bytes(reportFixture()))
  }

  @Test func `stops when its sink does`() {
    struct Full: Error {}
    #expect(throws: Full.self) { try reportFixture().writeTrace { _ in throw Full() } }
  }

  /// Perfetto's own schema, from the Python package `perfetto`, must read what we write.
  @Test(.enabled(if: PythonPerfetto.path != nil, "the Python package perfetto is not installed"))
  func `is read by Perfetto's own schema`() throws {
    let python = try #require(PythonPerfetto.path)
    let file = FileManager.default.temporaryDirectory.appending(path: "joulery-\(UUID().uuidString).pftrace")
    defer { try? FileManager.default.removeItem(at: file) }
    let report = reportFixture()
    try Data(bytes(report)).write(to: file)
    let script = """
      import sys
      from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as p
      trace = p.Trace(); trace.ParseFromString(open(sys.argv[1], "rb").read())
      unknown = [x for x in trace.packet if x.FindInitializationErrors()]
      begins = [x for x in trace.packet if x.HasField("track_event") and x.track_event.type == 1]
      counters = [x for x in trace.packet if x.HasField("track_descriptor") and x.track_descriptor.HasField("counter")]
      names = {e.iid: e.name for x in trace.packet for e in x.interned_data.event_names}
      print(len(begins), len(counters), len(unknown), names[begins[0].track_event.name_iid])
      """
    let output = try PythonPerfetto.run(python, ["-c", script, file.path])
    #expect(output == "\(report.program.instructions.count) 11 0 layer1.0.conv\n")
  }
}

/// A Python that has the package `perfetto`: `JOULERY_PYTHON`, or the one on the path.
enum PythonPerfetto {
  static let path: String? = {
    let candidates = [ProcessInfo.processInfo.environment["JOULERY_PYTHON"], "/usr/bin/python3"].compactMap {
      $0
    }
    return candidates.first {
      (try? run($0, ["-c", "from perfetto.protos.perfetto.trace import perfetto_trace_pb2; print(1)"]))
        == "1\n"
    }
  }()

  static func run(_ executable: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
