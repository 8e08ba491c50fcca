import CertificateKit
import Failures
internal import TerminalKit
internal import TokenKit

/// Takes an event into the state and says what is to be done outside. Pure: no clock, no card, no terminal.
package func update(_ state: inout State, _ event: Event) -> [Effect] {
  switch event {
  case .key(let key): return state.take(key)
  case .source(let event):
    state.take(event)
    return event.changesChain ? state.diagnoseAgain() : []
  case .diagnosis(let news): return state.take(news)
  case .resized(let size):
    state.size = size
    state.keepSelectionVisible()
    return []
  case .stopping:
    // Not in the middle of a command: the key would stay held.
    if state.pinScreen?.isRunning == true { return [] }
    state.wipeTyped()
    return [.suspend(job: false)]
  case .resumed:
    // While we were stopped another program may have used or changed the key.
    return state.resumePIN() + state.slots.filter { !$0.isEmpty }.map { .reread($0.source) }
  case .exported(let job, let outcome):
    state.take(job, outcome)
    return []
  case .verdict(let certificate, let verdict):
    state.change { (detail: inout DetailState) in
      if detail.certificate == certificate { detail.verdict = verdict }
    }
    return []
  case .preparedPIN(let query, let answer):
    state.take(query, answer)
    return []
  case .changedPIN(let query, let outcome):
    return state.take(query, outcome)
  case .login(let query, let event):
    state.take(query, event)
    return []
  case .triedLogin(let query, let trial):
    return state.take(query, trial)
  case .slowPIN(let query):
    state.changePINScreen { pin in
      if pin.query == query, pin.isRunning { pin.isSlow = true }
    }
    return []
  case .applicant(let ticket, let applicant):
    state.take(applicant: applicant, ticket)
    return []
  case .unlockRequested(let ticket, let result):
    state.take(ticket, result)
    return []
  case .unlockApplied(let ticket, let result):
    return state.take(ticket, result)
  }
}

extension State {
  mutating func say(_ text: String, _ style: Style = .normal) { message = Message(text: text, style: style) }

  // MARK: Keys

  mutating func take(_ key: Key) -> [Effect] {
    if case .mouse(let mouse) = key { return take(mouse) }
    message = nil
    if let binding = screen.bindings.first(where: { $0.keys.contains(key) }), !isTyping(key) {
      return perform(binding.action)
    }
    if case .pin = overlays.last { changePINScreen { $0.handle(key) } }
    if case .unlock = overlays.last { changeUnlockScreen { $0.handle(key) } }
    change { (export: inout ExportState) in export.handle(key) }
    return []
  }

  /// Whether the key belongs to a text field rather than to the table.
  private func isTyping(_ key: Key) -> Bool {
    guard case .export(let export) = overlays.last, export.phase != .asking else { return false }
    if case .character = key { return true }
    return false
  }

  mutating func perform(_ action: Action) -> [Effect] {
    if case .unavailable(let reason) = availability(action) {
      let word = screen.bindings.first { $0.action == action }?.word(words) ?? ""
      say(Grade.warning.symbol + " " + words.unavailable(word, reason), .warning)
      return []
    }
    switch action {
    case .quit:
      wipeTyped()
      exitCode = 0
    case .interrupt:
      guard mayInterruptPIN() else { return [] }
      wipeTyped()
      exitCode = 130
    case .suspend:
      wipeTyped()
      return [.suspend(job: true)]
    case .redraw: return [.redraw]
    case .back:
      if case .diagnosis = overlays.last { return leaveDiagnosis() }
      goBack()
    case .help: overlays.append(.help(HelpState(screen: screen)))
    case .up, .down, .pageUp, .pageDown, .first, .last: move(action)
    case .detail: return openDetail()
    case .export: openExport()
    case .reread:
      if case .down = service {
        say(words.retryingService)
        return [.retryService]
      }
      guard let slot = selectedSlot else { return [] }
      say(words.rereading(slot.title))
      return [.reread(slot.source)]
    case .changePIN: return openPINScreen()
    case .login: return openLogin()
    case .diagnose: return openDiagnosis()
    case .checkAgain: return diagnoseAgain()
    case .previewReport: previewReport()
    case .saveReport: return saveReport()
    case .askRepair: askRepair()
    case .repair: return repair()
    case .toggleRole: return toggleRole()
    case .submit: if case .unlock = overlays.last { return submitUnlock() } else { return submitPIN() }
    case .unlock: return openUnlock()
    case .nextField, .previousField:
      changePINScreen { $0.move(by: action == .nextField ? 1 : -1) }
      changeUnlockScreen { $0.move(by: action == .nextField ? 1 : -1) }
      change { (export: inout ExportState) in export.focus = export.focus == .path ? .format : .path }
    case .toggleFormat: change { (export: inout ExportState) in export.toggleFormat() }
    case .save: return save(overwrite: false)
    case .overwrite: return save(overwrite: true)
    }
    return []
  }

  /// One level a press; a question is left before its dialog.
  private mutating func goBack() {
    if case .pin = overlays.last {
      leavePIN()
    } else if case .unlock = overlays.last {
      leaveUnlock()
    } else if case .export(var export) = overlays.last, export.phase == .asking {
      export.phase = .editing
      overlays[overlays.count - 1] = .export(export)
    } else if !overlays.isEmpty {
      overlays.removeLast()
    }
  }

