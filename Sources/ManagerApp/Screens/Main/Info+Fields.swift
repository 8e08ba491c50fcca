import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

extension State {
  /// The fields that matter, in the order of the trade.
  func addMain(
    _ view: CertificatePlace?, _ snapshot: TokenSnapshot, to builder: inout InfoBuilder, ownerLines: Int,
    isCompact: Bool
  ) {
    switch view?.entry.certificate {
    case .value(let certificate): add(certificate, to: &builder, ownerLines: ownerLines, isCompact: isCompact)
    case .failed(let failure):
      builder.add("", "✕ " + failure.words(language).title, style: .error)
      builder.add("", failure.reference, style: .dim)
      builder.add("", failure.words(language).remedy)
    case .absent, .notOffered: builder.add("", words.certificateAbsent, style: .dim)
    case nil:
      builder.add(
        "", snapshot.isComplete ? "⚠ " + words.noCertificate : words.readingKey,
        style: snapshot.isComplete ? .warning : .dim)
      if snapshot.isComplete { builder.add("", FailureCode.certificateMissing.words(language).remedy) }
    }
    let device = text(snapshot.device.serial)
    builder.add(words.keySerial, device.text, style: device.style)
    for source in snapshot.alsoSeen {
      builder.add(words.alsoSeen, displaySafe(source.provider + " · " + source.reader), style: .dim, maxLines: 1)
    }
    if snapshot.libraryRestarts > 0 {
      builder.add(words.library, words.libraryRestarted(snapshot.libraryRestarts), style: .warning)
    }
    let application = view?.application ?? snapshot.applications.value?.first
    if let application { addPIN(words.pin, application.userPIN, to: &builder, isUser: true) }
  }

  private func add(_ certificate: Certificate, to builder: inout InfoBuilder, ownerLines: Int, isCompact: Bool) {
    builder.add(words.owner, displaySafe(certificate.owner), style: .title, maxLines: ownerLines)
    add(certificate.uscc, to: &builder, isCompact: isCompact)
    builder.add(words.issuer, displaySafe(certificate.issuer.displayName))
    builder.addHex(words.serial, certificate.serialText)
    let validity = certificate.validity
    let (from, until) = (LocalTime.date(validity.notBefore), LocalTime.date(validity.notAfter))
    let range = words.range(from, until)
    // Neither date may be cut.
    builder.add(words.validity, textWidth(range) <= builder.width ? range : from + "–" + until)
    let grade = grade(validity)
    builder.add(
      InfoLine(
        pieces: [(grade.symbol + " " + daysText(validity, width: builder.width - 2), grade.style)],
        bar: validity.elapsed(now),
        barStyle: grade.style))
    let algorithm = words.algorithm(certificate)
    if textWidth(words.usage(certificate.use)) + textWidth(algorithm) + 3 <= builder.width {
      builder.add(words.usageAndAlgorithm, words.usage(certificate.use) + " · " + algorithm)
    } else {
      builder.add(words.usage, words.usage(certificate.use))
      builder.add(words.algorithm, algorithm)
    }
  }

  private func add(_ finding: USCCFinding?, to builder: inout InfoBuilder, isCompact: Bool) {
    guard let finding else {
      builder.add(words.uscc, words.usccMissing, style: .dim)
      return
    }
    let code = displaySafe(finding.code)
    switch finding.check {
    case .valid: builder.add(words.uscc, code, tail: "✓", tailStyle: .ok)
    case .checkDigitWrong:
      builder.add(words.uscc, code, tail: "⚠ " + words.checkDigitWrong, tailStyle: .warning)
    case .organizationCodeOnly:
      builder.add(words.uscc, code, tail: "⚠ " + words.organizationCodeOnly, tailStyle: .warning)
    }
    if !isCompact { builder.add("", words.usccSource(words.source(finding)), style: .dim) }
  }

  func addPIN(_ label: String, _ pin: Reading<PINStatus>, to builder: inout InfoBuilder, isUser: Bool) {
    switch pin {
    case .value(let status):
      if status.isLocked {
        builder.add(label, "✕ " + words.locked + triesNote(status), style: .error)
        if isUser { builder.add("", words.lockedRemedy) }
      } else if let left = status.triesLeft {
        let symbol = status.isLow ? "⚠ " : ""
        builder.add(label, symbol + words.tries(left, status.triesMax), style: status.isLow ? .warning : .normal)
      } else {
        builder.add(label, words.triesUnknown, style: .dim)
      }
      // A locked PIN cannot be changed.
      if status.isDefault == true, !status.isLocked {
        let way = language == .zh ? "（F2）" : " (F2)"
        builder.add("", "⚠ " + words.defaultPIN + way, style: .warning)
      }
    case .failed, .absent, .notOffered:
      let shown = text(pin) { _ in "" }
      builder.add(label, shown.text, style: shown.style)
    }
  }

  private func triesNote(_ status: PINStatus) -> String {
    guard let left = status.triesLeft else { return "" }
    let text = words.tries(left, status.triesMax)
    return language == .zh ? "（" + text + "）" : " (" + text + ")"
  }

  /// What there is room for on a tall screen.
  func extraLines(_ view: CertificatePlace?, _ snapshot: TokenSnapshot, width: Int) -> [InfoLine] {
    var builder = InfoBuilder(width: width, maxLines: 2)
    if let certificate = view?.entry.certificate.value, let organization = certificate.subject.organization,
      organization != certificate.owner
    {
      builder.add(words.organization, displaySafe(organization))
    }
    if let view {
      builder.add(words.application, displaySafe(view.application.name))
      builder.add(words.container, displaySafe(view.container.name))
      addPIN(words.adminPIN, view.application.adminPIN, to: &builder, isUser: false)
    }
    addDevice(snapshot, to: &builder)
    return builder.lines
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
    case .failed(let failure): ("⚠ " + words.notRead + " " + failure.reference, .warning)
    }
  }
}

extension State {
  /// The days in words; the date of a certificate that is not yet valid, which stands above, only where it fits.
  func daysText(_ validity: Validity, width: Int) -> String {
    let text = words.days(validity, now: now, reminderDays: reminderDays)
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
