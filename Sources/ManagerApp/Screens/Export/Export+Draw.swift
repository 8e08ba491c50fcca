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
    let inner = rect.inset(x: 3, y: 1)
    let pathLabel = export.writesFolder ? own.folder : words.exportPath
    let labels = [words.exportCertificate, own.scope, words.exportFormat, words.exportPath, own.folder]
    let column = (labels.map { textWidth($0) }.max() ?? 0) + 2
    let x = inner.x + column
    let width = inner.width - column

    frame.text(words.exportCertificate, x: inner.x, y: inner.y, style: .dim)
    frame.text(
      fit(words.role(export.role) + " · " + displaySafe(export.certificate.owner), width), x: x, y: inner.y)

    frame.text(own.scope, x: inner.x, y: inner.y + 2, style: .dim)
    let scopes = ExportScope.allCases.map { scope in
      (
        name(scope) + (scope == export.scope && scope != .certificate ? " " + own.count(export.count) : ""),
        scope == export.scope
      )
    }
    drawChoices(scopes, export.focus == .scope, &frame, Point(x: x, y: inner.y + 2))
    frame.text(words.exportFormat, x: inner.x, y: inner.y + 3, style: .dim)
    drawChoices(
      ExportForm.allCases.map { ($0.rawValue, $0 == export.form) }, export.focus == .format, &frame,
      Point(x: x, y: inner.y + 3))

    frame.text(pathLabel, x: inner.x, y: inner.y + 5, style: .dim)
    let visible = export.path.visible(width: width)
    let hasFocus = export.focus == .path && export.phase != .asking && export.phase != .writing
    frame.fill(Rect(x: x, y: inner.y + 6, width: width, height: 1), "─", style: hasFocus ? .key : .border)
    frame.text(visible.text, x: x, y: inner.y + 5, style: hasFocus ? .title : .normal, width: width)
    if hasFocus { frame.cursor = Point(x: min(x + visible.column, inner.right - 1), y: inner.y + 5) }

    let note = Rect(x: inner.x, y: inner.y + 7, width: inner.width, height: inner.bottom - inner.y - 7)
    drawPhase(&frame, note)
  }

  var own: ExportWords { ExportWords[language] }

  func name(_ scope: ExportScope) -> String {
    switch scope {
    case .certificate: own.certificate
    case .key: own.key
    case .all: own.all
    }
  }

  private func drawChoices(
    _ choices: [(text: String, isChosen: Bool)], _ isFocused: Bool, _ frame: inout Frame, _ origin: Point
  ) {
    var x = origin.x
    for (text, isChosen) in choices {
      let style: Style = isChosen && isFocused ? .selected : isChosen ? .title : .dim
      let mark = isChosen ? Symbol.chosen : .notChosen
      x = frame.text(mark.before(text), x: x, y: origin.y, style: style) + 3
      if isChosen, isFocused { frame.cursor = Point(x: x - 3 - textWidth(mark.before(text)), y: origin.y) }
    }
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
