import CertificateKit
import Foundation

/// Certificates made once a run by the `openssl` command: three families (SM2, RSA, P-256), each root → issuing CA →
/// signature and encryption certificate of an invented company, and a handful of broken links.
struct TestAuthority: Sendable {
  enum Family: String, CaseIterable, Sendable {
    case sm2, rsa, p256
  }

  static let shared = Result { try TestAuthority() }
  static let subject = "/C=CN/ST=广东省/L=深圳市/O=深圳市示例建设工程有限公司/OU=9144030071526726XG/CN=深圳市示例建设工程有限公司"

  let directory: TemporaryDirectory

  /// `name` without `.pem`.
  func certificate(_ name: String) throws -> Certificate { try Certificate(der: der(name)) }

  func der(_ name: String) throws -> [UInt8] {
    let lines = String(decoding: try directory.read("\(name).pem"), as: UTF8.self).split(separator: "\n")
    guard let data = Data(base64Encoded: lines.dropFirst().dropLast().joined()) else {
      throw CommandFailed(arguments: [name], output: "not PEM")
    }
    return [UInt8](data)
  }

  init() throws {
    directory = try TemporaryDirectory()
    try directory.write(
      "ext.cnf",
      """
      [req]
      distinguished_name = dn
      string_mask = utf8only
      [dn]
      [ca]
      basicConstraints = critical,CA:TRUE
      keyUsage = critical,keyCertSign,cRLSign
      subjectKeyIdentifier = hash
      [ca0]
      basicConstraints = critical,CA:TRUE,pathlen:0
      keyUsage = critical,keyCertSign,cRLSign
      subjectKeyIdentifier = hash
      authorityKeyIdentifier = keyid
      [nosign]
      basicConstraints = critical,CA:TRUE
      keyUsage = critical,digitalSignature
      [notca]
      basicConstraints = critical,CA:FALSE
      [sign]
      keyUsage = critical,digitalSignature,nonRepudiation
      extendedKeyUsage = clientAuth,emailProtection
      authorityKeyIdentifier = keyid
      1.2.156.10260.4.1.4 = ASN1:UTF8String:9144030071526726XG
      [enc]
      keyUsage = critical,keyEncipherment,dataEncipherment
      authorityKeyIdentifier = keyid
      [odd]
      1.2.86.11.7.99 = critical,ASN1:UTF8String:x
      [plain]
      subjectKeyIdentifier = hash
      """)
    for family in Family.allCases {
      let name = family.rawValue
      for key in ["root", "ca", "leaf"] { try makeKey(family, "\(name)-\(key)") }
      try issue(family, "\(name)-root", key: "\(name)-root", issuer: nil, extensions: "ca", subject: "/CN=示例根 \(name)")
      try issue(
        family, "\(name)-ca", key: "\(name)-ca", issuer: "\(name)-root", extensions: "ca0",
        subject: "/C=CN/O=示例/CN=示例 \(name) CA")
      for use in ["sign", "enc"] {
        try issue(family, "\(name)-\(use)", key: "\(name)-leaf", issuer: "\(name)-ca", extensions: use, days: 30)
      }
    }
    try makeKey(.p256, "other")
    let plain = { (name: String) in "/CN=\(name)" }
    try issue(.p256, "other-root", key: "other", issuer: nil, extensions: "plain", subject: plain("示例根 p256"))
    try issue(.p256, "odd", key: "p256-leaf", issuer: "p256-ca", extensions: "odd", subject: plain("odd"))
    // A CA below one whose pathlen is 0.
    try issue(.p256, "deep-ca", key: "other", issuer: "p256-ca", extensions: "ca", subject: plain("deep-ca"))
    try issue(.p256, "deep", key: "p256-leaf", issuer: "deep-ca", issuerKey: "other", extensions: "sign")
    for kind in ["notca", "nosign"] {
      try issue(.p256, kind, key: "other", issuer: "p256-root", extensions: kind, subject: plain(kind))
      try issue(.p256, "\(kind)-leaf", key: "p256-leaf", issuer: kind, issuerKey: "other", extensions: "plain")
    }
    // A CA that ends before what it issued.
    try issue(
      .p256, "brief-ca", key: "other", issuer: "p256-root", extensions: "ca0", subject: plain("brief-ca"), days: 10)
    try issue(.p256, "brief", key: "p256-leaf", issuer: "brief-ca", issuerKey: "other", extensions: "sign", days: 30)
    // Same name as p256-ca, another key.
    try issue(
      .p256, "twin-ca", key: "other", issuer: "p256-root", extensions: "ca0", subject: "/C=CN/O=示例/CN=示例 p256 CA")
  }

  private func makeKey(_ family: Family, _ name: String) throws {
    switch family {
    case .sm2: try directory.openssl("genpkey", "-algorithm", "SM2", "-out", "\(name).key")
    case .rsa: try directory.openssl("genrsa", "-out", "\(name).key", "2048")
    case .p256:
      try directory.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "\(name).key")
    }
  }

  private func issue(
    _ family: Family, _ name: String, key: String, issuer: String?, issuerKey: String? = nil, extensions: String,
    subject: String = subject, days: Int = 3650
  ) throws {
    // The extensions come from the configuration; -CA makes it a certificate of that CA instead of self-signed.
    var arguments = ["req", "-x509", "-new", "-utf8", "-key", "\(key).key", "-subj", subject, "-days", "\(days)"]
    arguments += ["-config", "ext.cnf", "-extensions", extensions, "-set_serial", "0x\(serial(name))"]
    arguments += family == .sm2 ? ["-sm3", "-sigopt", "distid:1234567812345678"] : ["-sha256"]
    if let issuer { arguments += ["-CA", "\(issuer).pem", "-CAkey", "\(issuerKey ?? issuer).key"] }
    let result = try OpenSSLCommand.run(arguments + ["-out", "\(name).pem"], in: directory.url)
    guard result.status == 0 else { throw CommandFailed(arguments: arguments, output: result.text) }
  }

  private func serial(_ name: String) -> String {
    "00A1" + name.utf8.prefix(8).map { String($0, radix: 16) }.joined()
  }
}
