import Base
import Failures
import Glibc
import TokenKit

extension Context {
  func checkReader() -> Finding {
    for (provider, answer) in libraries.all {
      guard case .slots(let slots) = answer else { continue }
      with { $0.slots += slots.map { (provider: provider, slot: $0) } }
    }
    let all = with { $0.slots }
    let names = all.map { Evidence(.reader, $0.slot.source.reader, .text) }
    if let wanted = options.reader, !all.isEmpty, slots.isEmpty {
      return Finding(.fault, .readerNameUnknown, [Evidence(.reader, wanted, .text)] + names)
    }
    if !all.isEmpty { return .ok(names) }
    if let otherService { return Finding(.fault, .socketElsewhere, otherService) }
    if let device = usb.first(where: \.hasCCID) {
      if let node = device.node, case let holders = nodeHolders(files.path(node)), let holder = holders.first {
        return Finding(
          .fault, .deviceHeld,
          [nameEvidence(device), Evidence(.node, node)]
            + holders.map { Evidence(.process, $0.text) },
          fix: holder.name == "scdaemon" ? .endSCDaemon : nil)
      }
      // Only a program that claims it through the kernel has its part bound so; as pcscd has not, another has.
      if device.interfaces.contains(where: { $0.number == 0x0B && $0.driver == "usbfs" }) {
        return Finding(
          .fault, .deviceHeld,
          [nameEvidence(device), Evidence(.usbID, device.id), Evidence(.kernelDriver, "usbfs")])
      }
      return Finding(
        .fault, .readerNotNoticed,
        [nameEvidence(device), Evidence(.usbID, device.id)],
        fix: live.exists("/run/systemd/system") ? .restartService : nil)
    }
    return libraryTrouble ?? Finding(.fault, .noReader)
  }

  func checkCard() -> Finding {
    let filled = slots.filter { $0.slot.content != .empty }
    if filled.isEmpty {
      if let otherService { return Finding(.fault, .socketElsewhere, otherService) }
      return libraryTrouble ?? Finding(.fault, .noCard, slots.map { Evidence(.reader, $0.slot.source.reader, .text) })
    }
    return .ok(filled.map { Evidence(.reader, $0.slot.source.reader, .text) })
  }

  func checkCardAnswers() -> Finding {
    var good: [Evidence] = []
    var mute: [Evidence] = []
    for item in slots {
      switch item.slot.content {
      case .empty: break
      case .mute: mute.append(Evidence(.reader, item.slot.source.reader, .text))
      case .key(let atr):
        good.append(Evidence(.reader, item.slot.source.reader, .text))
        if !atr.isEmpty { good.append(Evidence(.atr, hexText(atr))) }
      }
    }
    if good.isEmpty { return Finding(.fault, .cardMute, mute) }
    return mute.isEmpty ? .ok(good) : Finding(.warning, .cardMute, mute + good)
  }

  /// Connects to every card and reads it; side by side, so that one that is held does not keep the others.
  func checkCardFree() -> Finding {
    let wanted = slots.filter {
      if case .key = $0.slot.content { true } else { false }
    }
    let fan = FanOut<Result<TokenSnapshot, Failure>>(count: wanted.count)
    for (index, item) in wanted.enumerated() {
      if let seen = options.seen.first(where: { $0.source == item.slot.source }) {
        fan.answer(index, .success(seen))
        continue
      }
      let body: @Sendable () -> Result<TokenSnapshot, Failure> = {
        do throws(Failure) {
          return .success(
            try item.provider.open(item.slot.source.reader).read(
              ReadOptions(keys: true), progress: { [self] _ in notePart() }))
        } catch {
          return .failure(error)
        }
      }
      if !fan.ask(index, body) { fan.answer(index, body()) }
    }
    let began = Instant.now
    // This link's own limit stands behind it: the wait ends a little before it.
    let results = fan.wait(until: began + options.scaled(.seconds(7)))
    let keys = wanted.enumerated().map { index, item in
      (
        source: item.slot.source,
        result: results[index] ?? .failure(Failure(.cardTimeout, context: item.slot.source.reader))
      )
    }
    with { $0.keys = Self.merged(keys) }
    let finding = judgeFree(keys)
    let taken = Instant.now - began
    guard finding.verdict == .ok, taken > Self.slowRead, parties.holders.isEmpty else { return finding }
    return Finding(.warning, .cardSlow, finding.evidence + [Evidence(.seconds, seconds(taken.microseconds))])
  }

