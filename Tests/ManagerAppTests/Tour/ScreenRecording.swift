import TerminalKit

/// Screens one behind another, with what was pressed to reach each: as one picture that moves (SVG), for light and dark pages.
///
/// Rows that frames share stand in it once. Where motion is unwanted (`prefers-reduced-motion`) it stands still on the
/// screen that `still` names.
struct ScreenRecording {
  private struct Moment {
    let frame: Frame
    let caption: String
    let seconds: Double
  }

  let title: String
  private var moments: [Moment] = []
  private var still = 0

  init(title: String) { self.title = title }

  /// - Parameter isStill: this one is shown where pictures must not move.
  mutating func add(_ frame: Frame, _ caption: String, seconds: Double, isStill: Bool = false) {
    if isStill { still = moments.count }
    moments.append(Moment(frame: frame, caption: caption, seconds: seconds))
  }

  // Pixels: a cell of the grid, the room around it.
  private static let cell = (width: 8.4, height: 17.0)
  private static let margin = 14.0

  var svg: String {
    let size = moments.first?.frame.size ?? Size(width: 0, height: 0)
    let width = Double(size.width) * Self.cell.width + 2 * Self.margin
    let height = Double(size.height + 2) * Self.cell.height + 2 * Self.margin
    var rows = SharedRows()
    let pictures = moments.enumerated().map { number, moment in picture(moment, number, &rows) }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.figure(width)) \(Self.figure(height))" role="img">
      <title>\(Self.escaped(title))</title>
      <style>
      \(Self.looks)
      \(motion)
      </style>
      <defs>
      \(rows.definitions)</defs>
      <rect class="ground" width="100%" height="100%" rx="8"/>
      <g transform="translate(\(Self.figure(Self.margin)) \(Self.figure(Self.margin)))">
      \(pictures.joined(separator: "\n"))
      </g>
      </svg>

      """
  }

  private func picture(_ moment: Moment, _ number: Int, _ rows: inout SharedRows) -> String {
    let frame = moment.frame
    var parts: [String] = []
    for y in 0..<frame.size.height {
      let row = Self.row((0..<frame.size.width).compactMap { frame[$0, y] })
      if !row.isEmpty {
        parts.append("<use href=\"#\(rows.name(row))\" y=\"\(Self.figure(Double(y) * Self.cell.height))\"/>")
      }
    }
    if let cursor = frame.cursor {
      parts.append(Self.rect("cursor", x: cursor.x, y: Double(cursor.y) * Self.cell.height, cells: 1))
    }
    let foot = (Double(frame.size.height) + 1.4) * Self.cell.height
    parts.append("<text class=\"caption\" x=\"0\" y=\"\(Self.figure(foot))\">\(Self.escaped(moment.caption))</text>")
    return "<g class=\"moment m\(number)\">\n\(parts.joined(separator: "\n"))\n</g>"
  }

  /// One row of cells, drawn at y 0: runs of one style and one width, each stretched to its cells whatever the font.
  private static func row(_ cells: [Cell]) -> String {
    var text = ""
    var x = 0
    while x < cells.count {
      let first = cells[x]
      let start = x
      var content = String.UnicodeScalarView()
      while x < cells.count, cells[x].style == first.style, cells[x].width == first.width {
        content.append(cells[x].scalar)
        content.append(contentsOf: cells[x].marks)
        x += max(1, Int(first.width))
      }
      if first.style == .selected || first.style == .paper {
        text += rect("under-\(first.style)", x: start, y: 0, cells: x - start)
      }
      if content.contains(where: { $0 != " " }) {
        text += run(String(content), first.style, x: start, cells: x - start)
      }
    }
    return text
  }

  private static func run(_ text: String, _ style: Style, x: Int, cells: Int) -> String {
    let left = figure(Double(x) * cell.width)
    let length = figure(Double(cells) * cell.width)
    return "<text class=\"\(style)\" x=\"\(left)\" y=\"13\" textLength=\"\(length)\">\(escaped(text))</text>"
  }

  private static func rect(_ look: String, x: Int, y: Double, cells: Int) -> String {
    "<rect class=\"\(look)\" x=\"\(figure(Double(x) * cell.width))\" y=\"\(figure(y))\" width=\"\(figure(Double(cells) * cell.width))\" height=\"17\"/>"
  }

  /// Each moment is seen for its time, and all of it again without end.
  private var motion: String {
    let total = moments.reduce(0) { $0 + $1.seconds }
    var begun = 0.0
    var lines = [
      ".moment{visibility:hidden}", ".m\(still){visibility:visible}", "@media (prefers-reduced-motion: no-preference){",
    ]
    for (number, moment) in moments.enumerated() {
      let from = Self.figure(100 * begun / total)
      begun += moment.seconds
      let until = Self.figure(100 * begun / total)
      // A keyframe of 0 % stands for the first moment's beginning, one of 100 % for the last one's end.
      let before = number == 0 ? "" : "0%{visibility:hidden}"
      lines.append("@keyframes m\(number){\(before)\(from)%{visibility:visible}\(until)%{visibility:hidden}}")
      lines.append(".m\(number){animation:m\(number) \(Self.figure(total))s step-end infinite}")
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  private static let looks = """
    svg{--ground:#fbfbfa;--ink:#24292e;--faint:#7b828a;--warning:#8a5a00;--error:#b3261e;--ok:#1a6b2d;--key:#0b5394;--mark:#0b5394;--on-mark:#ffffff}
    @media (prefers-color-scheme: dark){svg{--ground:#16191d;--ink:#d8dde3;--faint:#7d8590;--warning:#e3b341;--error:#ff7b72;--ok:#56d364;--key:#56d4dd;--mark:#56d4dd;--on-mark:#101418}}
    text{font-family:"DejaVu Sans Mono","Noto Sans Mono CJK SC","WenQuanYi Zen Hei Mono",monospace;font-size:14px;white-space:pre;fill:var(--ink)}
    .ground{fill:var(--ground);stroke:var(--faint)}
    .title{font-weight:bold}
    .dim,.border{fill:var(--faint)}
    .warning{fill:var(--warning);font-weight:bold}
    .error{fill:var(--error);font-weight:bold}
    .ok{fill:var(--ok)}
    .key,.caption{fill:var(--key);font-weight:bold}
    .selected{fill:var(--on-mark)}
    .under-selected{fill:var(--mark)}
    .paper{fill:#000000}
    .under-paper{fill:#ffffff}
    .cursor{fill:var(--ink);opacity:.5}
    """

  /// Rows by what is drawn in them.
  private struct SharedRows {
    private var names: [String: String] = [:]
    private(set) var definitions = ""

    mutating func name(_ row: String) -> String {
      if let name = names[row] { return name }
      let name = "r\(names.count)"
      names[row] = name
      definitions += "<g id=\"\(name)\">\(row)</g>\n"
      return name
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// At most two places behind the point, none that says nothing.
  private static func figure(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
    if rest == 0 { return "\(whole)" }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
