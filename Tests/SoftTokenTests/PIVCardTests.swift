import Failures
import Testing

@testable import SoftToken

/// SELECT, GET DATA and framing, from the text of SP 800-73-4 part 2.
@Suite struct PIVCardTests {
  private static let template = "61114f0600001000010079074f05a000000308"
  private static let sizes = [1, 200, 250, 251, 252, 253, 255, 256, 257, 507, 508, 511, 512, 4000]

  @Test func selectAnswersTheApplicationPropertyTemplate() throws {
    let host = try PIVHost()
    #expect(host.send(PIVHost.selectCommand) == Self.template + "9000")
    #expect(host.send("00 A4 04 00 09 A0 00 00 03 08 00 00 10 00") == Self.template + "9000")
    #expect(host.send("00 A4 04 00 05 A0 00 00 03 08 00") == Self.template + "9000")
    #expect(host.send("00 A4 04 00 05 A0 00 00 03 97 00") == "6a82")
    #expect(host.send("00 A4 04 00 0B A0 00 00 03 08 00 00 10 00 02 00 00") == "6a82")
    #expect(host.send("00 A4 04 00 0C A0 00 00 03 08 00 00 10 00 01 00 00 00") == "6a82")
    #expect(host.send("00 A4 00 00 02 3F 00 00") == "6a86")
    // An AID not there leaves the PIV application selected (3.1.1).
    #expect(host.send(PIVHost.emptyVerify) == "63c3")
  }

  @Test func strictCardWantsAtLeastTheAIDWithoutVersion() throws {
    let host = try PIVHost("partial-aid=no")
    #expect(host.send("00 A4 04 00 05 A0 00 00 03 08 00") == "6a82")
    #expect(host.send("00 A4 04 00 09 A0 00 00 03 08 00 00 10 00 00") == Self.template + "9000")
  }

  @Test func nothingButSelectBeforeSelect() throws {
    let host = try PIVHost()
    host.card.reset()
    #expect(host.send(PIVHost.emptyVerify) == "6d00")
    #expect(text(host.getData("5FC102")) == "6d00")
  }

  @Test func classesInstructionsAndLengths() throws {
    let host = try PIVHost()
    #expect(host.send("01 20 00 80") == "6881")
    #expect(host.send("0C 20 00 80") == "6882")
    #expect(host.send("80 20 00 80") == "6e00")
    #expect(host.send("00 F7 00 9A 00") == "6d00")
    #expect(host.send("00 FD 00 00 00") == "6d00")
    for wrong in ["00 20 00", "00 20 00 80 08 31", "00 CB 3F FF 00 00 05 5C 03 5F C1", "00 CB 3F FF 00 00"] {
      #expect(host.send(wrong) == "6700", "\(wrong)")
    }
    #expect(host.send("00 C0 00 00 00") == "6985")
    #expect(host.send("00 CB 3F 00 05 5C 03 5F C1 05 00") == "6a86")
    #expect(host.send("00 CB 3F FF 05 5D 03 5F C1 05 00") == "6a80")
    #expect(host.send("00 CB 3F FF 05 5C 04 5F C1 05 00") == "6a80")
  }

  @Test func yubicoExtensions() throws {
    let host = try PIVHost("version=5.2.7,serial=4294967295")
    #expect(host.send("00 FD 00 00 00") == "0502079000")
    #expect(host.send("00 F8 00 00 00") == "ffffffff9000")
  }

  @Test func discoveryObjectStandsAlone() throws {
    #expect(text(try PIVHost().getData("7E")) == "7e124f0ba0000003080000100001005f2f0240009000")
    #expect(text(try PIVHost("discovery=no").getData("7E")) == "6a82")
  }

  @Test func objectsAreHiddenBySettings() throws {
    let guid = [UInt8](0..<16)
    func identity(_ settings: String) throws -> PIVHost {
      try PIVHost(settings) { try $0.personalizeIdentity(guid: guid) }
    }
    let chuid = text(try identity("").getData("5FC102"))
    #expect(chuid.hasPrefix("533b3019d4e739da739ced39ce739d836858210842108421c84210c3eb3410" + text(guid)))
    #expect(chuid.hasSuffix("9000"))
    #expect(text(try identity("").getData("5FC107")).hasPrefix("5333f015a000000116"))
    #expect(text(try identity("chuid=no").getData("5FC102")) == "6a82")
    #expect(text(try identity("ccc=no").getData("5FC107")) == "6a82")
    #expect(text(try identity("missing=5300").getData("5FC105")) == "53009000")
  }

