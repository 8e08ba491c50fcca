import CertificateKit
import Failures
import Foundation
import Testing

@Suite struct ChainTests {
  let authority: TestAuthority
  let now: Int64

  /// The time only when the authority is made: the first tests wait for it, and its certificates begin then.
  init() throws {
    authority = try TestAuthority.shared.get()
    now = Int64(Date().timeIntervalSince1970)
  }

  private func trust(_ names: String...) throws -> TrustDirectory {
    TrustDirectory(certificates: try names.map { try authority.certificate($0) })
  }

  private func verify(
    _ leaf: String, _ trust: TrustDirectory, through links: String..., at time: Int64? = nil
  ) throws -> ChainVerdict {
    trust.verify(
      try authority.certificate(leaf), intermediates: try links.map { try authority.certificate($0) },
      at: time ?? now)
  }

  @Test(arguments: TestAuthority.Family.allCases)
  func trustsAWholeChainAsOpenSSLDoes(_ family: TestAuthority.Family) throws {
    let name = family.rawValue
    let company = "深圳市示例建设工程有限公司"
    let path = [company, "示例 \(name) CA", "示例根 \(name)"]
    for use in ["sign", "enc"] {
      #expect(try verify("\(name)-\(use)", trust("\(name)-root"), through: "\(name)-ca") == .trusted(path: path))
      #expect(try verify("\(name)-\(use)", trust("\(name)-root", "\(name)-ca")) == .trusted(path: path))
    }
    // Link by link: `openssl verify` gives the SM2 identity to the last certificate only.
    let identity = family == .sm2 ? ["-vfyopt", "distid:1234567812345678"] : []
    for (issuer, subject) in [("ca", "sign"), ("ca", "enc"), ("root", "ca")] {
      let result = try OpenSSLCommand.run(
        ["verify", "-partial_chain"] + identity + ["-trusted", "\(name)-\(issuer).pem", "\(name)-\(subject).pem"],
        in: authority.directory.url)
      #expect(result.status == 0, "\(result.text)")
    }
  }

  @Test(arguments: TestAuthority.Family.allCases)
  func findsAForgedSignature(_ family: TestAuthority.Family) throws {
    let name = family.rawValue
    var der = try authority.der("\(name)-sign")
    // A letter of the subject: the signature no longer fits.
    let position = try #require(der.firstRange(of: Array("9144030071526726XG".utf8))?.lowerBound)
    der[position] ^= 0x01
    let forged = try Certificate(der: der)
    let verdict = try trust("\(name)-root", "\(name)-ca").verify(forged, at: now)
    #expect(verdict == .notTrusted(.signatureWrong(certificate: "深圳市示例建设工程有限公司")))
  }

  @Test func saysThatNothingIsConfigured() throws {
    #expect(try verify("p256-sign", TrustDirectory(certificates: [])) == .noTrustAnchors)
  }

