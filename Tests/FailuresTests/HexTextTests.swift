import Failures
import Testing

@Suite("Bytes as hexadecimal text")
struct HexTextTests {
  @Test func twoDigitsEach() {
    #expect(hexText([0x00, 0x0A, 0xA1, 0xFF]) == "000AA1FF")
    #expect(hexText([0x35, 0xA1, 0x09], separator: ":") == "35:A1:09")
    #expect(hexText([0x05], separator: ":") == "05")
    #expect(hexText([], separator: ":").isEmpty)
  }

  @Test func slicesKeepTheirPlace() {
    let bytes: [UInt8] = [0x01, 0x02, 0x03]
    #expect(hexText(bytes[1...]) == "0203")
  }
}
