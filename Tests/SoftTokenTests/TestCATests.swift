import COpenSSL
import Testing

@testable import SoftToken

@Suite struct TestCATests {
  private func verify(_ der: [UInt8], against root: [UInt8], sm2: Bool) -> Bool {
    func parse(_ der: [UInt8]) -> OpaquePointer? {
      der.withUnsafeBufferPointer { buffer in
        var cursor = buffer.baseAddress
        return d2i_X509(nil, &cursor, buffer.count)
      }
    }
    guard let certificate = parse(der), let ca = parse(root) else { return false }
    defer {
      X509_free(certificate)
      X509_free(ca)
    }
    if sm2 {
      let id = ASN1_OCTET_STRING_new()
      ASN1_OCTET_STRING_set(id, Array("1234567812345678".utf8), 16)
      X509_set0_distinguishing_id(certificate, id)
    }
    return X509_verify(certificate, X509_get0_pubkey(ca)) == 1
  }

  @Test(arguments: [TestKeyKind.sm2, .p256, .p384])
  func issuesWhatItsRootVerifies(kind: TestKeyKind) throws {
    let ca = try TestCA.make(kind: kind)
    let issued = try ca.issue(
      .organization(
        name: "深圳市示例建设工程有限公司", uscc: "9144030071526726XG", keyKind: kind, notBefore: 1_700_000_000,
        notAfter: 1_800_000_000))
    #expect(verify(issued.certificate, against: ca.certificate, sm2: kind == .sm2))
    #expect(verify(ca.certificate, against: ca.certificate, sm2: kind == .sm2))
    let other = try TestCA.make(kind: kind)
    #expect(!verify(issued.certificate, against: other.certificate, sm2: kind == .sm2))
    let key = try PrivateKey(pkcs8: issued.privateKey)
    #expect(try key.pkcs8() == issued.privateKey)
    #expect(EVP_PKEY_is_a(key.pointer, kind.algorithmName) == 1)
  }

  @Test func sm2SignatureNeedsTheDefaultID() throws {
    let ca = try TestCA.make(kind: .sm2)
    #expect(!verify(ca.certificate, against: ca.certificate, sm2: false))
  }

  @Test func carriesTheOrganizationCodeAsUTF8String() throws {
    let ca = try TestCA.make(kind: .sm2)
    let issued = try ca.issue(
      .organization(name: "深圳市示例建设工程有限公司", uscc: "9144030071526726XG", notBefore: 0, notAfter: 1))
    let expected: [UInt8] = [0x0C, 0x12] + Array("9144030071526726XG".utf8)
    let bytes = issued.certificate
    #expect((0..<(bytes.count - expected.count)).contains { Array(bytes[$0..<($0 + expected.count)]) == expected })
  }

  @Test func refusesWhatIsNoKey() {
    #expect(throws: (any Error).self) { try PrivateKey(pkcs8: [0x30, 0x03, 0x02, 0x01, 0x00]) }
    #expect(throws: (any Error).self) { try PrivateKey(pkcs8: []) }
  }
}
