import CertificateKit
import Failures
import SeededRandom
import Testing

@testable import TokenKit

/// The forms of requests and answers, against vectors that this program has not made.
@Suite struct CodecTests {
  private func code(_ body: () throws(Failure) -> Void) -> FailureCode? {
    do throws(Failure) {
      try body()
      return nil
    } catch {
      return error.code
    }
  }

  @Test func envelopeOfAnotherProgramIsReadAndWritten() throws {
    let key = try EnvelopedKey(der: Vector.enveloped)
    #expect(key.algorithm == .sm4)
    #expect(key.point == Array(Vector.encryptionPoint.dropFirst()))
    #expect(key.der == Vector.enveloped)
    #expect(key.skf() == Vector.skf)
    #expect(try EnvelopedKey(skf: Vector.skf) == key)
    #expect(try EnvelopedKey(skf: key.skf(.left)) == key)
    let place: [UInt8] = [0x10, 0x00, 0x30, 0x01]
    #expect(GMPairLayout.sessionFirst.data(key, place: place, .big) == Vector.sessionFirst)
    #expect(GMPairLayout.privateFirst.data(key, place: place, .big) == Vector.privateFirst)
    #expect(GMPairLayout.sessionFirst.data(key, place: place, .little).count == 268)
    #expect(GMPairLayout.privateFirst.data(key, place: place, .little)[4..<8].elementsEqual([1, 0, 0, 0]))
  }

  /// The blob for a library whose ULONG has 8 bytes: each number is wider, and nothing else.
  @Test func blobOfAWideLibrary() throws {
    let key = try EnvelopedKey(der: Vector.enveloped)
    var wide: [UInt8] = []
    var place = 0
    for number in [0, 4, 8, 76, 368] {
      wide += Vector.skf[place..<number + 4] + [0, 0, 0, 0]
      place = number + 4
    }
    wide += Vector.skf[place...]
    #expect(wide.count == 408 && key.skf(width: 8) == wide)
    let left = key.skf(.left, width: 8)
    #expect(left[24..<56].elementsEqual(key.privateCipher) && left[56..<88].allSatisfy { $0 == 0 })
  }

  @Test func requestOfAnotherProgramIsReadAndWritten() throws {
    let request = try CertificateRequest(der: Vector.csr)
    #expect(request.key == (try PublicKeyInfo(sm2: Array(Vector.signaturePoint.dropFirst()))))
    #expect(CertificateRequest.information(subject: request.subject, key: request.key) == request.information)
    let again = try CertificateRequest(
      information: request.information, signature: request.signature, key: request.key)
    #expect(again.der == Vector.csr)
    #expect(try CertificateRequest(reading: Array(request.pem.utf8)) == request)
    var spoilt = Vector.csr
    spoilt[30] ^= 1
    #expect(code { () throws(Failure) in _ = try CertificateRequest(der: spoilt) } == .signatureInvalid)
  }

  /// Forms of one envelope that are met with.
  @Test func tolerates() throws {
    let key = try EnvelopedKey(der: Vector.enveloped)
    let oid: [UInt8] = [0x06, 0x07, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x68]
    let algorithms: [[UInt8]] = [
      oid, oid + [0x05, 0x00], [0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x68, 0x01],
      [0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x68, 0x01, 0x05, 0x00],
    ]
    for algorithm in algorithms {
      #expect(try EnvelopedKey(der: Self.envelope(algorithm, key.privateCipher)) == key)
    }
    let block = [UInt8](repeating: 0x5A, count: 16)
    let zeros = [UInt8](repeating: 0, count: 32)
    let fields = [
      key.privateCipher + block, zeros + key.privateCipher, block + block + key.privateCipher,
      key.privateCipher + zeros, key.privateCipher + block + block,
    ]
    for field in fields { #expect(try EnvelopedKey(der: Self.envelope(oid, field)) == key) }
    for field in [zeros + zeros, key.privateCipher + key.privateCipher, Array(key.privateCipher.dropLast()), [], block]
    {
      #expect(code { () throws(Failure) in _ = try EnvelopedKey(der: Self.envelope(oid, field)) } == .answerUnreadable)
    }
    // AES-128-ECB; SM4-CBC; SM4 with parameters that it does not have.
    let others: [[UInt8]] = [
      [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x01],
      [0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x68, 0x02], oid + [0x04, 0x01, 0x00], [],
    ]
    for algorithm in others {
      #expect(
        code { () throws(Failure) in _ = try EnvelopedKey(der: Self.envelope(algorithm, key.privateCipher)) }
          == .answerUnreadable)
    }
    // SM1 is kept as what it is.
    let sm1 = try EnvelopedKey(
      der: Self.envelope([0x06, 0x07, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x66], key.privateCipher))
    #expect(sm1.algorithm == .sm1)
    #expect(sm1.skf()[4..<8].elementsEqual([0x01, 0x01, 0x00, 0x00]))
    for layout in [GMPairLayout.sessionFirst, .privateFirst] {
      let data = layout.data(sm1, place: [0, 0, 0, 0], .big)
      #expect(data[8..<12].elementsEqual([0x00, 0x00, 0x01, 0x01]))
      #expect(data.suffix(from: 12).elementsEqual(layout.data(key, place: [0, 0, 0, 0], .big).suffix(from: 12)))
    }
  }

