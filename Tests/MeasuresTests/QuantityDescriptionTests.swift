import Measures
import Testing

/// Numbers print with their unit in engineering form.
@Suite struct QuantityDescriptionTests {
  @Test func `descriptions have four digits and the fitting prefix`() {
    #expect(BytesPerSecond(12.8e9).description == "12.8 GB/s")
    #expect(Joules(2e-13).description == "200 fJ")
    #expect(Watts(0).description == "0 W")
    #expect(Hertz(999.96).description == "1 kHz")
    #expect(Seconds(-1.23456e-3).description == "-1.235 ms")
    #expect(Bytes(1536).description == "1.5 KiB")
    #expect(Cycles(1234).description == "1234 cycles")
  }

  @Test func `numbers beyond all prefixes print without a crash`() {
    #expect(Joules(1e40).description == "1e+25 PJ")
    #expect(Joules(1e-40).description.hasSuffix(" fJ"))
    #expect(Hertz(.infinity).description == "inf Hz")
    #expect(Hertz(.nan).description == "nan Hz")
  }
}
