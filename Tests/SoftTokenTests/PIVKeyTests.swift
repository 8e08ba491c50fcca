import COpenSSL
import Failures
import Testing

@testable import SoftToken

/// GENERAL AUTHENTICATE, the management key and writing (SP 800-73-4 part 2, 3.2.4 and 3.3).
@Suite struct PIVKeyTests {
  private static let hash = [UInt8](repeating: 0x5A, count: 32)
  /// 7C { 82 empty, 81 hash } for P-256, as in part 2, appendix A.
  private static let signTemplate: [UInt8] = [0x7C, 0x24, 0x82, 0x00, 0x81, 0x20] + hash

  private func host(_ slots: [UInt8]) throws -> (PIVHost, PrivateKey) {
    let key = try PrivateKey.generate(.p256)
    let issued = IssuedCertificate(certificate: [0x30, 0x00], privateKey: try key.pkcs8(), keyKind: .p256)
    return (try PIVHost { card in for slot in slots { try card.personalize(slot: slot, issued) } }, key)
  }

  private func authenticate(_ host: PIVHost, _ slot: UInt8, _ data: [UInt8], algorithm: UInt8 = 0x11) -> [UInt8] {
    host.card.process([0x00, 0x87, algorithm, slot, UInt8(data.count)] + data + [0x00])
  }

