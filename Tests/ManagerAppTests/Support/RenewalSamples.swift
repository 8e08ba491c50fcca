import Base
import CertificateKit
import Failures
import TerminalKit
import UnlockKit
import Wording

@testable import ManagerApp
@testable import RenewalKit
@testable import TokenKit

/// An order of somebody invented at each of its stages, and the key that it is on.
enum RenewalSamples {
  private static func certificate(_ text: String) throws -> Certificate {
    try Certificate(der: Base64.decode(text.utf8) ?? [])
  }

  static let container: TokenName = "ukey-0123456789abcdef"

  static func old() throws -> Certificate {
    try certificate(
      """
      MIICsTCCAlegAwIBAgIINaEJfwARIjMwCgYIKoEcz1UBg3UwSDELMAkGA1UEBhMCQ04xITAfBgNVBAoMGOekuuS+i+eUteWtkOiupOivgeS4re\
      W/gzEWMBQGA1UEAwwNU2FtcGxlIFNNMiBDQTAeFw0yNjAxMDIwMDAwMDBaFw0yNzAxMDIxNTU5NTlaMIGZMQswCQYDVQQGEwJDTjESMBAGA1UE\
      CAwJ5bm/5Lic55yBMRIwEAYDVQQHDAnmt7HlnLPluIIxMDAuBgNVBAoMJ+a3seWcs+W4guekuuS+i+W7uuiuvuW3peeoi+aciemZkOWFrOWPuD\
      EwMC4GA1UEAwwn5rex5Zyz5biC56S65L6L5bu66K6+5bel56iL5pyJ6ZmQ5YWs5Y+4MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE11lSI8dj\
      E7GZgOW9E5KnXaDCMhlDxeO5VidCiTwLAALaXYzsYBcPbw0aUdECw3R1jnxlBgBObWZFgpqNQrkHqqOB2DCB1TAOBgNVHQ8BAf8EBAMCBsAwEw\
      YDVR0lBAwwCgYIKwYBBQUHAwIwIAYIKoEc0BQEAQQEFBMSOTE0NDAzMDA3MTUyNjcyNlhHMB0GA1UdDgQWBBRfZkP6jdJ4znsBnylMgyqmGxqD\
      ozBtBgNVHSMEZjBkoUykSjBIMQswCQYDVQQGEwJDTjEhMB8GA1UECgwY56S65L6L55S15a2Q6K6k6K+B5Lit5b+DMRYwFAYDVQQDDA1TYW1wbG\
      UgU00yIENBghRpj95mqdCGdkv0VEap++h5fIUJbjAKBggqgRzPVQGDdQNIADBFAiEA716GPb4dWwae0/hAIBKBfQTEcqurUYMWBT+pODbavLgC\
      IAPaSzW7AKqjn7PzHMRnqAEzEMvVDjeTvCI5xLRmvphx
      """)
  }

