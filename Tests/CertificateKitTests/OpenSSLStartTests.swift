import COpenSSL
import CertificateKit
import Testing

/// What starting OpenSSL leaves out is to be had when it is wanted.
@Suite struct OpenSSLStartTests {
  @Test func errorsOfItsOwnPartsHaveTheirSentence() throws {
    Certificate.warmUp()
    let sentences = [
      (ERR_LIB_ASN1, ASN1_R_WRONG_TAG), (ERR_LIB_X509, X509_R_NO_CERTIFICATE_FOUND), (ERR_LIB_EC, EC_R_UNKNOWN_GROUP),
      (ERR_LIB_RSA, RSA_R_BAD_SIGNATURE), (ERR_LIB_EVP, EVP_R_DECODE_ERROR),
    ].map { library, reason in
      ukey_openssl_reason(UInt(UInt32(library) << UInt32(ERR_LIB_OFFSET) | UInt32(reason))).map { String(cString: $0) }
    }
    #expect(
      sentences == ["wrong tag", "no certificate found", "unknown group", "bad signature", "decode error"])
  }

  @Test func anErrorThatItDoesNotKnowHasNone() {
    Certificate.warmUp()
    #expect(ukey_openssl_reason(0xFFF) == nil)
  }
}
