import Failures

/// What the maker writes into a GM/T 0017 card before it is handed out.
package struct GMPersonalization: Sendable {
  package struct Container: Sendable {
    /// 1 to 48 bytes.
    package var name: [UInt8]
    package var signature: IssuedCertificate?
    package var encryption: IssuedCertificate?

    package init(name: String, signature: IssuedCertificate? = nil, encryption: IssuedCertificate? = nil) {
      self.name = Array(name.utf8)
      self.signature = signature
      self.encryption = encryption
    }
  }

  /// A file anyone may read and the user may write.
  package struct File: Sendable {
    package var name: String
    package var content: [UInt8]

    package init(name: String, content: [UInt8]) {
      self.name = name
      self.content = content
    }
  }

  package struct Application: Sendable {
    /// 1 to 48 bytes.
    package var name: [UInt8]
    /// 6 to 16 bytes. Published defaults of the demo, so plain bytes here.
    package var userPIN: [UInt8] = Array("123456".utf8)
    package var adminPIN: [UInt8] = Array("12345678".utf8)
    package var maximumTries: UInt8 = 10
    package var containers: [Container] = []
    package var files: [File] = []

    package init(name: String) {
      self.name = Array(name.utf8)
    }
  }

  package var manufacturer: [UInt8] = Array("UKEY DEMO".utf8)
  package var issuer: [UInt8] = Array("SZCA DEMO".utf8)
  package var label: [UInt8] = Array("DEMO GM SOFT TOKEN".utf8)
  package var serialNumber: [UInt8] = Array("DEMO-GM-00412".utf8)
  /// 16 bytes.
  package var deviceKey: [UInt8] = Array("1234567812345678".utf8)
  package var applications: [Application]

  package init(applications: [Application]) {
    self.applications = applications
  }

  /// - Throws: `UK-620` when it does not fit the card's limits.
  func state(_ behaviour: GMCardBehaviour) throws(Failure) -> GMState {
    guard applications.count <= GMLimit.applications, deviceKey.count == 16 else { throw Self.unfit("device") }
    var state = GMState(
      manufacturer: manufacturer, issuer: issuer, label: label, serialNumber: serialNumber,
      deviceKey: GMSecret(key: deviceKey, maximum: 10, remaining: 10, isDefault: true), applications: [])
    for (number, application) in applications.enumerated() {
      let id = behaviour.firstApplicationID &+ UInt16(clamping: number)
      state.applications.append(try Self.application(application, id: id, behaviour))
    }
    return state
  }

  private static func application(
    _ application: Application, id: UInt16, _ behaviour: GMCardBehaviour
  ) throws(Failure) -> GMApplication {
    guard
      application.containers.count <= Int(GMLimit.containers), application.files.count <= Int(GMLimit.files)
    else { throw unfit("application") }
    var result = GMApplication(
      id: id, name: try name(application.name), admin: try secret(application.adminPIN, application.maximumTries),
      user: try secret(application.userPIN, application.maximumTries), createFileRights: 0x10,
      maximumContainers: GMLimit.containers, maximumCertificates: GMLimit.certificates, maximumFiles: GMLimit.files,
      containers: [], files: [])
    for (number, container) in application.containers.enumerated() {
      let isRSA = [container.signature, container.encryption].contains { $0?.keyKind == .rsa2048 }
      let isEmpty = container.signature == nil && container.encryption == nil
      result.containers.append(
        GMContainer(
          id: behaviour.firstContainerID &+ UInt16(clamping: number), name: try name(container.name),
          kind: isEmpty ? .undetermined : isRSA ? .rsa : .ecc, signature: try slot(container.signature),
          encryption: try slot(container.encryption)))
    }
    for file in application.files {
      guard file.content.count <= GMLimit.fileSize else { throw unfit(file.name) }
      result.files.append(
        GMFile(name: try name(Array(file.name.utf8)), readRights: 0xFF, writeRights: 0x10, content: file.content))
    }
    return result
  }

  private static func slot(_ issued: IssuedCertificate?) throws(Failure) -> GMSlot {
    guard let issued else { return GMSlot() }
    guard issued.certificate.count <= GMLimit.certificateSize, [.sm2, .rsa2048].contains(issued.keyKind) else {
      throw unfit("certificate")
    }
    return GMSlot(
      privateKey: issued.privateKey, bits: issued.keyKind == .sm2 ? 256 : 2048, certificate: issued.certificate)
  }

  private static func name(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    guard !bytes.isEmpty, bytes.count <= GMLimit.nameLength, !bytes.contains(0) else { throw unfit("name") }
    return bytes
  }

  private static func secret(_ pin: [UInt8], _ tries: UInt8) throws(Failure) -> GMSecret {
    var padded: [UInt8] = []
    padded.append(pin, width: 16)
    defer { GMCrypto.wipe(&padded) }
    do {
      guard pin.count <= 16, tries > 0 else { throw GMStatus.dataIncorrect }
      try GMCard.checkPIN(padded)
      return GMSecret(key: try GMCrypto.pinKey(padded), maximum: tries, remaining: tries, isDefault: true)
    } catch { throw unfit("PIN rule") }
  }

  private static func unfit(_ context: String) -> Failure {
    Failure(.softTokenState, function: "personalize", context: context)
  }
}
