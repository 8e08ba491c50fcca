package import CertificateKit
package import Failures
package import SmartCard

/// What to read, beyond the usual or less.
package struct ReadOptions: Sendable, Equatable {
  /// Also the retired key management slots 82 to 95 of a PIV card: twenty more commands.
  package var retiredSlots: Bool
  package var extent: Extent
  /// Also whether each private key fits its certificate: a command a certificate more.
  package var keys: Bool

  /// How much of a key is wanted. A driver that has to read more to know that much reads more.
  package enum Extent: Sendable, Equatable {
    case everything
    /// The certificates of the container called so, of all where none is named, and no more: no PINs, no serial.
    case certificates(container: String?)
    /// The certificates that may log in, and the PINs.
    case login
    /// Serial and PINs: no certificates.
    case pins
    /// Serial and user PIN.
    case userPIN
  }

  package init(retiredSlots: Bool = false, extent: Extent = .everything, keys: Bool = false) {
    self.retiredSlots = retiredSlots
    self.extent = extent
    self.keys = keys
  }
}

/// One opened key of any kind: the contract of every driver. Used by one thread at a time.
///
/// Each call is one transaction: the key is free for other programs in between.
package protocol Token: AnyObject {
  var source: TokenSource { get }
  /// Reads what the key shows without a PIN.
  ///
  /// - Parameter progress: gets the snapshot as far as read, each time a part has arrived; not the last one.
  /// - Returns: the complete snapshot. Items that the key refuses are in it as `.failed`.
  /// - Throws: when the key as a whole cannot be read any further (removed, held, service gone).
  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot

  /// Whether PIN commands may be sent to this key at all, and what PINs it takes. Asks the key only what tells its kind.
  func pinSupport() throws(Failure) -> PINSupport
  /// The state of one PIN, without costing a try.
  func pinStatus(_ reference: PINReference) throws(Failure) -> PINStatus
  /// Checks a PIN. Sends it once, after the tries left allow it under `consent`; the key is left not logged in.
  func verify(_ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent) -> PINOutcome
  /// Changes a PIN: checks the local rules, the tries, then the old PIN, then sets the new one.
  func changePIN(
    _ reference: PINReference, from old: borrowing PIN, to new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome
  /// Sets a new user PIN with the administrator PIN (PUK); `consent` counts the tries of the latter, which `reference`
  /// names.
  func unblockPIN(
    _ reference: PINReference, admin: borrowing PIN, new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome
  /// Asks the key for a fresh challenge for unlocking from afar. It lives as long as this object holds the key and
  /// nothing else uses it; see ``UnlockChallenge``.
  ///
  /// - Throws: `UK-506` when this kind of key has none, or no profile fits; `UK-406` when it is another key.
  func unlockChallenge(_ reference: PINReference) throws(Failure) -> UnlockChallenge
  /// Sends the answer to a challenge, once. `consent` counts the tries of the administrator PIN, which `reference` names:
  /// a wrong answer costs one.
  func applyUnlock(
    _ payload: UnlockPayload, to challenge: UnlockChallenge, _ reference: PINReference, consent: TryConsent
  ) -> PINOutcome
  /// The same, and then, with nobody in between, changes the user PIN from the temporary one that the answer sets to the
  /// holder's own: at no time does a key that others can reach have a PIN that somebody else has read.
  func applyUnlock(
    _ payload: UnlockPayload, to challenge: UnlockChallenge, _ reference: PINReference, consent: TryConsent,
    from temporary: borrowing PIN, to own: borrowing PIN
  ) -> UnlockOutcome
  /// Logs in, signs `message` with the key of a container's signature certificate, and logs out, in one transaction.
  func sign(
    _ message: [UInt8], with key: SigningKey, pin: borrowing PIN, consent: TryConsent
  ) -> SignOutcome
}

/// What a key shows after a login.
package enum LoggedInReading: Sendable {
  case read(TokenSnapshot)
  /// It ended at the PIN.
  case pin(PINOutcome)
}

extension Token {
  /// Logs in, reads the key with what it shows only then (`UK-307`), and logs out. Sends the PIN once, after the tries left
  /// allow it under `consent`. Most keys hide nothing and have no such operation.
  package func readLoggedIn(
    _ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent
  ) -> LoggedInReading {
    guard let token = self as? any HidingToken else {
      return .pin(.notSent(.failure(Failure(.notSupported, function: "login"))))
    }
    return token.readHidden(pin, reference, consent: consent)
  }
}

/// A key that may show certificates after a login only.
protocol HidingToken: Token {
  func readHidden(_ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent) -> LoggedInReading
}

/// Whether and how a key takes PIN commands.
package enum PINSupport: Sendable, Equatable {
  /// Under this profile; `provenance` says where its facts come from and how sure they are.
  case supported(profile: String, provenance: String, PINPolicy)
  /// Only reading: no profile matches.
  case noProfile
}

/// A private key by its container and the certificate that tells its kind.
package struct SigningKey: Sendable, Equatable {
  package var application: TokenName
  /// Container name; for PIV the slot (`9A`).
  package var container: TokenName
  package var certificate: Certificate
  package var keySerial: TokenName?
  /// As ``ContainerSnapshot/toldAlgorithm``.
  package var toldAlgorithm: UInt8?

  package init(
    application: TokenName, container: TokenName, certificate: Certificate, keySerial: TokenName? = nil,
    toldAlgorithm: UInt8? = nil
  ) {
    self.toldAlgorithm = toldAlgorithm
    self.application = application
    self.container = container
    self.certificate = certificate
    self.keySerial = keySerial
  }
}

/// What became of signing.
package enum SignOutcome: Sendable, Equatable {
  /// The signature as X.509 writes it: DER `SEQUENCE { r, s }` for SM2 and ECDSA, PKCS#1 v1.5 for RSA; over
  /// SM3 (with Z, ID 1234567812345678), SHA-256 or SHA-384 by the kind of key.
  case signed([UInt8])
  /// It ended at the PIN.
  case pin(PINOutcome)
}

/// A place where keys are found: pcscd, the embedded software token, later a vendor library.
package protocol TokenProvider: AnyObject, Sendable {
  /// As shown and given on the command line: `pcsc`, `demo`.
  var name: String { get }
  var isEmbedded: Bool { get }
  /// Whether its state is that of the reader service, which the screen shows by itself. A library is not.
  var isService: Bool { get }
  /// What to call it on the screen when it has no reader to show.
  var title: String { get }
  /// The readers with what is in them. - Throws: `UK-101` … when the service cannot be reached.
  func slots() throws(Failure) -> [TokenSlot]
  /// Connects to the key in this reader and finds its driver. The token is used by one thread at a time.
  ///
  /// - Throws: `UK-201` when no driver knows the card; `UK-120`, `UK-121`, `UK-124` … as the reader says.
  func open(_ reader: String) throws(Failure) -> any Token
  /// Delivers the present state and then each change, on the calling thread, until ``stop()``.
  func watch(_ deliver: (ReaderEvent) -> Void)
  /// Ends what a key's library is doing for somebody who does not want to wait any longer. A card's own limit ends what it does.
  func abandon()
  /// Looks once more for a service that refused.
  func retry()
  func stop()
}

extension TokenProvider {
  package var isService: Bool { true }
  package var title: String { name }
  package func abandon() {}
}

/// A reader and whether there is a key in it.
package struct TokenSlot: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    case empty
    case key(atr: [UInt8])
    /// Inserted but dumb: upside down, dirty, broken.
    case mute
  }

  package var source: TokenSource
  package var content: Content

  package init(source: TokenSource, content: Content) {
    self.source = source
    self.content = content
  }
}
