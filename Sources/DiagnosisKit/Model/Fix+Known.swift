/// The repairs that are offered, each one line of the shell.
///
/// What they call is named by its absolute path, and nothing that a user, a card or a file could have written goes into
/// them: who says yes as root runs what stands here.
extension Fix {
  static func install(_ packages: String, with manager: PackageManager) -> Fix {
    Fix(manager.command + " " + packages, needsRoot: true)
  }

  static let enableSocket = Fix("/usr/bin/systemctl enable --now pcscd.socket", needsRoot: true)
  static let unmask = Fix(
    "/usr/bin/systemctl unmask pcscd.socket pcscd.service && /usr/bin/systemctl unmask --runtime pcscd.socket pcscd.service"
      + " && /usr/bin/systemctl enable --now pcscd.socket",
    needsRoot: true)
  static let restartSocket = Fix("/usr/bin/systemctl restart pcscd.socket", needsRoot: true)
  static let restartService = Fix("/usr/bin/systemctl restart pcscd.service", needsRoot: true)
  static let restartAll = Fix("/usr/bin/systemctl restart pcscd.socket pcscd.service", needsRoot: true)

  static let setClock = Fix("/usr/bin/timedatectl set-ntp true", needsRoot: true)
  /// As whoever has it installed types it: where a diagnosis is made, the program names itself by its path.
  static let startKeyService = Fix("ukey serve start", needsRoot: false)
  /// gpg's daemon holds keys without being asked; it starts again when gpg needs it.
  static let endSCDaemon = Fix("/usr/bin/gpgconf --kill scdaemon", needsRoot: false)

  /// Where the reader service's program may stand.
  static let servicePaths = ["/usr/sbin/pcscd", "/usr/bin/pcscd", "/usr/local/sbin/pcscd"]
  static func startService(_ path: String) -> Fix { Fix(path, needsRoot: true) }
  /// In place of the one that runs, once that is gone.
  static func startServiceAnew(_ path: String, ending pid: Int32) -> Fix {
    let waits = "n=0; while kill -0 \(pid) 2>/dev/null && [ $n -lt 50 ]; do /bin/sleep 0.1; n=$((n+1)); done"
    return Fix("kill \(pid) && { \(waits); \(path); }", needsRoot: true)
  }

  /// The repair of a cause that was found elsewhere: of those that this program knows for it the one that the report
  /// names, else the usual one. A report cannot put a command of its own into our mouth.
  ///
  /// - Parameter said: the command as the report has it.
  static func known(_ cause: Cause, said: String) -> Fix? {
    let known: [Fix] =
      switch cause {
      case .notInstalled: PackageManager.allCases.map { .install($0.readerService, with: $0) }
      case .bundleMissing: PackageManager.allCases.map { .install($0.readerDriver, with: $0) }
      case .socketDenied: [restartSocket]
      case .socketMasked: [unmask]
      case .socketMissing, .socketStale: [enableSocket] + servicePaths.map(startService)
      case .serviceBroken, .serviceEnds, .serviceDied, .socketLost: [restartAll]
      case .readerNotNoticed: [restartService]
      case .clockBeforeRelease, .clockBehindFiles, .clockBehindCertificate, .clockAhead, .clockDiffers: [setClock]
      case .keyServiceAbsent, .keyServiceUnknown, .keyServiceDown, .pageServiceDown: [startKeyService]
      default: []
      }
    return known.first { $0.command == said } ?? known.first
  }
}
