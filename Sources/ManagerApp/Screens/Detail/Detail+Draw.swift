import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// The picture of the details of a certificate.
struct DetailPicture: Picture {
  let detail: DetailScreen
  let world: World

  private var width: Int { max(10, size.width - 4) }
  /// Lines in sight.
  var page: Int { max(1, size.height - 4) }

  func draw(_ frame: inout Frame) {
    let box = Rect(x: 0, y: 0, width: size.width, height: size.height - 2)
    frame.fill(box)
    frame.box(box)
    let title = " " + words.detailTitle + " · " + words.role(detail.view.entry.role) + " "
    let x = frame.text(fit(title, size.width - 4), x: 2, y: 0, style: .title)
    frame.text(world.tags, x: x, y: 0, style: .warning)
    let lines = lines
    let top = max(0, min(detail.scroll.top, lines.count - page))
    for (index, line) in lines.dropFirst(top).prefix(page).enumerated() {
      frame.text(line.label, x: 2, y: 1 + index, style: .dim)
      var position = 2 + (line.label.isEmpty && line.isWide ? 0 : column)
      for piece in line.pieces {
        position = frame.text(
          fit(piece.text, size.width - 2 - position), x: position, y: 1 + index, style: piece.style)
      }
    }
    let mark = positionMark(top: top, page: page, count: lines.count)
    frame.text(mark, x: size.width - 2 - textWidth(mark), y: box.bottom - 1, style: .dim)
    frame.scrollBar(x: size.width - 1, y: 1, height: page, top: top, count: lines.count)
  }

  private var column: Int {
    let labels = [
      words.owner, words.uscc, words.issuer, words.validity, words.signatureAlgorithm, words.extendedKeyUsage,
      words.keySerial, words.fingerprint, words.notBefore, words.adminPIN,
    ]
    return (labels.map { textWidth($0) }.max() ?? 12) + 2
  }

  var lines: [DetailLine] {
    let certificate = detail.certificate
    var builder = InfoBuilder(width: max(8, width - column), maxLines: 8)
    builder.add(words.owner, displaySafe(certificate.owner), style: .title)
    if let finding = certificate.uscc {
      let (mark, style): (String, Style) =
        switch finding.check {
        case .valid: (Symbol.ok.rawValue, .ok)
        case .checkDigitWrong: (Symbol.warning.before(words.checkDigitWrong), .warning)
        case .organizationCodeOnly: (Symbol.warning.before(words.organizationCodeOnly), .warning)
        }
      builder.add(words.uscc, displaySafe(finding.code), tail: mark, tailStyle: style)
      builder.add("", words.usccSource(words.source(finding)), style: .dim)
    } else {
      builder.add(words.uscc, words.usccMissing, style: .dim)
    }
    let grade = grade(certificate.validity)
    builder.add(words.notBefore, certificate.validity.notBeforeText)
    builder.add(words.notAfter, certificate.validity.notAfterText)
    builder.add(
      "", grade.symbol + " " + words.days(certificate.validity, now: now, reminderDays: world.reminderDays),
      style: grade.style)
    let chain = verdictText(detail.verdict)
    builder.add(words.chain, chain.text, style: chain.style)
    if case .trusted(let path) = detail.verdict {
      for (index, name) in path.enumerated() {
        builder.add(
          "", String(repeating: "  ", count: min(index, 8)) + (index == 0 ? "" : "← ") + displaySafe(name), style: .dim)
      }
    }
    builder.add(InfoLine())
    addName(words.subject, certificate.subject, to: &builder)
    addName(words.issuer, certificate.issuer, to: &builder)
    builder.addHex(words.serial, certificate.serialText)
    builder.add(InfoLine())
    builder.add(words.usage, words.usage(certificate.use))
    builder.add(words.keyUsage, certificate.keyUsage.map { $0.standardNames.joined(separator: ", ") } ?? words.none)
    builder.add(
      words.extendedKeyUsage,
      certificate.extendedKeyUsage.isEmpty
        ? words.none : displaySafe(certificate.extendedKeyUsage.joined(separator: ", ")))
    builder.add(words.algorithm, words.algorithm(certificate))
    builder.add(words.signatureAlgorithm, displaySafe(certificate.signatureAlgorithm))
    let fingerprints =
      detail.description?.fingerprints ?? CertificateDescription.algorithms.map { ($0.0, "…") }
    for fingerprint in fingerprints {
      builder.add(words.fingerprint, fingerprint.name)
      builder.addHex("", fingerprint.text)
    }
    builder.add(words.length, words.bytes(certificate.der.count))
    builder.add(InfoLine())
    builder.add(words.application, displaySafe(detail.view.application.name))
    builder.add(words.container, detail.view.container.title(of: detail.view.entry))
    if let snapshot = world.slot(detail.source)?.snapshot {
      let serial = text(snapshot.device.serial)
      builder.add(words.keySerial, serial.text, style: serial.style)
      addPIN(words.pin, detail.view.application.userPIN, of: snapshot.family, to: &builder, isUser: true)
      addPIN(words.adminPIN, detail.view.application.adminPIN, of: snapshot.family, to: &builder, isUser: false)
      addDevice(snapshot, to: &builder)
      builder.add(words.atr, hexText(snapshot.atr.prefix(40), separator: " "))
    }
    var lines = builder.lines.map { DetailLine(label: $0.label, pieces: $0.pieces, isWide: false) }
    lines.append(DetailLine(label: "", pieces: [], isWide: true))
    lines.append(DetailLine(label: "", pieces: [(words.fullText + " (OpenSSL)", .title)], isWide: true))
    for text in detail.description?.lines ?? ["…"] {
      for part in wrap(text, width) { lines.append(DetailLine(label: "", pieces: [(part, .normal)], isWide: true)) }
    }
    return lines
  }

  private func addName(_ label: String, _ name: DistinguishedName, to builder: inout InfoBuilder) {
    for (index, attribute) in name.attributes.enumerated() {
      let key = displaySafe(attribute.shortName ?? attribute.oid)
      builder.add(index == 0 ? label : "", key + " = " + displaySafe(attribute.value))
    }
    if name.attributes.isEmpty { builder.add(label, words.none, style: .dim) }
    if name.omittedCount > 0 { builder.add("", "… +\(name.omittedCount)", style: .warning) }
  }

  private func verdictText(_ verdict: ChainVerdict?) -> (text: String, style: Style) {
    guard let verdict else { return (words.chainUnchecked, .dim) }
    let grade = Grade(verdict)
    return (
      (grade.symbol + " " + words.chain(verdict)).drop { $0 == " " }.description, grade == .none ? .dim : grade.style
    )
  }
}

extension Grade {
  fileprivate init(_ verdict: ChainVerdict) {
    switch verdict {
    case .trusted: self = .ok
    case .noTrustAnchors: self = .none
    case .incomplete, .weak: self = .warning
    case .notTrusted: self = .error
    }
  }
}

/// A line of the detail screen; a wide one begins at the left edge.
struct DetailLine {
  var label: String
  var pieces: [(text: String, style: Style)]
  var isWide: Bool
}
