import Base
import CertificateKit
import Failures
import RenewalKit
import TerminalKit
import TokenKit
import UnlockKit
import Wording

/// The picture of the screen 换发证书.
struct RenewalPicture: Picture {
  let renewal: RenewalScreen
  let world: World
  /// As lines of text: nothing is folded or placed in columns.
  var isPlain = false

  typealias Line = [(text: String, style: Style)]

  var own: RenewalScreenWords { _read { yield RenewalScreenWords[language] } }
  var shared: RenewalWords { _read { yield RenewalWords[language] } }

  private var rect: Rect { Rect(x: 0, y: 0, width: size.width, height: size.height - 2) }
  private var inner: Rect { rect.inset(x: 2, y: 1) }
  /// Lines of text in sight.
  var room: Int { max(1, inner.height - (hasField ? 3 : 1)) }
  var width: Int { isPlain ? Self.plainWidth : inner.width }
  private var hasField: Bool { renewal.asksForAnswer || renewal.phase == .removing }

  var title: String { own.title + " · " + UnlockWords[language].kind(renewal.shownKind) }

  func draw(_ frame: inout Frame) {
    frame.fill(rect)
    frame.box(rect, style: .normal)
    let end = frame.text(fit(" " + title + " ", rect.width - 4), x: 2, y: 0, style: .title)
    frame.text(fit(world.tags, max(0, rect.right - end - 2)), x: end, y: 0, style: .warning)
    frame.text(fit(renewal.keyTitle, width), x: inner.x, y: inner.y, style: .dim)
    let lines = lines
    let top = max(0, min(renewal.scroll.top, lines.count - room))
    for (row, line) in lines.dropFirst(top).prefix(room).enumerated() {
      var x = inner.x
      for piece in line {
        x = frame.text(fit(piece.text, inner.right - x), x: x, y: inner.y + 1 + row, style: piece.style)
      }
    }
    let mark = positionMark(top: top, page: room, count: lines.count)
    frame.text(mark, x: rect.right - 1 - textWidth(mark), y: rect.bottom - 1, style: .dim)
    frame.scrollBar(x: rect.right - 1, y: inner.y + 1, height: room, top: top, count: lines.count)
    // Under the text where there is room, else at the foot.
    if hasField { drawField(&frame, y: inner.y + 1 + min(lines.count, room)) }
  }

  var fieldLabel: String {
    renewal.phase == .removing ? PINScreenWords[language].confirmPrompt : own.answerFile
  }

  private func drawField(_ frame: inout Frame, y: Int) {
    if renewal.phase == .removing {
      let end = frame.text(fieldLabel + "  ", x: inner.x, y: y, style: .title)
      frame.wordField(renewal.word, Point(x: end, y: y), room: 20)
      return
    }
    frame.text(fit(fieldLabel, width), x: inner.x, y: y, style: .dim)
    let visible = renewal.field.visible(width: width - 2)
    frame.text("▸ ", x: inner.x, y: y + 1, style: .key)
    frame.text(visible.text, x: inner.x + 2, y: y + 1, style: .title, width: width - 2)
    frame.cursor = Point(x: min(inner.x + 2 + visible.column, inner.right - 1), y: y + 1)
  }

  // MARK: Lines

  var plainLines: [String] {
    RenewalPicture(renewal: renewal, world: world, isPlain: true).texts.map { $0.map(\.text).joined() }
  }

  /// With little room the blank lines go first.
  var lines: [Line] {
    let all = texts
    return all.count <= room ? all : all.filter { !$0.isEmpty }
  }

  /// A text over the width.
  func text(_ text: String, _ style: Style = .normal) -> [Line] { wrap(text, width).map { [($0, style)] } }

  func failureLines(_ failure: Failure) -> [Line] {
    let remedy = own.remedy(failure) ?? failure.words(language).remedy
    return text(Symbol.error.before(text(failure)), .error) + (remedy.isEmpty ? [] : text(remedy))
  }

  private var texts: [Line] {
    switch renewal.phase {
    case .looking: [[]] + text("◐ " + own.looking, .title)
    case .plan: planLines
    case .standing: renewal.asksForAnswer ? requestedLines : standingLines
    case .reading: [[]] + text("◐ " + own.reading, .title)
    case .review: reviewLines
    case .installed: installedLines
    case .removing: removingLines
    case .closed: closedLines
    case .stopped(let failure): stoppedLines(failure)
    }
  }

  private var planLines: [Line] {
    var lines: [Line] = text(own.planTitle, .title)
    for step in own.plan {
      // What is folded stands under its own beginning.
      let parts = wrap(step, max(8, width - 4))
      lines += parts.enumerated().map { [(($0 == 0 ? "  " : "    ") + $1, .normal)] }
    }
    lines.append([])
    if renewal.isNew, let journal = renewal.journal, journal.isUnderWay {
      lines += text(Symbol.warning.before(own.startingOver(journal.numberText)), .warning)
    }
    lines += text(Symbol.warning.before(own.oldStays), .warning)
    lines += text(Symbol.warning.before(own.askFirst(Authority.current.hotline)), .warning)
    if let offer = renewal.offer {
      if !offer.takesEncryptionPair { lines += text(Symbol.warning.before(own.noEncryptionPair), .warning) }
      lines += text(Symbol.skipped.before(shared.basis(offer.basis)), .dim)
    }
    lines.append([])
    var builder = InfoBuilder(width: max(8, width - column), maxLines: 2)
    builder.add(UnlockWords[language].certificate, displaySafe(renewal.certificate.owner), maxLines: 1)
    let grade = grade(renewal.certificate.validity)
    builder.add(
      "", grade.symbol + " " + daysText(renewal.certificate.validity, width: builder.width), style: grade.style)
    addTries(&builder)
    addSpace(&builder)
    return lines + builder.lines.map(line)
  }

