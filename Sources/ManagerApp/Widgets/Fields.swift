import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

extension Picture {
  func addPIN(
    _ label: String, _ pin: Reading<PINStatus>, of family: TokenFamily, to builder: inout InfoBuilder, isUser: Bool
  ) {
    switch pin {
    case .value(let status):
      if status.isLocked {
        builder.add(label, Symbol.error.before(words.locked + triesNote(status)), style: .error)
        if isUser {
          let isByRequest = family.traits.unlocksRemotely
          builder.add("", isByRequest ? words.lockedRemedy : StatusWords[language].door(family))
        }
      } else if let left = status.triesLeft {
        let symbol = status.isLow ? Symbol.warning.before("") : ""
        builder.add(label, symbol + words.tries(left, status.triesMax), style: status.isLow ? .warning : .normal)
      } else {
        builder.add(label, words.triesUnknown, style: .dim)
      }
      if !isUser {
        builder.add("", words.adminIsAuthoritys, style: .dim)
      } else if status.isDefault == true, !status.isLocked {
        // A locked PIN cannot be changed.
        let way = Punctuation[language].paren("F2")
        builder.add("", Symbol.warning.before(words.defaultPIN + way), style: .warning)
      }
    case .failed, .absent, .notOffered:
      let shown = text(pin) { _ in "" }
      builder.add(label, shown.text, style: shown.style)
    }
  }

  private func triesNote(_ status: PINStatus) -> String {
    guard let left = status.triesLeft else { return "" }
    let text = words.tries(left, status.triesMax)
    return Punctuation[language].paren(text)
  }

  func addDevice(_ snapshot: TokenSnapshot, to builder: inout InfoBuilder) {
    let device = snapshot.device
    func add(_ label: String, _ reading: Reading<TokenName>) {
      if reading == .notOffered { return }
      let shown = text(reading)
      builder.add(label, shown.text, style: shown.style)
    }
    add(words.manufacturer, device.manufacturer)
    if let hardware = device.hardwareVersion.value {
      let firmware = device.firmwareVersion.value.map { " / " + displaySafe($0) } ?? ""
      builder.add(words.firmware, displaySafe(hardware) + firmware)
    }
    if let free = device.freeSpace.value, let total = device.totalSpace.value {
      builder.add(words.space, words.bytesOf(free, total))
    }
    builder.add(words.reader, displaySafe(snapshot.source.reader))
    if snapshot.profile == nil, snapshot.family.traits.needsProfile {
      builder.add(words.profile, words.readOnlyProfile, style: .dim)
    }
  }

  /// A reading in words: the value, or why there is none.
  func text(_ reading: Reading<String>) -> (text: String, style: Style) {
    text(reading) { displaySafe($0) }
  }

  func text(_ reading: Reading<TokenName>) -> (text: String, style: Style) {
    text(reading) { displaySafe($0) }
  }

  func text<Value>(_ reading: Reading<Value>, _ show: (Value) -> String) -> (text: String, style: Style) {
    switch reading {
    case .value(let value): (show(value), .normal)
    case .absent: (words.absent, .dim)
    case .notOffered: (words.notOffered, .dim)
    case .failed(let failure): (Symbol.warning.before(words.notRead + " " + failure.reference), .warning)
    }
  }

  /// The days in words; the date of a certificate that is not yet valid, which stands above, only where it fits.
  func daysText(_ validity: Validity, width: Int) -> String {
    let text = words.days(validity, now: now, reminderDays: world.reminderDays)
    return textWidth(text) > width && now < validity.notBefore ? words.notYetValidShort : text
  }
}

extension Validity {
  /// The part of the time that has passed, 0 … 1.
  func elapsed(_ now: Int64) -> Double {
    let whole = Double(notAfter) - Double(notBefore)
    guard whole > 0 else { return now > notAfter ? 1 : 0 }
    return min(1, max(0, (Double(now) - Double(notBefore)) / whole))
  }
}
