import TerminalKit
import Wording

/// The window as a dialogue of lines: the same state, changed by the same keys through the same ``update(_:_:)``, told as
/// what is new. Pure as that is; ``runPlainManager(source:operations:options:)`` brings it to a terminal.
struct PlainDialogue {
  /// What is asked for now.
  enum Question: Equatable {
    /// Nothing: something is under way.
    case none
    case choice
    /// A field of the page, by its label.
    case text(String)
    case secret(String)
    case option(String)
  }

  private(set) var state: State
  private(set) var question = Question.none
  /// The words of ``question``.
  private(set) var prompt = ""

  /// What was told already of a screen that is open, and the numbers of its choices.
  private struct Told {
    var title = ""
    /// What it said last.
    var blocks: [PlainPage.Block] = []
    /// What it said last in each of its states, and the rows that it had.
    var said: [AnyHashable: [PlainPage.Block]] = [:]
    var rows: [AnyHashable: [PlainPage.RowName]] = [:]
    var news: [PlainMenu.Choice: String] = [:]
    var menu = PlainMenu()
    var mode: AnyHashable?
    /// The states of the screen whose choices were listed.
    var listed: Set<AnyHashable> = []
  }

  private var told: [ScreenID: Told] = [:]
  /// The screen that was told last, which is the one that asks.
  private var shown: ScreenID?
  private var page = PlainPage(title: "")
  private(set) var entries: [PlainMenu.Entry] = []
  /// What happened since the last output.
  private var messages: [String] = []
  /// The field that asks by itself was left: the choices stand in its place.
  private var isLeft = false
  /// A field that was chosen and is asked for, by its label.
  private var chosen: String?
  /// Something of the secret has come.
  private(set) var hasSecret = false

  private var own: PlainWords { PlainWords[state.world.language] }

  init(_ state: State, lead: [String] = []) {
    self.state = state
    messages = lead + [PlainWords[state.world.language].welcome] + state.world.log.map(\.text)
  }

  // MARK: Events

  /// Takes an event as the window does, and keeps what it tells.
  mutating func take(_ event: Event) -> [Request] {
    let isKey = if case .key = event { true } else { false }
    let before = isKey ? nil : state.world.message
    let logged = state.world.logged
    let requests = update(&state, event)
    let lines = state.world.log.suffix(max(0, state.world.logged - logged)).map(\.text)
    messages += lines
    if let message = state.world.message, message != before, message.text != lines.last {
      messages.append(message.text)
    }
    return requests
  }

  /// Seconds since 1970-01-01 UTC, set before each event.
  mutating func setNow(_ now: Int64) { state.world.now = now }

  /// Overwrites what was typed.
  mutating func wipe() { state.wipe() }

  /// A line that is longer than any answer.
  mutating func refuseLine() { messages.append(own.noRoom) }

  private mutating func press(_ keys: [Key]) -> [Request] {
    var requests: [Request] = []
    for key in keys {
      if key == .enter { forgetVanished() }
      requests += take(.key(key))
    }
    return requests
  }

  /// What was told and is not said any more, as a note that went when something was typed: when it is said again, that is
  /// new.
  private mutating func forgetVanished() {
    let now = makePage().blocks
    guard var blocks = told[state.top.id]?.blocks, shown == state.top.id else { return }
    for (index, block) in now.enumerated() where block.isGrowing && blocks.indices.contains(index) {
      blocks[index].lines.removeAll { !block.lines.contains($0) }
    }
    told[state.top.id]?.blocks = blocks
  }

  // MARK: Answers

  /// The page that asks, as it is now; `nil` when it does not ask any more: what was typed meant something else.
  private var asking: PlainPage? {
    guard state.top.id == shown else { return nil }
    let page = makePage()
    return page.isBusy ? nil : page
  }

  /// A line that answers ``question``.
  ///
  /// - Parameter key: a key that is no character, when it was typed alone.
  mutating func answer(_ line: String, key: Key? = nil) -> [Request] {
    let text = String(String(line.drop { $0 == " " }.reversed()).drop { $0 == " " }.reversed())
    guard let now = asking else { return [] }
    switch question {
    case .none, .secret: return []
    case .choice: return choose(text, key, now)
    case .text(let label): return enter(text, label, now)
    case .option(let label): return pick(text, label, now)
    }
  }

