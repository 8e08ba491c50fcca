internal import CertificateKit
internal import Failures
internal import LoginToken
internal import TokenKit

/// What takes the holder's PIN.
extension DeskTask {

  /// The page's "login": the PIN is checked now and kept for one signature.
  func unlock(_ selector: CertificateSelector) throws(Refusal) -> Outcome {
    let certificate = try find(selector)
    let purpose = PINQuestion.Purpose.session(seconds: Int(SessionLease.seconds))
    let kept = try typed(certificate, purpose) { lease, consent in
      switch lease.verify(certificate, consent: consent) {
      case .verified: .done(SessionLease(certificate: certificate, lease: lease, consent: consent, until: 0))
      case let outcome: .ended(outcome)
      }
    }
    let now = desk.clock.monotonic()
    let old = desk.sessions.change(caller, now: now) { session in
      let old = session.lease
      session.lease = SessionLease(
        certificate: kept.certificate, lease: kept.lease, consent: kept.consent, until: now + SessionLease.seconds)
      session.chosen = certificate.id
      return old
    }
    old?.lease.end()
    desk.watchLeases()
    return .flag(true)
  }

  func sign(_ request: SigningRequest) throws(Refusal) -> Outcome {
    if let problem = FreeData.problem(request.data, for: caller.origin) { throw .data(problem) }
    let certificate = try find(request.selector)
    guard certificate.isForSigning else { throw .certificateMissing }
    let purpose = PINQuestion.Purpose.signature(
      bytes: request.data.count, preview: FreeData.preview(request.data))
    switch request.form {
    case .bare: return .bytes(try signature(over: request.data, certificate, purpose))
    case .rs:
      let der = try signature(over: request.data, certificate, purpose)
      let key = certificate.certificate.publicKey
      if case .rsa = key { return .bytes(der) }
      let size = if case .ec(_, let bits) = key { (bits + 7) / 8 } else { 32 }
      return .bytes(try Self.failing { () throws(Failure) in try Signature.rs(fromDER: der, size: size) })
    case .signedData(let isDetached):
      let builder = try Self.failing { () throws(Failure) in
        try SignedDataBuilder(
          request.data, signer: certificate.certificate,
          form: .init(for: certificate.certificate.publicKey, isDetached: isDetached))
      }
      let der = try signature(over: builder.input, certificate, purpose)
      return .bytes(try Self.failing { () throws(Failure) in try builder.finish(der) })
    }
  }

  func login(_ selector: CertificateSelector, _ nonce: Nonce) throws(Refusal) -> Outcome {
    let certificate = try find(selector)
    guard certificate.isForSigning else { throw .certificateMissing }
    let message: [UInt8]
    do throws(LoginRefusal) {
      message = try LoginToken.signedBytes(
        origin: caller.origin, nonce: nonce, certificate: certificate.certificate)
    } catch {
      throw .certificateMissing
    }
    // A login token is worth a prompt of its own: no PIN kept from before is used for it.
    let der = try prompted(message, certificate, .login)
    guard let token = LoginToken(certificate: certificate.certificate, signature: der) else { throw .notSupported }
    return .token(token)
  }

  private func signature(
    over message: [UInt8], _ certificate: HolderCertificate, _ purpose: PINQuestion.Purpose
  ) throws(Refusal) -> [UInt8] {
    guard let kept = desk.sessions.takeLease(caller, for: certificate, now: desk.clock.monotonic()) else {
      return try prompted(message, certificate, purpose)
    }
    defer { kept.lease.end() }
    switch kept.lease.sign(message, with: certificate, consent: kept.consent) {
    case .signed(let signature): return try checked(signature, message, certificate)
    case .pin(let outcome): throw Self.refusal(outcome)
    }
  }

  private func prompted(
    _ message: [UInt8], _ certificate: HolderCertificate, _ purpose: PINQuestion.Purpose
  ) throws(Refusal) -> [UInt8] {
    let signature = try typed(certificate, purpose) { lease, consent in
      defer { lease.end() }
      return switch lease.sign(message, with: certificate, consent: consent) {
      case .signed(let signature): .done(signature)
      case .pin(let outcome): .ended(outcome)
      }
    }
    return try checked(signature, message, certificate)
  }

