import Failures
import Testing

@testable import SoftToken

@Suite struct GMPINTests {
  private func info(_ host: Host, _ application: [UInt8], type: String = "01") -> String {
    text(host.send("801400" + type, application, le: "0003"))
  }

  @Test(arguments: ["A-lm", "B-le"])
  func wrongPINCostsATryAndARightOneGivesThemBack(profile: String) throws {
    let host = Host(try GMCard.demo(behaviour: try #require(.named(profile))))
    let variant = String(profile.prefix(1))
    let application = host.openApplication()
    #expect(info(host, application) == "0a0a019000")
    #expect(info(host, application, type: "00") == "0a0a019000")
    #expect(host.verify("654321", application, variant: variant) == "63c9")
    #expect(info(host, application) == "0a09019000")
    #expect(host.verify("123456", application, variant: variant) == "9000")
    #expect(info(host, application) == "0a0a019000")
    // The other variant's block is a wrong PIN to the card.
    #expect(host.verify("123456", application, variant: variant == "A" ? "B" : "A") == "63c9")
    // Types other than 00 and 01.
    #expect(host.verify("123456", type: 2, application, variant: variant) == "6a86")
    #expect(info(host, application) == "0a09019000")
  }

  @Test func locksAfterTheLastTryAndStaysLocked() throws {
    let token = try GMCard.demo()
    let host = Host(token)
    let application = host.openApplication()
    for left in (0..<10).reversed() {
      #expect(host.verify("000000", application) == "63c" + String(left, radix: 16))
    }
    #expect(host.verify("123456", application) == "6983")
    token.reset()
    _ = host.openApplication()
    #expect(host.verify("123456", application) == "6983")
    #expect(host.setPIN("84160001", key: "123456", new: "abcdef", application) == "6983")
    #expect(info(host, application) == "0a00019000")
    #expect(info(host, application, type: "00") == "0a0a019000")
    // The administrator helps.
    #expect(host.setPIN("841A0000", key: "12345678", new: "abcdef", application) == "9000")
    #expect(info(host, application) == "0a0a009000")
    #expect(host.verify("abcdef", application) == "9000")
  }

  @Test func randomServesOnceInVariantAAndStaysInVariantB() throws {
    let a = Host(try GMCard.demo())
    let idA = a.openApplication()
    #expect(a.status(a.send("80180001", idA + [UInt8](repeating: 0, count: 16))) == "6984")
    #expect(a.verify("123456", idA) == "9000")
    #expect(a.status(a.send("80180001", idA + [UInt8](repeating: 0, count: 16))) == "6984")
    #expect(info(a, idA) == "0a0a019000")

    let b = Host(try GMCard.demo(behaviour: .bLE))
    let idB = b.openApplication()
    #expect(b.status(b.send("80180001", idB + [UInt8](repeating: 0, count: 16))) == "6984")
    let random = b.challenge()
    let cipher = Host.sm4(random + [UInt8](repeating: 0, count: 8), key: Host.pinKey("123456"), iv: nil)
    #expect(b.status(b.send("80180001", idB + cipher)) == "9000")
    #expect(b.status(b.send("80180001", idB + cipher)) == "9000")
  }

  @Test func needsTheApplicationOpen() throws {
    let host = Host(try GMCard.demo())
    #expect(host.verify("123456", [0x10, 0x00]) == "698a")
    #expect(info(host, [0x10, 0x00]) == "698a")
  }

  @Test func strictCardWantsLe3() throws {
    let host = Host(try GMCard.demo(behaviour: .bLE))
    let application = host.openApplication()
    #expect(text(host.send("80140001", application, le: "0004")) == "6c00")
    #expect(text(host.send("80140001", application, le: "0000")) == "6c00")
    #expect(info(host, application) == "0a0a019000")
  }

  @Test func changesThePINInVariantA() throws {
    let host = Host(try GMCard.demo())
    let application = host.openApplication()
    #expect(host.setPIN("84160001", key: "654321", new: "abcdef", application) == "63c9")
    #expect(host.setPIN("84160001", key: "123456", new: "abcdef", application, breakMAC: true) == "63c8")
    // The PIN was right, only the new one is too short: no try is lost.
    #expect(host.setPIN("84160001", key: "123456", new: "abc", application) == "6a80")
    #expect(info(host, application) == "0a0a019000")
    // Variant B's form says no length: a try is gone, because nothing tells it from a wrong key.
    #expect(host.setPIN("84160001", key: "123456", new: "abcdef", application, variant: "B") == "63c9")
    #expect(host.setPIN("84160001", key: "123456", new: "abcdefghijklmnop", application) == "9000")
    #expect(info(host, application) == "0a0a009000")
    #expect(host.verify("123456", application) == "63c9")
    #expect(host.verify("abcdefghijklmnop", application) == "9000")
    // The administrator PIN likewise.
    #expect(host.setPIN("84160000", key: "12345678", new: "adminadmin", application) == "9000")
    #expect(host.verify("adminadmin", type: 0, application) == "9000")
    #expect(info(host, application, type: "00") == "0a0a009000")
  }

  @Test func changesThePINInVariantBAfterLoginOnly() throws {
    let host = Host(try GMCard.demo(behaviour: .bLE))
    let application = host.openApplication()
    #expect(host.setPIN("84160001", key: "123456", new: "abcdef", application, variant: "B") == "6982")
    #expect(info(host, application) == "0a0a019000")
    #expect(host.verify("123456", application, variant: "B") == "9000")
    #expect(host.setPIN("84160001", key: "123456", new: "abcdef", application, variant: "B", breakMAC: true) == "6a80")
    #expect(info(host, application) == "0a09019000")
    #expect(host.verify("123456", application, variant: "B") == "9000")
    #expect(host.setPIN("84160001", key: "123456", new: "abcdef", application, variant: "B") == "9000")
    #expect(host.verify("abcdef", application, variant: "B") == "9000")
    #expect(host.setPIN("841A0000", key: "12345678", new: "123456", application, variant: "B") == "6982")
    #expect(host.verify("12345678", type: 0, application, variant: "B") == "9000")
    #expect(host.setPIN("841A0000", key: "12345678", new: "123456", application, variant: "B") == "9000")
    #expect(host.verify("123456", application, variant: "B") == "9000")
  }

  @Test func unblockingWithAWrongAdministratorPINBurnsItsOwnCounter() throws {
    let host = Host(try GMCard.demo())
    let application = host.openApplication()
    for left in (0..<10).reversed() {
      #expect(host.setPIN("841A0000", key: "87654321", new: "abcdef", application) == "63c" + String(left, radix: 16))
    }
    #expect(host.setPIN("841A0000", key: "12345678", new: "abcdef", application) == "6983")
    #expect(info(host, application) == "0a0a019000")
    #expect(info(host, application, type: "00") == "0a00019000")
  }

  @Test func fifteenIsTheMostThatAStatusWordShows() throws {
    var application = GMPersonalization.Application(name: "MANY")
    application.maximumTries = 20
    let content = GMPersonalization(applications: [application])
    let host = Host(try GMCard { () throws(Failure) in content })
    let id = host.openApplication("MANY")
    #expect(host.verify("000000", id) == "63cf")
    #expect(info(host, id) == "1413019000")
  }

  @Test func applicationsAreMadeAfterDeviceAuthentication() throws {
    let host = Host(try GMCard.demo(.blank))
    let pin = Array("111111".utf8) + [UInt8](repeating: 0, count: 10)
    let name = Array("NEWAPP".utf8) + [UInt8](repeating: 0, count: 26)
    let data = name + pin + [0, 0, 0, 6] + pin + [0, 0, 0, 6, 0, 0, 0, 0x10, 2, 4, 0, 2]
    #expect(data.count == 0x50)
    #expect(text(host.send("80200000", data)) == "6982")
    func authenticate(_ key: String) -> String {
      let block = host.challenge() + [UInt8](repeating: 0, count: 8)
      return text(host.send("80100002", Host.sm4(block, key: Array(key.utf8), iv: nil)))
    }
    #expect(authenticate("0000000000000000") == "63c9")
    #expect(authenticate("1234567812345678") == "9000")
    #expect(text(host.send("80200000", data)) == "9000")
    #expect(text(host.send("80200000", data)) == "6a89")
    let id = host.openApplication("NEWAPP")
    #expect(info(host, id) == "0606019000")
    #expect(host.verify("111111", id) == "9000")
    #expect(text(host.send("80240000", Array("NEWAPP".utf8))) == "9000")
    #expect(info(host, id) == "698a")
  }

  @Test func filesKeepTheirRights() throws {
    let host = Host(try GMCard.demo())
    let id = host.openApplication()
    let name = Array("NOTE".utf8)
    let create = name + [UInt8](repeating: 0, count: 36) + [0, 0, 0, 8, 0, 0, 0, 0xFF, 0, 0, 0, 0x10]
    #expect(text(host.send("80301000", create)) == "6982")
    #expect(host.verify("123456", id) == "9000")
    #expect(text(host.send("80301000", create)) == "9000")
    #expect(text(host.send("80301000", create)) == "6a92")
    #expect(text(host.send("80361000", name, le: "000C")) == "00000008000000ff000000109000")
    let place = id + [0, 2, 0, 4] + name
    #expect(text(host.send("803A0000", place + [0, 3, 1, 2, 3])) == "9000")
    #expect(text(host.send("803A0000", place + [0, 7, 1, 2, 3, 4, 5, 6, 7])) == "6b00")
    #expect(text(host.send("801C0000", id)) == "9000")
    #expect(text(host.send("803A0000", place + [0, 1, 9])) == "6982")
    #expect(text(host.send("80380000", place, le: "0004")) == "010203009000")
    #expect(text(host.send("80380000", id + [0, 8, 0, 4] + name, le: "0004")) == "6b00")
    #expect(text(host.send("80380000", id + [0, 0, 0, 4] + Array("NONE".utf8), le: "0004")) == "6a93")
  }
}
