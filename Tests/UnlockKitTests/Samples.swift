import Base
import Failures
import Foundation
import SmartCard
import SoftToken
import StrictJSON
import TokenKit

@testable import UnlockKit

/// A minute ahead: the desks' certificates are made while the tests run, and must be in date.
let moment = Int64(Date().timeIntervalSince1970) + 60

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

  init(_ behaviour: GMCardBehaviour = .aLM) throws {
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

  /// A request with the public half of `key`.
  func request(_ applicant: Applicant = person, key: SM2Key? = nil, now: Int64 = moment) throws -> UnlockRequest {
    try UnlockRequest(
      kind: .unlock, snapshot: try snapshot(), application: nil,
      waitingKey: try (key ?? SM2Key.generate()).point(), applicant: applicant, program: "ukey test", now: now)
  }
}

/// A desk with its key, made by OpenSSL's own program, as `Docs/unlock.md` says.
final class SampleDesk {
  let key: DeskKey
  let certificates: DeskCertificates
  let keyFile: String
  let certificateFile: String

  init(_ scratch: Scratch, _ name: String = "desk", days: Int = 3650) throws {
    keyFile = scratch.path + "/\(name).key"
    certificateFile = scratch.path + "/\(name).crt"
    try Self.openssl("genpkey", "-algorithm", "SM2", "-out", keyFile)
    chmod(keyFile, 0o600)
    try Self.openssl(
      "req", "-x509", "-new", "-key", keyFile, "-sm3", "-sigopt", "distid:1234567812345678", "-subj", "/CN=\(name)",
      "-days", "\(days)", "-out", certificateFile)
    key = try DeskKey(keyFile: keyFile, certificateFile: certificateFile)
    certificates = DeskCertificates(files: [certificateFile])
  }

  private static func openssl(_ words: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw CocoaError(.executableLoad) }
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
