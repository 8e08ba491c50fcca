import ArgumentParser
import CertificateKit
import Failures
import Glibc
import TokenKit

@testable import ukey

/// Invented keys, and the embedded demo key read for real.
enum Sample {
  /// 2026-11-24 00:00:00 +08:00.
  static let now: Int64 = 1_795_449_600
  static let day: Int64 = 86_400

  static func certificate(days: Int64, from: Int64 = -100, serial: UInt8 = 1) -> Certificate {
    let name = DistinguishedName(attributes: [.init(oid: "2.5.4.3", shortName: "CN", value: "深圳市示例建设工程有限公司")])
    return Certificate(
      der: [0x30, 0x03, 0x02, 0x01, serial], subject: name, issuer: name, serial: [0x35, serial],
      validity: Validity(notBefore: now + from * day, notAfter: now + days * day), publicKey: .sm2,
      signatureAlgorithm: "SM3withSM2", keyUsage: [.digitalSignature])
  }

  /// A key with one application and a container for each certificate.
  static func key(
    _ certificates: [Reading<Certificate>], reader: String = "Reader 00", provider: String = "pcsc", left: Int? = 10,
    serial: Reading<TokenName> = .value("KEY-1")
  ) -> TokenSnapshot {
    let containers = certificates.enumerated().map { number, certificate in
      ContainerSnapshot(
        name: TokenName("C\(number)"), kind: .value(.sm2), entries: [.init(role: .signature, certificate: certificate)])
    }
    let pin = PINStatus(triesMax: 10, triesLeft: left, isLocked: left == 0, isDefault: false)
    return TokenSnapshot(
      source: TokenSource(provider: provider, reader: reader), family: .gmt0017, atr: [0x3B, 0x80],
      device: DeviceInfo(serial: serial), profile: nil,
      applications: .value([
        ApplicationSnapshot(name: "APP", userPIN: .value(pin), adminPIN: .notOffered, containers: .value(containers))
      ]))
  }

  static func report(_ key: TokenSnapshot) -> ReaderReport { ReaderReport(source: key.source, content: .key(key)) }

  static func report(_ content: ReaderReport.Content, provider: String = "pcsc") -> ReaderReport {
    ReaderReport(source: TokenSource(provider: provider, reader: "Reader 01"), content: content)
  }

  static func demo() throws -> OneKey {
    try OneKey.find(KeySelection(demo: true))
  }

  /// A descriptor from which the text can be read; the reader closes it.
  static func descriptor(_ text: String) throws -> Int32 {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure(.internalError, function: "pipe", number: .errno(errno)) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let bytes = Array(text.utf8)
    _ = write(ends[1], bytes, bytes.count)
    close(ends[1])
    return ends[0]
  }
}
