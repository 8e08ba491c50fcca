import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

extension State {
  var unlockWords: UnlockWords { _read { yield UnlockWords[language] } }

  private var unlockIndex: Int? { overlays.lastIndex { if case .unlock = $0 { true } else { false } } }

  var unlockScreen: UnlockScreenState? {
    if let index = unlockIndex, case .unlock(let unlock) = overlays[index] { unlock } else { nil }
  }

  mutating func changeUnlockScreen(_ body: (inout UnlockScreenState) -> Void) {
    guard let index = unlockIndex, case .unlock(var unlock) = overlays[index] else { return }
    body(&unlock)
    overlays[index] = .unlock(unlock)
  }

  // MARK: Opening and leaving

  /// Why F3 cannot be used now.
  func unlockAvailability() -> Availability {
    guard let slot = selectedSlot, !slot.isEmpty else { return .unavailable(words.noKeySelected) }
    guard let snapshot = slot.snapshot else {
      if case .failed = slot.card { return .unavailable(words.cannotRead) }
      return .unavailable(pinWords.stillReading)
    }
    guard snapshot.isComplete else { return .unavailable(pinWords.stillReading) }
    return snapshot.applications.value?.isEmpty == false ? .available : .unavailable(unlockWords.noApplication)
  }

  /// Opens the screen for the selected key; a PIN screen that led here is left.
  mutating func openUnlock() -> [Effect] {
    wipeTyped()
    overlays.removeAll { if case .pin = $0 { true } else { false } }
    guard let snapshot = selectedSlot?.snapshot,
      let application = selectedEntry?.application ?? snapshot.applications.value?.first
    else { return [] }
    ticket &+= 1
    let isLocked = application.userPIN.value?.isLocked == true
    overlays.append(
      .unlock(
        UnlockScreenState(
          ticket: ticket, snapshot: snapshot, application: application,
          reason: isLocked ? unlockWords.reasonLocked : unlockWords.reasonForgotten)))
    return [.loadApplicant(ticket)]
  }

  /// One level a press; an open challenge is not given up by one press.
  mutating func leaveUnlock() {
    guard let unlock = unlockScreen else { return }
    switch unlock.phase {
    case .review: changeUnlockScreen { $0.phase = .editing }
    case .confirm: changeUnlockScreen { $0.phase = .waiting }
    case .waiting where unlock.isOpen && !unlock.wasWarned:
      changeUnlockScreen { $0.wasWarned = true }
      say(Grade.warning.symbol + " " + unlockWords.leaveWarning, .warning)
    default:
      if let index = unlockIndex { overlays.remove(at: index) }
    }
  }

  /// The key is gone, or another one is in its place. - Returns: whether the screen goes with it.
  mutating func unlockKeyGone(_ source: TokenSource) -> Bool {
    guard let unlock = unlockScreen, unlock.source == source else { return false }
    switch unlock.phase {
    case .editing, .review: return true
    case .waiting, .confirm:
      guard unlock.isOpen else { return false }
      changeUnlockScreen {
        $0.phase = .closed(Failure(.challengeGone, causes: [Failure(.cardRemoved)]))
        $0.made?.session = nil
      }
      return false
    case .making, .applying, .ended, .closed: return false
    }
  }

  // MARK: Keys

  mutating func submitUnlock() -> [Effect] {
    guard let unlock = unlockScreen else { return [] }
    switch unlock.phase {
    case .editing:
      changeUnlockScreen { if $0.check() { $0.phase = .review } }
      return []
    case .review:
      changeUnlockScreen {
        $0.phase = .making
        $0.failure = nil
      }
      return [
        .makeRequest(
          UnlockRequestJob(
            ticket: unlock.ticket, source: unlock.source, keySerial: unlock.keySerial,
            application: unlock.application.name, kind: unlock.kind, applicant: unlock.applicant.normalized,
            file: unlock.text(.file), remember: unlock.remember))
      ]
    case .waiting:
      guard unlock.made?.session != nil else {
        leaveUnlock()
        return []
      }
      if !unlock.response.text.isEmpty { changeUnlockScreen { $0.phase = .confirm } }
      return []
    case .confirm: return sendResponse(unlock)
    case .ended(.unblocked):
      changeUnlockScreen { $0.made = nil }
      leaveUnlock()
      // Straight on to a PIN of the holder's own.
      return openPINScreen(unlock.snapshot)
    case .ended, .closed:
      leaveUnlock()
      return []
    case .making, .applying: return []
    }
  }

  private mutating func sendResponse(_ unlock: UnlockScreenState) -> [Effect] {
    guard let session = unlock.made?.session else { return [] }
    switch unlock.needed {
    case .last:
      changeUnlockScreen { $0.phase = .ended(.notSent(.tries(unlock.made?.adminTries))) }
      return []
    case .low where !PINScreenWords.isConfirmation(unlock.word.text):
      say(Grade.warning.symbol + " " + PINWords[language].confirmLow(unlock.made?.adminTries), .warning)
      changeUnlockScreen { $0.word = TextField("") }
      return []
    default: break
    }
    changeUnlockScreen {
      $0.phase = .applying
      $0.word = TextField("")
    }
    return [
      .applyResponse(
        UnlockApplyJob(
          ticket: unlock.ticket, session: session, file: unlock.response.text, consent: unlock.needed))
    ]
  }

  // MARK: Results

  mutating func take(applicant: Applicant?, _ ticket: Int) {
    guard let applicant else { return }
    changeUnlockScreen { if $0.ticket == ticket { $0.take(applicant) } }
  }

  mutating func take(_ ticket: Int, _ result: UnlockRequested) {
    guard unlockScreen?.ticket == ticket, unlockScreen?.phase == .making else { return }
    changeUnlockScreen { unlock in
      switch result {
      case .failed(let failure):
        unlock.phase = .editing
        unlock.failure = failure
        if failure.code == .fileExists { unlock.focus = .file }
      case .made(let made):
        unlock.made = made
        unlock.phase = .waiting
      }
    }
  }

  mutating func take(_ ticket: Int, _ result: UnlockApplied) -> [Effect] {
    guard let unlock = unlockScreen, unlock.ticket == ticket, unlock.phase == .applying else { return [] }
    switch result {
    case .refused(let failure):
      changeUnlockScreen {
        $0.failure = failure
        $0.phase = failure.code == .challengeGone ? .closed(failure) : .waiting
        if failure.code == .challengeGone { $0.made?.session = nil }
      }
      return []
    case .ended(let outcome):
      changeUnlockScreen {
        $0.phase = .ended(outcome)
        $0.made?.session = nil
      }
      return [.reread(unlock.source)]
    }
  }
}
