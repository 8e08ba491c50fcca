import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

extension MainPicture {
  func drawInfo(_ frame: inout Frame, _ rect: Rect) {
    guard let slot = world.selectedSlot, !slot.isEmpty else {
      drawWaiting(&frame, rect)
      return
    }
    switch slot.card {
    case .empty: break
    case .reading:
      drawTitle(&frame, rect, slot.title)
      frame.text(words.readingKey, x: rect.x, y: rect.y + 2, style: .dim)
    case .failed(let failure):
      drawTitle(&frame, rect, slot.title)
      drawFailure(failure, &frame, Rect(x: rect.x, y: rect.y + 2, width: rect.width, height: rect.height - 2))
    case .key(let snapshot): drawKey(snapshot, &frame, rect)
    }
  }

  private func drawTitle(_ frame: inout Frame, _ rect: Rect, _ text: String) {
    frame.text(fit(text, rect.width), x: rect.x, y: rect.y, style: .title)
  }

  private func drawKey(_ snapshot: TokenSnapshot, _ frame: inout Frame, _ rect: Rect) {
    let view = world.selectedEntry
    var title = words.certificateInfo
    if let view { title += " · " + words.role(view.entry.role) }
    if world.isDemo { title += " [" + words.demo + "]" }
    drawTitle(&frame, rect, title)
    let body = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)

    if view == nil, let failure = firstFailure(snapshot) {
      drawFailure(failure, &frame, Rect(x: body.x, y: body.y + 1, width: body.width, height: body.height - 1))
      return
    }
    var labels = [
      words.owner, words.uscc, words.issuer, words.serial, words.validity, words.usageAndAlgorithm, words.keySerial,
      words.pin,
    ]
    if body.width >= 48 { labels += [words.organization, words.adminPIN, words.manufacturer, words.container] }
    let column = (labels.map { textWidth($0) }.max() ?? 10) + 2
    let width = max(8, body.width - column)

    // As much as fits: first all lines of the values with a gap above, then fewer.
    var lines: [InfoLine] = []
    for (ownerLines, maxLines, isCompact) in [
      (3, 3, false), (2, 2, false), (2, 2, true), (2, 1, true), (1, 1, true),
    ] {
      var builder = InfoBuilder(width: width, maxLines: maxLines)
      addMain(view, snapshot, to: &builder, ownerLines: ownerLines)
      lines = builder.lines
      if lines.count <= body.height - (isCompact ? 0 : 1) { break }
    }
    let extras = extraLines(view, snapshot, width: width)
    let hasGap = lines.count + 1 <= body.height
    let room = body.height - (hasGap ? 1 : 0)
    if !extras.isEmpty, lines.count + 2 <= room {
      lines.append(InfoLine())
      lines += extras.prefix(room - lines.count)
    }
    if lines.count > room {
      lines = Array(lines.prefix(max(0, room - 1))) + [InfoLine(pieces: [(words.moreFields, .dim)])]
    }
    for (index, line) in lines.enumerated() {
      draw(line, &frame, x: body.x, y: body.y + index + (hasGap ? 1 : 0), column: column, width: width)
    }
  }

  private func draw(_ line: InfoLine, _ frame: inout Frame, x: Int, y: Int, column: Int, width: Int) {
    frame.text(line.label, x: x, y: y, style: .dim)
    var position = x + column
    let right = position + width
    if let bar = line.bar {
      let text = line.pieces.reduce(0) { $0 + textWidth($1.text) }
      let length = min(24, width - text - 1)
      if length >= 4 {
        frame.progress(x: position, y: y, width: length, part: bar, style: line.barStyle)
        position += length + 1
      }
    }
    for piece in line.pieces {
      position = frame.text(fit(piece.text, right - position), x: position, y: y, style: piece.style)
    }
  }

  func firstFailure(_ snapshot: TokenSnapshot) -> Failure? {
    snapshot.applications.failure ?? snapshot.applications.value?.lazy.compactMap(\.containers.failure).first
  }
}
