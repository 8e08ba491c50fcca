import Base
import CertificateKit
import Failures
import Foundation
import Testing

@Suite struct TextTests {
  @Test func encodesPEMAsOpenSSLDoes() throws {
    let authority = try TestAuthority.shared.get()
    let certificate = try authority.certificate("rsa-sign")
    #expect(Array(certificate.pem.utf8) == (try authority.directory.read("rsa-sign.pem")))
  }

  @Test func decodesPEM() {
    for length in 1..<100 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      let text = PEM.encode(bytes)
      #expect(PEM.certificates(in: Array(text.utf8)) == [bytes])
      #expect(PEM.certificates(in: Array(text.replacing("\n", with: "\r\n").utf8)) == [bytes])
      #expect(text.contains(Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])))
    }
    #expect(PEM.certificates(in: Array(PEM.encode([1], label: "PRIVATE KEY").utf8)).isEmpty)
    #expect(PEM.certificates(in: Array("-----BEGIN CERTIFICATE-----\nAQ==\n".utf8)) == [nil])
    #expect(PEM.certificates(in: Array("-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----".utf8)) == [nil])
    #expect(PEM.certificates(in: []).isEmpty)
  }

  @Test func printsTextAsOpenSSLDoes() throws {
    let authority = try TestAuthority.shared.get()
    for family in TestAuthority.Family.allCases {
      let name = "\(family.rawValue)-sign"
      let expected = try authority.directory.openssl(
        "x509", "-in", "\(name).pem", "-noout", "-text", "-nameopt", "oneline,-esc_msb"
      ).text
      #expect(try authority.certificate(name).text() == expected)
    }
  }

  @Test func escapesWhatWouldMoveTheCursor() throws {
    var builder = CertificateBuilder()
    builder.extensions = [("2.5.29.17", DER.sequence(DER.element(0x82, Array("a\u{1B}[2Jb".utf8))))]
    let text = try Certificate(der: builder.der).text()
    #expect(!text.unicodeScalars.contains("\u{1B}"))
    #expect(text.contains("a\\u{1B}[2Jb"))
  }
}
