import Base
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

  @Test func numbersAreFilledWithZeros() {
    #expect(hexText(UInt(0x1F), digits: 4) == "001F" && lowerHexText(UInt(0x1F), digits: 4) == "001f")
    #expect(hexText(UInt(0x8010_0069), digits: 4) == "80100069")
  }

  @Test func lowerCaseAndBack() {
    let all = (0...255).map { UInt8($0) }
    #expect(bytes(hex: lowerHexText(all)) == all && lowerHexText(all).hasSuffix("fdfeff"))
    for bad in ["0", "0G", "FF", " 0", "é0"] { #expect(bytes(hex: bad) == nil) }
  }
}
