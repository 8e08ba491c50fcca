import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

/// The picture of the screen 业务申请.
struct UnlockPicture: Picture {
  let unlock: UnlockScreen
  let world: World

  var unlockWords: UnlockWords { _read { yield UnlockWords[language] } }

  typealias Line = (text: String, style: Style)

  func draw(_ frame: inout Frame) {
    let rect = Rect(x: 0, y: 0, width: size.width, height: size.height - 2)
    frame.fill(rect)
    frame.box(rect, style: .normal)
    let end = frame.text(
      fit(" " + unlockWords.title + " · " + unlockWords.kind(unlock.kind) + " ", rect.width - 4), x: 2, y: 0,
      style: .title)
    if world.isDemo || world.isASCII {
      frame.text(fit(world.tags, rect.right - end - 2), x: end, y: 0, style: .warning)
    }
    var inner = rect.inset(x: 2, y: 1)
    if unlock.phase == .editing {
      drawFields(&frame, inner)
      return
    }
    let code = unlock.phase == .made ? unlock.made?.code : unlock.phase == .waiting ? unlock.open?.code : nil
    if let code, code.cells.width + 34 <= inner.width, code.cells.height <= inner.height {
      let x = inner.right - code.cells.width
      for (row, line) in code.halfBlocks(inverted: true).enumerated() {
        frame.text(line, x: x, y: inner.y + row, style: .paper)
      }
      inner = Rect(x: inner.x, y: inner.y, width: inner.width - code.cells.width - 2, height: inner.height)
    }
    let needsField = unlock.mode == .waiting
    let room = inner.height - (needsField ? 2 : 0)
    let lines = fittingLines(inner.width, room)
    for (row, line) in lines.prefix(room).enumerated() {
      frame.text(fit(line.text, inner.width), x: inner.x, y: inner.y + row, style: line.style)
    }
    guard needsField else { return }
    let y = inner.y + min(lines.count, room)
    frame.text(fit(unlockWords.responseFile, inner.width), x: inner.x, y: y, style: .dim)
    drawInput(unlock.response, &frame, Point(x: inner.x, y: y + 1), inner.width)
  }

  private func drawInput(_ field: TextField, _ frame: inout Frame, _ origin: Point, _ width: Int) {
    let visible = field.visible(width: width - 2)
    frame.text("▸ ", x: origin.x, y: origin.y, style: .key)
    frame.text(visible.text, x: origin.x + 2, y: origin.y, style: .title, width: width - 2)
    frame.cursor = Point(x: min(origin.x + 2 + visible.column, origin.x + width - 1), y: origin.y)
  }

  // MARK: Fields

  func label(_ field: UnlockScreen.Field) -> String {
    switch field {
    case .kind: unlockWords.kindTitle
    case .certificate: unlockWords.certificate
    case .name: unlockWords.name
    case .mobile: unlockWords.mobile
    case .reason: unlockWords.reason(unlock.kind)
    case .delivery: unlockWords.delivery
    case .address: unlockWords.address
    case .file: unlockWords.file
    case .remember: unlockWords.remember
    }
  }

  func choices(_ field: UnlockScreen.Field) -> [(
    text: String, isChosen: Bool
  )] {
    switch field {
    case .kind: UnlockKind.allCases.map { (unlockWords.kind($0), $0 == unlock.kind) }
    case .delivery: Applicant.Delivery.allCases.map { (unlockWords.deliveryName($0), $0 == unlock.delivery) }
    case .remember: [(unlockWords.no, !unlock.remember), (unlockWords.yesWord, unlock.remember)]
    default: []
    }
  }

  private func drawFields(_ frame: inout Frame, _ rect: Rect) {
    let column = (UnlockScreen.Field.allCases.map { textWidth(label($0)) }.max() ?? 0) + 4
    var y = rect.y
    frame.text(fit(unlock.keyTitle, rect.width), x: rect.x, y: y, style: .title)
    y += 1
    if let certificate = unlock.certificate {
      frame.text(fit(displaySafe(certificate.owner), rect.width), x: rect.x, y: y)
      y += 1
    }
    let isRoomy = rect.height >= unlock.fields.count * 2 + (unlock.obstacle == nil ? 6 : 9)
    if isRoomy { y += 1 }
    for field in unlock.fields {
      let isFocused = field == unlock.focus
      frame.text(isFocused ? "▸" : " ", x: rect.x, y: y, style: .key)
      frame.text(label(field), x: rect.x + 2, y: y, style: isFocused ? .title : .dim)
      let x = rect.x + column
      if field == .certificate {
        drawCertificate(isFocused, &frame, Point(x: x, y: y), rect.right - x)
      } else if field.isChoice {
        drawChoices(choices(field), isFocused, &frame, Point(x: x, y: y), rect.right - x)
      } else if let text = unlock.texts[field] {
        let width = max(1, rect.right - x)
        let visible = text.visible(width: width)
        if isRoomy { frame.fill(Rect(x: x, y: y + 1, width: width, height: 1), "─", style: isFocused ? .key : .border) }
        frame.text(visible.text, x: x, y: y, style: isFocused ? .title : .normal, width: width)
        if isFocused { frame.cursor = Point(x: min(x + visible.column, rect.right - 1), y: y) }
      }
      y += isRoomy ? 2 : 1
    }
    var notes = notes
    if notes.isEmpty { notes.append((unlockWords.choiceHint, .dim)) }
    for line in folded(notes, rect.width).prefix(max(0, rect.bottom - y)) {
      frame.text(line.text, x: rect.x, y: y, style: line.style)
      y += 1
    }
  }

