internal import Base
internal import CertificateKit
package import Failures
internal import Glibc

/// The certificates for the ports that old pages reach by TLS only: a CA of this user for this computer, and the
/// service's certificate under it. The keys are made here, are readable by this user alone and never leave.
package struct ServiceIdentity: Sendable {
  private let files: ServiceFiles
  private let now: @Sendable () -> Int64

  /// - Parameter now: seconds since 1970-01-01 UTC.
  package init(_ files: ServiceFiles, now: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }) {
    self.files = files
    self.now = now
  }

  /// DER of the CA that browsers were given; `nil` when there is none.
  package var authority: [UInt8]? {
    guard let text = try? readFile(files.authority, limit: 65_536) else { return nil }
    return PEM.certificates(in: text).first ?? nil
  }

  /// Makes what is missing or about to run out.
  ///
  /// - Returns: DER of the CA.
  /// - Throws: `UK-611`, `UK-901`.
  package func make() throws(Failure) -> [UInt8] {
    try files.make()
    try ServiceFiles.makeDirectory(files.tls)
    if let found = kept, remainingDays(found.der) > LoopbackAuthority.serverDays {
      try renew()
      return found.der
    }
    let authority = try LoopbackAuthority.make(name: Self.name, now: now())
    try write(PEM.encode(authority.key, label: "PRIVATE KEY"), to: files.authorityKey, mode: 0o600)
    try write(PEM.encode(authority.der), to: files.authority, mode: 0o600)
    try issue(authority)
    return authority.der
  }

  /// Makes the server's certificate anew when its time is nearly over. Without a CA nothing is made: that is the
  /// holder's decision.
  ///
  /// - Throws: `UK-611`, `UK-901`.
  package func renew() throws(Failure) {
    guard let authority = kept else { return }
    if let text = try? readFile(files.certificate, limit: 65_536), let first = PEM.certificates(in: text).first,
      let der = first, remainingDays(der) > LoopbackAuthority.renewalDays
    {
      return
    }
    try issue(authority)
  }

  /// Takes all of it away.
  ///
  /// - Throws: `UK-611` when a file stays.
  package func remove() throws(Failure) {
    for path in [files.authorityKey, files.certificateKey, files.authority, files.certificate] {
      guard unlink(path) == 0 || errno == ENOENT else {
        throw Failure(.fileWrite, SystemError("unlink", errno, path))
      }
    }
    rmdir(files.tls)
  }

  private func issue(_ authority: KeyedCertificate) throws(Failure) {
    let server = try LoopbackAuthority.server(of: authority, now: now())
    try write(PEM.encode(server.key, label: "PRIVATE KEY"), to: files.certificateKey, mode: 0o600)
    try write(PEM.encode(server.der) + PEM.encode(authority.der), to: files.certificate, mode: 0o600)
  }

  private var kept: KeyedCertificate? {
    guard let der = authority, let text = try? readFile(files.authorityKey, limit: 65_536),
      let key = PEM.block("PRIVATE KEY", in: text)
    else { return nil }
    return KeyedCertificate(der: der, key: key)
  }

  private func remainingDays(_ der: [UInt8]) -> Int64 {
    guard let certificate = try? Certificate(der: der) else { return 0 }
    return (certificate.validity.notAfter - now()) / 86_400
  }

  private func write(_ text: String, to path: String, mode: UInt32) throws(Failure) {
    let outcome = writeFile(Array(text.utf8), to: path, overwrite: true, mode: mode)
    if case .failed(let error) = outcome { throw Failure(.fileWrite, error) }
  }

  /// Which computer and user it is of, so that somebody who finds it in a browser knows.
  private static var name: String {
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, host.count - 1)
    let bytes = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return "ukey local key service " + String(displaySafe(String(decoding: bytes, as: UTF8.self)).prefix(32))
  }
}

extension ServiceFiles {
  package var tls: String { state + "/tls" }
  package var authority: String { tls + "/authority.pem" }
  package var authorityKey: String { tls + "/authority.key" }
}
