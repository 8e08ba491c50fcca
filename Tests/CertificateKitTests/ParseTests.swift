import CertificateKit
import Failures
import Foundation
import Testing

@Suite struct ParseTests {
  private func named(_ value: [UInt8], oid: String = "2.5.4.3") throws -> String? {
    var builder = CertificateBuilder()
    builder.subject = [(oid, value)]
    return try Certificate(der: builder.der).subject.attributes.first?.value
  }

  @Test(arguments: TestAuthority.Family.allCases)
  func agreesWithOpenSSL(_ family: TestAuthority.Family) throws {
    let authority = try TestAuthority.shared.get()
    let name = "\(family.rawValue)-sign"
    let der = try authority.der(name)
    let certificate = try Certificate(der: der)
    let printed = try authority.directory.openssl(
      "x509", "-in", "\(name).pem", "-noout", "-subject", "-issuer", "-serial", "-fingerprint", "-sha256", "-startdate",
      "-enddate", "-dateopt", "iso_8601", "-nameopt", "sep_comma_plus_space,utf8,sname"
    ).text
    var fields: [String: String] = [:]
    for line in printed.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      fields[String(parts[0]).trimmingCharacters(in: .whitespaces)] = String(parts[1])
    }
    #expect(certificate.subject.text == fields["subject"])
    #expect(certificate.issuer.text == fields["issuer"])
    #expect(certificate.serialText.replacing(":", with: "").drop { $0 == "0" } == fields["serial"]?.drop { $0 == "0" })
    #expect(try certificate.fingerprintText(.sha256) == fields["sha256 Fingerprint"])
    let format = ISO8601DateFormatter()
    let zulu = { (text: String?) in
      text.flatMap { format.date(from: $0.replacing(" ", with: "T")) }.map { Int64($0.timeIntervalSince1970) }
    }
    #expect(certificate.validity.notBefore == zulu(fields["notBefore"]))
    #expect(certificate.validity.notAfter == zulu(fields["notAfter"]))
    let sm3 = try authority.directory.openssl("x509", "-in", "\(name).pem", "-noout", "-fingerprint", "-sm3").text
    #expect(sm3.contains(try certificate.fingerprintText(.sm3)))

