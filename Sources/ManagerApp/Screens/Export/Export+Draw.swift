import Base
import CertificateKit
import Failures
import TerminalKit
import Wording

/// The picture of the dialog.
struct ExportPicture: Picture {
  let export: ExportScreen
  let world: World

  func draw(_ frame: inout Frame) {
    let rect = dialog(width: min(76, size.width - 4), height: 14, &frame)
    frame.text(" " + words.exportTitle + " ", x: rect.x + 2, y: rect.y, style: .title)
    let inner = rect.inset(x: 3, y: 2)
    let column = max(textWidth(words.exportCertificate), textWidth(words.exportFormat), textWidth(words.exportPath)) + 2
    let x = inner.x + column
    let width = inner.width - column

    frame.text(words.exportCertificate, x: inner.x, y: inner.y, style: .dim)
    frame.text(
      fit(words.role(export.role) + " · " + displaySafe(export.certificate.owner), width), x: x, y: inner.y)

    frame.text(words.exportFormat, x: inner.x, y: inner.y + 2, style: .dim)
    var position = x
    for format in ExportFormat.allCases {
      let isChosen = format == export.format
      let style: Style = isChosen && export.focus == .format ? .selected : isChosen ? .title : .dim
      position =
        frame.text(
          (isChosen ? Symbol.chosen : .notChosen).before(format.rawValue), x: position, y: inner.y + 2, style: style)
        + 3
    }

    frame.text(words.exportPath, x: inner.x, y: inner.y + 4, style: .dim)
    let visible = export.path.visible(width: width)
    let hasFocus = export.focus == .path && export.phase != .asking && export.phase != .writing
    frame.fill(Rect(x: x, y: inner.y + 5, width: width, height: 1), "─", style: hasFocus ? .key : .border)
    frame.text(visible.text, x: x, y: inner.y + 4, style: hasFocus ? .title : .normal, width: width)
    if hasFocus { frame.cursor = Point(x: min(x + visible.column, inner.right - 1), y: inner.y + 4) }

    let note = Rect(x: inner.x, y: inner.y + 6, width: inner.width, height: inner.bottom - inner.y - 6)
    drawPhase(&frame, note)
  }

  private func drawPhase(_ frame: inout Frame, _ rect: Rect) {
    var lines = phaseLines(rect.width)
    if lines.count > rect.height { lines.removeAll { $0.0.isEmpty } }
    for (index, line) in lines.prefix(rect.height).enumerated() {
      frame.text(line.0, x: rect.x, y: rect.y + index, style: line.1)
    }
  }

  /// What became of it so far.
  func phaseLines(_ width: Int) -> [(String, Style)] {
    var lines: [(String, Style)] = []
    switch export.phase {
    case .editing: break
    case .writing: lines = [(words.writing, .dim)]
    case .asking:
      lines = [(Symbol.warning.before(words.exportExists), .warning)]
      lines += wrap(words.exportAsk, width).map { ($0, .normal) }
      lines.append(("", .normal))
      lines.append(("y " + words.overwrite + "   Esc " + words.back, .key))
    case .failed(let failure):
      lines = wrap(Symbol.error.before(text(failure)), width).map { ($0, .error) }
      lines += wrap(failure.words(language).remedy, width).map { ($0, .normal) }
    }
    return lines
  }
}
