import Base
import CertificateKit
import DiagnosisKit
import Failures
import LoginToken
import SoftToken
import StrictJSON
import Wording

@testable import TokenKit
@testable import UnlockKit

/// The certificates of a key made anew: real bytes to begin with.
private func certificates() throws -> [[UInt8]] {
  let card = try GMCard.demo(behaviour: .aLM)
  let token = CardToken(source: TokenSource(provider: "fuzz", reader: "fuzz"), link: InProcessLink(card))
  return try token.read(ReadOptions(), progress: { _ in }).places.compactMap(\.certificate.value?.der)
}

/// The same with the digest that fits, which no change by chance has: what lies behind it is to be read, too.
private func sealed(_ input: [UInt8]) -> [UInt8]? {
  guard case .object(let members)? = try? JSONValue(parsing: input) else { return nil }
  let kept = members.filter { $0.0 != "digest" }
  return try? SealedDocument(sealing: kept).bytes
}

private func texts(_ texts: [String]) -> [(name: String, bytes: [UInt8])] {
  texts.enumerated().map { ("text-\($0)", Array($1.utf8)) }
}

extension Target {
  static let certificate = Target(
    name: "certificate",
    seeds: { try certificates().enumerated().map { ("key-\($0)", $1) } },
    read: { input in
      guard let certificate = try? Certificate(der: input) else { return }
      for text in [certificate.owner, certificate.issuer.displayName, certificate.serialText, certificate.uscc?.code] {
        guard let text else { continue }
        let shown = displaySafe(text)
        check(displaySafe(shown) == shown, "what was made safe to show is not")
      }
      _ = certificate.validity.daysLeft(now: 1_800_000_000)
      _ = ExpiryDays(renewal: 90, reminder: 60, soon: 30, urgent: 7).stage(certificate.validity, now: 1_800_000_000)
    })

  static let signedData = Target(
    name: "signed-data",
    seeds: { try certificates().prefix(2).enumerated().map { ("certificate-\($0)", $1) } },
    read: { _ = try? SignedData(der: $0) })

  static let request = Target(
    name: "request", seeds: { texts([#"{"format":"ukey-unlock-request","version":1}"#]) },
    read: { input in
      _ = try? UnlockRequest.parse(input)
      guard let sealed = sealed(input), let (request, document) = try? UnlockRequest.parse(sealed) else { return }
      check((try? UnlockRequest.parse(document.bytes))?.request == request, "a request that is read changes")
    })

  static let response = Target(
    name: "response",
    seeds: {
      let zeros = String(repeating: "0", count: 64)
      return texts([
        """
        {"challenge":{"application":"A","applicationId":"0001","profile":"A-lm","random":"0102030405060708"},\
        "created":1790000000,"expires":1790600000,"format":"ukey.unlock-response",\
        "keySerial":"S","payload":{"data":"\(zeros)"},"request":"\(zeros)","version":1}
        """
      ])
    },
    read: { input in
      _ = try? UnlockResponse.parse(input)
      guard let sealed = sealed(input), let (response, document) = try? UnlockResponse.parse(sealed) else { return }
      check((try? UnlockResponse.parse(document.bytes))?.response == response, "a response that is read changes")
    })

  /// What is typed or scanned: tickets, sealed answers, requests in one line.
  static let lines = Target(
    name: "lines",
    seeds: {
      let challenge = UnlockChallenge(
        profile: "A-lm", application: "A", applicationID: [0, 1], random: [1, 2, 3, 4, 5, 6, 7, 8])
      let digest = [UInt8](repeating: 7, count: 32)
      let ticket = ChallengeTicket(request: digest, created: 1_790_000_000, keySerial: "S-1", challenge: challenge)
      let hex = String(repeating: "07", count: 32)
      return texts([
        try ticket.text(), "UKREQ2/UNLOCK/1795955261/S-1/A/04\(hex)\(hex)/\(hex)",
        "UKRSP2/\(hex)/\(hex)/S-1/1790000000/1790600000/\(hex)/0102/0304",
      ])
    },
    read: { input in
      let text = String(decoding: input, as: UTF8.self)
      _ = try? ChallengeTicket(parsing: text)
      _ = try? SealedResponse(parsing: text)
      _ = try? CompactRequest(parsing: text)
    })

  static let token = Target(
    name: "token",
    seeds: { texts([#"{"format":"ukey:1","algorithm":"SM2","certificate":"MA==","signature":"MA=="}"#]) },
    read: { _ = try? LoginToken(json: $0) })

  static let report = Target(
    name: "report", seeds: { texts([#"{"schema":"ukey-doctor/1","checks":[]}"#]) },
    read: { _ = try? DiagnosisDocument(parsing: $0) })

  static let json = Target(
    name: "json",
    seeds: { texts([#"{"a":[1,-2,true,null,"\u00e9\ud83d\ude00"],"b":{}}"#, "[[[[]]]]", #""\"""#]) },
    read: { input in
      guard let value = try? JSONValue(parsing: input) else { return }
      let bytes = value.canonical
      check((try? JSONValue(parsing: bytes))?.canonical == bytes, "what was read and written is read as something else")
    })

  static let settings = Target(
    name: "settings",
    seeds: {
      texts(["[authority]\nname = 某机构\nhotline = 12345\n", "[window]\ntheme = light\ncolumns = use ends pin\n# x\n"])
    },
    read: { input in
      var settings = Settings.builtIn
      settings.add(input, file: "fuzz.conf")
      for mistake in settings.mistakes {
        check(mistake.line > 0 && mistake.column > 0, "a mistake nowhere")
        check(displaySafe(mistake.text) == mistake.text, "a mistake that is not safe to show")
      }
    })

  static let devices = Target(
    name: "devices",
    seeds: { texts(["[device 1234:5678]\nname = x\nlibraries = y\n", "[library y]\nfiles = liby.so\nkind = skf\n"]) },
    read: { input in
      var list = KnownDevices()
      list.add(String(decoding: input, as: UTF8.self), name: "fuzz.conf")
      for mistake in list.mistakes { check(mistake.line > 0 && mistake.column > 0, "a mistake nowhere") }
    })
}
