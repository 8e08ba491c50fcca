import Base
import Failures
import TerminalKit
import TokenKit
import Wording

/// A row of a PIN dialog, top to bottom.
enum PINRow {
  case blank
  case pieces(label: String, [(text: String, style: Style)])
  case field(PINField)
  case word
  /// Worth saying, but not at the cost of the rows above.
  case aside(String)
}

/// The picture of a dialog that asks for a PIN.
struct PINPicture: Picture {
  let pin: PINScreen
  let world: World

  var pinWords: PINScreenWords { _read { yield PINScreenWords[language] } }
  var loginWords: LoginWords { _read { yield LoginWords[language] } }
  private var texts: PINScreen.Purpose.Texts { pin.purpose.texts(language, comma: comma) }

  /// Columns and rows that a PIN dialog may take.
  private var pinArea: (rect: Rect, width: Int) {
    (Rect(x: 0, y: 0, width: size.width, height: size.height - 2), min(84, size.width - 4))
  }

  /// The rows of the dialog, with what can be spared left out where there is little room.
  var fittingRows: [PINRow] {
    let (area, width) = pinArea
    let inner = width - 6
    var rows = pinRows(inner)
    // The frame takes two rows; the padding and the blank rows give way first.
    if rows.count + 2 > area.height, pin.purpose.login != nil { rows = pinRows(inner, isNarrow: true) }
    if rows.count + 2 > area.height { rows.removeAll { if case .blank = $0 { true } else { false } } }
    if rows.count + 2 > area.height { rows.removeAll { if case .aside = $0 { true } else { false } } }
    return rows
  }

  func draw(_ frame: inout Frame) {
    let (area, width) = pinArea
    let inner = width - 6
    let rows = fittingRows
    let padding = rows.count + 4 <= area.height ? 1 : 0
    let rect = dialog(width: width, height: rows.count + 2 + 2 * padding, &frame)
    let end = frame.text(fit(" " + title + " ", rect.width - 4), x: rect.x + 2, y: rect.y, style: .title)
    if world.isDemo || world.isASCII {
      frame.text(fit(world.tags, rect.right - end - 2), x: end, y: rect.y, style: .warning)
    }
    let column = column
    for (index, row) in rows.prefix(rect.height - 2).enumerated() {
      let origin = Point(x: rect.x + 3, y: rect.y + 1 + padding + index)
      switch row {
      case .blank: break
      case .pieces(let label, let pieces):
        frame.text(label, x: origin.x, y: origin.y, style: .dim)
        var x = origin.x + (label.isEmpty ? 0 : column)
        for piece in pieces {
          x = frame.text(fit(piece.text, origin.x + inner - x), x: x, y: origin.y, style: piece.style)
        }
      case .field(let field): draw(field, &frame, origin, inner)
      case .word: drawWord(&frame, origin, inner)
      case .aside(let text): frame.text(text, x: origin.x, y: origin.y, style: .dim)
      }
    }
  }

  var title: String {
    switch pin.purpose {
    case .login: loginWords.title
    case .answer: UnlockWords[language].title
    case .renewal(let work): RenewalPicture(renewal: work.screen, world: world).title
    case .change:
      !pin.isAboutAdmin
        ? PINWords[language].title : pin.adminIsPUK ? pinWords.pukTitle : PINWords[language].adminTitle
    }
  }

  private var column: Int {
    let labels = [pinWords.key, pinWords.tries, pinWords.application, pinWords.confirmPrompt] + texts.labels
    return (labels.map { textWidth($0) }.max() ?? 0) + 2
  }

  // MARK: Rows

