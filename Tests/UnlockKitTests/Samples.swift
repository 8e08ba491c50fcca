import Base
import Failures
import Foundation
import SmartCard
import SoftToken
import StrictJSON
import TokenKit

@testable import UnlockKit

/// 2026-11-24 00:00:00 UTC.
let moment: Int64 = 1_795_478_400

func pin(_ text: String) throws -> PIN {
  var pin = try PIN()
  for byte in text.utf8 { _ = pin.append(byte) }
  return pin
}

let person = Applicant(name: "李四", mobile: "13800138000", reason: "忘记密码")

/// A software token and a way to open it as often as wanted.
struct SoftKey {
  var provider: CardTokenProvider
  var token: any Token

  init(_ behaviour: GMCardBehaviour = .aBE) throws {
    provider = try CardTokenProvider(
      name: "demo", service: DemoReaders(cards: [("R", try GMCard.demo(behaviour: behaviour))]))
    token = try provider.open("R")
  }

  func snapshot() throws -> TokenSnapshot { try token.read(ReadOptions(), progress: { _ in }) }

  /// Bound to the key as it was shown.
  var admin: PINReference {
    PINReference(application: "SZCA-DEMO", role: .admin, keySerial: "DEMO-GM-00412")
  }
  var reference: PINReference { PINReference(application: "SZCA-DEMO", role: .user) }

  func request(_ applicant: Applicant = person, now: Int64 = moment) throws -> UnlockRequest {
    let snapshot = try snapshot()
    let challenge = try token.unlockChallenge(admin)
    return try UnlockRequest(
      kind: .unlock, snapshot: snapshot, application: nil, challenge: challenge, applicant: applicant,
      program: "ukey test", now: now)
  }
}

/// A directory that is gone when it ends.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "ukey-unlock-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

func code(_ body: () throws -> Void) -> FailureCode? {
  do {
    try body()
    return nil
  } catch let failure as Failure {
    return failure.code
  } catch {
    return nil
  }
}
