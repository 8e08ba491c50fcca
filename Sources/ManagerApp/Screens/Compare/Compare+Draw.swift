import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// The picture of two certificates or keys side by side.
struct ComparePicture: Picture {
  let compare: CompareScreen
  let world: World

  struct Line {
    var label = ""
    var left = ""
    var right = ""
    var differs = false
    /// Over the whole width.
    var heading: String?
  }

  var own: CompareWords { CompareWords[language] }
  private var inner: Rect { Rect(x: 2, y: 1, width: size.width - 4, height: size.height - 4) }
  /// The first two lines say what they are to each other.
  var page: Int { max(1, inner.height - 2) }

  private var labelWidth: Int {
    let fields =
      switch compare.pair {
      case .certificates: CertificateComparison.Field.allCases.map { CompareWords.title($0, language) }
      case .keys: KeyComparison.Field.allCases.map { CompareWords.title($0, language) }
      }
    return min((fields.map { textWidth($0) }.max() ?? 8) + 2, inner.width / 4)
  }

  /// Cells of one side.
  private var side: Int { max(8, (inner.width - labelWidth - 3) / 2) }

  func draw(_ frame: inout Frame) {
    let rect = Rect(x: 0, y: 0, width: size.width, height: size.height - 2)
    frame.fill(rect)
    frame.box(rect, style: .normal)
    let end = frame.text(" " + own.title + " ", x: 2, y: 0, style: .title)
    frame.text(fit(world.tags, max(0, rect.right - end - 2)), x: end, y: 0, style: .warning)
    frame.text(fit(summary, inner.width), x: inner.x, y: inner.y, style: .title)
    let lines = lines
    for (offset, line) in lines.dropFirst(compare.scroll.top).prefix(page).enumerated() {
      let y = inner.y + 2 + offset
      if let heading = line.heading {
        frame.text(fit(heading, inner.width), x: inner.x, y: y, style: .title)
        continue
      }
      frame.text(fit(line.label, labelWidth - 1), x: inner.x, y: y, style: .dim)
      let mark = line.differs ? "≠" : " "
      frame.text(mark, x: inner.x + labelWidth, y: y, style: .warning)
      let style: Style = line.differs ? .warning : .normal
      frame.text(fit(line.left, side), x: inner.x + labelWidth + 2, y: y, style: style)
      frame.text(fit(line.right, side), x: inner.x + labelWidth + 3 + side, y: y, style: style)
    }
    let mark = positionMark(top: compare.scroll.top, page: page, count: lines.count)
    frame.text(mark, x: rect.right - 1 - textWidth(mark), y: rect.bottom - 1, style: .dim)
    frame.scrollBar(
      x: rect.right - 1, y: inner.y + 2, height: page, top: compare.scroll.top, count: lines.count)
    // What is read first stands first.
    frame.cursor = Point(x: inner.x, y: inner.y)
  }

  var summary: String {
    switch compare.pair {
    case .certificates(_, _, let comparison): return own.text(comparison.relation)
    case .keys(_, _, let comparison):
      let same = comparison.pairings.filter { $0.comparison?.relation == .same }.count
      return own.keys(same, comparison.pairings.count - same)
    }
  }

  var lines: [Line] {
    switch compare.pair {
    case .certificates(let left, let right, let comparison):
      let head = Line(label: "", left: place(left), right: place(right))
      return [head] + rows(comparison, all: !compare.onlyDifferences)
    case .keys(let left, let right, let comparison):
      var lines = [Line(label: "", left: left.title, right: right.title)]
      for row in comparison.rows where row.differs || !compare.onlyDifferences {
        lines += folded(
          CompareWords.title(row.field, language), displaySafe(row.left ?? "–"), displaySafe(row.right ?? "–"),
          row.differs)
      }
      for pairing in comparison.pairings { lines += self.lines(pairing) }
      return lines
    }
  }

  private func lines(_ pairing: KeyComparison.Pairing) -> [Line] {
    let known = pairing.left ?? pairing.right
    let owner = known?.certificate.value.map { displaySafe($0.owner) } ?? own.notRead
    let name = known.map { words.role($0.role) + " · " + owner } ?? owner
    let says: String
    if let comparison = pairing.comparison {
      says = own.text(comparison.relation)
    } else if pairing.left == nil {
      says = own.onlyRight
    } else {
      says = pairing.right == nil ? own.onlyLeft : own.notRead
    }
    if pairing.comparison?.relation == .same, compare.onlyDifferences { return [] }
    let heading = Line(heading: name + Punctuation[language].colon + says)
    return [Line(), heading] + (pairing.comparison.map { rows($0, all: false) } ?? [])
  }

  private func rows(_ comparison: CertificateComparison, all: Bool) -> [Line] {
    comparison.rows.filter { $0.differs || all }.flatMap { row in
      folded(
        CompareWords.title(row.field, language), CompareWords.text(row.left, language),
        CompareWords.text(row.right, language), row.differs)
    }
  }

  /// As many lines as the longer side needs, at most three.
  private func folded(_ label: String, _ left: String, _ right: String, _ differs: Bool) -> [Line] {
    let (a, b) = (wrap(left, side), wrap(right, side))
    return (0..<min(3, max(1, a.count, b.count))).map { index in
      Line(
        label: index == 0 ? label : "", left: index < a.count ? a[index] : "", right: index < b.count ? b[index] : "",
        differs: differs)
    }
  }

  private func place(_ place: CertificatePlace) -> String {
    words.roleShort(place.role) + " · " + (place.keySerial.map { displaySafe($0) } ?? displaySafe(place.source.reader))
  }
}