  private var column: Int {
    ([UnlockWords[language].certificate, words.pin, words.space].map { textWidth($0) }.max() ?? 8) + 2
  }

  private func line(_ info: InfoLine) -> Line {
    [(info.label + String(repeating: " ", count: max(1, column - textWidth(info.label))), .dim)] + info.pieces
  }

  /// Without the keys that would mend it elsewhere: they do nothing here.
  private func addTries(_ builder: inout InfoBuilder) {
    guard let status = renewal.application.userPIN.value else { return }
    if status.isLocked {
      builder.add(words.pin, Symbol.error.before(words.locked), style: .error)
    } else if let left = status.triesLeft {
      let text = words.tries(left, status.triesMax)
      builder.add(
        words.pin, status.isLow ? Symbol.warning.before(text) : text, style: status.isLow ? .warning : .normal)
    } else {
      builder.add(words.pin, words.triesUnknown, style: .dim)
    }
  }

  private func addSpace(_ builder: inout InfoBuilder) {
    let count = renewal.application.containers.value?.count ?? 0
    guard let free = renewal.snapshot.device.freeSpace.value else {
      builder.add(words.space, own.roomUnknown(count))
      return
    }
    builder.add(words.space, own.room(free, count))
    // Two certificates and two pairs.
    if free < RenewalEngine.room { builder.add("", Symbol.warning.before(own.littleRoom), style: .warning) }
  }

  // MARK: Where it stands

  private var head: [Line] {
    guard let journal = renewal.journal else { return [] }
    let text = own.since(journal.numberText, LocalTime.date(journal.created))
    return [[(fit(text, width), .normal)]] + (renewal.old.map { [[(fit(displaySafe($0.owner), width), .title)]] } ?? [])
  }

  private var ladder: [Line] {
    let rows = renewal.milestones
    let column = (rows.map { textWidth(own.milestone($0.0)) }.max() ?? 0) + 4
    return rows.map { step, mark in
      let (symbol, word, style): (String, String, Style) =
        switch mark {
        case .done: (Symbol.ok.rawValue, own.done, .ok)
        case .next: ("▸", own.next, .title)
        case .toCome: (Symbol.skipped.rawValue, own.toCome, .dim)
        }
      let name = "  " + symbol + " " + own.milestone(step)
      return [(name + String(repeating: " ", count: max(2, column + 2 - textWidth(name))), style), (word, style)]
    }
  }

  private var standingLines: [Line] {
    guard let stage = renewal.journal?.stage else { return [] }
    let symbol = Symbol.warning.before(shared.stage(stage))
    return head + text(symbol, .warning) + [[]] + ladder + [[]] + writtenLines + text(own.goOn(stage), .key)
  }

  private func stoppedLines(_ failure: Failure) -> [Line] {
    head + failureLines(failure) + [[]] + ladder + [[]]
      + (renewal.mayHaveRemoved
        ? text(Symbol.unknown.before(own.stoppedRemoving), .warning) : text(own.stopped))
      + text(own.stoppedNext, .key)
  }

  /// Request and form that were written before the PIN was asked for.
  private var writtenLines: [Line] {
    guard let made = renewal.made else { return [] }
    return factLines([(own.file(.request), made.file), (own.file(.form), made.form)]) + [[]]
  }

  private func factLines(_ facts: [(String, String?)]) -> [Line] {
    let present = facts.compactMap { label, value in value.map { (label, displaySafe($0)) } }
    let column = (present.map { textWidth($0.0) }.max() ?? 0) + 4
    return present.map { label, path in
      let gap = String(repeating: " ", count: max(1, column - 2 - textWidth(label)))
      // The end of a path tells more than its beginning.
      return [("  " + label + gap, .dim), (fitStart(path, max(8, width - column)), .normal)]
    }
  }

  private var requestedLines: [Line] {
    var lines = head
    if let failure = renewal.failure { lines += failureLines(failure) + [[]] }
    if !renewal.parts.isEmpty { return lines + text(Symbol.next.before(own.parts(renewal.parts.count)), .title) + [[]] }
    if renewal.failure == nil {
      if let files = renewal.files {
        lines += text(Symbol.ok.before(own.requestMade), .ok)
        lines += factLines([
          (own.file(.request), renewal.made?.file), (own.file(.form), renewal.made?.form),
          (own.file(.order), files.order), (own.file(.csr), files.csr),
          (shared.orderCheckCode, files.checkCode),
        ])
      } else {
        lines += text(Symbol.ok.before(shared.stage(.requested)), .title)
        lines += factLines([(own.file(.order), renewal.journal?.file)])
        lines += [[]] + ladder
      }
      lines += [[]] + text(own.handIn) + text(own.comeBack) + text(words.contact(Authority.current), .dim) + [[]]
    }
    return lines
  }
}