  @Test func namesTheMissingIssuer() throws {
    let company = "深圳市示例建设工程有限公司"
    #expect(
      try verify("p256-sign", trust("p256-root"))
        == .incomplete(missingIssuer: "示例 p256 CA", path: [company]))
    #expect(
      try verify("p256-sign", trust("p256-ca"))
        == .incomplete(missingIssuer: "示例根 p256", path: [company, "示例 p256 CA"]))
    #expect(
      try verify("sm2-sign", trust("rsa-root"), through: "sm2-ca")
        == .incomplete(missingIssuer: "示例根 sm2", path: [company, "示例 sm2 CA"]))
  }

  @Test func namesARootThatIsNotConfigured() throws {
    #expect(
      try verify("p256-sign", trust("rsa-root"), through: "p256-ca", "p256-root")
        == .notTrusted(.rootNotTrusted(certificate: "示例根 p256")))
    #expect(
      try verify("sm2-root", trust("rsa-root")) == .notTrusted(.rootNotTrusted(certificate: "示例根 sm2")))
    #expect(try verify("rsa-root", trust("rsa-root")) == .trusted(path: ["示例根 rsa"]))
  }

  @Test func namesTheLinkOutOfTime() throws {
    let all = try trust("p256-root", "p256-ca")
    let leaf = try authority.certificate("p256-sign")
    let company = "深圳市示例建设工程有限公司"
    let end = leaf.validity.notAfter
    #expect(try verify("p256-sign", all, at: end - 1).isTrusted)
    #expect(
      try verify("p256-sign", all, at: end + 1) == .notTrusted(.expired(certificate: company, notAfter: end)))
    let root = try authority.certificate("p256-root")
    // Seconds may pass between making the root and the leaf; only the root's own begin is certain.
    guard case .notTrusted(.notYetValid(_, let begin)) = try verify("p256-sign", all, at: root.validity.notBefore - 1)
    else {
      Issue.record("before the root")
      return
    }
    #expect(begin >= root.validity.notBefore)
    let brief = try authority.certificate("brief-ca").validity.notAfter
    #expect(
      try verify("brief", trust("p256-root"), through: "brief-ca", at: brief + 1)
        == .notTrusted(.expired(certificate: "brief-ca", notAfter: brief)))
  }

  @Test func keepsOpenSSLsNumberForTheRest() throws {
    // GBK under UTF8String: shown, but OpenSSL cannot take it into a chain.
    var builder = CertificateBuilder()
    builder.subject = [("2.5.4.3", DER.element(0x0C, [0xC9, 0xEE, 0xDB, 0xDA]))]
    let verdict = try trust("p256-root").verify(try Certificate(der: builder.der), at: now)
    guard case .notTrusted(.other(let name, _, let text)) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(name == "深圳")
    #expect(text.contains("OpenSSL 0x"))
  }

  @Test func namesWhatIsNoCA() throws {
    #expect(
      try verify("notca-leaf", trust("p256-root"), through: "notca") == .notTrusted(.notCA(certificate: "notca")))
    #expect(
      try verify("nosign-leaf", trust("p256-root"), through: "nosign") == .notTrusted(.notCA(certificate: "nosign")))
  }

  @Test func namesThePathTooLong() throws {
    #expect(
      try verify("deep", trust("p256-root"), through: "deep-ca", "p256-ca")
        == .notTrusted(.pathTooLong(certificate: "示例 p256 CA")))
  }

  @Test func namesTheCriticalExtension() throws {
    #expect(
      try verify("odd", trust("p256-root"), through: "p256-ca")
        == .notTrusted(.unsupportedCriticalExtension(certificate: "odd", oids: ["1.2.86.11.7.99"])))
  }

  @Test func tellsATwinOfTheIssuerFromTheIssuer() throws {
    let company = "深圳市示例建设工程有限公司"
    #expect(
      try verify("p256-sign", trust("p256-root", "twin-ca"))
        == .notTrusted(.issuerDiffers(certificate: company, issuer: "示例 p256 CA")))
    // With the right one beside it the twin does no harm.
    #expect(try verify("p256-sign", trust("p256-root", "twin-ca", "p256-ca")).isTrusted)
  }

  /// A CA that changed its key and kept its name, and a certificate that does not say which key signed it.
  @Test func findsTheIssuerAmongTwinsWithoutKeyIdentifiers() throws {
    let directory = authority.directory
    try directory.openssl(
      "req", "-new", "-key", "p256-leaf.key", "-subj", "/CN=unsaid", "-config", "ext.cnf", "-out", "unsaid.csr")
    // Without `-extfile` there are no extensions.
    try directory.openssl(
      "x509", "-req", "-in", "unsaid.csr", "-days", "30", "-CA", "p256-ca.pem", "-CAkey", "p256-ca.key", "-out",
      "unsaid.pem")
    let path = ["unsaid", "示例 p256 CA", "示例根 p256"]
    let later = now + 600
    #expect(try verify("unsaid", trust("p256-root", "p256-ca", "twin-ca"), at: later) == .trusted(path: path))
    #expect(try verify("unsaid", trust("p256-root", "twin-ca", "p256-ca"), at: later) == .trusted(path: path))
    #expect(
      try verify("unsaid", trust("p256-root", "twin-ca"), through: "p256-ca", at: later) == .trusted(path: path))
    #expect(
      try verify("unsaid", trust("p256-root"), through: "twin-ca", "p256-ca", at: later) == .trusted(path: path))
    // Where only the wrong one is there, it is not said which of the two is wrong.
    #expect(
      try verify("unsaid", trust("p256-root", "twin-ca"), at: later)
        == .notTrusted(.signatureWrong(certificate: "unsaid")))
  }

  @Test func survivesExtremeTimes() throws {
    for time in [Int64.min, -1, 0, Int64(Int32.max), Int64.max] {
      #expect(try !verify("p256-sign", trust("p256-root", "p256-ca"), at: time).isTrusted)
    }
  }

  @Test func loadsADirectoryAndReportsTheRest() throws {
    let directory = try TemporaryDirectory()
    let both = authority.directory
    try directory.write("a.pem", both.read("sm2-root.pem") + Array("junk\r\n".utf8) + both.read("sm2-ca.pem"))
    try directory.write("b.der", authority.der("rsa-root"))
    try directory.write("c.CRT", both.read("p256-root.pem"))
    try directory.write("d.cer", both.read("sm2-root.pem"))
    try directory.write("e.pem", "no certificate here")
    try directory.write("f.der", [0x30, 0x03, 0x02, 0x01])
    try directory.write("g.pem", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n")
    try directory.write("ignored.txt", both.read("p256-ca.pem"))
    try FileManager.default.createDirectory(
      at: directory.url.appendingPathComponent("h.pem"), withIntermediateDirectories: true)
    mkfifo(directory.url.appendingPathComponent("i.pem").path, 0o600)
    let trust = TrustDirectory(path: directory.url.path)
    #expect(trust.certificates.map(\.owner) == ["示例根 sm2", "示例 sm2 CA", "示例根 rsa", "示例根 p256"])
    #expect(trust.failures.allSatisfy { $0.code == .trustDirectory })
    #expect(trust.failures.map(\.context) == ["e.pem", "f.der", "g.pem", "h.pem", "i.pem"])
    #expect(try verify("sm2-sign", trust).isTrusted)
  }

  @Test func reportsADirectoryThatIsNotThere() {
    let trust = TrustDirectory(path: "/nonexistent/ca")
    #expect(trust.certificates.isEmpty)
    #expect(trust.failures.first?.number == .errno(ENOENT))
  }

  @Test func isSafeFromSeveralThreads() async throws {
    let trust = try trust("sm2-root", "sm2-ca")
    let leaf = try authority.certificate("sm2-sign")
    let now = now
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 { group.addTask { trust.verify(leaf, at: now).isTrusted } }
      for await isTrusted in group { #expect(isTrusted) }
    }
  }

  /// Every digest that the `openssl` command signs with and checks by itself.
  @Test(arguments: [
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3-224", "sha3-256", "sha3-384", "sha3-512", "ripemd160",
  ])
  func checksSignaturesWithEachDigestAsOpenSSLDoes(_ digest: String) throws {
    try checksASignatureAsOpenSSLDoes(key: ["rsa", "-pkeyopt", "rsa_keygen_bits:2048"], options: ["-\(digest)"])
  }

  @Test(arguments: ["sha1", "sha256", "sha384", "sha512", "sha512-224", "sha512-256"])
  func checksPSSSignaturesAsOpenSSLDoes(_ digest: String) throws {
    try checksASignatureAsOpenSSLDoes(
      key: ["rsa", "-pkeyopt", "rsa_keygen_bits:2048"], options: ["-\(digest)", "-sigopt", "rsa_padding_mode:pss"])
  }

  @Test(arguments: ["ed25519", "ed448"])
  func checksSignaturesWithoutDigestAsOpenSSLDoes(_ algorithm: String) throws {
    try checksASignatureAsOpenSSLDoes(key: [algorithm], options: [])
  }

  private func checksASignatureAsOpenSSLDoes(key: [String], options: [String]) throws {
    let directory = try TemporaryDirectory()
    try directory.write("empty.cnf", "[req]\ndistinguished_name = dn\n[dn]\n")
    func openssl(_ arguments: [String]) throws {
      let result = try OpenSSLCommand.run(arguments, in: directory.url)
      guard result.status == 0 else { throw CommandFailed(arguments: arguments, output: result.text) }
    }
    try openssl(["genpkey", "-algorithm"] + key + ["-out", "ca.key"])
    for (name, issuer) in [("root", []), ("leaf", ["-CA", "root.der", "-CAkey", "ca.key"])] {
      try openssl(
        ["req", "-x509", "-new", "-key", "ca.key", "-subj", "/CN=\(name)", "-days", "9", "-config", "empty.cnf"]
          + ["-addext", "basicConstraints=critical,CA:TRUE", "-outform", "DER", "-out", "\(name).der"] + options
          + issuer)
    }
    try openssl(["verify", "-trusted", "root.der", "leaf.der"])
    let trust = TrustDirectory(certificates: [try Certificate(der: try directory.read("root.der"))])
    let leaf = try Certificate(der: try directory.read("leaf.der"))
    // Made after ``now``. A weak digest is told, and does not hide that the signature holds.
    switch trust.verify(leaf, at: now + 600) {
    case .trusted(let path), .weak(_, let path): #expect(path == ["leaf", "root"])
    case let verdict: Issue.record("\(verdict)")
    }
  }

  /// What holds otherwise but could be forged is no evidence, and says why. What is broken keeps its own reason.
  @Test(arguments: [
    (
      "RSA:2048", "sha1", "RSA:2048", WeakLink(certificate: "leaf", reason: .digest, algorithm: "sha1WithRSAEncryption")
    ),
    ("RSA:2048", "md5", "RSA:2048", WeakLink(certificate: "leaf", reason: .digest, algorithm: "md5WithRSAEncryption")),
    ("RSA:1024", "sha256", "RSA:2048", WeakLink(certificate: "root", reason: .key, algorithm: "RSA 1024")),
    ("RSA:2048", "sha256", "RSA:1024", WeakLink(certificate: "leaf", reason: .key, algorithm: "RSA 1024")),
    ("RSA:2048", "sha256", "RSA:2048", nil),
  ])
  func callsAChainWeakThatCanBeForged(
    _ authority: String, _ digest: String, _ holder: String, _ expected: WeakLink?
  ) throws {
    let directory = try TemporaryDirectory()
    try directory.write("empty.cnf", "[req]\ndistinguished_name = dn\n[dn]\n")
    func openssl(_ arguments: [String]) throws {
      let result = try OpenSSLCommand.run(arguments, in: directory.url)
      guard result.status == 0 else { throw CommandFailed(arguments: arguments, output: result.text) }
    }
    for (name, algorithm) in [("ca", authority), ("holder", holder)] {
      let bits = String(algorithm.dropFirst(4))
      try openssl(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + bits, "-out", name + ".key"])
    }
    let common = ["req", "-x509", "-new", "-config", "empty.cnf", "-days", "9", "-outform", "DER"]
    try openssl(
      common + ["-key", "ca.key", "-subj", "/CN=root", "-sha256", "-out", "root.der"]
        + ["-addext", "basicConstraints=critical,CA:TRUE"])
    try openssl(
      common + ["-key", "holder.key", "-subj", "/CN=leaf", "-" + digest, "-out", "leaf.der"]
        + ["-CA", "root.der", "-CAkey", "ca.key"])
    let trust = TrustDirectory(certificates: [try Certificate(der: try directory.read("root.der"))])
    let leaf = try Certificate(der: try directory.read("leaf.der"))
    let path = ["leaf", "root"]
    // Made after ``now``.
    let verdict = trust.verify(leaf, at: now + 600)
    #expect(verdict == (expected.map { .weak($0, path: path) } ?? .trusted(path: path)))
    #expect(verdict.isTrusted == (expected == nil))
    guard case .notTrusted(.expired) = trust.verify(leaf, at: now + 20 * 86_400) else {
      Issue.record("an expired chain keeps its reason")
      return
    }
  }

  /// A signature that cannot be checked is not one that was forged, nor is the issuer missing that is there.
  @Test func doesNotCallASignatureWrongThatItCannotCheck() throws {
    let company = "深圳市示例建设工程有限公司"
    // ecdsa-with-SHA256 made an algorithm that nobody knows.
    let unknown = try replaced("p256-sign", [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02], last: 0x63)
    #expect(
      try trust("p256-root", "p256-ca").verify(try Certificate(der: unknown), at: now)
        == .notTrusted(
          .signatureUnchecked(
            certificate: company, reason: "Cannot find certificate signature algorithm")))
    // sha256WithRSAEncryption made md2WithRSAEncryption, which is known but has no digest here.
    let old = try replaced("rsa-sign", [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B], last: 0x02)
    #expect(
      try trust("rsa-root", "rsa-ca").verify(try Certificate(der: old), at: now)
        == .notTrusted(.signatureUnchecked(certificate: company, reason: "unknown message digest algorithm")))
    // id-ecPublicKey of the issuer made something else.
    let keyless = try replaced("p256-ca", [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01], last: 0x63)
    #expect(
      try verify("p256-sign", TrustDirectory(certificates: [try Certificate(der: keyless)]))
        == .notTrusted(.issuerKeyUnusable(certificate: "示例 p256 CA")))
  }

  /// A certificate with the last byte of an object identifier changed wherever it stands.
  private func replaced(_ name: String, _ identifier: [UInt8], last: UInt8) throws -> [UInt8] {
    var der = try authority.der(name)
    while let place = der.firstRange(of: identifier) { der[place.upperBound - 1] = last }
    return der
  }
}
