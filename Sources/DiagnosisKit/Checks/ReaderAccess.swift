import Base
import Failures
import Glibc
import TokenKit

extension Context {
  /// What polkit itself says of this process.
  enum PolkitAnswer: Equatable {
    case yes
    case no
    /// It could not be asked: the service, which asks it too, then lets nobody in.
    case unreachable
    /// No program here to ask it with.
    case notTold
  }

  func polkit(_ action: String) -> PolkitAnswer {
    let done = FinishedProgram.run(
      ["/usr/bin/pkcheck", "--action-id", "org.debian.pcsc-lite." + action, "--process", String(getpid())],
      limit: .milliseconds(800))
    switch done.end {
    case .ended(.exited(0)): return .yes
    // pkcheck(1): not authorized; would be asked for a password; the question was dismissed.
    case .ended(.exited(1)), .ended(.exited(2)), .ended(.exited(3)): return .no
    case .ended(.exited(127)), .notStarted: return .notTold
    default: return .unreachable
    }
  }

  private func evidence(_ action: String, _ answer: PolkitAnswer) -> [Evidence] {
    switch answer {
    case .yes: [Evidence(.polkit, action + ": yes")]
    case .no: [Evidence(.polkit, action + ": no")]
    case .unreachable: [Evidence(.polkit, action + ": ?")]
    case .notTold: []
    }
  }

  /// A line that the service closed: each reason by its own evidence, and where there is none no reason is given.
  func judgeClosed(_ failure: Failure, _ facts: [Evidence]) -> Finding {
    func fault(_ cause: Cause, _ more: [Evidence] = [], fix: Fix? = nil) -> Finding {
      Finding(.fault, cause, facts + more, fix: fix, failure: failure)
    }
    let listeners = listeners(socketPath)
    guard Self.stranger(among: listeners) == nil else { return fault(.serviceBroken) }
    if let option = hidepid { return fault(.serviceHidepid, [Evidence(.mountOption, option)]) }
    let answer = polkit("access_pcsc")
    let asked = [Evidence(.session, session)] + evidence("access_pcsc", answer)
    // Whatever closed the line, libpcsclite calls it a security violation: only polkit's own word is evidence.
    if answer == .no {
      return fault(isRemote ? .serviceDeniedRemote : .serviceDenied, asked)
    }
    // systemd listens for it, and nothing that it started lives: it ends as soon as it is started. Root sees all who
    // listen; others see only who began to, which is systemd also while the service lives.
    let lives = listeners.contains { $0.name == "pcscd" } || (geteuid() != 0 && !servicePIDs.isEmpty)
    if !lives { return fault(.serviceEnds, unitEvidence() + crashEvidence(), fix: restartFix) }
    if answer == .unreachable { return fault(.polkitUnreachable, asked) }
    return fault(.serviceBroken, asked, fix: restartFix)
  }

  /// Who listens at a Unix socket, as far as this user may know.
  func listeners(_ path: String) -> [ProcessName] {
    let seen = SocketParties(path: path).listeners
    return seen.isEmpty ? socketPeer(path).map { [$0] } ?? [] : seen
  }

  /// One who listens in the place of the reader service; `nil` where the service does, or nobody whose name may be known
  /// (hidepid).
  static func stranger(among listeners: [ProcessName]) -> ProcessName? {
    listeners.contains { serviceNames.contains($0.name) } ? nil : listeners.first(where: \.isNamed)
  }

  /// Access to the service was given, that to the card not.
  func judgeCardDenied(_ failure: Failure, _ facts: [Evidence]) -> Finding {
    Finding(
      .fault, .cardDenied, facts + [Evidence(.session, session)] + evidence("access_card", polkit("access_card")),
      failure: failure)
  }

  /// The processes that are the reader service.
  var servicePIDs: Set<Int32> {
    Set(live.list("/proc").compactMap { Int32($0) }.filter { live.value("/proc/\($0)/comm") == "pcscd" })
  }

  /// How often systemd has started it, and how it ended.
  private func crashEvidence() -> [Evidence] {
    guard live.exists("/run/systemd/system") else { return [] }
    let shown = FinishedProgram.run(
      ["/usr/bin/systemctl", "show", "pcscd.service", "--property=Result,NRestarts,ExecMainStatus"], limit: .seconds(1))
    return trim(shown.output).split(separator: "\n").map { Evidence(.unit, "pcscd.service: " + $0) }
  }

  /// Whether the reader service of before is gone or another.
  var serviceHasEnded: Bool {
    // A process that is killed lets go of its clients a moment before its socket and its number: looked at again.
    for microseconds in [0, 50_000, 200_000] as [UInt32] {
      usleep(microseconds)
      if connectNumber(socketPath) != 0 { return true }
      let before = with { $0.servicePIDs }
      if !before.isEmpty && before.isDisjoint(with: servicePIDs) { return true }
    }
    return false
  }

  /// Where the variable names another reader service that lives, while the machine's own listens too.
  var otherService: [Evidence]? {
    // /run and /var/run are the same folder.
    guard let path = variable("PCSCLITE_CSOCK_NAME"), path != Self.defaultSocket, path != "/var" + Self.defaultSocket,
      connectNumber(path) == 0, connectNumber(Self.defaultSocket) == 0
    else { return nil }
    return [Evidence(.variable, "PCSCLITE_CSOCK_NAME"), Evidence(.path, path, .path)] + listenerEvidence()
  }
}
