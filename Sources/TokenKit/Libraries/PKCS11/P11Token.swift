internal import Base
internal import CertificateKit
internal import Failures

/// A token behind a PKCS#11 module: shown as one application, with a container for each CKA_ID.
final class P11Token {
  let source: TokenSource
  let calls: P11Calls
  let slot: UInt64

  static let application: TokenName = "PKCS#11"
  private static let certificateLimit = 64
  /// Certificates beyond the limit, at the last look.
  private var cut = 0

  init(source: TokenSource, caller: any LibraryCaller, slot: UInt64) {
    self.source = source
    calls = P11Calls(caller: caller)
    self.slot = slot
  }

  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot {
    try calls.caller.session { () throws(Failure) in try snapshot(keys: options.keys, progress) }
  }

  /// Inside a session of the library's caller.
  ///
  /// - Parameter keys: as ``ReadOptions/keys``.
  func snapshot(
    keys: Bool = false, _ progress: (TokenSnapshot) -> Void = { _ in }
  ) throws(Failure) -> TokenSnapshot {
    let info = try calls.tokenInfo(slot)
    func item(_ value: TokenName) -> Reading<TokenName> { value.isEmpty ? .absent : .value(value) }
    let device = DeviceInfo(
      label: item(info.label), manufacturer: item(info.manufacturer), issuer: .notOffered, serial: item(info.serial),
      hardwareVersion: .value(info.hardwareVersion), firmwareVersion: .value(info.firmwareVersion))
    var application = ApplicationSnapshot(
      name: Self.application,
      userPIN: info.hasUserPIN || info.status(.user).isLocked ? .value(info.status(.user)) : .absent,
      adminPIN: .value(info.status(.admin)), containers: .absent)
    var snapshot = TokenSnapshot(
      source: source, family: .pkcs11, atr: [], device: device, profile: "PKCS#11",
      applications: .value([application]), isComplete: false)
    snapshot.libraryRestarts = calls.caller.restarts
    progress(snapshot)
    let containers = try Reading.item { () throws(Failure) in .value(try self.containers(keys: keys)) }
    application.containers = containers.value?.isEmpty == true ? Self.none(info) : containers
    snapshot.applications = .value([application])
    snapshot.isComplete = true
    return snapshot
  }

  /// Nothing was found without a login. Where the token wants one for some of what it holds, that is not nothing.
  private static func none(_ info: P11TokenInfo) -> Reading<[ContainerSnapshot]> {
    info.requiresLogin && info.hasUserPIN
      ? .failed(Failure(.certificatesPrivate, function: P11Function.findObjects.symbol)) : .absent
  }

  /// A certificate object, with the CKA_ID that pairs it with its key.
  struct Entry {
    var id: [UInt8]
    var label: TokenName
    var certificate: Reading<Certificate>
  }

  func entries(_ session: UInt64) throws(Failure) -> [Entry] {
    var result: [Entry] = []
    let objects = try calls.objects(session, CK.classCertificate)
    let budget = CertificateBudget()
    defer { cut = max(0, objects.count - Self.certificateLimit) }
    for object in objects.prefix(Self.certificateLimit) where !budget.isSpent {
      // CKC_X_509 is 0; a module that does not say (or says "unavailable") is believed to mean it.
      if let kind = try optional(session, object, CK.attributeCertificateType), kind.contains(where: { $0 != 0 }),
        kind.contains(where: { $0 != 0xFF })
      {
        continue
      }
      let certificate: Reading<Certificate> = try Reading.item { () throws(Failure) in
        try budget.certificate { () throws(Failure) in try calls.attribute(session, object, CK.attributeValue) }
      }
      result.append(
        Entry(
          id: try optional(session, object, CK.attributeID) ?? [],
          label: TokenName(try optional(session, object, CK.attributeLabel) ?? []), certificate: certificate))
    }
    return result
  }

  func optional(_ session: UInt64, _ object: UInt64, _ type: UInt64) throws(Failure) -> [UInt8]? {
    do throws(Failure) {
      return try calls.attribute(session, object, type)
    } catch {
      guard error.concernsItemOnly else { throw error }
      return nil
    }
  }

  /// What the public key objects of the token tell, by CKA_ID: the modulus or the point.
  private func publicKeys(_ session: UInt64) throws(Failure) -> [[UInt8]: [UInt8]] {
    var result: [[UInt8]: [UInt8]] = [:]
    let objects: [UInt64]
    do throws(Failure) {
      objects = try calls.objects(session, CK.classPublicKey)
    } catch {
      guard error.concernsItemOnly else { throw error }
      return [:]
    }
    for object in objects.prefix(Self.certificateLimit) {
      guard let id = try optional(session, object, CK.attributeID), !id.isEmpty else { continue }
      for type in [CK.attributeModulus, CK.attributePoint] where result[id] == nil {
        if let value = try optional(session, object, type), !value.isEmpty { result[id] = value }
      }
    }
    return result
  }

  private func containers(keys: Bool) throws(Failure) -> [ContainerSnapshot] {
    let session = try calls.openSession(slot, write: false)
    defer { calls.closeSession(session) }
    var result: [ContainerSnapshot] = []
    var places: [[UInt8]: Int] = [:]
    let told = keys ? try publicKeys(session) : [:]
    for entry in try entries(session) {
      let item = ContainerSnapshot.Entry(
        role: Self.role(entry.certificate), certificate: entry.certificate,
        label: entry.id.isEmpty || entry.label.isEmpty ? nil : entry.label,
        key: told[entry.id].map { KeyFit(entry.certificate.value, $0) } ?? .notTold)
      if !entry.id.isEmpty, let place = places[entry.id] {
        result[place].entries.append(item)
        continue
      }
      if !entry.id.isEmpty { places[entry.id] = result.count }
      let name =
        entry.id.isEmpty
        ? (entry.label.isEmpty ? TokenName("\(result.count + 1)") : entry.label)
        : TokenName(hexText(entry.id))
      result.append(
        ContainerSnapshot(
          name: name, kind: Self.kind(entry.certificate), entries: [item],
          signingObstacle: entry.certificate.value.flatMap { P11PINTarget.obstacle($0) }))
    }
    if cut > 0 {
      let failure = Failure(.answerTooLong, context: "\(Self.certificateLimit) / \(Self.certificateLimit + cut)")
      result.append(
        ContainerSnapshot(
          name: "…", kind: .notOffered, entries: [.init(role: .authority, certificate: .failed(failure))]))
    }
    return result
  }

  private static func role(_ certificate: Reading<Certificate>) -> ContainerSnapshot.Role {
    if certificate.value?.isAuthority == true { return .authority }
    return certificate.value?.use == .encryption ? .encryption : .signature
  }

  private static func kind(_ certificate: Reading<Certificate>) -> Reading<ContainerSnapshot.Kind> {
    switch certificate.value?.publicKey {
    case .sm2: .value(.sm2)
    case .rsa: .value(.rsa)
    case .ec: .value(.ec)
    case .other, nil: .notOffered
    }
  }
}
