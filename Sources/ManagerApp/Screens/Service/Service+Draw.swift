import Base
import DiagnosisKit
import Failures
import KeyService
import LoginToken
import TerminalKit
import Wording

/// The picture of the screen 密钥服务.
struct ServicePicture: Picture {
  let service: ServiceScreen
  let world: World

  var own: ServiceWords { _read { yield ServiceWords[language] } }
  private var colon: String { Punctuation[language].colon }
  private var inner: Int { max(10, size.width - 4) }

  /// The rows above the two lists.
  var head: [[(text: String, style: Style)]] {
    guard let status = service.status else {
      if service.isStarting { return [[("◐ " + own.starting, .dim)]] }
      if world.isKeyServiceThere { return [[("◐ " + own.asking, .dim)]] }
      return [[(Symbol.absent.before(own.notRunning), .warning)], [("  x  " + own.start, .key)]]
    }
    let about = Punctuation[language].paren(
      "pid \(status.pid)" + Punctuation[language].comma + own.since + " " + LocalTime.text(status.started))
    let place = own.promptPlace + colon + own.prompt(status.prompt)
    return [
      [(Symbol.present.before(own.running), .ok), (about, .dim)],
      [(status.prompt == nil ? Symbol.warning.before(place) : "  " + place, status.prompt == nil ? .warning : .normal)],
      [],
    ] + ports(status)
  }

  /// A row an interface; below it one for each port that another program has.
  private func ports(_ status: ServiceStatus) -> [[(text: String, style: Style)]] {
    var names: [String] = []
    for port in status.ports where !names.contains(port.adapter) { names.append(port.adapter) }
    let column = (names.map { textWidth($0) }.max() ?? 0) + 2
    return names.flatMap { name in
      var numbers: [Int] = []
      for port in status.ports where port.adapter == name && !numbers.contains(port.number) {
        numbers.append(port.number)
      }
      var row: [(text: String, style: Style)] = [
        ("  " + name + String(repeating: " ", count: max(1, column - textWidth(name))), .normal)
      ]
      var taken: [[(text: String, style: Style)]] = []
      for number in numbers {
        let both = status.ports.filter { $0.adapter == name && $0.number == number }
        guard let first = both.first else { continue }
        let state = both.contains { $0.state == .taken } ? .taken : first.state
        let text = String(number) + (first.isTLS ? " TLS" : "") + "   "
        switch state {
        case .open: row.append((Symbol.ok.before(text), .ok))
        case .noCertificate: row.append((Symbol.skipped.before(text), .dim))
        case .failed: row.append((Symbol.error.before(text), .error))
        case .taken:
          row.append((Symbol.error.before(text), .error))
          let holders = (service.holders[number] ?? []).map { $0.text(language) }
            .joined(separator: Punctuation[language].comma)
          taken.append([
            ("    \(number) " + (holders.isEmpty ? own.heldBySomeone : own.held(holders)), .error)
          ])
        }
      }
      return [row] + taken
    }
  }

  /// Rows of the two lists: sites get what they need up to half of the room.
  private var rooms: (sites: Int, log: Int) {
    // Border above and below, two titles, a blank row before each.
    let room = max(2, size.height - 2 - 2 - head.count - 4)
    let sites = max(1, min(max(1, service.sites.count), room / 2))
    return (sites, max(1, room - sites))
  }

  func page(_ list: ServiceScreen.List) -> Int { list == .sites ? rooms.sites : rooms.log }

  func draw(_ frame: inout Frame) {
    let box = Rect(x: 0, y: 0, width: size.width, height: size.height - 2)
    frame.fill(box)
    frame.box(box)
    let end = frame.text(" " + own.title + " ", x: 2, y: 0, style: .title)
    frame.text(world.tags, x: end, y: 0, style: .warning)
    var y = 1
    for row in head {
      var x = 2
      for piece in row { x = frame.text(fit(piece.text, inner + 2 - x), x: x, y: y, style: piece.style) }
      y += 1
    }
    guard service.status != nil else { return }
    let rooms = rooms
    y = list(
      own.sites, service.sites.map { ([(siteText($0.origin, $0.grants), .normal)]) }, empty: own.noSites, .sites,
      service.site, rooms.sites, y + 1, &frame)
    _ = list(
      own.log, service.entries.map(entryText), empty: own.noLog, .log, service.entry, rooms.log, y + 1, &frame)
    if let asking = service.asking { draw(asking, &frame) }
  }

  func siteText(_ origin: WebOrigin, _ grants: [Grant]) -> String {
    let may = grants.map { $0.adapter + colon + own.may($0.permissions, language) }
    return origin.shown + "  " + may.joined(separator: Punctuation[language].semicolon)
  }

  func entryText(_ entry: LogEntry) -> [(text: String, style: Style)] {
    let outcome = own.outcome(entry.outcome, language)
    let time = String(LocalTime.text(entry.time).dropFirst(11).prefix(8))
    return [
      (time + "  ", .dim), (outcome.symbol.before(displaySafe(outcome.text)), outcome.symbol == .error ? .error : .ok),
      ("  " + displaySafe(entry.function) + "  " + displaySafe(entry.origin) + "  " + entry.adapter, .normal),
    ]
  }

  /// - Returns: the row below it.
  private func list(
    _ title: String, _ rows: [[(text: String, style: Style)]], empty: String, _ which: ServiceScreen.List,
    _ selected: Int, _ room: Int, _ top: Int, _ frame: inout Frame
  ) -> Int {
    let hasFocus = service.list == which
    frame.text((hasFocus ? "▸ " : "  ") + title, x: 2, y: top, style: hasFocus ? .title : .dim)
    if rows.isEmpty { frame.text(fit("    " + empty, inner), x: 2, y: top + 1, style: .dim) }
    let first = max(0, min(selected - room + 1, rows.count - room))
    for (offset, row) in rows.dropFirst(first).prefix(room).enumerated() {
      let isSelected = hasFocus && first + offset == selected
      let y = top + 1 + offset
      if isSelected { frame.fill(Rect(x: 1, y: y, width: size.width - 2, height: 1), style: .selected) }
      var x = frame.text(isSelected ? "▸   " : "    ", x: 2, y: y, style: isSelected ? .selected : .normal)
      for piece in row {
        x = frame.text(
          fit(piece.text, max(0, size.width - 2 - x)), x: x, y: y, style: isSelected ? .selected : piece.style)
      }
    }
    let mark = positionMark(top: first, page: room, count: rows.count)
    frame.text(mark, x: size.width - 2 - textWidth(mark), y: top, style: .dim)
    frame.scrollBar(x: size.width - 1, y: top + 1, height: room, top: first, count: rows.count)
    return top + 1 + room
  }

  func question(_ asking: ServiceScreen.Asking) -> String {
    switch asking {
    case .stop: own.askStop
    case .revoke(let origin): own.askRevoke(origin.shown)
    }
  }

  private func draw(_ asking: ServiceScreen.Asking, _ frame: inout Frame) {
    let question = question(asking)
    let width = min(72, size.width - 4)
    let lines = wrap(question, width - 6)
    let rect = dialog(width: width, height: lines.count + 5, &frame)
    frame.text(" " + own.title + " ", x: rect.x + 2, y: rect.y, style: .title)
    for (index, line) in lines.enumerated() { frame.text(line, x: rect.x + 3, y: rect.y + 2 + index) }
    frame.text("y " + own.yes + "   Esc " + words.back, x: rect.x + 3, y: rect.bottom - 2, style: .key)
  }
}
