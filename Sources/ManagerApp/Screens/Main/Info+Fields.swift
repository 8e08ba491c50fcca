import Base
import CertificateKit
import Failures
import RenewalKit
import TerminalKit
import TokenKit
import Wording

extension MainPicture {
  /// The fields that matter, in the order of the trade.
  func addMain(
    _ view: CertificatePlace?, _ snapshot: TokenSnapshot, to builder: inout InfoBuilder, ownerLines: Int
  ) {
    switch view?.entry.certificate {
    case .value(let certificate): add(certificate, to: &builder, ownerLines: ownerLines)
    case .failed(let failure):
      builder.add("", Symbol.error.before(failure.words(language).title), style: .error)
      builder.add("", failure.reference, style: .dim)
      builder.add("", failure.words(language).remedy)
    case .absent, .notOffered: builder.add("", words.certificateAbsent, style: .dim)
    case nil:
      builder.add(
        "", snapshot.isComplete ? Symbol.warning.before(words.noCertificate) : words.readingKey,
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
    if let application { addPIN(words.pin, application.userPIN, of: snapshot.family, to: &builder, isUser: true) }
    for order in world.orders(of: snapshot) {
      let text = RenewalScreenWords[language].standing(order.stage, LocalTime.date(order.created))
      builder.add(
        RenewalScreenWords[language].inList, (order.isUnderWay ? Symbol.warning : .skipped).before(text),
        style: order.isUnderWay ? .warning : .normal)
    }
  }

  private func add(_ certificate: Certificate, to builder: inout InfoBuilder, ownerLines: Int) {
    builder.add(words.owner, displaySafe(certificate.owner), style: .title, maxLines: ownerLines)
    add(certificate.uscc, to: &builder)
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

  /// Where it was found stands in the details.
  private func add(_ finding: USCCFinding?, to builder: inout InfoBuilder) {
    guard let finding else {
      builder.add(words.uscc, words.usccMissing, style: .dim)
      return
    }
    let code = displaySafe(finding.code)
    switch finding.check {
    case .valid: builder.add(words.uscc, code, tail: Symbol.ok.rawValue, tailStyle: .ok)
    case .checkDigitWrong:
      builder.add(words.uscc, code, tail: Symbol.warning.before(words.checkDigitWrong), tailStyle: .warning)
    case .organizationCodeOnly:
      builder.add(words.uscc, code, tail: Symbol.warning.before(words.organizationCodeOnly), tailStyle: .warning)
    }
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
      builder.add(words.container, view.container.title(of: view.entry))
      addPIN(words.adminPIN, view.application.adminPIN, of: snapshot.family, to: &builder, isUser: false)
    }
    addDevice(snapshot, to: &builder)
    return builder.lines
  }
}
