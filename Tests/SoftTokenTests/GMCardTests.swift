import COpenSSL
import Testing

@testable import SoftToken

@Suite struct GMTokenReadingTests {
  @Test func deviceInformationHas288Bytes() throws {
    let host = Host(try GMCard.demo())
    let info = hex(host.send("80040000000000"))
    #expect(info.count == 290)
    #expect(text(info.suffix(2)) == "9000")
    #expect(info[164..<177].elementsEqual("DEMO-GM-00412".utf8))
    #expect(info[4..<19].elementsEqual("UKEY DEMO A-lm\0".utf8))
    #expect(text(info[216..<220]) == "00100000")
    #expect(text(info[200..<204]) == "00000403")
  }

  @Test func strictCardInsistsOnItsLe() throws {
    let host = Host(try GMCard.demo(behaviour: .bLE))
    #expect(host.send("80040000000000") == "6c00")
    #expect(host.send("80040000") == "6c00")
    let info = hex(host.send("80040000000120"))
    #expect(info.count == 290)
    #expect(text(info[200..<204]) == "03040000")
    #expect(text(info[216..<220]) == "00001000")
  }

  @Test func readsTheDemoAsACapturedClientDoes() throws {
    let host = Host(try GMCard.demo())
    #expect(host.send("80220000000000") == text("SZCA-DEMO".utf8) + "00009000")
    #expect(host.send("80260000000009" + text("SZCA-DEMO".utf8) + "000A") == "00000010204000201000" + "9000")
    // Without Le, as one client sends it, and with.
    let names = text("DEMO-SM2-DUAL\0DEMO-SM2-EXPIRING\0DEMO-RSA\0\0".utf8)
    #expect(host.send("804600000000021000") == names + "9000")
    #expect(host.send("8046000000000210000000") == names + "9000")
    #expect(host.send("804A000000000F1000" + text("DEMO-SM2-DUAL".utf8) + "000B") == "0200000100000001000101" + "9000")
    #expect(host.send("804A000000000A1000" + text("DEMO-RSA".utf8) + "000B") == "0100000800000000000100" + "9000")
    #expect(host.send("804A000000000A1000" + text("DEMO-RSB".utf8) + "000B") == "6a91")
    // A container must be open before its certificate is read.
    #expect(host.send("804E0100000004100030010000") == "6a94")
    #expect(host.send("804200000000 0F1000" + text("DEMO-SM2-DUAL".utf8) + "0002") == "30019000")
    let answer = hex(host.send("804E0100000004100030010000"))
    #expect(text(answer.suffix(2)) == "9000")
    let length = Int(answer[2]) << 8 | Int(answer[3])
    #expect(answer.count == 4 + length + 2)
    #expect(text(answer[4..<6]) == "3082")
    // Le too small.
    #expect(host.send("804E0100000004100030010010") == "6c00")
    #expect(host.send("804E0200000004100030010000") == "6a86")
    #expect(host.send("80440000000004 1000 3001") == "9000")
    #expect(host.send("804E0100000004100030010000") == "6a94")
    #expect(host.send("802800000000021000") == "9000")
    #expect(host.send("804600000000021000") == "698a")
  }

  @Test func littleEndianCardSwapsIntegersAndEchoesIdentifiers() throws {
    let host = Host(try GMCard.demo(behaviour: .bLE))
    #expect(host.send("80260000000009" + text("SZCA-DEMO".utf8) + "000A") == "10000000204020000100" + "9000")
    #expect(host.send("804A000000000F0100" + text("DEMO-SM2-DUAL".utf8) + "000B") == "0200010000000100000101" + "9000")
    #expect(host.send("80420000 00000F0100" + text("DEMO-SM2-DUAL".utf8) + "0002") == "01019000")
    let answer = hex(host.send("804E0000000004010001010000"))
    #expect(answer.count == 4 + (Int(answer[1]) << 8 | Int(answer[0])) + 2)
    // AppID in P1 P2: high byte first.
    #expect(host.send("80340001000000") == text("DEMO-CA-SM2.DER\0DEMO-CA-RSA.DER\0\0".utf8) + "9000")
  }