  private mutating func choose(_ text: String, _ key: Key?, _ now: PlainPage) -> [Request] {
    if text.isEmpty {
      if let key, state.top.screen.model.keyTable.contains(where: { $0.keys.contains(key) }) { return press([key]) }
      listAgain()
      return []
    }
    let parts = text.split(separator: " ", maxSplits: 1)
    if let number = parts.first.flatMap({ Int($0) }), let entry = entries.first(where: { $0.number == number }) {
      return choose(entry.choice, given: parts.count > 1 ? String(parts[1]) : nil, now)
    }
    // A digit may be a key though it is not listed here.
    if let key = state.plainKey(text), text.lowercased() != "q" { return press([key]) }
    if text == "0" || text.lowercased() == "q" { return state.plainLeave.map { press([$0]) } ?? [] }
    // Never repeated: it may have been meant for another question.
    messages.append(own.noChoice)
    return []
  }

  private mutating func choose(_ choice: PlainMenu.Choice, given: String?, _ now: PlainPage) -> [Request] {
    switch choice {
    case .row(let name):
      if let row = now.rows.first(where: { $0.id == name }) { return press(row.keys) }
    case .field(let label):
      if let field = now.fields.first(where: { $0.label == label }) {
        isLeft = false
        switch (field.kind, given) {
        case (.text, let text?): return enter(text, label, now)
        case (.choice, let text?): return pick(text, label, now)
        default:
          chosen = label
          return press(field.keys)
        }
      }
    case .section(let title):
      if let section = now.sections.first(where: { $0.title == title }) {
        messages += [section.title] + section.lines
        return []
      }
    case .action(let label):
      if let action = state.plainActions.first(where: { $0.label == label }) { return press([action.key]) }
    }
    messages.append(own.isGone)
    return []
  }

  /// A text for a field: what was there is replaced, as by typing. Enter alone leaves what is there.
  private mutating func enter(_ text: String, _ label: String, _ now: PlainPage) -> [Request] {
    let wasChosen = chosen != nil
    chosen = nil
    guard let field = now.fields.first(where: { $0.label == label }) else { return [] }
    if text == "q" || (text.isEmpty && (field.value.isEmpty || !field.submits)) {
      if now.asks == label { leave() }
      return []
    }
    var keys = wasChosen ? [] : field.keys
    if !text.isEmpty { keys += [.end, .control("u")] + text.unicodeScalars.map { .character($0) } }
    return press(keys + (field.submits ? [.enter] : []))
  }

  private mutating func pick(_ text: String, _ label: String, _ now: PlainPage) -> [Request] {
    let wasChosen = chosen != nil
    chosen = nil
    guard let field = now.fields.first(where: { $0.label == label }), case .choice(let options, let old) = field.kind,
      !["", "0", "q", "Q"].contains(text)
    else { return [] }
    guard let number = Int(text), (1...max(1, options.count)).contains(number) else {
      messages.append(own.noChoice)
      return []
    }
    let steps = (number - 1 - old + options.count) % options.count
    return press((wasChosen ? [] : field.keys) + Array(repeating: .right, count: steps))
  }

  /// A key of a secret, as it comes: it goes into locked memory and is kept nowhere else.
  mutating func type(_ key: Key) -> [Request] {
    guard case .secret(let label) = question, let now = asking,
      let field = now.fields.first(where: { $0.label == label }), field.kind == .secret
    else { return [] }
    switch key {
    case .enter:
      defer { hasSecret = false }
      chosen = nil
      if hasSecret { return press([.enter]) }
      // Nothing was typed: what else can be done is listed.
      leave()
      return []
    case .character:
      var requests: [Request] = []
      if !hasSecret {
        hasSecret = true
        requests = press((chosen == nil ? field.keys : []) + [.control("u")])
        forgetVanished()
      }
      return requests + take(.key(key))
    default: return []
    }
  }

  // MARK: What is told

  private func makePage() -> PlainPage { state.top.screen.model.plain(state.world) }

