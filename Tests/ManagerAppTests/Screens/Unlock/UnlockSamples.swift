import Failures
import Foundation
import TokenKit
import UnlockKit

@testable import ManagerApp

/// A request as it was made, and a key held for its challenge.
enum UnlockSamples {
  static func made(isAnswerable: Bool = true, isNew: Bool = true) -> UnlockMade {
    UnlockMade(
      file: isNew ? "/home/user/E3000GM-00412.ukreq" : nil, form: isNew ? "/home/user/E3000GM-00412.html" : nil,
      digest: [UInt8](repeating: 0, count: 32), checkCode: "SR5Q-VE3H-AWNV-28QD-7KXM",
      compact: "UKREQ2/UNLOCK/1795449600/E3000GM-00412/SZCAAPP/"
        + (isAnswerable ? "04" + String(repeating: "AB12CD34", count: 16) : "") + "/110DD889EA180964B2135EED",
      created: Samples.now, application: "SZCAAPP", isAnswerable: isAnswerable)
  }

  static func open(_ session: UnlockSession) -> UnlockOpen {
    UnlockOpen(
      line: "UKCHL2/110DD889EA180964B2135EED/1795449600/E3000GM-00412/A-%6C%6D/SZCAAPP/1000/49DA77D408A30026/0YENBA9X",
      expires: Samples.now + 900, session: session)
  }

  static func session(_ folder: String) throws -> UnlockSession {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let directory = StateDirectory(path: folder)
    let ticket = ChallengeTicket(
      request: [UInt8](repeating: 0, count: 32), created: Samples.now, keySerial: "E3000GM-00412",
      challenge: UnlockChallenge(
        profile: "A-lm", application: "SZCAAPP", applicationID: [0, 1], random: [1, 2, 3, 4, 5, 6, 7, 8]))
    return UnlockSession(
      token: ScriptedToken(.changed),
      reference: PINReference(application: "SZCAAPP", role: .admin, keySerial: "E3000GM-00412"), directory: directory,
      held: try OpenChallenge(ticket).hold(in: directory))
  }
}