  @Test func classAndInstructionErrors() throws {
    let host = Host(try GMCard.demo())
    #expect(host.send("00A40400") == "6e00")
    #expect(host.send("84180001") == "6e00")
    #expect(host.send("80160001") == "6e00")
    #expect(host.send("80FF0000") == "6d00")
    #expect(host.send("80B40000") == "6a81")
    #expect(host.send("80040001000000") == "6a86")
    #expect(Host(try GMCard.demo(behaviour: .bLE)).send("80FF0000") == "6a81")
  }

  @Test func samplesAreWhatTheySay() throws {
    #expect(Host(try GMCard.demo(.blank)).send("80220000000000") == "009000")
    let empty = Host(try GMCard.demo(.noContainer))
    #expect(empty.send("8046000000000210000000") == "698a")
    _ = empty.openApplication()
    #expect(empty.send("8046000000000210000000") == "009000")
    let bare = Host(try GMCard.demo(.noCertificate))
    _ = bare.openContainer("DEMO-SM2-DUAL", bare.openApplication())
    #expect(bare.send("804E0100000004100030010000") == "6a96")
    let broken = Host(try GMCard.demo(.rawCertificate([0x30, 0x84, 0xFF])))
    _ = broken.openContainer("DEMO-SM2-DUAL", broken.openApplication())
    #expect(broken.send("804E0100000004100030010000") == "000000033084ff9000")
    let enc = Host(try GMCard.demo(.encryptionOnly))
    _ = enc.openContainer("ENC-ONLY", enc.openApplication())
    #expect(enc.send("804E0100000004100030010000") == "6a96")
    #expect(enc.send("804E0000000004100030010000").hasSuffix("9000"))
    let many = Host(try GMCard.demo(.containers(32)))
    _ = many.openApplication()
    #expect(hex(many.send("8046000000000210000000")).count { $0 == 0 } == 34)
    #expect(throws: (any Error).self) { try GMCard.demo(.containers(33)) }
    for sample in [GMSample.expired, .notYetValid, .emptyContainer] {
      #expect(Host(try GMCard.demo(sample)).openApplication() == [0x10, 0x00])
    }
  }
}

@Suite struct GMTokenSigningTests {
  private func point(_ host: Host, _ ids: [UInt8]) -> [UInt8] {
    Array(host.send("80880100", ids, le: "0000").dropLast(2).dropFirst(4))
  }

  /// Verifies r | s over a message by OpenSSL, or over a digest when `id` is nil.
  private func verify(_ signature: [UInt8], point: [UInt8], message: [UInt8], id: [UInt8]?) throws -> Bool {
    // SubjectPublicKeyInfo: id-ecPublicKey on the curve 1.2.156.10197.1.301.
    let info = hex("3059301306072a8648ce3d020106082a811ccf5501822d03420004") + point
    let made = info.withUnsafeBufferPointer { buffer -> OpaquePointer? in
      var cursor = buffer.baseAddress
      return d2i_PUBKEY(nil, &cursor, buffer.count)
    }
    let key = try #require(made)
    defer { EVP_PKEY_free(key) }
    let pair = ECDSA_SIG_new()
    defer { ECDSA_SIG_free(pair) }
    ECDSA_SIG_set0(pair, BN_bin2bn(signature, 32, nil), BN_bin2bn(Array(signature.dropFirst(32)), 32, nil))
    var der = [UInt8](repeating: 0, count: 80)
    let length = der.withUnsafeMutableBufferPointer { buffer -> Int32 in
      var cursor = buffer.baseAddress
      return i2d_ECDSA_SIG(pair, &cursor)
    }
    if let id {
      let context = EVP_MD_CTX_new()
      defer { EVP_MD_CTX_free(context) }
      var keyContext: OpaquePointer?
      EVP_DigestVerifyInit(context, &keyContext, EVP_sm3(), nil, key)
      EVP_PKEY_CTX_set1_id(keyContext, id, Int32(id.count))
      return EVP_DigestVerify(context, der, Int(length), message, message.count) == 1
    }
    let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
    defer { EVP_PKEY_CTX_free(context) }
    EVP_PKEY_verify_init(context)
    return EVP_PKEY_verify(context, der, Int(length), message, message.count) == 1
  }

