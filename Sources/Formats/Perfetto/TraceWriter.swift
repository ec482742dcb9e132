import SwiftProtobuf

/// Writes a Perfetto trace (TrackEvent packets) piece by piece, so that a long trace needs no more memory than a short one.
///
/// A file of packets is itself a `Trace` message: each packet stands in it as field 1 with its length
/// (https://perfetto.dev/docs/reference/trace-packet-proto). Names are interned: each is written once.
package struct TraceWriter {
  /// A row of the timeline, or a counter.
  package struct Track: Hashable, Sendable {
    var identifier: UInt64
  }

  /// Takes the next bytes of the file.
  private let sink: ([UInt8]) throws -> Void
  private var buffer: [UInt8] = []
  private var tracks: UInt64 = 0
  private var names: [String: UInt64] = [:]
  private var annotationNames: [String: UInt64] = [:]
  private var hasStarted = false

  /// Starts a trace whose bytes go to `sink` in pieces of about 64 KiB.
  package init(sink: @escaping ([UInt8]) throws -> Void) {
    self.sink = sink
  }

  /// Adds a row, below `parent` if there is one; rows keep the order in which they are added.
  package mutating func addTrack(_ name: String, parent: Track? = nil) throws -> Track {
    try addTrack(name, parent: parent, counter: nil)
  }

  /// Adds a counter whose values are in `unit`.
  package mutating func addCounter(_ name: String, unit: String, parent: Track? = nil) throws -> Track {
    var counter = Perfetto_Protos_CounterDescriptor()
    if unit == "B" {
      counter.unit = .sizeBytes
    } else {
      counter.unitName = unit
    }
    return try addTrack(name, parent: parent, counter: counter)
  }

  /// A slice from `start` to `end` in nanoseconds; slices of one track must not overlap.
  package mutating func addSlice(
    _ name: String, on track: Track, from start: UInt64, to end: UInt64,
    details: [(name: String, value: Int)] = []
  ) throws {
    var packet = Perfetto_Protos_TracePacket()
    packet.timestamp = start
    var event = Perfetto_Protos_TrackEvent()
    event.type = .sliceBegin
    event.trackUuid = track.identifier
    event.nameIid = Self.identifier(of: name, in: &names) { entry in
      packet.internedData.eventNames.append(.with { ($0.iid, $0.name) = (entry, name) })
    }
    for detail in details {
      var annotation = Perfetto_Protos_DebugAnnotation()
      annotation.nameIid = Self.identifier(of: detail.name, in: &annotationNames) { entry in
        packet.internedData.debugAnnotationNames.append(.with { ($0.iid, $0.name) = (entry, detail.name) })
      }
      annotation.intValue = Int64(detail.value)
      event.debugAnnotations.append(annotation)
    }
    packet.trackEvent = event
    try append(packet)

    packet = Perfetto_Protos_TracePacket()
    packet.timestamp = end
    packet.trackEvent = .with {
      $0.type = .sliceEnd
      $0.trackUuid = track.identifier
    }
    try append(packet)
  }

  /// The value of a counter from `time` in nanoseconds on.
  package mutating func addValue(_ value: Double, of counter: Track, at time: UInt64) throws {
    var packet = Perfetto_Protos_TracePacket()
    packet.timestamp = time
    packet.trackEvent = .with {
      $0.type = .counter
      $0.trackUuid = counter.identifier
      $0.doubleCounterValue = value
    }
    try append(packet)
  }

  /// Hands over what is still buffered; call it once, at the end.
  package mutating func finish() throws {
    try sink(buffer)
    buffer.removeAll()
  }

  private mutating func addTrack(
    _ name: String, parent: Track?, counter: Perfetto_Protos_CounterDescriptor?
  ) throws -> Track {
    tracks += 1
    var packet = Perfetto_Protos_TracePacket()
    packet.trackDescriptor = .with {
      $0.uuid = tracks
      $0.name = name
      $0.childOrdering = .explicit
      $0.siblingOrderRank = Int32(clamping: tracks)
      if let parent { $0.parentUuid = parent.identifier }
      if let counter { $0.counter = counter }
    }
    try append(packet)
    return Track(identifier: tracks)
  }

  private static func identifier(of name: String, in table: inout [String: UInt64], isNew: (UInt64) -> Void)
    -> UInt64
  {
    if let known = table[name] { return known }
    let fresh = UInt64(table.count + 1)
    table[name] = fresh
    isNew(fresh)
    return fresh
  }

  /// Frames one packet as field 1, wire type 2, of the file's `Trace` message.
  private mutating func append(_ packet: Perfetto_Protos_TracePacket) throws {
    var packet = packet
    packet.trustedPacketSequenceID = 1
    let flags: Perfetto_Protos_TracePacket.SequenceFlags =
      hasStarted ? .seqNeedsIncrementalState : .seqIncrementalStateCleared
    packet.sequenceFlags = UInt32(flags.rawValue)
    hasStarted = true
    let bytes: [UInt8] = try packet.serializedBytes()
    buffer.append(0x0A)
    var length = bytes.count
    while length >= 0x80 {
      buffer.append(UInt8(length & 0x7F) | 0x80)
      length >>= 7
    }
    buffer.append(UInt8(length))
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 16 {
      try sink(buffer)
      buffer.removeAll(keepingCapacity: true)
    }
  }
}