  /// A signature that does not fit its certificate never leaves.
  private func checked(
    _ signature: [UInt8], _ message: [UInt8], _ certificate: HolderCertificate
  ) throws(Refusal) -> [UInt8] {
    try Self.failing { () throws(Failure) in try certificate.certificate.verify(signature, of: message) }
    return signature
  }

  /// What became of using a PIN.
  private enum Use<Value> {
    case done(Value)
    case ended(PINOutcome)
  }

  /// Has the PIN typed and used, again when it was wrong and enough tries are left. Each use costs at most one try, and
  /// each was typed.
  private func typed<Value>(
    _ certificate: HolderCertificate, _ purpose: PINQuestion.Purpose,
    _ use: (any PINLease, TryConsent) -> Use<Value>
  ) throws(Refusal) -> Value {
    try checkSupport(certificate)
    let (desk, ticket, origin) = (desk, ticket, caller.origin)
    let first = try question(certificate, purpose, nil)
    let result: Result<Value, Refusal> = try desk.ask(origin, certificate.source, ticket) { provider, ticket in
      var question = first
      while true {
        switch provider.pin(question, ticket) {
        case .ended(let end): return .failure(end)
        case .typed(let lease):
          // Between typing and use the page may have gone.
          if ticket.isWithdrawn {
            lease.end()
            return .failure(.withdrawn)
          }
          switch use(lease, question.consent) {
          case .done(let value): return .success(.success(value))
          case .ended(.wrong(let left)):
            lease.end()
            do throws(Refusal) {
              question = try self.question(certificate, purpose, .wrong, left: left)
            } catch {
              return .success(.failure(.pinWrong(triesLeft: left)))
            }
          case .ended(.notSent(.rule(let rule))):
            lease.end()
            question.previous = .notSent(rule)
          case .ended(let outcome):
            lease.end()
            return .success(.failure(Self.refusal(outcome)))
          }
        }
      }
    }
    return try result.get()
  }

  /// - Parameter left: what the key has just said of the tries: good enough where it cannot be asked now, as while another
  ///   program reads it.
  /// - Throws: when a page may not make this prompt appear.
  private func question(
    _ certificate: HolderCertificate, _ purpose: PINQuestion.Purpose, _ previous: PINQuestion.Previous?,
    left: Int? = nil
  ) throws(Refusal) -> PINQuestion {
    let status: PINStatus
    do throws(Refusal) { status = try pinStatus(certificate) } catch {
      guard let left else { throw error }
      status = PINStatus(triesMax: nil, triesLeft: left, isLocked: left == 0, isDefault: nil)
    }
    if status.isLocked { throw .pinLocked }
    if let left = status.triesLeft, left < ServiceDesk.fewestTries, left < 2 || !desk.takeFewTries(caller.origin) {
      throw .fewTries(left)
    }
    return PINQuestion(
      origin: caller.origin, purpose: purpose, certificate: certificate, triesLeft: status.triesLeft,
      consent: status.consentNeeded, previous: previous)
  }

  private func checkSupport(_ certificate: HolderCertificate) throws(Refusal) {
    let support = try Self.failing { () throws(Failure) in try desk.operations.open(certificate.source).pinSupport() }
    if case .noProfile = support { throw .noProfile }
  }

  static func refusal(_ outcome: PINOutcome) -> Refusal {
    switch outcome {
    case .wrong(let left): .pinWrong(triesLeft: left)
    case .locked: .pinLocked
    case .notSent(.tries(let left)): .fewTries(left)
    case .notSent(.noProfile): .noProfile
    case .notSent(.otherKey): .keyMissing
    case .notSent(.failure(let failure)), .refused(let failure): .keyFailed(failure)
    case .notSent(.rule): .cancelled
    case .unknown(_, let failure): .outcomeUnknown(failure)
    case .verified, .changed, .unblocked: .keyFailed(Failure(.internalError))
    }
  }

  private static func failing<Value>(_ body: () throws(Failure) -> Value) throws(Refusal) -> Value {
    do throws(Failure) { return try body() } catch { throw .keyFailed(error) }
  }
}
