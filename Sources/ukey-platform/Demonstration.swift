import Base
import CertificateKit
import Failures
import Glibc
import SoftToken

/// The demonstration's own authorities, kept in its data folder: one for the server's TLS, one for the keys that log in.
struct Demonstration {
  let data: String

  var certificate: String { data + "/tls/server.pem" }
  var key: String { data + "/tls/server.key" }
  /// What a browser has to trust for the time of the demonstration.
  var authority: String { data + "/tls/authority.pem" }
  /// CA certificates of the keys.
  var trust: String { data + "/ca" }
  private var keyAuthority: String { data + "/demo/ca.key" }

  /// Makes what is not there.
  func prepare(now: Int64) throws(Failure) {
    for folder in [data, data + "/tls", trust, data + "/demo"] {
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
        throw Failure(.fileWrite, SystemError("mkdir", errno, folder))
      }
    }
    if access(certificate, R_OK) != 0 || access(key, R_OK) != 0 || access(authority, R_OK) != 0 {
      let made = try LoopbackAuthority.make(name: "ukey-platform DEMO", now: now)
      let server = try LoopbackAuthority.server(of: made, now: now)
      // The CA's key is not kept: it signs this one certificate.
      try write(PEM.encode(made.der), to: authority)
      try write(PEM.encode(server.der), to: certificate)
      try write(PEM.encode(server.key, label: "PRIVATE KEY"), to: key)
    }
    if access(keyAuthority, R_OK) != 0 {
      let year: Int64 = 365 * 86_400
      // A key of its kind: made as a holder's is.
      let fresh = try TestCA.make(kind: .sm2).issue(
        .organization(name: "-", uscc: "-", notBefore: now, notAfter: now + year))
      let root = try TestCA.make(kind: .sm2, commonName: Self.name, privateKey: fresh.privateKey)
      try write(PEM.encode(fresh.privateKey, label: "PRIVATE KEY"), to: keyAuthority)
      try write(PEM.encode(root.certificate), to: trust + "/demo.pem")
    }
  }

  private static let name = "ukey-platform CA (DEMO 演示)"

  struct Holder {
    var name: String
    var uscc: String
    /// Days from now on which the certificate begins and ends.
    var begins: Int64
    var ends: Int64
  }

  /// Writes a software key (`ukey soft-token --dir FOLDER`) with certificates of the demonstration's CA.
  func makeKey(_ holder: Holder, in folder: String, now: Int64) throws(Failure) {
    try prepare(now: now)
    let text = try Failure.mapping(.fileRead, try readFile(keyAuthority, limit: 65_536))
    guard let key = PEM.block("PRIVATE KEY", in: text) else { throw Failure(.fileRead, context: keyAuthority) }
    let authority = try TestCA.make(kind: .sm2, commonName: Self.name, privateKey: key)
    func issue(_ usage: TestCertificate.Usage) throws(Failure) -> IssuedCertificate {
      try authority.issue(
        .organization(
          name: holder.name, uscc: holder.uscc, usage: usage, notBefore: now + holder.begins * 86_400,
          notAfter: now + holder.ends * 86_400))
    }
    var application = GMPersonalization.Application(name: GMSample.applicationName)
    application.containers = [
      .init(name: "PLATFORM-DEMO", signature: try issue(.signature), encryption: try issue(.encryption))
    ]
    let personalization = GMPersonalization(applications: [application])
    let store = try DirectoryStore(directory: folder, name: "gm")
    _ = try GMCard(behaviour: .aLM, store: store) { () throws(Failure) in personalization }
  }

  private func write(_ text: String, to path: String) throws(Failure) {
    let outcome = writeFile(Array(text.utf8), to: path, overwrite: true, mode: 0o600)
    if case .failed(let error) = outcome { throw Failure(.fileWrite, error) }
  }
}
