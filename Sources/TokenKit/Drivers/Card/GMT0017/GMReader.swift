internal import CertificateKit
internal import Failures
internal import SmartCard

/// Reads a GM/T 0017 token: applications, PIN state, containers and both certificates of each.
struct GMReader {
  var source: TokenSource
  var device: GMDeviceInformation
  var profile: GMProfile?
  private let budget = CertificateBudget()

  init(source: TokenSource, device: GMDeviceInformation, profile: GMProfile?) {
    self.source = source
    self.device = device
    self.profile = profile
  }

  func read(
    _ card: borrowing CardTransaction, _ options: ReadOptions, _ progress: (TokenSnapshot) -> Void
  ) throws(Failure) -> TokenSnapshot {
    let atr = card.atr
    let order = profile?.byteOrder ?? device.byteOrder
    var snapshot = TokenSnapshot(
      source: source, family: GMDriver.family, atr: atr, device: Self.deviceInfo(device), profile: profile?.name,
      applications: .value([]), isComplete: false)
    progress(snapshot)

    let names = try Reading.item { () throws(Failure) in .value(try GMApplication.names(card)) }
    guard let names = names.value else {
      snapshot.applications = .failed(names.failure ?? Failure(.answerMalformed, function: "EnumApplication"))
      snapshot.isComplete = true
      return snapshot
    }
    var applications: [ApplicationSnapshot] = []
    for name in names {
      let index = applications.count
      applications.append(Self.unread(name))
      if budget.isSpent {
        applications[index].containers = .failed(CertificateBudget.failure)
        continue
      }
      try readApplication(card, name: name, order: order, options) { application in
        applications[index] = application
        snapshot.applications = .value(applications)
        progress(snapshot)
      }
    }
    snapshot.applications = names.isEmpty ? .absent : .value(applications)
    snapshot.isComplete = true
    return snapshot
  }

  private func readApplication(
    _ card: borrowing CardTransaction, name: [UInt8], order: GMByteOrder, _ options: ReadOptions,
    _ update: (ApplicationSnapshot) -> Void
  ) throws(Failure) {
    var result = Self.unread(name)
    let opened = try Reading.item { () throws(Failure) in .value(try GMApplication.open(card, name: name)) }
    guard let application = opened.value else {
      result.containers = .failed(opened.failure ?? Failure(.answerMalformed, function: "OpenApplication"))
      update(result)
      return
    }
    result.userPIN = try Reading.item { () throws(Failure) in try application.pinStatus(card, .user) }
    result.adminPIN = try Reading.item { () throws(Failure) in try application.pinStatus(card, .administrator) }
    update(result)

    let names = try Reading.item { () throws(Failure) in .value(try application.containerNames(card)) }
    switch names {
    case .value(let names):
      var containers: [ContainerSnapshot] = []
      for name in names {
        containers.append(try readContainer(card, application, name: name, order: order, options))
        result.containers = .value(containers)
        update(result)
        if budget.isSpent { break }
      }
      if names.isEmpty { result.containers = .absent }
    case .failed(let failure): result.containers = .failed(failure)
    case .absent, .notOffered: result.containers = .absent
    }
    // A token that holds one application open refuses the next program: leave it as found.
    try application.close(card)
    update(result)
  }

  private func readContainer(
    _ card: borrowing CardTransaction, _ application: GMApplication, name: [UInt8], order: GMByteOrder,
    _ options: ReadOptions
  ) throws(Failure) -> ContainerSnapshot {
    var kind = Reading<ContainerSnapshot.Kind>.absent
    var wanted: [(ContainerSnapshot.Role, GMApplication.CertificateType, isThere: Bool)] = [
      (.signature, .signature, true), (.encryption, .encryption, true),
    ]
    do throws(Failure) {
      let information = try application.containerInformation(card, name: name)
      kind = .value(Self.kind(information.kind))
      wanted[0].isThere = information.hasSignatureCertificate
      wanted[1].isThere = information.hasEncryptionCertificate
    } catch {
      guard error.concernsItemOnly else { throw error }
      kind = .failed(error)
    }
    var container: Reading<[UInt8]> = .absent
    if wanted.contains(where: \.isThere) {
      container = try Reading.item { () throws(Failure) in .value(try application.openContainer(card, name: name)) }
    }
    var entries: [ContainerSnapshot.Entry] = []
    for (role, type, isThere) in wanted {
      let certificate: Reading<Certificate> =
        switch container {
        case .failed(let failure): .failed(failure)
        case .value(let id) where isThere:
          try Reading.item { () throws(Failure) in
            try budget.certificate { () throws(Failure) in
              try application.certificate(card, container: id, type, order: order)
            }
          }
        default: .absent
        }
      var entry = ContainerSnapshot.Entry(role: role, certificate: certificate)
      if options.keys, let id = container.value, let value = certificate.value {
        entry.key = try KeyFit.item { () throws(Failure) in
          try application.publicKey(card, container: id, type).map { KeyFit(value, $0) } ?? .absent
        }
      }
      entries.append(entry)
    }
    return ContainerSnapshot(
      name: TokenName(name), kind: kind, entries: entries, signingObstacle: .ofGMT(signing: entries, "ECCSignData"))
  }

  private static func kind(_ value: UInt8) -> ContainerSnapshot.Kind {
    switch value {
    case 0: .empty
    case 1: .rsa
    case 2: .sm2
    default: .unknown(value)
    }
  }

  private static func unread(_ name: [UInt8]) -> ApplicationSnapshot {
    ApplicationSnapshot(name: TokenName(name), userPIN: .absent, adminPIN: .absent, containers: .value([]))
  }

  private static func deviceInfo(_ device: GMDeviceInformation) -> DeviceInfo {
    func item(_ value: TokenName) -> Reading<TokenName> { value.isEmpty ? .absent : .value(value) }
    return DeviceInfo(
      label: item(device.label), manufacturer: item(device.manufacturer), issuer: item(device.issuer),
      serial: item(device.serial), hardwareVersion: .value(device.hardwareVersion),
      firmwareVersion: .value(device.firmwareVersion), totalSpace: .value(device.totalSpace),
      freeSpace: .value(device.freeSpace))
  }
}
