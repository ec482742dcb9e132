import Measures
import Testing

/// Quantities are read with their unit, exactly, or not at all.
@Suite struct QuantityParsingTests {
  @Test func `each quantity reads its own units`() throws {
    #expect(try Hertz(parsing: "800 MHz") == Hertz(800e6))
    #expect(try Hertz(parsing: "1.05 GHz") == Hertz(1.05e9))
    #expect(try Seconds(parsing: "20 ns") == Seconds(20e-9))
    #expect(try Joules(parsing: "0.2 pJ") == Joules(2e-13))
    #expect(try Watts(parsing: "1.5 mW") == Watts(1.5e-3))
    #expect(try BytesPerSecond(parsing: "12.8 GB/s") == BytesPerSecond(12.8e9))
    #expect(try BytesPerSecond(parsing: "1 MiB/s") == BytesPerSecond(1_048_576))
    #expect(try Bytes(parsing: "512 KiB") == Bytes(524_288))
    #expect(try Cycles(parsing: "8 cycles") == Cycles(8))
    #expect(try Cycles(parsing: "1 cycle") == Cycles(1))
  }

  @Test func `a kilobyte is not a kibibyte`() throws {
    #expect(try Bytes(parsing: "12 kB") == Bytes(12_000))
    #expect(try Bytes(parsing: "12 KiB") == Bytes(12_288))
    #expect(try Bytes(parsing: "0.5 KiB") == Bytes(512))
  }

  @Test(arguments: ["3 µJ", "3 uJ", "3 \u{3BC}J", " 3µJ ", "3e0 µJ", "+3 µJ", "0.003e3 uJ"])
  func `micro may be written in three ways, with or without a space`(text: String) throws {
    #expect(try Joules(parsing: text) == Joules(3e-6))
  }

  @Test func `the prefix shifts the decimal before it is rounded`() throws {
    #expect(try Joules(parsing: "0.3 pJ").value == 3e-13)
    #expect(try Joules(parsing: "69.28 pJ").value == 6.928e-11)
    #expect(try Hertz(parsing: "2.4 GHz").value == 2_400_000_000)
  }

  @Test(arguments: 0..<400)
  func `a quantity reads back exactly from its exact text`(seed: UInt64) throws {
    var random = RandomStream(seed: seed)
    let magnitude = random.uniform() * [1e-15, 1e-9, 1e-3, 1, 1e6, 1e12][random.below(6)]
    #expect(try Joules(parsing: Joules(magnitude).exactText).value == magnitude)
    #expect(try Hertz(parsing: Hertz(magnitude).exactText).value == magnitude)
    #expect(try BytesPerSecond(parsing: BytesPerSecond(magnitude).exactText).value == magnitude)
    let count = random.below(1 << (1 + random.below(52)))
    #expect(try Bytes(parsing: Bytes(count).exactText).count == count)
    #expect(try Cycles(parsing: Cycles(count).exactText).count == count)
  }

  @Test func `exact texts use the unit that suits`() {
    #expect(Joules(2e-13).exactText == "200 fJ")
    #expect(Joules(6.928e-11).exactText == "69.28 pJ")
    #expect(Hertz(8e8).exactText == "800 MHz")
    #expect(Bytes(1 << 20).exactText == "1 MiB")
    #expect(Bytes(83456).exactText == "83456 B")
    #expect(Bytes(0).exactText == "0 B")
    #expect(Cycles(1).exactText == "1 cycle")
    #expect(Watts(0).exactText == "0 W")
    #expect(Seconds(1e-15).exactText == "0.001 ps")
  }
}

/// Each way to get a quantity wrong says what to write.
@Suite struct QuantityErrorTests {
  private func message<Value: Quantity>(_ text: String, as: Value.Type) -> String {
    do throws(QuantityError) {
      return "read as \(try Value(parsing: text))"
    } catch {
      return "\(error)"
    }
  }

  @Test func `a bare number has no unit`() {
    #expect(
      message("800", as: Hertz.self)
        == "'800' has no unit; expected a frequency in Hz, kHz, MHz or GHz; write for example '800 MHz'")
    #expect(
      message("-0.5", as: Joules.self)
        == "'-0.5' has no unit; expected an energy in fJ, pJ, nJ, µJ, mJ or J; write for example '-0.5 pJ'")
    #expect(
      message("4", as: Cycles.self)
        == "'4' has no unit; expected a number of cycles; write for example '4 cycles'")
  }

  @Test func `a unit of another quantity is named`() {
    #expect(
      message("800 MB", as: Hertz.self)
        == "'800 MB' is an amount of memory; expected a frequency in Hz, kHz, MHz or GHz; write for example '800 MHz'"
    )
    #expect(
      message("3 ns", as: Watts.self)
        == "'3 ns' is a duration; expected a power in nW, µW, mW, W or kW; write for example '1.5 mW'")
  }

  @Test func `an unknown unit is corrected when only its case is wrong`() {
    #expect(
      message("800 Mhz", as: Hertz.self)
        == "'Mhz' is not a unit of frequency; expected a frequency in Hz, kHz, MHz or GHz; did you mean 'MHz'?"
    )
    #expect(
      message("5 parsecs", as: Seconds.self)
        == "'parsecs' is not a unit of duration; expected a duration in ps, ns, µs, ms or s; write for example '20 ns'"
    )
    #expect(
      message("512 KB", as: Bytes.self)
        == """
        'KB' is not a unit of amount of memory; expected an amount of memory in B, kB, MB, GB, TB, KiB, MiB, GiB or \
        TiB; write 'KiB' for 1024 bytes or 'kB' for 1000
        """)
    #expect(
      message("1 KB/s", as: BytesPerSecond.self)
        == """
        'KB/s' is not a unit of bandwidth; expected a bandwidth in B/s, kB/s, MB/s, GB/s, TB/s, KiB/s, MiB/s, GiB/s \
        or TiB/s; write 'KiB/s' for 1024 bytes or 'kB/s' for 1000
        """)
  }

  @Test func `memory and cycles are whole`() {
    #expect(
      message("1.5 B", as: Bytes.self)
        == """
        '1.5 B' is not a whole number of B up to 2^53; expected an amount of memory in B, kB, MB, GB, TB, KiB, MiB, \
        GiB or TiB; write for example '512 KiB'
        """)
    #expect(
      message("1e99 cycles", as: Cycles.self)
        == """
        '1e99 cycles' is not a whole number of cycles up to 2^53; expected a number of cycles; \
        write for example '8 cycles'
        """)
  }

  @Test(arguments: [
    "fast", "1..2 MHz", ".5 MHz", "5. MHz", "0x10 MHz", "nan MHz", "inf Hz", "1e MHz", "--1 Hz",
  ])
  func `what is not a number is not guessed at`(text: String) {
    let message = message(text, as: Hertz.self)
    #expect(message.contains("; expected a frequency in Hz, kHz, MHz or GHz; write for example '800 MHz'"))
    #expect(message.hasPrefix("'"))
  }

  @Test func `an empty text and a giant number are refused`() {
    #expect(
      message("  ", as: Watts.self)
        == "the value is empty; expected a power in nW, µW, mW, W or kW; write for example '1.5 mW'")
    #expect(
      message("1e400 W", as: Watts.self)
        == "'1e400 W' is too large; expected a power in nW, µW, mW, W or kW; write for example '1.5 mW'")
    #expect(
      message("1e999999999999999999999 W", as: Watts.self)
        == """
        '1e999999999999999999999 W' is not a number with a unit; expected a power in nW, µW, mW, W or kW; write for \
        example '1.5 mW'
        """)
  }
}