  /// - Parameter isNarrow: there is too little room for a row a link.
  func pinRows(_ width: Int, isNarrow: Bool = false) -> [PINRow] {
    var rows = headRows(width)
    rows.append(.blank)
    func lines(_ text: String, _ style: Style = .normal) {
      rows += wrap(text, width).map { .pieces(label: "", [($0, style)]) }
    }
    let words = pinWords
    switch pin.phase {
    case .guarding:
      let name = pin.adminIsPUK ? PINWords[language].puk : PINWords[language].adminPIN
      lines(Symbol.warning.before(words.adminIsAuthoritys(name)), .warning)
      lines(words.adminHarm)
      rows.append(.blank)
      lines(words.adminHint)
      rows += [.blank, .word]
      if pin.note == .wordDiffers {
        rows.append(.blank)
        lines(Symbol.error.before(words.adminWordDiffers), .error)
      }
    case .asking:
      lines("◐ " + texts.asking, .title)
      rows.append(.blank)
      lines(words.askingWait, .dim)
    case .confirming:
      lines(Symbol.warning.before(words.confirmLow(pin.ready?.status.triesLeft)), .warning)
      rows.append(.blank)
      lines(words.confirmHint)
      rows += [.blank, .word]
      if pin.note == .wordDiffers {
        rows.append(.blank)
        lines(Symbol.error.before(words.wordDiffers), .error)
      }
    case .lastTry:
      lines(Symbol.error.before(words.lastTry), .error)
      rows.append(.blank)
      lines(pin.role == .user ? words.lastTryUnsure : words.adminLastTryUnsure)
      rows.append(.blank)
      lines(words.lastTrySure)
      lines("  " + lastTryCommand, .key)
    case .editing, .weak:
      rows += pin.fields.map { .field($0) }
      rows.append(.blank)
      let (text, style) = hintText
      // Two rows are always kept, so that nothing jumps while typing.
      let hint = pin.phase == .weak ? [] : wrap(text, width)
      if pin.phase == .weak {
        lines(Symbol.warning.before(words.weakTitle + Punctuation[language].colon + warningText), .warning)
        lines(words.weakAsk, .title)
      } else {
        rows += hint.prefix(2).map { .pieces(label: "", [($0, style)]) }
        rows += Array(repeating: .pieces(label: "", []), count: max(0, 2 - hint.count))
      }
      rows.append(.blank)
      rows += wrap(texts.willHappen, width).map { .aside($0) }
    case .pad:
      lines(Symbol.next.before(words.usePad(Int((pin.padLimit ?? .zero).components.seconds))), .title)
    case .running:
      if let left = pin.padLeft {
        lines("◐ " + words.padWaits(left), .title)
        lines(words.padCancel)
        rows.append(.blank)
      }
      switch pin.purpose {
      case .change, .answer:
        lines("◐ " + words.sending, .title)
        rows.append(.blank)
        lines(words.doNotRemove)
      case .renewal(let work):
        rows += renewalRows(work)
        rows.append(.blank)
        lines(RenewalScreenWords[language].doNotRemove)
      case .login(let login):
        rows += loginRows(login, width, isNarrow: isNarrow)
        rows.append(.blank)
        lines(loginWords.doNotRemove)
      }
      if pin.isSlow {
        rows.append(.blank)
        lines(Symbol.warning.before(words.slow(pin.purpose.limit)), .warning)
      }
    case .ended(let outcome):
      let named = PINName(pin.role, on: pin.family)
      var text =
        pin.purpose.answer == nil
        ? PINWords[language].text(outcome, language, of: named, on: pin.family)
        : UnlockWords[language].text(outcome, language)
      if pin.isHalf { text.next = UnlockWords[language].finishLater }
      lines(outcome.grade.symbol + " " + text.title, outcome.grade.style)
      if !text.next.isEmpty {
        rows.append(.blank)
        if outcome.grade > .ok { lines(self.words.whatToDo, .title) }
        lines(text.next)
      }
    case .tried:
      if let login = pin.purpose.login { rows += triedRows(login, width, isNarrow: isNarrow) }
    }
    return rows
  }

  private func headRows(_ width: Int) -> [PINRow] {
    let words = pinWords
    var rows: [PINRow] = [.pieces(label: words.key, [(fit(pin.keyTitle, width - column), .normal)])]
    if let login = pin.purpose.login {
      rows.append(.pieces(label: loginWords.certificate, [(fit(login.title, width - column), .normal)]))
    }
    if let old = pin.purpose.renewal?.screen.old {
      let text = fit(displaySafe(old.owner), width - column)
      rows.append(.pieces(label: UnlockWords[language].certificate, [(text, .normal)]))
    }
    if pin.showsApplication {
      let name = displaySafe(pin.query.reference.application)
      rows.append(.pieces(label: words.application, [(fit(name, width - column), .normal)]))
    }
    if pin.purpose.guardsAdmin, pin.role == .admin, !pin.isOver {
      let name = pin.adminIsPUK ? PINWords[language].puk : PINWords[language].adminPIN
      rows.append(.pieces(label: words.kind, [(name + "  ", .title), (Symbol.warning.before(words.kept), .warning)]))
    }
    // What was read before is not true any more once the key has been asked.
    guard let status = pin.ready?.status, !pin.isOver, !pin.isRunning else { return rows }
    let isFew = status.consentNeeded > .normal
    var pieces: [(text: String, style: Style)] = [
      (
        (isFew ? Symbol.warning.before("") : "") + PINWords[language].triesLeft(status.triesLeft, status.triesMax),
        isFew ? .warning : .normal
      )
    ]
    if status.isDefault == true, pin.role == .user {
      pieces.append(("   " + Symbol.warning.before(words.isDefault), .warning))
    }
    rows.append(.pieces(label: pin.purpose.answer == nil ? words.tries : UnlockWords[language].adminPIN, pieces))
    return rows
  }