  /// What is wrong with the fields, or what is to be known of this kind of request.
  var notes: [Line] {
    var notes: [Line] = unlock.problems.map {
      (($0.isError ? Symbol.error : .warning).before(unlockWords.problem($0, unlock.kind)), Style.warning)
    }
    if let failure = unlock.failure {
      notes.append((Symbol.error.before(text(failure)), .error))
      // Overwriting is for the command alone, which is told so.
      let isThere = failure.code == .fileExists
      notes.append((isThere ? unlockWords.otherName : failure.words(language).remedy, .normal))
    }
    if let obstacle = unlock.obstacle, unlock.kind.isDoneOnKey {
      notes.append((renewalWords.byPaper(obstacle), .normal))
    }
    notes += keyNotes
    return notes
  }

  private var renewalWords: RenewalScreenWords { _read { yield RenewalScreenWords[language] } }

  /// What becomes of the keys; on the key itself the old ones stay.
  private var keyNotes: [Line] {
    if unlock.onKey != nil { return [(Symbol.next.before(renewalWords.afterForm), .normal)] }
    return unlock.kind.replacesEncryptionKey ? [(Symbol.warning.before(unlockWords.keyWarning), .warning)] : []
  }

  /// `(●) this  ( ) that`; where there is no room for all, the one chosen and which it is.
  private func drawChoices(
    _ choices: [(text: String, isChosen: Bool)], _ isFocused: Bool, _ frame: inout Frame, _ origin: Point, _ width: Int
  ) {
    let chosen: Style = isFocused ? .selected : .title
    if choices.reduce(-2, { $0 + textWidth($1.text) + 6 }) <= width {
      var x = origin.x
      for (text, isChosen) in choices {
        x =
          frame.text(
            (isChosen ? Symbol.chosen : .notChosen).before(text), x: x, y: origin.y, style: isChosen ? chosen : .dim)
          + 2
      }
    } else if let index = choices.firstIndex(where: \.isChosen) {
      let x = frame.text("← " + choices[index].text + " →", x: origin.x, y: origin.y, style: chosen)
      frame.text("  \(index + 1)/\(choices.count)", x: x, y: origin.y, style: .dim)
    }
  }

  /// `← owner · 2027-01-07 · …0A13 →  2/3`: the dates and the end of the serial are kept, the owner gives way.
  private func drawCertificate(_ isFocused: Bool, _ frame: inout Frame, _ origin: Point, _ width: Int) {
    guard let certificate = unlock.certificate else { return }
    let place = "  \(unlock.chosen + 1)/\(unlock.subjects.count)"
    let tail = " · " + LocalTime.date(certificate.validity.notAfter) + " · " + fitStart(certificate.serialText, 6)
    let room = width - textWidth(tail) - textWidth(place) - 4
    let text = "← " + fit(displaySafe(certificate.owner), max(4, room)) + tail + " →"
    let x = frame.text(
      fit(text, width - textWidth(place)), x: origin.x, y: origin.y, style: isFocused ? .selected : .title)
    frame.text(place, x: x, y: origin.y, style: .dim)
  }

  private func folded(_ lines: [Line], _ width: Int) -> [Line] {
    lines.flatMap { line in line.text.isEmpty ? [line] : wrap(line.text, width).map { ($0, line.style) } }
  }

  // MARK: Texts

  /// With little room the blank lines go first, then what stands in the files anyway: never half a line of the request.
  private func fittingLines(_ width: Int, _ room: Int) -> [Line] {
    var lines = texts(width)
    for spared in 0...2 where lines.count > room {
      lines = texts(width, spared: spared).filter { !$0.text.isEmpty }
    }
    return lines
  }

  func texts(_ width: Int, spared: Int = 0) -> [Line] {
    var lines: [Line]
    switch unlock.phase {
    case .editing: lines = []
    case .review: lines = reviewLines(spared)
    case .making: lines = reviewLines(2) + [("", .normal), (unlockWords.making, .dim)]
    case .taken(let failure):
      lines = [
        (Symbol.warning.before(text(failure)), .warning), ("", .normal),
        (unlockWords.takenAsk(unlock.freeName.map { displaySafe($0) }), .normal),
      ]
    case .made: lines = madeLines(spared)
    case .challenging: lines = madeLines(2) + [("", .normal), (unlockWords.challenging, .dim)]
    case .waiting: lines = waitingLines(spared)
    case .checking: lines = [(unlockWords.checking, .dim), (unlockWords.keepInserted, .warning)]
    case .closed(let failure):
      lines = [(Symbol.error.before(unlockWords.challengeEnded), .error), ("", .normal)]
      if let failure { lines.append((failure.words(language).remedy, .normal)) }
    case .doneElsewhere: lines = [(Symbol.ok.before(unlockWords.doneElsewhere), .ok)]
    }
    return folded(lines, width)
  }

