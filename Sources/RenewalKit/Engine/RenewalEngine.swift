internal import Base
internal import CertificateKit
package import Failures
internal import Glibc
package import TokenKit
package import UnlockKit

/// The steps of a renewal that can be seen from outside.
package enum RenewalStep: String, Sendable, CaseIterable {
  case container
  case pair
  case request
  case encryptionPair
  case signatureCertificate
  case encryptionCertificate
  case check
  /// The old certificate's container goes.
  case removal
}

/// What was found when the new certificate was tried.
package struct RenewalProof: Sendable, Equatable {
  /// `nil`: there is no encryption pair, or this key has no way to try one.
  package var encryptionPair: Bool?
  package var hasEncryptionPair: Bool
}

/// Carries a renewal on: each function looks at the key first and does only what is missing, so that it may be called again
/// after whatever stopped it. What is not known any more is asked of the key and never guessed.
package struct RenewalEngine {
  package let directory: StateDirectory
  package private(set) var journal: RenewalJournal
  /// Called as each step begins that does something: what is there already is not told as written.
  package var progress: (RenewalStep) -> Void = { _ in }
  /// The command that removes the old container was about to be sent: whatever ended it, the old certificate may be gone.
  package private(set) var mayHaveRemoved = false

  package init(_ journal: RenewalJournal, in directory: StateDirectory) {
    self.journal = journal
    self.directory = directory
  }

  /// Begins an order: a number and with it the name of a container. Nothing is on the key yet.
  ///
  /// - Parameters:
  ///   - old: the certificate that is renewed; `nil` for a new key.
  ///   - subject: `Name`, DER, to ask for; `nil`: the old one's.
  ///   - request: SM3 of the request for the business.
  /// - Throws: `UK-535` when the key makes no pairs of the old certificate's kind; `UK-536` when it has no place left; `UK-611`.
  package static func begin(
    _ kind: UnlockKind, keySerial: String, application: TokenName, old: SigningKey?, subject: [UInt8]? = nil,
    offer: RenewalOffer, request: [UInt8]?, in directory: StateDirectory, now: Int64
  ) throws(Failure) -> RenewalEngine {
    let number = try newNumber()
    let keyKind: RenewalKeyKind
    if let old {
      guard let same = RenewalKeyKind(old.certificate.publicKey), offer.kinds.contains(same) else {
        throw Failure(.renewalNotOffered, context: old.certificate.publicKey.name)
      }
      keyKind = same
    } else {
      guard let first = offer.kinds.first else { throw Failure(.renewalNotOffered) }
      keyKind = first
    }
    var name = subject
    if name == nil, let old { name = try old.certificate.subjectName() }
    guard let name else { throw Failure(.certificateMissing, function: "subject") }
    var journal = RenewalJournal(
      number: number, kind: kind, created: now, keySerial: keySerial, application: application, keyKind: keyKind,
      subject: name, request: request, nameIsNumber: offer.namesAreNumbers)
    if let places = offer.places {
      // Not one that another order of this key has been given and not used yet.
      let taken = RenewalJournal.all(in: directory).journals.filter { $0.keySerial == keySerial }.map(\.container)
      guard let free = places.first(where: { !taken.contains($0) }) else { throw Failure(.renewalRoom) }
      journal.container = free
    }
    journal.oldContainer = old?.container
    journal.oldCertificate = old?.certificate.der
    try journal.save(in: directory)
    return RenewalEngine(journal, in: directory)
  }

  /// A number that no other order has. - Throws: `UK-901`.
  package static func newNumber() throws(Failure) -> [UInt8] {
    var number = [UInt8](repeating: 0, count: RenewalOrder.numberSize)
    guard getentropy(&number, number.count) == 0 else {
      throw Failure(.crypto, function: "getentropy", number: .errno(errno))
    }
    return number
  }

  mutating func keep(_ change: (inout RenewalJournal) -> Void) throws(Failure) {
    var next = journal
    change(&next)
    guard next != journal else { return }
    try next.save(in: directory)
    journal = next
  }
}

