import CertificateKit
import Failures
import TokenKit

/// Invented keys and certificates.
enum Samples {
  /// 2026-11-24 00:00:00 +08:00.
  static let now: Int64 = 1_795_449_600
  static let day: Int64 = 86_400

  static func source(_ number: Int = 0, reader: String? = nil) -> TokenSource {
    TokenSource(provider: "pcsc", reader: reader ?? "FT ePass3000GM [USB Token] 0\(number) 00")
  }

  static func name(_ attributes: [(String, String, String)]) -> DistinguishedName {
    DistinguishedName(attributes: attributes.map { .init(oid: $0.0, shortName: $0.1, value: $0.2) })
  }

  static func certificate(
    owner: String = "深圳市示例建设工程有限公司", usage: KeyUsage = [.digitalSignature, .nonRepudiation],
    from: Int64 = now - 326 * day, until: Int64 = now + 39 * day + 3600, serial: UInt8 = 9,
    uscc: USCCFinding? = USCCFinding(code: "9144030071526726XG", source: "1.2.156.10260.4.1.4", check: .valid),
    key: PublicKey = .sm2, algorithm: String = "SM3withSM2"
  ) -> Certificate {
    Certificate(
      der: [0x30, 0x03, 0x02, 0x01, serial],
      subject: name([
        ("2.5.4.6", "C", "CN"), ("2.5.4.8", "ST", "广东省"), ("2.5.4.7", "L", "深圳市"),
        ("2.5.4.10", "O", owner), ("2.5.4.3", "CN", owner),
      ]),
      issuer: name([("2.5.4.6", "C", "CN"), ("2.5.4.10", "O", "示例电子认证中心"), ("2.5.4.3", "CN", "Sample SM2 CA")]),
      serial: [0x35, 0xA1, serial, 0x7F, 0x00, 0x11, 0x22, 0x33],
      validity: Validity(notBefore: from, notAfter: until), publicKey: key, signatureAlgorithm: algorithm,
      keyUsage: usage, extendedKeyUsage: ["1.3.6.1.5.5.7.3.2"], uscc: uscc)
  }

  static let encryptionUsage: KeyUsage = [.keyEncipherment, .dataEncipherment, .keyAgreement]

  static func pin(_ left: Int?, max: Int? = 10, isDefault: Bool? = false) -> Reading<PINStatus> {
    .value(PINStatus(triesMax: max, triesLeft: left, isLocked: left == 0, isDefault: isDefault))
  }

  static func container(
    _ name: TokenName = "Container0001", signature: Reading<Certificate>? = nil, encryption: Reading<Certificate>? = nil
  ) -> ContainerSnapshot {
    ContainerSnapshot(
      name: name, kind: .value(.sm2),
      entries: [
        .init(role: .signature, certificate: signature ?? .value(certificate())),
        .init(role: .encryption, certificate: encryption ?? .value(certificate(usage: encryptionUsage, serial: 10))),
      ])
  }

  static func key(
    _ source: TokenSource = source(), label: TokenName = "SZCA ePass3000GM", serial: TokenName = "E3000GM-00412",
    pin: Reading<PINStatus> = pin(10), containers: Reading<[ContainerSnapshot]>? = nil, isComplete: Bool = true,
    applications: Reading<[ApplicationSnapshot]>? = nil
  ) -> TokenSnapshot {
    TokenSnapshot(
      source: source, family: .gmt0017, atr: [0x3B, 0x9F, 0x95, 0x81, 0x31, 0xFE, 0x9F],
      device: DeviceInfo(
        label: .value(label), manufacturer: .value("Feitian Technologies"), issuer: .value("SZCA"),
        serial: .value(serial), hardwareVersion: .value("1.0"), firmwareVersion: .value("2.3"),
        totalSpace: .value(65_536), freeSpace: .value(40_960)),
      profile: "A-lm",
      applications: applications
        ?? .value([
          ApplicationSnapshot(
            name: "SZCAAPP", userPIN: pin, adminPIN: Samples.pin(8),
            containers: containers ?? .value([container()]))
        ]),
      isComplete: isComplete)
  }

  static func piv(_ source: TokenSource) -> TokenSnapshot {
    TokenSnapshot(
      source: source, family: .piv, atr: [0x3B, 0xFD, 0x13], device: DeviceInfo(label: .value("PIV"), serial: .absent),
      profile: "piv",
      applications: .value([
        ApplicationSnapshot(
          name: "PIV", userPIN: pin(3, max: nil, isDefault: nil), adminPIN: .notOffered,
          containers: .value([
            ContainerSnapshot(
              name: "9A", kind: .value(.ec),
              entries: [
                .init(
                  role: .authentication,
                  certificate: .value(
                    certificate(
                      owner: "Zhang San", usage: [.digitalSignature], until: now - 3 * day, serial: 0x77, uscc: nil,
                      key: .ec(curve: "prime256v1", bits: 256), algorithm: "SHA256withECDSA")))
              ]),
            ContainerSnapshot(
              name: "9C", kind: .value(.rsa),
              entries: [
                .init(
                  role: .signature,
                  certificate: .value(
                    certificate(
                      owner: "Zhang San", until: now + 400 * day, serial: 0x78,
                      uscc: USCCFinding(code: "91350100M0001TGQXM", source: "subject OU", check: .checkDigitWrong),
                      key: .rsa(bits: 2048), algorithm: "SHA256withRSA")))
              ]),
          ]))
      ]))
  }

  static let serviceDown = Failure(
    .serviceUnavailable, function: "SCardEstablishContext", number: .scard(0x8010_001D))
}