    #expect(certificate.owner == "深圳市示例建设工程有限公司")
    #expect(certificate.keyUsage == [.digitalSignature, .nonRepudiation])
    #expect(certificate.use == .signature)
    #expect(certificate.extendedKeyUsage == ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"])
    #expect(
      certificate.uscc == USCCFinding(code: "9144030071526726XG", source: "1.2.156.10260.4.1.4", check: .valid))
    let expected: (PublicKey, String) =
      switch family {
      case .sm2: (.sm2, "SM3withSM2")
      case .rsa: (.rsa(bits: 2048), "SHA256withRSA")
      case .p256: (.ec(curve: "prime256v1", bits: 256), "SHA256withECDSA")
      }
    #expect(certificate.publicKey == expected.0)
    #expect(certificate.signatureAlgorithm == expected.1)
    let pair = try authority.certificate("\(family.rawValue)-enc")
    #expect(pair.use == .encryption)
    #expect(pair.uscc?.source == "subject OU")
  }

  @Test func readsEveryStringType() throws {
    let gb: [UInt8] = [0xC9, 0xEE, 0xDB, 0xDA, 0xCA, 0xD0]
    let utf8 = Array("深圳市".utf8)
    #expect(try named(DER.printable("Example Co")) == "Example Co")
    #expect(try named(DER.utf8("深圳市")) == "深圳市")
    #expect(try named(DER.element(0x14, gb)) == "深圳市")
    #expect(try named(DER.element(0x14, utf8)) == "深圳市")
    #expect(try named(DER.element(0x13, gb)) == "深圳市")
    #expect(try named(DER.element(0x13, utf8)) == "深圳市")
    #expect(try named(DER.element(0x14, [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72])) == "Müller")
    #expect(try named(DER.bmp("深圳市𠮷")) == "深圳市𠮷")
    #expect(try named(DER.element(0x1C, [0, 0, 0x6D, 0xF1, 0, 2, 0x0B, 0xB7])) == "深𠮷")
    #expect(try named(DER.element(0x16, Array("a@example.com".utf8)), oid: "1.2.840.113549.1.9.1") == "a@example.com")
  }

  @Test func agreesWithOpenSSLOnBMPAndUniversalStrings() throws {
    var builder = CertificateBuilder()
    builder.subject = [
      ("2.5.4.10", DER.bmp("深圳市示例建设")), ("2.5.4.3", DER.element(0x1C, [0, 0, 0x6D, 0xF1, 0, 0, 0x57, 0x33])),
    ]
    let printed = try OpenSSLCommand.run(
      ["x509", "-inform", "DER", "-noout", "-subject", "-nameopt", "sep_comma_plus_space,utf8,sname"],
      input: builder.der
    ).text
    #expect("subject=\(try Certificate(der: builder.der).subject.text)\n" == printed)
  }

  @Test func keepsWhatItCannotRead() throws {
    #expect(try named(DER.element(0x0C, [0x41, 0xFF, 0x42])) == "A\u{FFFD}B")
    #expect(try named(DER.element(0x0C, [0xC9, 0xEE, 0xDB, 0xDA])) == "深圳")
    #expect(try named(DER.element(0x0C, Array("深圳市".utf8.dropLast()))) == "深圳\u{FFFD}")
    #expect(try named(DER.element(0x1E, [0x6D, 0xF1, 0x57])) == "深\u{FFFD}")
    #expect(try named(DER.element(0x13, [0x41, 0xFF, 0x42])) == "A\u{FFFD}B")
    #expect(try named(DER.element(0x14, [0x41, 0x80])) == "A\u{FFFD}")
    #expect(try named(DER.element(0x1E, [0xD8, 0x00, 0x00, 0x41])) == "\u{FFFD}A")
    #expect(try named(DER.element(0x1C, [0, 0x11, 0, 0])) == "\u{FFFD}")
    #expect(try named(DER.element(0x04, [0xDE, 0xAD])) == "#DEAD")
    #expect(try named(DER.element(0x03, [0x00, 0xAD])) == "#AD")
    #expect(try named(DER.element(0x1A, Array("visible".utf8))) == "visible")
    #expect(try named(DER.element(0x0C, [0x41, 0x00, 0x42])) == "A\0B")
  }

  @Test func unknownAttributesKeepTheirOID() throws {
    var builder = CertificateBuilder()
    builder.subject = [("1.2.86.11.7.12345", DER.utf8("x")), ("2.5.4.3", DER.utf8("y"))]
    #expect(try Certificate(der: builder.der).subject.text == "1.2.86.11.7.12345=x, CN=y")
  }

  @Test(arguments: [
    (UInt8(0x17), "260101000000Z", Int64(1_767_225_600)),
    (0x17, "2601010000Z", 1_767_225_600),
    (0x17, "260101080000+0800", 1_767_225_600),
    (0x17, "260101000000", 1_767_225_600),
    (0x17, "20260101000000Z", 1_767_225_600),
    (0x17, "500101000000Z", -631_152_000),
    (0x17, "491231235959Z", 2_524_607_999),
    (0x18, "20260101000000Z", 1_767_225_600),
    (0x18, "20260101000000.123Z", 1_767_225_600),
    (0x18, "20251231190000-05", 1_767_225_600),
    (0x18, "2026010100Z", 1_767_225_600),
    (0x18, "99991231235959Z", 253_402_300_799),
    (0x18, "00000101000000Z", -62_167_219_200),
    (0x18, "20240229000000Z", 1_709_164_800),
  ])
  func readsTimes(tag: UInt8, text: String, expected: Int64) throws {
    var builder = CertificateBuilder()
    builder.notAfter = DER.element(tag, Array(text.utf8))
    #expect(try Certificate(der: builder.der).validity.notAfter == expected)
  }

  @Test(arguments: [
    "", "Z", "2601", "261301000000Z", "260230000000Z", "20250229000000Z", "260101240000Z", "260101006000Z",
    "260101000000+9900", "260101000000Zx", "2601010000٣0Z", "260101000000.Z", "-60101000000Z",
  ])
  func refusesWhatIsNoTime(_ text: String) throws {
    var builder = CertificateBuilder()
    builder.notBefore = DER.element(0x17, Array(text.utf8))
    let failure = #expect(throws: Failure.self) { try Certificate(der: builder.der) }
    #expect(failure?.code == .certificateMalformed)
    #expect(failure?.context?.hasPrefix("notBefore") == true)
  }

  @Test func namesKeysThatOpenSSLCannotLoad() throws {
    var builder = CertificateBuilder()
    let junk: [UInt8] = [0x04] + [UInt8](repeating: 0xFF, count: 64)
    builder.key = junk
    builder.keyAlgorithm = DER.oid("1.2.840.10045.2.1") + DER.oid("1.2.156.10197.1.301")
    builder.signatureAlgorithm = "1.2.156.10197.1.501"
    #expect(try Certificate(der: builder.der).publicKey == .sm2)
    #expect(try Certificate(der: builder.der).signatureAlgorithm == "SM3withSM2")
    builder.keyAlgorithm = DER.oid("1.2.840.10045.2.1") + DER.oid("1.2.3.4.5")
    builder.signatureAlgorithm = "1.2.3.4.6"
    #expect(try Certificate(der: builder.der).publicKey == .ec(curve: "1.2.3.4.5", bits: 256))
    #expect(try Certificate(der: builder.der).signatureAlgorithm == "1.2.3.4.6")
    builder.keyAlgorithm = DER.oid("1.2.840.10045.2.1") + DER.oid("1.3.132.0.35")
    #expect(try Certificate(der: builder.der).publicKey == .ec(curve: "secp521r1", bits: 521))
    builder.keyAlgorithm = DER.oid("1.2.3.4.7")
    #expect(try Certificate(der: builder.der).publicKey == .other(oid: "1.2.3.4.7"))
    builder.keyAlgorithm = DER.oid("1.2.840.113549.1.1.1") + DER.element(0x05, [])
    builder.key = DER.sequence(
      DER.element(0x02, [0, 0x80] + [UInt8](repeating: 1, count: 255)), DER.element(0x02, [3]))
    #expect(try Certificate(der: builder.der).publicKey == .rsa(bits: 2048))
  }

  @Test(arguments: [
    ([UInt8](), CertificateUse.unknown), ([0x03, 0x02, 0x06, 0xC0], .signature),
    ([0x03, 0x02, 0x04, 0x30], .encryption),
    ([0x03, 0x02, 0x04, 0xF0], .both), ([0x03, 0x02, 0x01, 0x06], .unknown), ([0x03, 0x02, 0x03, 0x08], .encryption),
  ])
  func tellsTheUse(extnValue: [UInt8], expected: CertificateUse) throws {
    var builder = CertificateBuilder()
    if !extnValue.isEmpty { builder.extensions = [("2.5.29.15", extnValue)] }
    #expect(try Certificate(der: builder.der).use == expected)
  }

  @Test func readsTheNinthUsageBit() throws {
    var builder = CertificateBuilder()
    builder.extensions = [("2.5.29.15", [0x03, 0x03, 0x07, 0x00, 0x80])]
    #expect(try Certificate(der: builder.der).keyUsage == .decipherOnly)
  }

  @Test func readsSerialNumbers() throws {
    var builder = CertificateBuilder()
    #expect(try Certificate(der: builder.der).serialText == "35:A1:09")
    builder.serial = [0x00, 0xFF]
    #expect(try Certificate(der: builder.der).serialText == "00:FF")
    builder.serial = [0xFF, 0x01]
    #expect(try Certificate(der: builder.der).serial == [0xFF, 0x01])
  }
}
