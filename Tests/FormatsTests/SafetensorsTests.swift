import Formats
import Testing

/// Safetensors files, against one that Hugging Face's package wrote (scripts/golden/formats.py).
struct SafetensorsTests {
  static let golden: [UInt8] = [
    144, 0, 0, 0, 0, 0, 0, 0, 123, 34, 95, 95, 109, 101, 116, 97, 100, 97, 116, 97, 95, 95, 34, 58,
    123, 34, 119, 104, 111, 34, 58, 34, 195, 169, 116, 195, 169, 34, 125, 44, 34, 98, 34, 58, 123, 34,
    100, 116, 121, 112, 101, 34, 58, 34, 73, 54, 52, 34, 44, 34, 115, 104, 97, 112, 101, 34, 58, 91,
    51, 93, 44, 34, 100, 97, 116, 97, 95, 111, 102, 102, 115, 101, 116, 115, 34, 58, 91, 48, 44, 50,
    52, 93, 125, 44, 34, 97, 34, 58, 123, 34, 100, 116, 121, 112, 101, 34, 58, 34, 70, 51, 50, 34, 44,
    34, 115, 104, 97, 112, 101, 34, 58, 91, 49, 44, 50, 93, 44, 34, 100, 97, 116, 97, 95, 111, 102,
    102, 115, 101, 116, 115, 34, 58, 91, 50, 52, 44, 51, 50, 93, 125, 125, 32, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 63, 0, 0, 0, 192,
  ]

  static let file = Safetensors(
    tensors: [
      .init(
        name: "b", elementType: "I64", shape: [3], bytes: [0, 1, 2].flatMap { [$0, 0, 0, 0, 0, 0, 0, 0] }),
      .init(name: "a", shape: [1, 2], numbers: [1.5, -2]),
    ], metadata: [("who", "été")])

  @Test func `a file of the reference implementation is read`() throws {
    let file = try Safetensors(Self.golden, source: "golden")
    #expect(file == Self.file)
    #expect(file.text("who") == "été")
    #expect(file.text("what") == nil)
    #expect(file.tensors[1].numbers == [1.5, -2])
    #expect(file.tensors[0].numbers == nil)
  }

  @Test func `the same tensors are written as the reference implementation writes them`() {
    #expect(Self.file.bytes == Self.golden)
  }

  @Test func `every cut of a file is refused`() {
    for count in 0..<Self.golden.count {
      #expect(throws: FormatError.self, "\(count) bytes") {
        try Safetensors(Array(Self.golden.prefix(count)), source: "cut")
      }
    }
  }

  @Test func `a byte that is wrong is refused or changes no more than one value`() throws {
    let header = 8 + 144
    for index in 0..<Self.golden.count {
      var bytes = Self.golden
      bytes[index] ^= 0x15
      guard let file = try? Safetensors(bytes, source: "changed") else { continue }
      if index >= header { #expect(file != Self.file) }
      #expect(file.tensors.reduce(0) { $0 + $1.bytes.count } == 32)
    }
  }

  /// A header and how the message about it ends.
  static let broken: [(header: String, message: String)] = [
    ("[]", "a header that is no object; expected an object"),
    (#"{"__metadata__":{"a":1}}"#, "metadata that are no texts; expected an object of texts"),
    (
      #"{"a":{"dtype":"F32","shape":[1]}}"#,
      "tensor 'a' without dtype, shape or data_offsets; expected all three"
    ),
    (
      #"{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#,
      "tensor 'a' of type 'F31'; expected one of BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#,
      "tensor 'a' of extents [4294967296, 4294967296]; expected fewer elements"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
      "tensor 'a' at [0, 4]; expected 8 bytes for F32 [2]"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#,
      "tensor 'a' up to byte 12 of 8; expected a whole file"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      "tensor 'a' from byte 4; expected byte 0, without gap or overlap"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "tensor 'b' from byte 0; expected byte 4, without gap or overlap"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "4 bytes behind the last tensor; expected none"
    ),
  ]

  @Test(arguments: broken)
  func `a broken header says what is wrong`(_ header: String, _ message: String) {
    let text = Array(header.utf8)
    let bytes = [UInt8(text.count), 0, 0, 0, 0, 0, 0, 0] + text + Array(repeating: 0, count: 8)
    let error = #expect(throws: FormatError.self) { try Safetensors(bytes, source: "x") }
    #expect(error?.description == "x: \(message); use a safetensors file that was written completely")
  }
}