  @Test func certificateObjectsOfEverySlot() throws {
    let places: [(slot: UInt8, tag: String)] = [
      (0x9A, "5FC105"), (0x9C, "5FC10A"), (0x9D, "5FC10B"), (0x9E, "5FC101"), (0x82, "5FC10D"), (0x95, "5FC120"),
    ]
    for (slot, tag) in places {
      let host = try PIVHost { try $0.personalize(slot: slot, certificate: [0x30, slot]) }
      #expect(text(host.getData(tag)) == "53097002" + text([0x30, slot]) + "710100fe009000")
      #expect(text(host.getData("5FC10C")) == "5308c101" + (slot < 0x96 ? "01" : "00") + "c20100fe009000")
    }
    #expect(throws: Failure(.notSupported, context: "PIV slot")) {
      try PIVHost { try $0.personalize(slot: 0x96, certificate: []) }
    }
  }

  @Test func compressedCertificateSaysSo() throws {
    let host = try PIVHost("gzip=yes") {
      try $0.personalize(slot: 0x9A, certificate: [UInt8](repeating: 7, count: 999))
    }
    let answer = text(host.getData("5FC105"))
    #expect(answer.contains("1f8b08"))
    #expect(answer.hasSuffix("710101fe009000"))
    #expect(answer.count < 200)
  }

  @Test func someObjectsNeedThePIN() throws {
    let host = try PIVHost { try $0.personalize(object: 0x5F_C109, content: [0x01, 0x00]) }
    #expect(text(host.getData("5FC109")) == "6982")
    #expect(host.verify("123456") == "9000")
    #expect(text(host.getData("5FC109")) == "530201009000")
  }

  @Test(arguments: sizes) func shortAnswersComeInPieces(size: Int) throws {
    let content = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
    let object = PIVTLV.encode(0x53, content)
    for (settings, most) in [("", 256), ("piece=255", 255), ("extended=no", 256), ("always61=yes,piece=255", 255)] {
      let host = try PIVHost(settings) { try $0.personalize(object: 0x5F_FF01, content: content) }
      _ = host.whole(host.card.process(hex(PIVHost.selectCommand)))
      let answer = host.whole(host.getData("5FFF01"))
      #expect(answer.data == object)
      #expect(answer.status == "9000")
      var expected = settings.hasPrefix("always61") ? [0] : []
      expected += stride(from: 0, to: object.count, by: most).map { min(most, object.count - $0) }
      #expect(answer.pieces == expected)
      // Each 61xx announces what is left, 00 from 256 on where a piece can be 256 long.
      for (index, announced) in answer.announced.enumerated() {
        let left = object.count - expected[...index].reduce(0, +)
        #expect(Int(announced) == (left > 255 ? (most == 255 ? 255 : 0) : left))
      }
      #expect(host.send("00 C0 00 00 00") == "6985")
    }
  }

  @Test(arguments: sizes) func extendedLeTakesAllAtOnce(size: Int) throws {
    let content = [UInt8](repeating: 0xA5, count: size)
    let object = PIVTLV.encode(0x53, content)
    let host = try PIVHost { try $0.personalize(object: 0x5F_FF01, content: content) }
    let answer = host.card.process(hex("00 CB 3F FF 00 00 05 5C 03 5F FF 01 00 00"))
    #expect(answer == object + [0x90, 0x00])
    let limited = host.whole(host.card.process(hex("00 CB 3F FF 00 00 05 5C 03 5F FF 01 01 2C")))
    #expect(limited.data == object)
    #expect(limited.pieces[0] == min(300, object.count))
    let strict = try PIVHost("extended=no") { try $0.personalize(object: 0x5F_FF01, content: content) }
    #expect(strict.send("00 CB 3F FF 00 00 05 5C 03 5F FF 01 00 00") == "6700")
  }

  @Test func answerTooLongForAnyReaderIsRefused() throws {
    let host = try PIVHost { try $0.personalize(object: 0x5F_FF01, content: [UInt8](repeating: 0, count: 65_536)) }
    #expect(text(host.getData("5FFF01")) == "6f00")
  }

  @Test func commandWithoutLe() throws {
    #expect(try PIVHost().send("00 CB 3F FF 03 5C 01 7E").hasSuffix("9000"))
    let host = try PIVHost("no-le=61xx")
    #expect(host.send("00 CB 3F FF 03 5C 01 7E") == "6114")
    #expect(host.send("00 C0 00 00 14").count == 2 * 22)
  }

  @Test func wrongLeOnACardThatInsists() throws {
    let host = try PIVHost("exact-le=yes")
    #expect(host.send("00 CB 3F FF 03 5C 01 7E 20") == "6c14")
    #expect(host.send("00 CB 3F FF 03 5C 01 7E 14").count == 2 * 22)
    #expect(host.send("00 CB 3F FF 03 5C 01 7E 00").count == 2 * 22)
    #expect(host.send("00 CB 3F FF 03 5C 01 7E 10").hasSuffix("6104"))
    #expect(host.send("00 C0 00 00 05") == "6c04")
    #expect(host.send("00 C0 00 00 04") == "2f0240009000")
  }

  @Test func chainedCommandsAreOneCommand() throws {
    let host = try PIVHost()
    #expect(host.send("10 CB 3F FF 02 5C 01") == "9000")
    #expect(host.send("00 CB 3F FF 01 7E 00").hasPrefix("7e12"))
    #expect(host.send("10 CB 3F FF 02 5C 01") == "9000")
    #expect(host.send("00 CB 3F FE 01 7E 00") == "6883")
    #expect(host.send(PIVHost.emptyVerify) == "63c3")
    #expect(try PIVHost("chaining=no").send("10 CB 3F FF 02 5C 01") == "6884")
  }

  @Test func chainWithoutEndIsCutOff() throws {
    let host = try PIVHost()
    let link = hex("10 DB 3F FF FF") + [UInt8](repeating: 0, count: 255)
    let answers = (0..<80).map { _ in text(host.card.process(link)) }
    #expect(answers.first == "9000")
    #expect(answers.contains("6a84"))
  }

  @Test func newCommandForgetsPendingData() throws {
    let host = try PIVHost { try $0.personalize(object: 0x5F_FF01, content: [UInt8](repeating: 1, count: 600)) }
    #expect(text(host.getData("5FFF01").suffix(2)) == "6100")
    #expect(host.send(PIVHost.emptyVerify) == "63c3")
    #expect(host.send("00 C0 00 00 00") == "6985")
  }

  @Test func answersToReset() throws {
    #expect(
      text(PIVCard(settings: try #require(PIVCardSettings(text: "protocol=t0"))).atr) == "3b6900008073c021c053504956")
    let atr = PIVCard().atr
    #expect(text(atr) == "3b898131fe158073c021c0535049561c")
    // TCK makes the exclusive or of all but TS zero (ISO/IEC 7816-3, 8.2.5).
    #expect(atr.dropFirst().reduce(0, ^) == 0)
  }

  @Test func fascNHasOddParityAndItsCheck() {
    let bits = PIVObject.fascN.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
    #expect(bits.count == 200)
    var check: [UInt8] = [0, 0, 0, 0]
    for symbol in stride(from: 0, to: 200, by: 5).map({ Array(bits[$0..<$0 + 5]) }) {
      #expect(symbol.reduce(0, +) % 2 == 1)
      for index in 0..<4 { check[index] ^= symbol[index] }
    }
    #expect(check == [0, 0, 0, 0])
  }

  @Test func settingsRoundTrip() throws {
    for text in [
      "", "extended=no,piece=255,gzip=yes,tries=5,version=1.2.3,serial=7,reselect=lose,protocol=t0,blocked=63C0",
    ] {
      let settings = try #require(PIVCardSettings(text: text))
      #expect(PIVCardSettings(text: settings.description) == settings)
      for item in text.split(separator: ",") { #expect(settings.description.contains(item)) }
    }
    #expect(PIVCardSettings.keys.count == PIVCardSettings().description.split(separator: ",").count)
    for wrong in [
      "piece=254", "tries=0", "tries=16", "x=1", "extended", "extended=", "version=1.2", "serial=-1", "=",
      "delay=60001",
    ] {
      #expect(PIVCardSettings(text: wrong) == nil, "\(wrong)")
    }
  }
}