  static func new() throws -> Certificate {
    try certificate(
      """
      MIICsTCCAlegAwIBAgIINaIJfwARIkQwCgYIKoEcz1UBg3UwSDELMAkGA1UEBhMCQ04xITAfBgNVBAoMGOekuuS+i+eUteWtkOiupOivgeS4re\
      W/gzEWMBQGA1UEAwwNU2FtcGxlIFNNMiBDQTAeFw0yNjExMjMwMDAwMDBaFw0yNzExMjMxNTU5NTlaMIGZMQswCQYDVQQGEwJDTjESMBAGA1UE\
      CAwJ5bm/5Lic55yBMRIwEAYDVQQHDAnmt7HlnLPluIIxMDAuBgNVBAoMJ+a3seWcs+W4guekuuS+i+W7uuiuvuW3peeoi+aciemZkOWFrOWPuD\
      EwMC4GA1UEAwwn5rex5Zyz5biC56S65L6L5bu66K6+5bel56iL5pyJ6ZmQ5YWs5Y+4MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEaaCS7RN0\
      L8ttiWV0uYkEiHf1kTzd5bmNRCKnNxTts8pNhdt+hFZ1y5ydzOTPbidw5HvVYx15hOrwIbuMh/jxjaOB2DCB1TAOBgNVHQ8BAf8EBAMCBsAwEw\
      YDVR0lBAwwCgYIKwYBBQUHAwIwIAYIKoEc0BQEAQQEFBMSOTE0NDAzMDA3MTUyNjcyNlhHMB0GA1UdDgQWBBSax7zTDT5b/ieha1mtM1XQC7dy\
      ETBtBgNVHSMEZjBkoUykSjBIMQswCQYDVQQGEwJDTjEhMB8GA1UECgwY56S65L6L55S15a2Q6K6k6K+B5Lit5b+DMRYwFAYDVQQDDA1TYW1wbG\
      UgU00yIENBghRpj95mqdCGdkv0VEap++h5fIUJbjAKBggqgRzPVQGDdQNIADBFAiEA+lriBMo4MKhW2YiWjPYsH/YFzXUxnGOZFCfhPs84Z1QC\
      ICAub5i0cDDcS4R7PPIneSONsZhPe5U3NIJtvojzzs98
      """)
  }

  static func encryption() throws -> Certificate {
    try certificate(
      """
      MIICsTCCAlegAwIBAgIINaIJfwARIkUwCgYIKoEcz1UBg3UwSDELMAkGA1UEBhMCQ04xITAfBgNVBAoMGOekuuS+i+eUteWtkOiupOivgeS4re\
      W/gzEWMBQGA1UEAwwNU2FtcGxlIFNNMiBDQTAeFw0yNjExMjMwMDAwMDBaFw0yNzExMjMxNTU5NTlaMIGZMQswCQYDVQQGEwJDTjESMBAGA1UE\
      CAwJ5bm/5Lic55yBMRIwEAYDVQQHDAnmt7HlnLPluIIxMDAuBgNVBAoMJ+a3seWcs+W4guekuuS+i+W7uuiuvuW3peeoi+aciemZkOWFrOWPuD\
      EwMC4GA1UEAwwn5rex5Zyz5biC56S65L6L5bu66K6+5bel56iL5pyJ6ZmQ5YWs5Y+4MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE1s1UJCtD\
      GDk9hypsH0gr5yKq+acPAbJRdmea1R4LmHtYl39lLbiGKNvT9PUt+9ZtuWmMDgwqzdjb1FVkhkUsIaOB2DCB1TAOBgNVHQ8BAf8EBAMCAzgwEw\
      YDVR0lBAwwCgYIKwYBBQUHAwIwIAYIKoEc0BQEAQQEFBMSOTE0NDAzMDA3MTUyNjcyNlhHMB0GA1UdDgQWBBSeJrpHiliFlMS5lb/MOhRHHmBv\
      fzBtBgNVHSMEZjBkoUykSjBIMQswCQYDVQQGEwJDTjEhMB8GA1UECgwY56S65L6L55S15a2Q6K6k6K+B5Lit5b+DMRYwFAYDVQQDDA1TYW1wbG\
      UgU00yIENBghRpj95mqdCGdkv0VEap++h5fIUJbjAKBggqgRzPVQGDdQNIADBFAiEAwAudElcPWXs9xYoQF9ulWm+FZAhPWlcKXzBLo4ChnRMC\
      IG9TkmatW4xHjfWM8VGpHV+D52UBjVIrcC9cTzFxnzBq
      """)
  }

  static let offer = RenewalOffer(
    kinds: [.sm2], takesEncryptionPair: true, basis: .published(profile: "A-lm"))