  private mutating func move(_ action: Action) {
    switch overlays.last {
    case .diagnosis: moveDiagnosis(action)
    case .help(var help):
      help.scroll.move(action, page: helpGeometry.page, count: helpGeometry.count)
      overlays[overlays.count - 1] = .help(help)
    case .detail(var detail):
      let lines = detailLines(detail, width: detailWidth).count
      detail.scroll.move(action, page: detailPage, count: lines)
      overlays[overlays.count - 1] = .detail(detail)
    case .export, .pin, .unlock: break
    case nil: moveSelection(action)
    }
  }

  private mutating func moveSelection(_ action: Action) {
    let rows = rows
    guard !rows.isEmpty else { return }
    let page = max(1, treeHeight - 1)
    let old = rows.firstIndex { $0.id == selection }
    let index: Int
    switch action {
    case .up: index = (old ?? 1) - 1
    case .down: index = (old ?? -1) + 1
    case .pageUp: index = (old ?? 0) - page
    case .pageDown: index = (old ?? 0) + page
    case .last: index = rows.count - 1
    default: index = 0
    }
    selection = rows[min(rows.count - 1, max(0, index))].id
    keepSelectionVisible()
  }

  private mutating func take(_ mouse: Key.Mouse) -> [Effect] {
    switch mouse.button {
    case .wheelUp: move(.up)
    case .wheelDown: move(.down)
    case .other: break
    case .left:
      message = nil
      let point = Point(x: mouse.x, y: mouse.y)
      if let action = hint(at: point) { return perform(action) }
      let layout = MainLayout(size)
      if overlays.isEmpty, layout.tree.contains(point) {
        let index = treeTop + mouse.y - layout.tree.y
        let rows = rows
        if rows.indices.contains(index) { selection = rows[index].id }
      }
    }
    return []
  }

  // MARK: Screens

  private mutating func openDetail() -> [Effect] {
    guard let view = selectedEntry, let certificate = view.entry.certificate.value, let source = selection?.source
    else { return [] }
    overlays.append(.detail(DetailState(source: source, view: view, certificate: certificate)))
    return [.verify(certificate)]
  }

  private mutating func openExport() {
    if case .detail(let detail) = overlays.last {
      overlays.append(
        .export(
          ExportState(source: detail.source, view: detail.view, certificate: detail.certificate, words: words)))
    } else if let view = selectedEntry, let certificate = view.entry.certificate.value, let source = selection?.source {
      overlays.append(.export(ExportState(source: source, view: view, certificate: certificate, words: words)))
    }
  }

  private mutating func save(overwrite: Bool) -> [Effect] {
    guard case .export(var export) = overlays.last else { return [] }
    if export.path.text.isEmpty {
      say(words.pathEmpty, .warning)
      return []
    }
    export.phase = .writing
    overlays[overlays.count - 1] = .export(export)
    return [.export(export.job(overwrite: overwrite))]
  }

  fileprivate mutating func take(_ job: ExportJob, _ outcome: ExportOutcome) {
    guard
      let index = overlays.lastIndex(where: {
        if case .export(let export) = $0 {
          export.phase == .writing && export.certificate == job.certificate
        } else {
          false
        }
      }), case .export(var export) = overlays[index]
    else {
      // The dialog was left meanwhile (Esc, or the key pulled out): the result is told all the same.
      if case .written(let path) = outcome { say(Grade.ok.symbol + " " + words.exported(displaySafe(path)), .ok) }
      if case .failed(let failure) = outcome { say(Grade.error.symbol + " " + text(failure), .error) }
      return
    }
    switch outcome {
    case .written(let path):
      overlays.remove(at: index)
      say(Grade.ok.symbol + " " + words.exported(displaySafe(path)), .ok)
      return
    case .exists: export.phase = .asking
    case .failed(let failure): export.phase = .failed(failure)
    }
    overlays[index] = .export(export)
  }

  /// Changes the topmost overlay of this kind, if there is one.
  mutating func change(_ body: (inout ExportState) -> Void) {
    guard case .export(var export) = overlays.last else { return }
    body(&export)
    overlays[overlays.count - 1] = .export(export)
  }

  mutating func change(_ body: (inout DetailState) -> Void) {
    for index in overlays.indices {
      guard case .detail(var detail) = overlays[index] else { continue }
      body(&detail)
      overlays[index] = .detail(detail)
    }
  }

  /// Moves the tree so that the selected row, and as far as there is room the last row of its key, is in sight.
  mutating func keepSelectionVisible() {
    let rows = rows
    let height = max(1, treeHeight)
    if let index = rows.firstIndex(where: { $0.id == selection }) {
      if index < treeTop { treeTop = index }
      if index >= treeTop + height { treeTop = index - height + 1 }
      var end = index
      if rows[index].depth == 0 {
        while end + 1 < rows.count, rows[end + 1].depth > 0 { end += 1 }
      }
      if end >= treeTop + height { treeTop = min(index, end - height + 1) }
    }
    treeTop = max(0, min(treeTop, rows.count - height))
  }
}