  /// Lists the choices in place of the field that asks by itself.
  private mutating func leave() {
    isLeft = true
    told[state.top.id]?.listed = []
  }

  private mutating func listAgain() {
    told[state.top.id]?.blocks = []
    told[state.top.id]?.said = [:]
    told[state.top.id]?.listed = []
    shown = nil
  }

  /// What is new since the last time; it also settles what is asked now.
  mutating func tell() -> [String] {
    let top = state.top
    let open = Set(state.stack.map(\.id))
    told = told.filter { open.contains($0.key) }
    var record = told[top.id] ?? Told()
    page = makePage()
    let mode = Self.mode(of: top.screen.model)
    let isOther = shown != top.id
    if isOther || mode != record.mode { (isLeft, chosen) = (false, nil) }
    record.mode = mode
    let old = question
    settleQuestion()
    if case .secret = question {} else { hasSecret = false }

    var lines = messages
    messages = []
    if isOther || page.title != record.title { lines += ["", PlainPage.bare(page.title)] }
    record.title = page.title
    lines += newBlocks(since: record.blocks, record.said[mode] ?? [])
    (record.blocks, record.said[mode]) = (page.blocks, page.blocks)
    if question == .choice { lines += newEntries(&record, mode) }
    if question != old { lines += options }
    told[top.id] = record
    shown = top.id
    return lines
  }

  /// - Parameter said: when this state of the screen was told last.
  private func newBlocks(since old: [PlainPage.Block], _ said: [PlainPage.Block]) -> [String] {
    page.blocks.enumerated().flatMap { index, block -> [String] in
      if !block.isGrowing, said.contains(block) { return [] }
      guard old.indices.contains(index), old[index].title == block.title else { return whole(block) }
      if old[index].lines == block.lines { return [] }
      return block.isGrowing ? block.lines.filter { !old[index].lines.contains($0) } : whole(block)
    }
  }

  private func whole(_ block: PlainPage.Block) -> [String] {
    (block.title.isEmpty ? [] : [block.title]) + block.lines
  }

  /// All choices where they were not listed yet; else the rows when there are others, and what has changed.
  private mutating func newEntries(_ record: inout Told, _ mode: AnyHashable) -> [String] {
    entries = record.menu.entries(
      page, state.plainActions, reserved: state.plainDigits, state.world.language)
    let isListed = record.listed.insert(mode).inserted
    let rows = page.rows.map(\.id)
    let areOthers = rows != record.rows[mode]
    record.rows[mode] = rows
    var lines: [String] = []
    for entry in entries {
      let isTold: Bool =
        switch entry.choice {
        case .row: areOthers || record.news[entry.choice] != entry.news
        case .field: record.news[entry.choice] != entry.news
        case .section, .action: false
        }
      if isListed || isTold { lines.append("\(entry.number)  " + entry.text) }
      record.news[entry.choice] = entry.news
    }
    let hasTitle = (isListed || areOthers) && !page.rows.isEmpty && !page.rowsTitle.isEmpty
    return (hasTitle ? [page.rowsTitle] : []) + lines
  }

  /// The answers to a question that has some.
  private var options: [String] {
    guard case .option(let label) = question, let field = page.fields.first(where: { $0.label == label }),
      case .choice(let options, let old) = field.kind
    else { return [] }
    return options.enumerated().map { place, option in
      "\(place + 1)  " + option
        + (place == old ? Punctuation[state.world.language].paren(own.selected) : "")
    }
  }

  private static func mode(of model: some ScreenModel) -> AnyHashable { AnyHashable(model.mode) }

  private mutating func settleQuestion() {
    if state.exitCode != nil || page.isBusy {
      question = .none
      return
    }
    let label = chosen ?? (isLeft ? nil : page.asks)
    guard let field = page.fields.first(where: { $0.label == label }) else {
      question = .choice
      prompt = own.choose(state.plainLeaveWord)
      return
    }
    switch field.kind {
    case .text: (question, prompt) = (.text(field.label), own.text(PlainPage.bareLabel(field.label), field.value))
    case .secret: (question, prompt) = (.secret(field.label), own.secret(field.label))
    case .choice: (question, prompt) = (.option(field.label), own.option(field.label))
    }
  }
}