  /// All that will be written. - Parameter spared: 1: without the application; 2: nor where it goes, nor the key that the
  /// hint bar names.
  private func reviewLines(_ spared: Int) -> [Line] {
    let applicant = unlock.applicant.normalized
    let rows: [(String, String?)] = [
      (unlockWords.kindTitle, unlockWords.kind(unlock.kind)), (unlockWords.keySerial, unlock.keySerial?.text),
      (unlockWords.owner, unlock.certificate?.owner), (unlockWords.uscc, unlock.certificateUSCC),
      (unlockWords.certificateSerial, unlock.certificate?.serialText),
      (unlockWords.application, spared < 1 ? unlock.application.name.text : nil), (unlockWords.name, applicant.name),
      (unlockWords.mobile, applicant.mobile), (unlockWords.reason(unlock.kind), applicant.reason),
      (unlockWords.delivery, unlockWords.deliveryName(applicant.delivery)),
      (unlockWords.address, applicant.address.isEmpty ? nil : applicant.address),
    ]
    let present = rows.compactMap { row in row.1.map { (row.0, $0) } }
    let column = (present.map { textWidth($0.0) }.max() ?? 0) + 2
    var lines: [Line] = present.map { row in
      (row.0 + String(repeating: " ", count: column - textWidth(row.0)) + displaySafe(row.1), .normal)
    }
    lines.append(("", .normal))
    for problem in unlock.problems {
      lines.append((Symbol.warning.before(unlockWords.problem(problem, unlock.kind)), .warning))
    }
    lines += keyNotes
    if spared < 2 { lines.append((unlockWords.willWrite(displaySafe(unlock.text(.file))), .normal)) }
    if spared < 1, unlock.onKey != nil { lines.append((renewalWords.besides, .normal)) }
    if spared < 2 { lines.append((unlockWords.enterToWrite, .key)) }
    return lines
  }

  /// - Parameter spared: 1: without the request on one line; 2: without the names of the files either.
  private func madeLines(_ spared: Int) -> [Line] {
    guard let made = unlock.made else { return [] }
    var lines: [Line] = []
    if let file = made.file {
      if spared < 2 {
        lines.append((Symbol.ok.before(unlockWords.written(displaySafe(file))), .ok))
        if let form = made.form { lines.append((Symbol.ok.before(unlockWords.formWritten(displaySafe(form))), .ok)) }
        lines.append(("", .normal))
      }
    } else {
      lines += [(unlockWords.isWaiting(LocalTime.text(made.created)), .title), ("", .normal)]
    }
    lines += [(unlockWords.checkCode + "  " + made.checkCode, .title), ("", .normal)]
    // Where to send it says more than that it has to be handed in.
    let isSent = made.form != nil && spared < 2
    if made.isAnswerable {
      if made.file != nil { lines.append((unlockWords.putAway, .normal)) }
      lines.append((unlockWords.enterForChallenge, .key))
    } else if unlock.kind == .unlock {
      lines.append((unlockWords.notRemote, .normal))
    } else if !isSent {
      lines.append((unlockWords.handIn, .normal))
    }
    if isSent {
      lines.append((unlockWords.sendTo(Authority.current), .normal))
    } else if spared < 2 {
      lines.append((words.contact(Authority.current), .normal))
    }
    if spared < 1 { lines += [("", .normal), (unlockWords.compact, .dim), (made.compact, .normal)] }
    return failureLines + lines
  }

  /// - Parameter spared: 1: without what ends it.
  private func waitingLines(_ spared: Int) -> [Line] {
    guard let open = unlock.open else { return [] }
    var lines: [Line] = [
      (Symbol.warning.before(unlockWords.keepInserted), .warning),
      (unlockWords.challengeUntil(LocalTime.text(open.expires)), .normal),
    ]
    if spared < 1 { lines.append((unlockWords.invalidates, .normal)) }
    if spared < 1, world.isRemote { lines.append((unlockWords.remoteWarning, .normal)) }
    if unlock.noticed != nil { lines.append((Symbol.ok.before(unlockWords.noticedLook), .ok)) }
    if let path = unlock.arrived { lines.append((Symbol.ok.before(unlockWords.noticed(displaySafe(path))), .ok)) }
    lines += [("", .normal), (unlockWords.challengeLine, .dim), (open.line, .title)]
    return failureLines + lines
  }

  private var failureLines: [Line] {
    guard let failure = unlock.failure else { return [] }
    return [
      (Symbol.error.before(text(failure)), .error), (failure.words(language).remedy, .normal), ("", .normal),
    ]
  }
}