/// Until the order is written: container, pair, request.
extension RenewalEngine {
  /// Makes what is missing of container and pair, and has the key sign the request and, where there is an old certificate,
  /// the statement.
  ///
  /// - Throws: `UK-536` when there is no room, `UK-537` when the pair of this order is gone, `UK-538` when the key stored
  ///   none; what the key answered otherwise.
  package mutating func request(_ session: any RenewalSession, now: Int64) throws(Failure) -> RenewalOrder {
    let key = try pair(session)
    progress(.request)
    let information = CertificateRequest.information(subject: journal.subject, key: key)
    let csr = try CertificateRequest(
      information: information, signature: try session.sign(information, in: journal.container, by: key), key: key)
    var order = RenewalOrder(
      number: journal.number, kind: journal.kind, created: now, keySerial: journal.keySerial,
      application: journal.application.text, container: journal.container.text, csr: csr, request: journal.request)
    if let old = try oldKey() {
      order.old = (old.certificate, try session.sign(try order.statement(), with: old))
    }
    return order
  }

  /// The order has been written where the issuer finds it.
  ///
  /// - Parameter file: an absolute path.
  package mutating func wasRequested(_ file: String) throws(Failure) {
    try keep {
      if $0.stage == .paired { $0.stage = .requested }
      $0.file = file
    }
  }

  private func oldKey() throws(Failure) -> SigningKey? {
    guard let container = journal.oldContainer, let der = journal.oldCertificate else { return nil }
    return SigningKey(
      application: journal.application, container: container, certificate: try Certificate(der: der),
      keySerial: TokenName(journal.keySerial))
  }

  private mutating func pair(_ session: any RenewalSession) throws(Failure) -> PublicKeyInfo {
    let name = journal.container
    progress(.container)
    var found = try session.container(name)
    if let known = journal.pair {
      guard found != nil, try session.publicKey(.signature, in: name) == known else {
        throw Failure(.renewalPairGone, context: displaySafe(name))
      }
      return known
    }
    // Cut in the middle of making the pair, a key may tell of one that it does not have. Nobody has been told of it: the
    // container is this order's own, and is made anew rather than written over.
    if found?.hasSignaturePair == true, try session.publicKey(.signature, in: name) == nil {
      try session.deleteContainer(name)
      found = nil
    }
    if found == nil {
      try session.checkRoom(for: Self.room)
      try session.createContainer(name)
      if session.hasContainers, try session.container(name) == nil {
        throw Failure(.renewalReadBack, function: "CreateContainer", context: displaySafe(name))
      }
    }
    var made = try session.publicKey(.signature, in: name)
    if made == nil {
      progress(.pair)
      try session.generate(journal.keyKind, in: name)
      made = try session.publicKey(.signature, in: name)
    }
    guard let made else { throw Failure(.renewalReadBack, function: "GenKeyPair", context: displaySafe(name)) }
    guard RenewalKeyKind(made.kind) == journal.keyKind else {
      throw Failure(.renewalReadBack, function: "GenKeyPair", context: made.kind.name)
    }
    try keep {
      $0.pair = made
      $0.stage = .paired
    }
    return made
  }

  /// Bytes that two certificates and two pairs take.
  package static let room = 4096
}

/// From the answer to the old certificate's end.
extension RenewalEngine {
  /// Keeps an answer that was checked and agreed to: from here on the order can be carried to its end without its file.
  package mutating func accept(_ answer: CheckedAnswer) throws(Failure) {
    try keep {
      $0.signature = answer.signature.der
      $0.encryption = answer.encryption?.certificate.der
      $0.envelope = answer.encryption?.key
      if $0.stage != .installed { $0.stage = .answered }
    }
  }

  /// Writes what is missing of the answer, reads each part back, and tries both pairs.
  ///
  /// - Throws: `UK-537` when the pair of this order is gone, `UK-538` when the key holds something else than it was given,
  ///   `UK-534` when the encryption pair does not open what is encrypted to it; what the key answered otherwise.
  package mutating func install(_ session: any RenewalSession) throws(Failure) -> RenewalProof {
    let name = journal.container
    guard let der = journal.signature, let pair = journal.pair else {
      throw Failure(.renewalOrder, context: journal.numberText)
    }
    let signature = try Certificate(der: der)
    progress(.container)
    guard try session.container(name) != nil, try session.publicKey(.signature, in: name) == pair else {
      throw Failure(.renewalPairGone, context: displaySafe(name))
    }
    let encryption = try journal.encryption.map { der throws(Failure) in try Certificate(der: der) }
    if let envelope = journal.envelope, let encryption {
      try bring(envelope, try encryption.publicKeyInfo(), session)
    }
    try bring(signature, .signature, session)
    if let encryption { try bring(encryption, .encryption, session) }
    progress(.check)
    let proof = try prove(session, signature, encryption)
    try keep { if $0.stage == .answered { $0.stage = .installed } }
    return proof
  }

