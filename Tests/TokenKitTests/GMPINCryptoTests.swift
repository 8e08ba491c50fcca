import Base
import Failures
import Testing

@testable import TokenKit

/// The published vectors: PIN "123456", new PIN "654321", R = 0102030405060708, AppID 1000.
@Suite struct GMPINCryptoTests {
  private let challenge: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

  private func pin(_ text: String) throws(Failure) -> PIN {
    var pin = try PIN()
    for byte in text.utf8 { _ = pin.append(byte) }
    return pin
  }

  @Test func authenticationBlocks() throws {
    let pin = try pin("123456")
    let prefixed = try GMPINCrypto.authentication(pin, challenge: challenge, .lengthPrefixed)
    #expect(hexText(prefixed) == "0566E5EB3B4A1E76864236FB8BEF7594")
    let filled = try GMPINCrypto.authentication(pin, challenge: challenge, .zeroFilled)
    #expect(hexText(filled) == "920EE2F758A377F47711FEA261F14D1C")
  }

  @Test func bareNewPIN() throws {
    let old = try pin("123456")
    let new = try pin("654321")
    let data = try GMPINCrypto.protectedPIN(
      new: new, keyFrom: old, challenge: challenge, applicationID: [0x10, 0x00], header: [0x84, 0x16, 0x00, 0x01], .bare
    )
    #expect(hexText(data) == "1000F3DE5A44DBA811A109E784EF964D653C" + "BAF0C0F7")
  }

  /// As Longmai's own library (V3.8) makes them for the random 0102030405060708.
  @Test(arguments: [
    ("123456", "654321", "FE70FC6B06522B584D5D2CB3AD1B8FE4", "AC872109"),
    ("admin", "12345678", "910A0AC272A56EDA59C81882A7B988E1", "CA029B35"),
    ("123456", "12345678901234", "781179B6F1FE698B48BDF830FF6C5D5C0707B3A0E19A096A7FC9E5671B9CFD29", "F645B64F"),
    ("123456", "1234567890123456", "4EC54D1B099499D5565B9AF95A67E55B32CB01A425BFCABC967D5BA06666550C", "FA1AB678"),
    ("1234567890123456", "654321", "FB6E6AFBC412226FC4F01DB719CDB09E", "6079342B"),
  ])
  func measuredNewPIN(_ admin: String, _ new: String, _ cipher: String, _ mac: String) throws {
    let admin = try pin(admin)
    let new = try pin(new)
    let data = try GMPINCrypto.protectedPIN(
      new: new, keyFrom: admin, challenge: challenge, applicationID: [0x10, 0x00], header: [0x84, 0x1A, 0x00, 0x00],
      .measured)
    #expect(hexText(data) == "1000" + cipher + mac)
  }

  @Test func longPINIsRefused() throws {
    let long = try pin("12345678901234567")
    let result = Result { try GMPINCrypto.authentication(long, challenge: challenge, .zeroFilled) }
    #expect(throws: Failure(.pinRule, context: "16")) { try result.get() }
  }
}