  /// A key that takes longer than this to be read is called slow.
  private static let slowRead = Duration.seconds(5)

  private func notePart() { with { $0.lastPart = .now } }

  /// Whether the key was still telling a little while ago: then it is slow, not dead.
  private var isTelling: Bool {
    guard let last = with({ $0.lastPart }) else { return false }
    return Instant.now - last < options.scaled(.milliseconds(6000))
  }

  /// A key that is seen in several ways stands in the list once, by the better way.
  private static func merged(
    _ keys: [(source: TokenSource, result: Result<TokenSnapshot, Failure>)]
  ) -> [(source: TokenSource, result: Result<TokenSnapshot, Failure>)] {
    SameKey.keys(keys) { try? $0.result.get() }.map { key in
      (source: key.way.source, result: key.snapshot.map { .success($0) } ?? key.way.result)
    }
  }

  private func judgeFree(_ keys: [(source: TokenSource, result: Result<TokenSnapshot, Failure>)]) -> Finding {
    var good: [Evidence] = []
    for key in keys {
      let name = Evidence(.reader, key.source.reader, .text)
      guard case .failure(let failure) = key.result else {
        good.append(name)
        continue
      }
      let facts = [name, Evidence(.error, failure.reference)]
      switch failure.code {
      case .cardBusy where failure.isLateTurn:
        // Where nobody else is to be seen it hangs in the command of a program that is gone.
        return judgeHanging(facts)
      case .cardBusy:
        let parties = parties
        return Finding(.fault, .cardHeld, facts + evidence(parties), fix: fix(parties), failure: failure)
      case .cardTimeout:
        return judgeHanging(facts)
      case .cardMute: return Finding(.fault, .cardMute, facts, failure: failure)
      case .noCard, .cardRemoved, .readerLost: return Finding(.fault, .noCard, facts, failure: failure)
      case .serviceDenied: return judgeCardDenied(failure, facts)
      case .cardCommunication, .cardReset, .serviceLost, .serviceUnavailable, .cardService:
        guard !serviceHasEnded else {
          return Finding(.fault, .serviceDied, facts + unitEvidence(), fix: restartFix, failure: failure)
        }
        return Finding(.fault, .cardFailed, facts, failure: failure)
      default: good.append(name)
      }
    }
    return .ok(good)
  }

  /// Who else is connected to the reader service. Every process is looked at for it: asked once a judgement.
  private var parties: SocketParties { SocketParties(path: socketPath) }

  /// A key that did not answer in time: others keep it busy, or it hangs itself.
  func judgeHanging(_ facts: [Evidence]) -> Finding {
    let parties = parties
    let others = evidence(parties)
    if others.isEmpty, isTelling { return Finding(.unknown, .cardSlow, facts) }
    return others.isEmpty
      ? Finding(.fault, .cardFailed, facts) : Finding(.fault, .cardBusy, facts + others, fix: fix(parties))
  }

  private func evidence(_ parties: SocketParties) -> [Evidence] {
    parties.holders.map { Evidence(.process, $0.text) } + parties.others.map { Evidence(.otherUser, $0, .name) }
  }

  /// Frees the card: only a program that is surely named, and gpg's helper by its own command.
  private func fix(_ parties: SocketParties) -> Fix? {
    guard parties.holders.count == 1, let holder = parties.holders.first else { return nil }
    if holder.name == "scdaemon" { return .endSCDaemon }
    return Fix("kill \(holder.pid)", needsRoot: !isOwn(holder.pid))
  }

  private func isOwn(_ pid: Int32) -> Bool { live.status("/proc/\(pid)")?.st_uid == ownUser() }
}

func ownUser() -> UInt32 { geteuid() }
