/// What kind of key it is, by the driver that recognised it. The raw value stands in documents.
package enum TokenFamily: String, Sendable, CaseIterable {
  /// GM/T 0017 token reached by APDUs.
  case gmt0017
  /// NIST SP 800-73-4 PIV card.
  case piv
  /// A key behind its maker's SKF library (GM/T 0016).
  case skf
  /// A token behind a PKCS#11 module.
  case pkcs11
}

extension TokenFamily {
  /// What others than the driver have to know of a kind of key. One line for each kind: whoever adds one is asked for all.
  package struct Traits: Sendable, Equatable {
    /// As standards call it, the same in all languages.
    package var name: String
    /// Where one key is seen in several ways, the lower one is better: what this program speaks itself, then SKF, which
    /// knows the number of tries and both certificates, then PKCS#11, which knows neither.
    package var rank: Int
    /// Where its serial comes from.
    package var serialField: SerialField
    /// PIN commands differ from maker to maker: without a profile there is only reading, and the screen says so.
    package var needsProfile: Bool
    /// The administrator PIN is called PUK.
    package var adminIsPUK: Bool
    /// There is a command that checks the administrator PIN and does nothing else.
    package var verifiesAdmin: Bool
    /// A locked user PIN can be unlocked by an answer that is made elsewhere; otherwise only at the desk, with the
    /// administrator PIN.
    package var unlocksRemotely: Bool
    /// Places for keys are part of the standard: one without a certificate is no missing container.
    package var hasFixedSlots: Bool
  }

  /// Which field a driver takes the serial of a key from: equal fields are comparable.
  package enum SerialField: Sendable {
    /// The device information of GM/T 0017, which SKF hands on.
    case deviceInformation
    case cardHolder
    case tokenInfo
  }

  package var traits: Traits {
    switch self {
    case .gmt0017:
      Traits(
        name: "GM/T 0017", rank: 0, serialField: .deviceInformation, needsProfile: true, adminIsPUK: false,
        verifiesAdmin: true, unlocksRemotely: true, hasFixedSlots: false)
    case .piv:
      Traits(
        name: "PIV", rank: 0, serialField: .cardHolder, needsProfile: false, adminIsPUK: true, verifiesAdmin: false,
        unlocksRemotely: false, hasFixedSlots: true)
    case .skf:
      Traits(
        name: "SKF (GM/T 0016)", rank: 1, serialField: .deviceInformation, needsProfile: false, adminIsPUK: false,
        verifiesAdmin: true,
        unlocksRemotely: true, hasFixedSlots: false)
    case .pkcs11:
      Traits(
        name: "PKCS#11", rank: 2, serialField: .tokenInfo, needsProfile: false, adminIsPUK: false, verifiesAdmin: true,
        unlocksRemotely: false, hasFixedSlots: false)
    }
  }

  package var name: String { traits.name }
}
