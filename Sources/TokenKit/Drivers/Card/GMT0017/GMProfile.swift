/// Order of multi-byte integers in GM/T 0017 data fields. Real tokens differ; AppID and ContainerID are opaque in both.
enum GMByteOrder: Sendable, Equatable {
  case big
  case little

  func uint32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let four = bytes.prefix(4)
    return self == .big
      ? four.reduce(0) { $0 << 8 | UInt32($1) } : four.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// How one kind of GM/T 0017 token differs from the others, as data with its provenance.
///
/// Reading needs no profile. PIN commands run only under one: a wrong guess burns a try.
struct GMProfile: Sendable, Equatable {
  /// The 16-byte plain block that VerifyPIN encrypts.
  enum AuthenticationBlock: Sendable, Equatable {
    /// Variant A: `08 00 | R[8] | 80 00 00 00 00 00`.
    case lengthPrefixed
    /// Variant B: `R[8] | 00 × 8`, as GM/T 0016-2012 §8.2.3 words it for device authentication.
    case zeroFilled
  }

  /// How ChangePIN and UnblockPIN protect the new PIN.
  enum NewPINBlock: Sendable, Equatable {
    /// PIN padded with 00 to 16, 16 bytes; MAC header `CLA INS P1 P2 | hh ll | 00 00` with Lc without the MAC.
    case bare
    /// `length, u16 little-endian | PIN | 80 00 …` to whole blocks, 16 bytes for a PIN of up to 13, else 32; the MAC covers
    /// `PIN | 80 00 …` before it is encrypted, and no header.
    case measured
  }

  struct PINForm: Sendable, Equatable {
    var authentication: AuthenticationBlock
    var newPIN: NewPINBlock
    /// UnblockPIN is refused (6982) unless VerifyPIN with the administrator PIN went before; the same random then serves
    /// both, because such a token keeps it until the next GenRandom.
    var loginBeforeUnblock = false
  }

  /// How a new certificate comes onto the key.
  struct RenewalForm: Sendable, Equatable {
    var pairLayout: GMPairLayout
    /// Where the facts come from and how sure they are.
    var provenance: String
  }

  var name: String
  /// Where the facts come from and how sure they are; shown to the user who overrides the choice.
  var provenance: String
  /// Historical bytes of the ATR, or empty when the ATR does not decide.
  var historicalBytes: [UInt8]
  /// Manufacturer in DEVINFO, exactly; `nil` when it does not decide.
  var manufacturer: TokenName?
  /// `nil` leaves it to ``GMDeviceInformation/byteOrder``.
  var byteOrder: GMByteOrder?
  /// `nil`: reading only.
  var pin: PINForm?
  /// `nil`: no certificate is written.
  var renewal: RenewalForm?

  func matches(atr: [UInt8]) -> Bool {
    !historicalBytes.isEmpty && atr.count > historicalBytes.count
      && atr.indices.contains { atr[$0...].starts(with: historicalBytes) }
  }

  func matches(_ device: GMDeviceInformation, atr: [UInt8]) -> Bool {
    guard manufacturer != nil || !historicalBytes.isEmpty else { return false }
    if let manufacturer, device.manufacturer != manufacturer { return false }
    return historicalBytes.isEmpty || matches(atr: atr)
  }
}
