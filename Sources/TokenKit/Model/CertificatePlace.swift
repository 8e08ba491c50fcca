package import CertificateKit
package import Failures

/// A certificate of a key with all that stands around it: one row of the flat view of a snapshot.
package struct CertificatePlace: Sendable, Equatable {
  /// Where it is in a snapshot, by position.
  package struct Path: Sendable, Hashable {
    package var application: Int
    package var container: Int
    package var entry: Int

    package init(application: Int, container: Int, entry: Int) {
      self.application = application
      self.container = container
      self.entry = entry
    }
  }

  package var source: TokenSource
  package var path: Path
  package var application: ApplicationSnapshot
  package var container: ContainerSnapshot
  package var entry: ContainerSnapshot.Entry
  /// 介质序列号 of its key, where the key tells it.
  package var keySerial: TokenName?

  package var role: ContainerSnapshot.Role { entry.role }
  package var certificate: Reading<Certificate> { entry.certificate }
}

extension CertificatePlace {
  /// In a place whose certificate logs in: 签名证书, in PIV also that of slot 9A. It may be missing there, or unfit.
  package var isForLogin: Bool {
    (role == .signature || role == .authentication) && certificate.value?.isAuthority != true
  }

  /// The private key that belongs to it; `nil` while its certificate is not read, or where none signs.
  package var signingKey: SigningKey? {
    guard isForLogin, let certificate = certificate.value else { return nil }
    return SigningKey(
      application: application.name, container: container.name, certificate: certificate, keySerial: keySerial,
      toldAlgorithm: container.toldAlgorithm)
  }

  fileprivate var isFitToSign: Bool { certificate.value?.maySign == true }

  /// How near it is to "the certificate of this key": read before unread; a person's before an authority's; one that
  /// may sign before one that may not; one with its key before one whose container is said to be empty; then by role.
  /// Smaller is nearer; equal means that nothing here tells which of the two is meant. One decimal digit for each of
  /// these, the first leads.
  fileprivate var distance: Int {
    guard let certificate = certificate.value else { return 100_000 }
    let roleOrder =
      switch role {
      case .signature: 0
      case .authentication: 1
      case .cardAuthentication: 2
      case .encryption: 3
      case .authority: 4
      }
    return (certificate.isAuthority || role == .authority ? 10_000 : 0) + (isForLogin ? 0 : 1000)
      + (certificate.maySign ? 0 : 100) + (container.kind.value == .empty ? 10 : 0) + roleOrder
  }
}

extension Certificate {
  /// Whether its key usage allows to sign a login: says so, or says nothing.
  package var maySign: Bool { keyUsage.map { $0.contains(.digitalSignature) || $0.contains(.nonRepudiation) } ?? true }
}

extension TokenSnapshot {
  /// Every certificate place of the key in the order in which the key names them; those that the key says are empty are
  /// among them as `.absent`.
  package var places: [CertificatePlace] {
    var result: [CertificatePlace] = []
    for (a, application) in (applications.value ?? []).enumerated() {
      for c in (application.containers.value ?? []).indices {
        result += places(CertificatePlace.Path(application: a, container: c, entry: 0))
      }
    }
    return result
  }

  /// The same without what stands around them.
  package var entries: [ContainerSnapshot.Entry] {
    (applications.value ?? []).flatMap { ($0.containers.value ?? []).flatMap(\.entries) }
  }

  /// Those that hold something, or could not be read.
  package var filledPlaces: [CertificatePlace] { places.filter { $0.certificate != .absent } }

  package func place(_ path: CertificatePlace.Path) -> CertificatePlace? {
    let container = places(path)
    return container.indices.contains(path.entry) ? container[path.entry] : nil
  }

  /// The places of the container that this path leads into.
  package func places(_ path: CertificatePlace.Path) -> [CertificatePlace] {
    guard let applications = applications.value, applications.indices.contains(path.application) else { return [] }
    let application = applications[path.application]
    guard let containers = application.containers.value, containers.indices.contains(path.container) else { return [] }
    let container = containers[path.container]
    return container.entries.enumerated().map { index, entry in
      CertificatePlace(
        source: source,
        path: CertificatePlace.Path(application: path.application, container: path.container, entry: index),
        application: application, container: container, entry: entry, keySerial: device.serial.value)
    }
  }

  /// The certificate people mean by "the certificate of this key".
  package var mainCertificate: CertificatePlace? { places.meant }

  /// The same of one application.
  package func mainCertificate(application name: TokenName) -> CertificatePlace? {
    places.filter { $0.application.name == name }.meant
  }

  /// The certificate that logs in, of the application and the container named; `nil` when none there can.
  ///
  /// - Parameters:
  ///   - application: only of this application; `nil`: of any.
  ///   - container: only of this container; `nil`: of any.
  package func loginCertificate(application: TokenName? = nil, container: TokenName? = nil) -> CertificatePlace? {
    let able = places.filter {
      $0.signingKey != nil && (application == nil || $0.application.name == application)
        && (container == nil || $0.container.name == container)
    }
    // One that can be tried before one that cannot, for all that is known.
    return able.filter { $0.container.signingObstacle == nil && $0.isFitToSign }.meant ?? able.meant
  }

  /// The application that a person or a document calls so (should two look alike, the first); `nil`: the one that is
  /// meant.
  ///
  /// - Throws: as ``application(named:)``.
  package func application(_ text: String?) throws(Failure) -> ApplicationSnapshot {
    guard let text else { return try application(named: nil) }
    let called = applications.value?.first { $0.name.text.utf8.elementsEqual(text.utf8) }
    return try application(named: called?.name ?? TokenName(text))
  }

  /// The application that is meant: the named one, else that of the main certificate, else the first.
  ///
  /// - Throws: why the applications could not be read; `UK-210` when there is no such one.
  package func application(named name: TokenName?) throws(Failure) -> ApplicationSnapshot {
    if let failure = applications.failure { throw failure }
    let all = applications.value ?? []
    let found: ApplicationSnapshot? =
      if let name {
        all.first { $0.name == name }
      } else if let main = mainCertificate, main.certificate.value != nil {
        main.application
      } else {
        all.first
      }
    guard let found else { throw Failure(.applicationMissing, context: name?.text) }
    return found
  }
}

extension [CertificatePlace] {
  /// The one that is meant by "the certificate", of those that are in question: the one rule for it. See
  /// ``allMeant`` where it matters that there is only one.
  package var meant: CertificatePlace? { allMeant.first }

  /// All that are equally near to what is meant, in the order in which the key names them.
  package var allMeant: [CertificatePlace] {
    let distances = map(\.distance)
    guard let nearest = distances.min() else { return [] }
    return zip(self, distances).filter { $0.1 == nearest }.map(\.0)
  }

  /// The keys they are on, each once, in their order.
  package var sources: [TokenSource] {
    reduce(into: []) { result, place in
      if !result.contains(place.source) { result.append(place.source) }
    }
  }
}
