import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

/// The picture of the screen 办业务: what there is on the left, the page of the selected one on the right.
struct BusinessPicture: Picture {
  let business: BusinessScreen
  let world: World

  private var box: Rect { Rect(x: 0, y: 0, width: size.width, height: size.height - 2) }
  private var titles: [String] { Business.allCases.map { $0.page(language).title } }

  /// One line for each.
  var list: Rect {
    let width = (titles.map { textWidth($0) }.max() ?? 8) + 5
    return Rect(x: 1, y: 4, width: width, height: Business.allCases.count)
  }

  private var pane: Rect {
    Rect(x: list.right + 2, y: 4, width: max(10, size.width - list.right - 4), height: max(1, box.height - 5))
  }

  /// Lines of the page in sight.
  var page: Int { pane.height }

  func draw(_ frame: inout Frame) {
    frame.fill(box)
    frame.box(box)
    let end = frame.text(fit(" " + words.business + " ", size.width - 4), x: 2, y: 0, style: .title)
    frame.text(fit(world.tags, size.width - end - 2), x: end, y: 0, style: .warning)
    drawSubject(&frame)
    for (index, title) in titles.enumerated() {
      let isSelected = Business.allCases[index] == business.selected
      let y = list.y + index
      if isSelected {
        frame.fill(Rect(x: list.x, y: y, width: list.width, height: 1), style: .selected)
        frame.cursor = Point(x: list.x, y: y)
      }
      frame.text(
        (isSelected ? "▸ " : "  ") + "\(index + 1) " + title, x: list.x, y: y, style: isSelected ? .selected : .normal)
    }
    for y in 3..<box.bottom - 1 { frame.text("│", x: list.right, y: y, style: .border) }
    frame.text("├" + String(repeating: "─", count: size.width - 2) + "┤", x: 0, y: 3, style: .border)
    frame.text("┬", x: list.right, y: 3, style: .border)
    frame.text("┴", x: list.right, y: box.bottom - 1, style: .border)
    let lines = lines
    let top = max(0, min(business.scroll.top, lines.count - page))
    for (index, line) in lines.dropFirst(top).prefix(page).enumerated() {
      frame.text(line.label, x: pane.x, y: pane.y + index, style: .dim)
      var x = pane.x + (line.label.isEmpty && line.bar != nil ? 0 : column)
      for piece in line.pieces {
        x = frame.text(fit(piece.text, pane.right - x), x: x, y: pane.y + index, style: piece.style)
      }
    }
    let mark = positionMark(top: top, page: page, count: lines.count)
    frame.text(mark, x: size.width - 2 - textWidth(mark), y: box.bottom - 1, style: .dim)
    frame.scrollBar(x: size.width - 1, y: pane.y, height: page, top: top, count: lines.count)
    drawCode(&frame, Array(lines.dropFirst(top).prefix(page)))
  }

  /// The key and the certificate that it is about.
  private func drawSubject(_ frame: inout Frame) {
    let width = size.width - 4
    guard let key = keyText else {
      frame.text(fit(words.businessWithoutKey, width), x: 2, y: 1, style: .dim)
      return
    }
    frame.text(fit(key, width), x: 2, y: 1)
    guard let certificate = world.selectedSubject?.certificate.value else { return }
    let grade = grade(certificate.validity)
    let days = grade.symbol + " " + words.days(certificate.validity, now: now, reminderDays: world.reminderDays)
    let x = frame.text(fit(displaySafe(certificate.owner), width - textWidth(days) - 3), x: 2, y: 2, style: .title)
    frame.text(days, x: x + 3, y: 2, style: grade.style)
  }

  /// The key in hand.
  var keyText: String? {
    guard let slot = world.selectedSlot, let snapshot = slot.snapshot else { return nil }
    return slot.title + (snapshot.device.serial.value.map { " · " + displaySafe($0) } ?? "")
  }

  private var content: BusinessPage { business.selected.page(language) }
  private var column: Int { (content.parts.map { textWidth($0.label) }.max() ?? 4) + 2 }

  var lines: [InfoLine] {
    let page = content
    var lines: [InfoLine] = []
    func whole(_ text: String, _ style: Style) {
      // A line over the whole width has a bar of nothing.
      for part in wrap(text, pane.width) { lines.append(InfoLine(pieces: [(part, style)], bar: 0)) }
    }
    whole(page.lead, .title)
    if let order = business.order(world) {
      let text = RenewalScreenWords[language].enterGoesOn(RenewalWords[language].stage(order.stage))
      whole((order.isUnderWay ? Symbol.warning : .next).before(text), .key)
    }
    if let warning = page.warning { whole(Symbol.warning.before(warning), .warning) }
    lines.append(InfoLine())
    var builder = InfoBuilder(width: max(8, pane.width - column), maxLines: 12)
    for part in page.parts { builder.add(part.label, part.text) }
    lines += builder.lines
    lines.append(InfoLine())
    if business.selected != .handover, let certificate = world.selectedSubject?.certificate.value {
      whole(AnswerKeyWords[language].serial(certificate.serialText), .normal)
    }
    whole(words.contact(Authority.current), .key)
    return lines
  }

  /// The address for a telephone's camera at the lower right, where no line of the page is that long.
  private func drawCode(_ frame: inout Frame, _ shown: [InfoLine]) {
    guard !Authority.current.hall.isEmpty, let code = QRCode(Authority.current.hall) else { return }
    let (width, height) = code.cells
    guard height <= pane.height, width <= pane.width else { return }
    let first = pane.height - height
    let isFree = shown.enumerated().allSatisfy { index, line in
      let length = line.pieces.reduce(line.bar == nil ? column : 0) { $0 + textWidth($1.text) }
      return index < first - 1 || line.pieces.isEmpty || length <= pane.width - width - 2
    }
    guard isFree else { return }
    for (row, line) in code.halfBlocks(inverted: true).enumerated() {
      frame.text(line, x: pane.right - width, y: pane.y + first + row, style: .paper)
    }
  }
}
