internal import Failures

/// The cryptography of GM/T 0017 PIN commands for one command; see ``GMPINKey``.
enum GMPINCrypto {
  static func authentication(
    _ pin: borrowing PIN, challenge: [UInt8], _ block: GMProfile.AuthenticationBlock
  ) throws(Failure) -> [UInt8] {
    try GMPINKey(pin).authentication(challenge: challenge, block)
  }

  static func protectedPIN(
    new: borrowing PIN, keyFrom: borrowing PIN, challenge: [UInt8], applicationID: [UInt8], header: [UInt8],
    _ form: GMProfile.NewPINBlock
  ) throws(Failure) -> [UInt8] {
    try GMPINKey(keyFrom).protectedPIN(
      new: new, challenge: challenge, applicationID: applicationID, header: header, form)
  }
}