  private func bring(
    _ envelope: EnvelopedKey, _ key: PublicKeyInfo, _ session: any RenewalSession
  ) throws(Failure) {
    let name = journal.container
    if let there = try session.publicKey(.encryption, in: name) {
      guard there == key else {
        throw Failure(.renewalReadBack, function: "ImportKeyPair", context: displaySafe(name))
      }
      return
    }
    progress(.encryptionPair)
    do throws(Failure) {
      try session.importPair(envelope, in: name)
    } catch {
      // SM1 is not published: it is the key that knows it, or does not.
      guard envelope.algorithm == .sm1, error.concernsItemOnly else { throw error }
      throw Failure(
        .answerPair, function: error.function, number: error.number, context: "SM1", causes: [error])
    }
    guard try session.publicKey(.encryption, in: name) == key else {
      throw Failure(.renewalReadBack, function: "ImportKeyPair", context: displaySafe(name))
    }
  }

  private func bring(
    _ certificate: Certificate, _ role: ContainerSnapshot.Role, _ session: any RenewalSession
  ) throws(Failure) {
    let name = journal.container
    // What was cut in the middle cannot be read, and is written again.
    if let there = try? session.certificate(role, in: name), there == certificate.der { return }
    progress(role == .signature ? .signatureCertificate : .encryptionCertificate)
    try session.importCertificate(certificate, role, in: name)
    guard try session.certificate(role, in: name) == certificate.der else {
      throw Failure(.renewalReadBack, function: "ImportCertificate", context: role.rawValue)
    }
  }

  /// Signs something random with the new key and checks it with the new certificate; has the encryption pair open a session
  /// key.
  private func prove(
    _ session: any RenewalSession, _ signature: Certificate, _ encryption: Certificate?
  ) throws(Failure) -> RenewalProof {
    var random = [UInt8](repeating: 0, count: 32)
    guard getentropy(&random, random.count) == 0 else {
      throw Failure(.crypto, function: "getentropy", number: .errno(errno))
    }
    let key = SigningKey(
      application: journal.application, container: journal.container, certificate: signature,
      keySerial: TokenName(journal.keySerial))
    try signature.verify(try session.sign(random, with: key), of: random)
    guard let encryption else { return RenewalProof(encryptionPair: nil, hasEncryptionPair: false) }
    let opens = try session.opens(try encryption.publicKeyInfo(), in: journal.container)
    if opens == false {
      throw Failure(.answerPair, function: "ImportSessionKey", context: displaySafe(journal.container))
    }
    return RenewalProof(encryptionPair: opens, hasEncryptionPair: true)
  }

  /// Removes the container of the old certificate, after the new one has proved itself once more.
  ///
  /// - Throws: `UK-543` when it is not to be removed, and what ``install(_:)`` says.
  package mutating func removeOld(_ session: any RenewalSession) throws(Failure) {
    guard journal.stage == .installed || journal.stage == .closed, let old = journal.oldContainer,
      old != journal.container
    else { throw Failure(.oldStillNeeded, context: journal.stage.rawValue) }
    _ = try install(session)
    // Only what was renewed: under its name there may be something else by now.
    if try session.container(old) != nil {
      let there = try session.certificate(.signature, in: old)
      guard there == journal.oldCertificate else { throw Failure(.oldStillNeeded, context: displaySafe(old)) }
      progress(.removal)
      mayHaveRemoved = true
      try session.deleteContainer(old)
      guard try session.container(old) == nil else {
        throw Failure(.renewalReadBack, function: "DeleteContainer", context: displaySafe(old))
      }
    }
    try keep { $0.stage = .closed }
  }
}