  @Test func signsADigestOnlyAfterTheUserPIN() throws {
    let host = Host(try GMCard.demo())
    let application = host.openApplication()
    let ids = application + host.openContainer("DEMO-SM2-DUAL", application)
    let digest = [UInt8](0..<32)
    #expect(text(host.send("80740200", ids + digest)) == "6982")
    #expect(host.verify("12345678", type: 0, application) == "9000")
    #expect(text(host.send("80740200", ids + digest)) == "6982")
    #expect(host.verify("123456", application) == "9000")
    let answer = host.send("80740200", ids + digest)
    #expect(answer.count == 70)
    #expect(text(answer.prefix(4)) == "00000100")
    let signature = Array(answer[4..<68])
    #expect(try verify(signature, point: point(host, ids), message: digest, id: nil))
    #expect(try !verify(signature, point: point(host, ids), message: digest.reversed(), id: nil))
    #expect(text(host.send("80740200", ids + digest.dropLast())) == "6700")
    #expect(text(host.send("80740300", ids + digest)) == "6a86")
    #expect(text(host.send("801C0000", application)) == "9000")
    #expect(text(host.send("80740200", ids + digest)) == "6982")
  }

  @Test func signsAMessageWithItsID() throws {
    let host = Host(try GMCard.demo(behaviour: .bLE))
    let application = host.openApplication()
    let ids = application + host.openContainer("DEMO-SM2-DUAL", application)
    #expect(host.verify("123456", application, variant: "B") == "9000")
    let (id, message) = (Array("1234567812345678".utf8), Array("演示".utf8))
    let answer = host.send("80740100", ids + [16, 0, 0, 0] + id + message, le: "0044")
    #expect(text(answer.prefix(4)) == "00010000")
    #expect(try verify(Array(answer[4..<68]), point: point(host, ids), message: message, id: id))
    #expect(text(host.send("80740100", ids + [255, 255, 255, 255] + id, le: "0044")) == "6a80")
  }

  @Test func rsaSignsWithTheKeyItExports() throws {
    let host = Host(try GMCard.demo())
    let application = host.openApplication()
    let ids = application + host.openContainer("DEMO-RSA", application)
    let exported = host.send("80880100", ids, le: "0000")
    #expect(text(exported.prefix(6)) == "080000010001")
    #expect(exported.count == 6 + 256 + 2)
    #expect(host.verify("123456", application) == "9000")
    let message = Array("demo".utf8)
    let signature = Array(host.send("80580103", ids + message, le: "0000").dropLast(2))
    #expect(signature.count == 256)
    // The same by hand: DigestInfo given, nothing added.
    var digest = [UInt8](repeating: 0, count: 32)
    SHA256(message, message.count, &digest)
    let info = hex("3031300d060960864801650304020105000420") + digest
    #expect(Array(host.send("80580200", ids + info, le: "0000").dropLast(2)) == signature)
    #expect(host.send("80580101", ids + message, le: "0000").count == 258)
    #expect(text(host.send("80580109", ids + message, le: "0000")) == "6a9d")
    #expect(text(host.send("80580200", ids + [UInt8](repeating: 1, count: 300), le: "0000")) == "6a9c")
  }

  @Test func makesAndFillsAContainer() throws {
    let host = Host(try GMCard.demo(.noContainer))
    let application = host.openApplication()
    #expect(text(host.send("80400000", application + Array("NEW".utf8), le: "0002")) == "6982")
    #expect(host.verify("123456", application) == "9000")
    let created = host.send("80400000", application + Array("NEW".utf8), le: "0002")
    #expect(host.status(created) == "9000")
    let ids = application + created.prefix(2)
    #expect(text(host.send("804C0000", ids + [1, 0, 0, 0, 1, 0x30])) == "6a95")
    let made = host.send("80700000", ids + [0, 0, 1, 0], le: "0040")
    #expect(made.count == 66)
    #expect(point(host, ids) == made.dropLast(2))
    #expect(text(host.send("80700000", ids + [0, 0, 1, 0], le: "0040")) == "6985")
    #expect(text(host.send("804C0000", ids + [1, 0, 0, 0, 2, 0x30])) == "6700")
    #expect(text(host.send("804C0000", ids + [1, 0, 0, 0, 1, 0x30])) == "9000")
    #expect(text(host.send("804E0100", ids, le: "0000")) == "00000001309000")
    #expect(text(host.send("80480000", application + Array("NEW".utf8))) == "9000")
    #expect(text(host.send("804E0100", ids, le: "0000")) == "6a94")
  }
}