  private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    return
      (count < 128
      ? [tag, UInt8(count)]
      : count < 256
        ? [tag, 0x81, UInt8(count)] : [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)]) + content
  }

  private static func envelope(_ algorithm: [UInt8], _ field: [UInt8]) -> [UInt8] {
    // The session key of the vector as it stands there.
    let session = Array(Vector.enveloped[15..<15 + 123])
    let point = element(0x03, [0x00] + Vector.encryptionPoint)
    return element(0x30, element(0x30, algorithm) + session + point + element(0x03, [0x00] + field))
  }

  @Test func blobWithOtherNumbersIsRefused() throws {
    for (offset, value) in [(0, UInt8(2)), (4, 0x02), (8, 0x80), (76, 0x80), (368, 17), (85, 1)] {
      var blob = Vector.skf
      blob[offset] = value
      #expect(code { () throws(Failure) in _ = try EnvelopedKey(skf: blob) } == .answerUnreadable, "\(offset)")
    }
    for count in [0, 4, 372, 387, 389] {
      let blob = Array((Vector.skf + [0]).prefix(count))
      #expect(code { () throws(Failure) in _ = try EnvelopedKey(skf: blob) } == .answerUnreadable)
    }
    // Not on the curve.
    var blob = Vector.skf
    blob[140] ^= 1
    #expect(code { () throws(Failure) in _ = try EnvelopedKey(skf: blob) } == .answerUnreadable)
  }

  @Test func answersInEveryForm() throws {
    let key = try EnvelopedKey(der: Vector.enveloped)
    let sample = try Sample()
    let (signature, encryption) = (sample.signature, sample.encryption)
    let response = IssuedAnswer.response(signature: [signature], encryption: (encryption, key))
    var answer = IssuedAnswer()
    try answer.add(response)
    #expect(answer.certificates == [signature, encryption] && answer.envelope == key)

    func tagged(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
      Self.element(
        0x30, Self.element(0x31, signature) + Self.element(0xA0, first) + Self.element(0xA1, second))
    }
    let content = Array(key.der.dropFirst(3))
    for (first, second) in [
      (key.der, Self.element(0x31, encryption)), (content, encryption), (content, Self.element(0x31, encryption)),
    ] {
      var other = IssuedAnswer()
      try other.add(tagged(first, second))
      #expect(other == answer)
    }

    // In files of their own, as text and as bytes.
    let pem = try Certificate(der: signature).pem + (try Certificate(der: encryption).pem)
    for envelope in [
      key.der, key.skf(), Array(Base64.encode(key.der).utf8), Array((Base64.encode(key.skf()) + "\n").utf8),
    ] {
      var other = IssuedAnswer()
      try other.add(Array(pem.utf8))
      try other.add(envelope)
      #expect(other == answer)
    }
    #expect(Base64.encode(key.skf()).hasPrefix("AQAAAA"))
    var bare = IssuedAnswer()
    try bare.add(signature)
    try bare.add(signature)
    #expect(bare.certificates.count == 1)
    // PKCS#7 with certificates alone.
    let oid: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07]
    let signed = Self.element(
      0x30,
      [0x02, 0x01, 0x01, 0x31, 0x00] + Self.element(0x30, oid + [0x01])
        + Self.element(0xA0, signature + encryption) + [0x31, 0x00])
    var pkcs7 = IssuedAnswer()
    try pkcs7.add(Self.element(0x30, oid + [0x02] + Self.element(0xA0, signed)))
    #expect(pkcs7.certificates == [signature, encryption])

    // A second pair is a mixed-up answer.
    var other = key
    other.sessionHash[0] ^= 1
    #expect(code { () throws(Failure) in try answer.add(other.der) } == .answerUnreadable)
  }

  @Test func spoiltAnswersEndInAFailure() throws {
    let key = try EnvelopedKey(der: Vector.enveloped)
    let sample = try Sample()
    let good = [
      IssuedAnswer.response(signature: [sample.signature], encryption: (sample.encryption, key)), key.der, key.skf(),
      Vector.csr, Array(try Certificate(der: sample.signature).pem.utf8),
    ]
    var random = SeededRandom(16)
    for _ in 0..<Fuzzing.rounds {
      let bytes = Fuzzing.spoilt(good[Int.random(in: good.indices, using: &random)], &random)
      var answer = IssuedAnswer()
      _ = try? answer.add(bytes)
      _ = try? CertificateRequest(reading: bytes)
      _ = try? PublicKeyInfo(der: bytes)
    }
  }

  @Test func otherKindsOfKeys() throws {
    // Modulus of 1,024 bits at least.
    #expect(throws: Failure.self) {
      try PublicKeyInfo(modulus: [0xC1] + [UInt8](repeating: 7, count: 63), exponent: [1, 0, 1])
    }
    let rsa = try PublicKeyInfo(modulus: [0xC1] + [UInt8](repeating: 7, count: 255), exponent: [1, 0, 1])
    #expect(rsa.kind == .rsa(bits: 2048) && rsa.point == nil)
    #expect(throws: Failure.self) { try PublicKeyInfo(p256: [UInt8](repeating: 1, count: 64)) }
    #expect(throws: Failure.self) { try PublicKeyInfo(sm2: Array(Vector.signaturePoint.dropFirst(2))) }
  }
}
