internal import CertificateKit
internal import Failures

/// A key reached through its maker's SKF library.
final class SKFToken {
  let source: TokenSource
  let calls: SKFCalls
  /// The device's name as the library gave it, which need not be UTF-8.
  let device: [UInt8]
  /// What an unanswered challenge holds open; see ``unlockChallenge(_:)``.
  var kept: SKFOpenChallenge?

  init(source: TokenSource, caller: any LibraryCaller, device: [UInt8]) {
    self.source = source
    calls = SKFCalls(caller: caller)
    self.device = device
  }

  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot {
    try calls.caller.session { () throws(Failure) in
      let handle = try calls.connect(device)
      defer { calls.close(.disConnectDev, handle) }
      let info = try Reading.item { () throws(Failure) in .value(try calls.info(handle)) }
      var snapshot = TokenSnapshot(
        source: source, family: .skf, atr: [], device: Self.deviceInfo(info),
        profile: try calls.has(.verifyPIN) ? "SKF" : nil, applications: .value([]), isComplete: false)
      snapshot.libraryRestarts = calls.caller.restarts
      snapshot.libraryUnlocksRemotely = try calls.unlocksRemotely()
      progress(snapshot)

      let names = try Reading.item { () throws(Failure) in .value(try calls.applications(handle)) }
      guard let names = names.value else {
        snapshot.applications = .failed(names.failure ?? Failure(.answerMalformed))
        snapshot.isComplete = true
        return snapshot
      }
      var applications: [ApplicationSnapshot] = []
      let budget = CertificateBudget()
      for (position, name) in names.enumerated() {
        let index = applications.count
        applications.append(Self.unread(name))
        if budget.isSpent {
          applications[index].containers = .failed(CertificateBudget.failure)
          continue
        }
        do throws(Failure) {
          try readApplication(handle, name, budget, options) { application in
            applications[index] = application
            snapshot.applications = .value(applications)
            progress(snapshot)
          }
        } catch {
          // The library ended in the middle. What it had told of the key stays, its PIN above all; the rest failed as it did.
          guard error.endsLibrary, applications[index].userPIN.value != nil else { throw error }
          applications[index].containers = .failed(error)
          applications += names[(position + 1)...].map { name in
            var unread = Self.unread(name)
            unread.containers = .failed(error)
            return unread
          }
          break
        }
      }
      snapshot.applications = names.isEmpty ? .absent : .value(applications)
      snapshot.isComplete = true
      return snapshot
    }
  }

  private func readApplication(
    _ device: SKFCalls.Handle, _ name: [UInt8], _ budget: CertificateBudget, _ options: ReadOptions,
    _ update: (ApplicationSnapshot) -> Void
  ) throws(Failure) {
    var result = Self.unread(name)
    let opened = try Reading.item { () throws(Failure) in .value(try calls.open(.openApplication, device, name)) }
    guard let application = opened.value else {
      result.containers = .failed(opened.failure ?? Failure(.answerMalformed))
      update(result)
      return
    }
    defer { calls.close(.closeApplication, application) }
    result.userPIN = try Reading.item { () throws(Failure) in .value(try calls.pinStatus(application, .user)) }
    result.adminPIN = try Reading.item { () throws(Failure) in .value(try calls.pinStatus(application, .admin)) }
    update(result)

    let names = try Reading.item { () throws(Failure) in .value(try calls.containers(application)) }
    guard let names = names.value else {
      result.containers = .failed(names.failure ?? Failure(.answerMalformed))
      update(result)
      return
    }
    var containers: [ContainerSnapshot] = []
    for name in names {
      containers.append(try readContainer(application, name, budget, options))
      result.containers = .value(containers)
      update(result)
      if budget.isSpent { break }
    }
    result.containers = names.isEmpty ? .absent : .value(containers)
    update(result)
  }

  private func readContainer(
    _ application: SKFCalls.Handle, _ name: [UInt8], _ budget: CertificateBudget, _ options: ReadOptions
  ) throws(Failure) -> ContainerSnapshot {
    let opened = try Reading.item { () throws(Failure) in .value(try calls.open(.openContainer, application, name)) }
    guard let container = opened.value else {
      return ContainerSnapshot(
        name: TokenName(name), kind: .failed(opened.failure ?? Failure(.answerMalformed)),
        entries: [.init(role: .signature, certificate: .failed(opened.failure ?? Failure(.answerMalformed)))])
    }
    defer { calls.close(.closeContainer, container) }
    let kind = try Reading.item { () throws(Failure) in .value(try calls.kind(container)) }
    var entries: [ContainerSnapshot.Entry] = []
    for role in [ContainerSnapshot.Role.signature, .encryption] where kind.value != .empty {
      let certificate: Reading<Certificate> = try Reading.item { () throws(Failure) in
        try budget.certificate { () throws(Failure) in
          try calls.certificate(container, signature: role == .signature)
        }
      }
      var entry = ContainerSnapshot.Entry(role: role, certificate: certificate)
      if options.keys, let value = certificate.value {
        entry.key = try KeyFit.item { () throws(Failure) in
          try calls.publicKey(container, signature: role == .signature).map { KeyFit(value, $0) } ?? .absent
        }
      }
      entries.append(entry)
    }
    return ContainerSnapshot(
      name: TokenName(name), kind: kind, entries: entries,
      signingObstacle: .ofGMT(signing: entries, SKFFunction.eccSignData.symbol))
  }

  private static func unread(_ name: [UInt8]) -> ApplicationSnapshot {
    ApplicationSnapshot(
      name: TokenName(name), userPIN: .notOffered, adminPIN: .notOffered, containers: .absent)
  }

  private static func deviceInfo(_ info: Reading<SKFDeviceInfo>) -> DeviceInfo {
    func item(_ body: (SKFDeviceInfo) -> TokenName) -> Reading<TokenName> {
      switch info {
      case .value(let info): body(info).isEmpty ? .absent : .value(body(info))
      case .failed(let failure): .failed(failure)
      case .absent, .notOffered: .notOffered
      }
    }
    func version(_ body: (SKFDeviceInfo) -> String) -> Reading<String> {
      switch info {
      case .value(let info): .value(body(info))
      case .failed(let failure): .failed(failure)
      case .absent, .notOffered: .notOffered
      }
    }
    return DeviceInfo(
      label: item(\.label), manufacturer: item(\.manufacturer), issuer: item(\.issuer), serial: item(\.serial),
      hardwareVersion: version(\.hardwareVersion), firmwareVersion: version(\.firmwareVersion),
      totalSpace: info.value?.totalSpace.map { .value($0) } ?? .notOffered,
      freeSpace: info.value?.freeSpace.map { .value($0) } ?? .notOffered)
  }
}
