package import SmartCard

/// How a GM/T 0017 card fills the gaps and variants of the command set, seen from the card.
///
/// Deliberately not the driver's profile type: card and driver state their reading separately.
package struct GMCardBehaviour: Sendable {
  package enum ByteOrder: Sendable {
    case bigEndian
    case littleEndian
  }

  /// The 16-byte plain block that VerifyPIN and DevAuth carry encrypted.
  package enum AuthenticationBlock: Sendable {
    /// Variant A: `08 00 | R[8] | 80 00 00 00 00 00` (length little-endian).
    case lengthPrefixed
    /// Variant B: `R[8] | 00 × 8`.
    case zeroFilled
  }

  /// The encrypted new PIN in ChangePIN and UnblockPIN, and the header its MAC covers.
  package enum NewPINForm: Sendable {
    /// `PIN[16]` = 16 bytes; MAC over `CLA INS P1 P2 | hh ll` (Lc without the MAC) `| 00 00` and the data.
    case bare
    /// `length, u16 little-endian | PIN | 80 00 …` = 16 or 32 bytes; MAC over `PIN | 80 00 …`, as Longmai's library makes
    /// it for remote unblock.
    case measured
  }

  /// The order of the fields of ImportECCKeyPair.
  package enum PairLayout: Sendable {
    /// Session key, public key, private key in 64 bytes: as GM/T 0018 has them.
    case sessionFirst
    /// Private key in 32 bytes, public key, session key: as the structure of GM/T 0016 has them.
    case privateFirst
  }

  package var name: String
  /// Of integers in data fields, both directions.
  package var byteOrder: ByteOrder
  package var pinBlock: AuthenticationBlock
  /// GM/T 0016-2012 8.2.3 fills the random with zeros for device authentication, whatever VerifyPIN does.
  package var deviceBlock: AuthenticationBlock
  package var newPIN: NewPINForm
  /// Each random serves one command; otherwise the last one stays valid.
  package var consumesRandom: Bool
  /// Nₑ that GetDevInfo insists on; nil takes any that is large enough.
  package var deviceInfoExpected: Int?
  /// Nₑ that GetPINInfo insists on; nil takes any that is large enough.
  package var pinInfoExpected: Int?
  /// A wrong Le is answered 6C00 always; otherwise with the right length where it fits.
  package var hidesRightLength: Bool
  /// ChangePIN and UnblockPIN need VerifyPIN before.
  package var changeNeedsLogin: Bool
  /// Answer to a wrong MAC; nil for 63CX. A try is burnt either way, because the MAC key is the PIN.
  package var wrongMAC: UInt16?
  /// Answer to an instruction this card does not know at all.
  package var unknownInstruction: UInt16
  /// Width of the name in CreateApplication, bytes.
  package var applicationNameWidth: Int
  /// Width of the name in CreateFile, bytes.
  package var fileNameWidth: Int
  /// OpenApplication on an open application gives the same AppID again; otherwise 6A8A.
  package var reopensApplication: Bool
  /// Identifiers count up from here.
  package var firstApplicationID: UInt16
  package var firstContainerID: UInt16
  package var cardProtocol: CardProtocol
  package var pairLayout = PairLayout.privateFirst
  /// A new pair takes the place of one that is there; otherwise 6985.
  package var overwritesPairs = false
  /// Keys and certificates are files that are deleted, made and then filled, each a write of its own.
  package var deletesBeforeWriting = false
  /// Bytes that a certificate may have; `nil`: what fits an answer.
  package var certificateLimit: Int?

  /// `A-lm`: variant A, big-endian, as a commercial token is publicly known to read and to verify a PIN; the new PIN as
  /// Longmai's library protects it for remote unblock. That tokens take it in ChangePIN and UnblockPIN is **inferred, not
  /// verified on any**.
  package static let aLM = GMCardBehaviour(
    name: "A-lm", byteOrder: .bigEndian, pinBlock: .lengthPrefixed, deviceBlock: .zeroFilled, newPIN: .measured,
    consumesRandom: true, deviceInfoExpected: nil, pinInfoExpected: nil, hidesRightLength: false,
    changeNeedsLogin: false, wrongMAC: nil, unknownInstruction: 0x6D00, applicationNameWidth: 32, fileNameWidth: 40,
    reopensApplication: true, firstApplicationID: 0x1000, firstContainerID: 0x3001, cardProtocol: .t1)

  /// `B-le`: variant B, little-endian, after a published card operating system of 2015: strict Le, the random kept,
  /// ChangePIN only after VerifyPIN, a wrong MAC answered 6A80.
  package static let bLE = GMCardBehaviour(
    name: "B-le", byteOrder: .littleEndian, pinBlock: .zeroFilled, deviceBlock: .zeroFilled, newPIN: .bare,
    consumesRandom: false, deviceInfoExpected: 0x120, pinInfoExpected: 3, hidesRightLength: true,
    changeNeedsLogin: true, wrongMAC: 0x6A80, unknownInstruction: 0x6A81, applicationNameWidth: 48, fileNameWidth: 48,
    reopensApplication: true, firstApplicationID: 0x0001, firstContainerID: 0x0101, cardProtocol: .t1,
    pairLayout: .sessionFirst, overwritesPairs: true, deletesBeforeWriting: true, certificateLimit: 2048)

  /// The behaviour called `A-lm` or `B-le`.
  package static func named(_ name: String) -> GMCardBehaviour? {
    [aLM, bLE].first { $0.name.lowercased() == name.lowercased() }
  }

  /// Answer to reset. No ATR of a GM/T 0017 token is public, so these are this project's own: historical bytes
  /// `UKEYDEMO`, and after them TCK where T=1 is offered.
  var atr: [UInt8] {
    let historical = Array("UKEYDEMO".utf8)
    switch cardProtocol {
    case .t0:
      // TS direct, T0: TA1 absent, 8 historical bytes. T=0 alone has no TCK (ISO/IEC 7816-3 8.2.5).
      return [0x3B, 0x08] + historical
    case .t1:
      // T0: TD1; TD1: T=1 and TD2; TD2: T=1 and TA3, TB3; IFSC 254; BWI 4, CWI 5.
      let body: [UInt8] = [0x88, 0x81, 0x31, 0xFE, 0x45] + historical
      return [0x3B] + body + [body.reduce(0, ^)]
    }
  }
}