  private func isSigned(_ answer: [UInt8], by key: PrivateKey) -> Bool {
    guard
      text(answer.suffix(2)) == "9000",
      let outer = PIVTLV.decode(Array(answer.dropLast(2))), let items = outer[tag: 0x7C].flatMap(PIVTLV.decode),
      let signature = items[tag: 0x82], let context = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil)
    else { return false }
    defer { EVP_PKEY_CTX_free(context) }
    return EVP_PKEY_verify_init(context) == 1
      && EVP_PKEY_verify(context, signature, signature.count, Self.hash, Self.hash.count) == 1
  }

  @Test func signingNeedsThePINOnce() throws {
    let (host, key) = try self.host([0x9A])
    #expect(text(authenticate(host, 0x9A, Self.signTemplate)) == "6982")
    _ = host.verify("123456")
    for _ in 0..<3 { #expect(isSigned(authenticate(host, 0x9A, Self.signTemplate), by: key)) }
    _ = host.send("00 20 FF 80")
    #expect(text(authenticate(host, 0x9A, Self.signTemplate)) == "6982")
  }

  @Test func signatureKeyNeedsThePINRightBefore() throws {
    let (host, key) = try self.host([0x9C])
    _ = host.verify("123456")
    #expect(isSigned(authenticate(host, 0x9C, Self.signTemplate), by: key))
    #expect(text(authenticate(host, 0x9C, Self.signTemplate)) == "6982")
    _ = host.verify("123456")
    _ = host.getData("7E")
    #expect(text(authenticate(host, 0x9C, Self.signTemplate)) == "6982")
    // A chain of commands is one command.
    _ = host.verify("123456")
    #expect(text(host.card.process([0x10, 0x87, 0x11, 0x9C, 0x10] + Self.signTemplate.prefix(16))) == "9000")
    let last = host.card.process([0x00, 0x87, 0x11, 0x9C, 0x16] + Self.signTemplate.dropFirst(16) + [0x00])
    #expect(isSigned(last, by: key))
  }

  @Test func cardAuthenticationKeyNeedsNoPIN() throws {
    let (host, key) = try self.host([0x9E])
    #expect(isSigned(authenticate(host, 0x9E, Self.signTemplate), by: key))
  }

  @Test func wrongUseOfKeys() throws {
    let (host, _) = try self.host([0x9E])
    #expect(text(authenticate(host, 0x9A, Self.signTemplate)) == "6a88")
    #expect(text(authenticate(host, 0x9E, Self.signTemplate, algorithm: 0x07)) == "6a86")
    #expect(text(authenticate(host, 0x9E, hex("7C 04 82 00 81 00"))) == "6a80")
    #expect(text(authenticate(host, 0x9E, hex("7C 05 81 04"))) == "6a80")
    #expect(text(authenticate(host, 0x9E, hex("7C 07 82 00 85 03 04 01 01"))) == "6a80")
    #expect(
      text(authenticate(host, 0x9E, [0x7C, 0x45, 0x82, 0x00, 0x81, 0x41] + [UInt8](repeating: 1, count: 65))) == "6a80")
  }

  @Test func keyAgreementOfBothSidesIsTheSame() throws {
    let (host, key) = try self.host([0x9D])
    let other = PIVKey(kind: .p256, key: try PrivateKey.generate(.p256))
    let point = Array(try other.publicKey().dropFirst(2))
    _ = host.verify("123456")
    let answer = authenticate(host, 0x9D, [0x7C, 0x45, 0x82, 0x00, 0x85, 0x41] + point)
    let own = Array(try PIVKey(kind: .p256, key: key).publicKey().dropFirst(2))
    #expect(answer == [0x7C, 0x22, 0x82, 0x20] + (try other.agree(with: own)) + [0x90, 0x00])
  }

  /// 3DES-ECB of one block under the default key.
  private func encrypted(_ block: ArraySlice<UInt8>) throws -> [UInt8] {
    let key = hex("0102030405060708 0102030405060708 0102030405060708")
    return try #require(PIVCipher(algorithm: 0x03, key: key)).encrypt(Array(block))
  }

  private func authenticateManager(_ host: PIVHost) throws {
    let challenge = authenticate(host, 0x9B, hex("7C 02 81 00"), algorithm: 0x03)
    #expect(text(challenge.prefix(4)) == "7c0a8108")
    let response = try encrypted(challenge.dropFirst(4).dropLast(2))
    #expect(text(authenticate(host, 0x9B, [0x7C, 0x0A, 0x82, 0x08] + response, algorithm: 0x03)) == "9000")
  }

  @Test func blockCipherVector() throws {
    // FIPS 197, appendix C.1.
    let cipher = try #require(PIVCipher(algorithm: 0x08, key: hex("000102030405060708090a0b0c0d0e0f")))
    #expect(text(try cipher.encrypt(hex("00112233445566778899aabbccddeeff"))) == "69c4e0d86a7b0430d8cdb78070b4c55a")
    #expect(PIVCipher(algorithm: 0x08, key: [1]) == nil)
    #expect(PIVCipher(algorithm: 0x07, key: [1]) == nil)
  }

  @Test func writingNeedsTheManagementKey() throws {
    let host = try PIVHost()
    let put = "00 DB 3F FF 09 5C 03 5F C1 05 53 02 AB CD"
    #expect(host.send(put) == "6982")
    #expect(host.send("00 47 00 9A 05 AC 03 80 01 11 00") == "6982")
    try authenticateManager(host)
    #expect(host.send(put) == "9000")
    #expect(text(host.getData("5FC105")) == "5302abcd9000")
    #expect(host.send("00 DB 3F FF 07 5C 03 5F C1 05 53 00") == "9000")
    #expect(text(host.getData("5FC105")) == "6a82")
    #expect(host.send("00 DB 3F FF 04 5C 01 7E 53 00") == "6a80")
    #expect(host.send("00 DB 3F FF 05 5C 01 7E 53 00") == "6a82")
    #expect(host.send("00 47 00 9A 05 AC 03 80 01 11 00").hasPrefix("7f4943864104"))
    #expect(host.send("00 47 00 9A 05 AC 03 80 01 06 00") == "6a80")
    #expect(host.send("00 47 00 9B 05 AC 03 80 01 11 00") == "6a86")
    host.card.reset()
    _ = host.send(PIVHost.selectCommand)
    #expect(host.send(put) == "6982")
  }

  @Test func managementKeyByWitness() throws {
    let host = try PIVHost()
    let witness = authenticate(host, 0x9B, hex("7C 02 80 00"), algorithm: 0x03)
    #expect(text(witness.prefix(4)) == "7c0a8008")
    let wrong = [0x7C, 0x14, 0x80, 0x08] + witness.dropFirst(4).dropLast(2) + [0x81, 0x08] + hex("1122334455667788")
    #expect(text(authenticate(host, 0x9B, Array(wrong), algorithm: 0x03)) == "6982")
    // An answer without a challenge, or to one that was used up.
    #expect(text(authenticate(host, 0x9B, hex("7C 0A 82 08 1122334455667788"), algorithm: 0x03)) == "6985")
    #expect(text(authenticate(host, 0x9B, hex("7C 02 81 00"), algorithm: 0x08)) == "6a86")
    let challenge = authenticate(host, 0x9B, hex("7C 02 81 00"), algorithm: 0x03)
    #expect(challenge.count == 14)
    #expect(text(authenticate(host, 0x9B, hex("7C 0A 82 08 0000000000000000"), algorithm: 0x03)) == "6982")
  }

  @Test func demoCardHasFourSlots() throws {
    let host = PIVHost(card: try PIVCard.demo(now: 1_800_000_000))
    for tag in ["5FC105", "5FC10A", "5FC10B", "5FC101", "5FC102", "5FC107"] {
      let object = host.whole(host.getData(tag))
      #expect(object.status == "9000")
      #expect(PIVTLV.decode(object.data)?.count == 1)
    }
  }

  @Test func demoCardHoldsOnlyTheSlotsAskedFor() throws {
    for (setting, present) in [("slots=9C", ["5FC10A"]), ("slots=", [])] {
      let settings = try #require(PIVCardSettings(text: setting))
      let host = PIVHost(card: try PIVCard.demo(settings: settings, now: 1_800_000_000))
      for tag in ["5FC105", "5FC10A", "5FC10B", "5FC101"] {
        #expect(host.whole(host.getData(tag)).status == (present.contains(tag) ? "9000" : "6a82"))
      }
    }
    #expect(PIVCardSettings(text: "slots=9B") == nil)
  }
}
