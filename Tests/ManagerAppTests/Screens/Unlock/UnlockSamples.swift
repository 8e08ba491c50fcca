import Failures
import Foundation
import TokenKit
import UnlockKit

@testable import ManagerApp

/// A request as it was made, and a key held for its challenge.
enum UnlockSamples {
  static func made(_ session: UnlockSession?) -> UnlockMade {
    UnlockMade(
      file: "/home/user/E3000GM-00412.ukreq", form: "/home/user/E3000GM-00412.html", checkCode: "SR5Q-VE3H-AWNV",
      compact: "UKREQ1/UNLOCK/1795449600/E3000GM-00412/A-be/SZCAAPP/1000/49DA77D408A30026/110DD889EA180964B2135EED",
      adminTries: 8, session: session)
  }

  static func session(_ folder: String) throws -> UnlockSession {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let directory = StateDirectory(path: folder)
    let challenge = UnlockChallenge(profile: "A-be", application: "SZCAAPP", applicationID: [0, 1], random: [1, 2])
    let open = OpenChallenge(
      request: [UInt8](repeating: 0, count: 32), keySerial: "E3000GM-00412", challenge: challenge, created: Samples.now)
    return UnlockSession(
      token: ScriptedToken(.changed),
      reference: PINReference(application: "SZCAAPP", role: .admin, keySerial: "E3000GM-00412"), directory: directory,
      held: try open.hold(in: directory))
  }
}