  private var lastTryCommand: String {
    pin.purpose.traits.command + " --last-try" + (pin.role == .admin ? " --admin" : "")
      + (world.slots.filter { !$0.isEmpty }.count > 1 ? " --reader '" + displaySafe(pin.source.reader) + "'" : "")
  }

  // MARK: Fields

  func label(_ field: PINField) -> String {
    switch field {
    case .old: texts.firstField
    case .new: PINWords[language].newPIN
    case .again: PINWords[language].repeatPIN
    }
  }

  private func draw(_ field: PINField, _ frame: inout Frame, _ origin: Point, _ width: Int) {
    let label = label(field)
    let hasFocus = pin.focus == field && pin.phase == .editing
    frame.text(label, x: origin.x, y: origin.y, style: hasFocus ? .title : .dim)
    let x = origin.x + column
    let room = max(8, min((pin.ready?.policy.maximum ?? 16) + 2, width - column - 16))
    let count = pin.view.count(field)
    let shown = pin.isShown ? pin.ready.map { (fields: $0.fields, field: field) } : nil
    frame.pinDots(Point(x: x, y: origin.y), count: count, room: room, hasFocus: hasFocus, shown: shown)
    let (text, style) = mark(field)
    let after = x + room + 3
    if field == .new, let strength = pin.view.strength {
      frame.progress(x: after, y: origin.y, width: 6, part: Double(strength.rawValue) / 3, style: style)
      frame.text(text, x: after + 7, y: origin.y, style: style)
    } else {
      frame.text(fit(text, origin.x + width - after), x: after, y: origin.y, style: style)
    }
  }

  /// What stands behind a field: symbol and word, the colour besides.
  private func mark(_ field: PINField) -> (String, Style) {
    let view = pin.view
    guard view.count(field) > 0 else { return ("", .normal) }
    let rule = view.rule(field)
    if rule?.neverFits == true || rule == .sameAsOld { return (Symbol.error.rawValue, .error) }
    switch field {
    case .old: return ("", .normal)
    case .new:
      guard let strength = view.strength else { return ("", .normal) }
      return (
        (strength == .weak ? Symbol.warning.before("") : "") + pinWords.strength(strength),
        strength == .weak ? .warning : .ok
      )
    case .again:
      if view.isRepeated { return (Symbol.ok.before(pinWords.isSame), .ok) }
      return (
        view.count(.again) < view.count(.new) ? "…" : Symbol.error.before(pinWords.differs),
        view.count(.again) < view.count(.new) ? .dim : .error
      )
    }
  }

  private func drawWord(_ frame: inout Frame, _ origin: Point, _ width: Int) {
    frame.text(pinWords.confirmPrompt, x: origin.x, y: origin.y, style: .title)
    frame.wordField(pin.word, Point(x: origin.x + column, y: origin.y), room: 20)
  }

  private var comma: String { Punctuation[language].comma }

  private var warningText: String {
    pin.view.warnings.map { PINWords[language].rule($0) }.joined(separator: Punctuation[language].semicolon)
  }

  /// The one hint below the fields: what is wrong now, or what this field takes.
  private var hintText: (String, Style) {
    let shared = PINWords[language]
    let words = pinWords
    switch pin.note {
    case .rule(let rule): return (Symbol.error.before(shared.rule(rule)), .error)
    case .navigationKey: return (Symbol.warning.before(words.navigationKey), .warning)
    case .noRoom: return (Symbol.warning.before(words.noRoom), .warning)
    case .wiped: return (Symbol.warning.before(words.wiped), .warning)
    case .wordDiffers, nil: break
    }
    if let rule = pin.view.rule(pin.focus), rule.neverFits || (rule == .sameAsOld && pin.focus == .new) {
      return (Symbol.error.before(shared.rule(rule)), .error)
    }
    if pin.focus == pin.fields.last, pin.fields.allSatisfy({ pin.view.rule($0) == nil }) {
      return (Symbol.ok.before(texts.complete), .ok)
    }
    if pin.startsAnew { return (words.startsAnew, .dim) }
    let policy = pin.ready.map { shared.policy($0.policy.minimum, $0.policy.maximum) } ?? ""
    switch pin.focus {
    case .old: return (texts.firstHint(policy), .dim)
    case .new:
      if !pin.view.warnings.isEmpty { return (Symbol.warning.before(warningText), .warning) }
      guard pin.view.strength != nil else { return (policy, .dim) }
      return (Symbol.ok.before(words.acceptable + comma + policy), .dim)
    case .again: return (words.againHint, .dim)
    }
  }
}
