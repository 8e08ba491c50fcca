internal import CertificateKit
internal import Failures
internal import Glibc
internal import LoginToken
internal import TokenKit

/// One operation of one caller.
struct DeskTask: Sendable {
  let desk: ServiceDesk
  let caller: Caller
  let ticket: PromptTicket

  enum Kind { case quick, card, prompt }

  func kind(of operation: Operation) -> Kind {
    let has = desk.grants.permissions(of: caller.origin, through: caller.adapter)
    if !caller.isOwnPage, !has.isSuperset(of: operation.needs) { return .prompt }
    // Just put in: the answer waits for it, not the thread that asks.
    let waits = operation.needs.contains(.read) && desk.keys.isReading
    return switch operation {
    case .unlock, .sign, .loginToken, .openPINChange: .prompt
    case .triesLeft: .card
    case _ where waits: .card
    default: .quick
    }
  }

  /// Answers from what is known already. For a caller that is permitted.
  func quick(_ operation: Operation) -> Outcome {
    do throws(Refusal) { return try answer(operation) } catch { return .refused(error) }
  }

  /// Asks the holder or a card. On a thread that may wait.
  func slow(_ operation: Operation) -> Outcome {
    do throws(Refusal) {
      try desk.permit(caller, operation.needs, ticket)
      desk.keys.settle(within: .seconds(10))
      switch operation {
      case .unlock(let selector): return try unlock(selector)
      case .sign(let request): return try sign(request)
      case .loginToken(let selector, let nonce): return try login(selector, nonce)
      case .triesLeft(let selector): return try triesLeft(selector)
      default: return try answer(operation)
      }
    } catch {
      return .refused(error)
    }
  }

  private func answer(_ operation: Operation) throws(Refusal) -> Outcome {
    switch operation {
    case .ping: return .flag(true)
    case .version: return .text(ServiceVersion.text)
    case .lastRefusal:
      let last = desk.sessions.change(caller, now: desk.clock.monotonic()) { $0.lastRefusal }
      return .last(last)
    case .refuse(let refusal): throw refusal
    case .keyPresent: return .flag(!desk.keys.keys.isEmpty)
    case .keys: return .keys(desk.keys.keys)
    case .device(let key, let item): return .text(try device(key, item))
    case .certificates(let isEncryption, let key):
      return .certificates(
        desk.keys.certificates.filter { found in
          (key == nil || found.keyID == key) && (isEncryption ? found.role == .encryption : found.isForSigning)
        })
    case .certificate(let selector): return .certificate(try find(selector))
    case .certificateItem(let selector, let item): return .text(try find(selector).certificate.text(of: item))
    case .parse(let der, let item): return .text(try Self.certificate(der).text(of: item))
    case .choose(let selector):
      let id = try find(selector).id
      desk.sessions.change(caller, now: desk.clock.monotonic()) { $0.chosen = id }
      return .flag(true)
    case .isUnlocked(let selector):
      let id = try find(selector).id
      let now = desk.clock.monotonic()
      return .flag(
        desk.sessions.change(caller, now: now) { session in
          session.lease.map { $0.certificate.id == id && $0.until > now } ?? false
        })
    case .lock:
      let caller = caller
      desk.sessions.endLeases(now: desk.clock.monotonic()) { other, _ in other == caller }
      return .flag(true)
    case .openPINChange:
      guard desk.openPINChange(for: caller.origin) else { throw .noPrompt }
      return .flag(true)
    case .verify(let request): return .flag(try Self.verify(request))
    case .inspect(let bytes, let item): return .bytes(try Self.inspect(bytes, item))
    case .random(let count):
      guard (1...1024).contains(count) else { throw .notSupported }
      var bytes = [UInt8](repeating: 0, count: count)
      for start in stride(from: 0, to: count, by: 256) {
        let length = min(256, count - start)
        let isFilled = bytes.withUnsafeMutableBytes { buffer in
          getentropy(buffer.baseAddress?.advanced(by: start), length) == 0
        }
        guard isFilled else { throw .notSupported }
      }
      return .bytes(bytes)
    case .digest(let algorithm, let data):
      do throws(Failure) { return .bytes(try algorithm.digest(of: data)) } catch { throw .notSupported }
    case .echo(let bytes): return .bytes(bytes)
    case .say(let text): return .text(text)
    case .describe(let der): return .parsed(try Self.certificate(der))
    case .unlock, .sign, .loginToken, .triesLeft: throw .notSupported
    }
  }

  func find(_ selector: CertificateSelector) throws(Refusal) -> HolderCertificate {
    let chosen = desk.sessions.change(caller, now: desk.clock.monotonic()) { $0.chosen }
    if let found = desk.keys.find(selector, chosen: chosen) { return found }
    throw desk.keys.keys.isEmpty ? .keyMissing : .certificateMissing
  }

  private func device(_ id: String?, _ item: DeviceItem) throws(Refusal) -> String {
    let keys = desk.keys.keys
    guard let key = id == nil ? keys.first : keys.first(where: { $0.id == id }) else { throw .keyMissing }
    return switch item {
    case .label: key.label
    case .manufacturer: key.manufacturer
    case .serial: key.id
    case .hardwareVersion: key.hardwareVersion
    case .firmwareVersion: key.firmwareVersion
    case .kind: "HARD"
    }
  }

  private func triesLeft(_ selector: CertificateSelector) throws(Refusal) -> Outcome {
    let certificate = try find(selector)
    let status = try pinStatus(certificate)
    if status.isLocked { return .number(0) }
    guard let left = status.triesLeft else { throw .notSupported }
    return .number(left)
  }

  func pinStatus(_ certificate: HolderCertificate) throws(Refusal) -> PINStatus {
    do throws(Failure) {
      return try desk.operations.open(certificate.source).pinStatus(certificate.reference)
    } catch {
      throw .keyFailed(error)
    }
  }

  private static func certificate(_ der: [UInt8]) throws(Refusal) -> Certificate {
    do throws(Failure) { return try Certificate(der: der) } catch { throw .malformed }
  }

  private static func verify(_ request: VerifyRequest) throws(Refusal) -> Bool {
    let content: [UInt8]
    if let given = request.content {
      content = given
    } else if case .signedData(let bytes) = request.signature {
      content = try inspect(bytes, .content)
    } else {
      throw .malformed
    }
    do throws(LoginRefusal) {
      _ = try request.signature.verify(content: content)
      return true
    } catch {
      return false
    }
  }

  private static func inspect(_ bytes: [UInt8], _ item: SignedDataItem) throws(Refusal) -> [UInt8] {
    do throws(Failure) {
      let message = try SignedData(der: bytes)
      switch item {
      case .content: return message.content ?? []
      case .signerCertificate: return message.certificates.first ?? []
      case .signature: return message.signers.first?.signature ?? []
      }
    } catch {
      throw .malformed
    }
  }
}

/// As pages of the common vendors compare it: three numbers.
package enum ServiceVersion {
  package static let text = "3.1.0"
}