  static func journal(_ stage: RenewalStage, serial: String = "E3000GM-00412") throws -> RenewalJournal {
    var journal = RenewalJournal(
      number: [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF], kind: .renew, created: Samples.now - 2 * Samples.day,
      keySerial: serial, application: "SZCAAPP", keyKind: .sm2, subject: try old().subjectName(), request: nil,
      nameIsNumber: false)
    journal.stage = stage
    journal.oldContainer = "Container0001"
    journal.oldCertificate = try old().der
    if stage == .begun { return journal }
    journal.pair = try new().publicKeyInfo()
    journal.file = "/home/lisi/E3000GM-00412.ukord"
    if stage.isBefore(.answered) { return journal }
    journal.signature = try new().der
    journal.encryption = try encryption().der
    journal.envelope = try envelope()
    return journal
  }

  static func envelope() throws -> EnvelopedKey {
    try EnvelopedKey(
      algorithm: .sm4, sessionPoint: try new().publicKeyInfo().point ?? [],
      sessionHash: [UInt8](repeating: 1, count: 32),
      sessionCipher: [UInt8](repeating: 2, count: 16), point: try encryption().publicKeyInfo().point ?? [],
      privateCipher: [UInt8](repeating: 3, count: 32))
  }

  static func answer(_ differences: [AnswerDifference] = []) throws -> RenewalAnswer {
    RenewalAnswer(
      files: ["/home/lisi/answer.csrrsp"],
      checked: CheckedAnswer(
        signature: try new(), encryption: (try encryption(), try envelope()), differences: differences))
  }

  static func files() -> RenewalFiles {
    RenewalFiles(
      order: "/home/lisi/E3000GM-00412.ukord", csr: "/home/lisi/E3000GM-00412.csr", checkCode: "SR5Q-VE3H-AWNV")
  }

  /// The key with the old certificate, and what there is of the new ones.
  static func key(
    signature: Reading<Certificate>? = nil, encryption: Reading<Certificate>? = nil,
    pin: Reading<PINStatus> = Samples.pin(10),
    source: TokenSource = Samples.source()
  ) throws -> TokenSnapshot {
    var containers = [Samples.container("Container0001", signature: .value(try old()), encryption: .absent)]
    if let signature {
      containers.append(Samples.container(container, signature: signature, encryption: encryption ?? .absent))
    }
    return Samples.key(source, pin: pin, containers: .value(containers))
  }
}

extension Scene {
  var renewal: RenewalScreen? { topmost { if case .renewal(let screen) = $0 { screen } else { nil } } }

  /// The screen 换发证书 over a key, before it was looked at.
  static func renewing(
    _ language: Language = .zh, width: Int = 80, height: Int = 24, key snapshot: TokenSnapshot? = nil
  ) throws -> Scene {
    var scene = Scene(language, width: width, height: height)
    scene.send(.service(.running))
    scene.insert(try snapshot ?? RenewalSamples.key())
    scene.press(.function(3), .character("2"), .enter)
    return scene
  }

  /// What was found on the key.
  mutating func found(_ stage: RenewalStage?, _ snapshot: TokenSnapshot? = nil) throws {
    let snapshot = try snapshot ?? RenewalSamples.key()
    let journal = try stage.map { try RenewalSamples.journal($0) }
    reply(.renewal(.looked(.found(RenewalFound(offer: RenewalSamples.offer, journal: journal, snapshot: snapshot)))))
  }

  /// The key tells the tries left, and asks for the PIN.
  mutating func preparePIN(left: Int = 10) throws {
    guard let query = pin?.query else { return }
    reply(
      .pin(
        .prepared(
          query,
          .ready(
            PINReady(
              policy: .gmt, status: PINStatus(triesMax: 10, triesLeft: left, isLocked: false, isDefault: nil),
              fields: try PINFields())))))
  }

  mutating func end(_ result: RenewalEnded.Result, _ stage: RenewalStage, mayHaveRemoved: Bool = false) throws {
    guard let query = pin?.query else { return }
    let ended = RenewalEnded(
      journal: try RenewalSamples.journal(stage), result: result, mayHaveRemoved: mayHaveRemoved)
    reply(.pin(.renewed(query, ended)))
  }
}
