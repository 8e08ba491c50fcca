internal import Base
package import CertificateKit
package import Failures
internal import Glibc
package import TokenKit

/// The key that a desk signs its answers with, and the certificate that holders have pinned.
package struct DeskKey: Sendable {
  package let certificate: Certificate
  /// SM3 of the certificate.
  package let fingerprint: [UInt8]
  let key: SM2Key

  /// - Parameters:
  ///   - keyFile: PEM, PKCS#8, without passphrase; nobody but its owner may read it.
  ///   - certificateFile: PEM or DER.
  /// - Throws: `UK-522` when they cannot be used or do not belong together, `UK-614` when another user could have written
  ///   one of them.
  package init(keyFile: String, certificateFile: String) throws(Failure) {
    let certificate = try DeskCertificates.load(certificateFile)
    key = try SM2Key.load(keyFile)
    self.certificate = certificate
    fingerprint = try Digest.sm3(certificate.der)
    // The cheapest proof that they belong together is the one that the holder asks for.
    let message = Array("ukey-desk/2".utf8)
    do throws(Failure) {
      try certificate.verify(try key.sign(message), of: message)
    } catch {
      throw Failure(.deskKey, context: displaySafe(certificateFile), causes: [error])
    }
  }
}

extension SM2Key {
  /// A private key from a file that nobody but its owner may read: PEM, PKCS#8.
  ///
  /// - Parameter passphrase: asked for where the key is under one.
  /// - Returns: the key, and whether it was under a passphrase.
  /// - Throws: `UK-522`, `UK-614`, and what asking throws.
  package static func load(
    _ file: String, passphrase: () throws(Failure) -> PIN
  ) throws(Failure) -> (key: SM2Key, isSealed: Bool) {
    let path = absolutePath(file)
    let secret = try read(path)
    let isSealed = secret.withBytes { bytes in
      String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    }
    func load(_ read: () throws(Failure) -> SM2Key) throws(Failure) -> SM2Key {
      do throws(Failure) {
        return try read()
      } catch {
        throw Failure(.deskKey, function: isSealed ? "passphrase" : nil, context: displaySafe(path), causes: [error])
      }
    }
    guard isSealed else { return (try load { () throws(Failure) in try SM2Key(pem: secret) }, false) }
    let given = try passphrase()
    return (try load { () throws(Failure) in try SM2Key(sealed: secret, passphrase: given) }, true)
  }

  /// The same without passphrase: one under it is refused and nothing is asked.
  package static func load(_ file: String) throws(Failure) -> SM2Key {
    try load(file) { () throws(Failure) in
      throw Failure(.deskKey, function: "passphrase", context: displaySafe(absolutePath(file)))
    }.key
  }

  private static func read(_ path: String) throws(Failure) -> SecretBytes {
    try Failure.checkTrust(path, missing: .deskKey)
    func failure(_ function: String, _ number: Int32 = errno) -> Failure {
      Failure(.deskKey, function: function, number: .errno(number), context: displaySafe(path))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw failure("fstat", EINVAL) }
    guard status.st_mode & 0o077 == 0 else { throw failure("fstat", EACCES) }
    var secret = try SecretBytes()
    let isRead = secret.fill { room in
      let count = Glibc.read(descriptor, room.baseAddress, room.count)
      return count > 0 ? count : nil
    }
    guard isRead else { throw failure("read") }
    return secret
  }
}

/// The desks whose answers a holder accepts.
package struct DeskCertificates: Sendable {
  /// By the SM3 of the certificate.
  private var known: [[UInt8]: Certificate] = [:]
  package private(set) var failures: [Failure] = []

  package var isEmpty: Bool { known.isEmpty }

  /// Certificates in these files, and in the files of these folders.
  package init(files: [String] = [], folders: [String] = []) {
    for file in files { add(file) }
    for folder in folders {
      guard let names = try? listFolder(folder, limit: 1024) else { continue }
      for name in names.sorted() where [".pem", ".crt", ".cer", ".der"].contains(where: name.lowercased().hasSuffix) {
        add(folder + "/" + name)
      }
    }
  }

  /// The machine's folder and the user's: `/etc/ukey/desk`, `~/.config/ukey/desk`.
  package static var folders: [String] {
    var paths = ["/etc/ukey/desk"]
    if let settings = TrustedPath.own("XDG_CONFIG_HOME") {
      paths.append(settings + "/ukey/desk")
    } else if let home = TrustedPath.home {
      paths.append(home + "/.config/ukey/desk")
    }
    return paths
  }

  private mutating func add(_ file: String) {
    do throws(Failure) {
      let certificate = try Self.load(file)
      known[try Digest.sm3(certificate.der)] = certificate
    } catch {
      failures.append(error)
    }
  }

  /// One SM2 certificate from a file that no other user could have written.
  ///
  /// - Throws: `UK-522`, `UK-614`.
  package static func load(_ file: String) throws(Failure) -> Certificate {
    let path = absolutePath(file)
    try Failure.checkTrust(path, missing: .deskKey)
    let bytes = try Failure.mapping(.deskKey, try readFile(path, limit: 65_536, followsLinks: true))
    let der = bytes.first == 0x30 ? bytes : PEM.certificates(in: bytes).first ?? nil
    guard let der, let certificate = try? Certificate(der: der), certificate.publicKey == .sm2 else {
      throw Failure(.deskKey, context: displaySafe(path))
    }
    return certificate
  }

  /// Checks who signed an answer.
  ///
  /// - Parameter now: seconds since 1970-01-01 UTC.
  /// - Returns: the desk's certificate.
  /// - Throws: `UK-519` when the desk is not pinned or its certificate not in date, `UK-520` when the signature is wrong.
  func check(_ response: SealedResponse, now: Int64) throws(Failure) -> Certificate {
    guard let certificate = known[response.desk] else {
      throw Failure(.deskUnknown, context: lowerHexText(Array(response.desk.prefix(8))), causes: failures)
    }
    guard certificate.validity.notBefore <= now, now <= certificate.validity.notAfter else {
      throw Failure(.deskUnknown, context: displaySafe(certificate.owner) + " · \(certificate.validity.notAfter)")
    }
    do throws(Failure) {
      try certificate.verify(response.signature, of: response.signedBytes)
    } catch {
      throw error.code == .signatureInvalid ? Failure(.responseForged, causes: [error]) : error
    }
    return certificate
  }
}
