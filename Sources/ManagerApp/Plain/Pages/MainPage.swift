import Failures
import TerminalKit
import TokenKit
import Wording

extension MainScreen {
  func plain(_ world: World) -> PlainPage { MainPicture(main: self, world: world).plainPage }
}

extension MainPicture {
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(words.title))
    let service = serviceWords
    page.add([plain(words.service, service.symbol + " " + service.text)])
    page.add(world.advice.map { text($0, width: Self.plainWidth) }, title: AdviceWords[language].title)
    addInfo(to: &page)
    let rows = rows
    let selected = rows.firstIndex { $0.id == world.selection }
    page.rowsTitle = rowsTitle
    page.rows = rows.enumerated().map { index, row in
      PlainPage.Row(
        id: .tree(row.id), text: text(row), isSelected: index == selected,
        keys: plainKeys(from: selected, to: index))
    }
    if rows.isEmpty, !main.filter.isEmpty { page.add([InventoryWords[language].nothingFits]) }
    if let field = main.field {
      let label = InventoryWords[language].search
      page.fields = [PlainPage.Field(label: label, value: field.text, submits: true)]
      page.asks = label
    }
    page.isBusy = isReading
    return page
  }

  /// Keys that are being read, or may be there: what can be chosen is known when that is over, which has limits of its own.
  private var isReading: Bool {
    if world.service == .starting || !world.asking.isEmpty { return true }
    return world.slots.contains { $0.isReading || $0.snapshot?.isComplete == false }
  }

  private var rowsTitle: String {
    let inventory = InventoryWords[language]
    let filter = [
      main.filter.query.isEmpty ? nil : inventory.search + Punctuation[language].colon + main.filter.query,
      main.filter.onlyProblems ? inventory.problems : nil,
    ].compactMap { $0 }
    return ([PlainWords[language].certificates] + filter).joined(separator: " · ")
  }

  /// A row of the list: of a certificate the columns of the table, too.
  private func text(_ row: TreeRow) -> String {
    let columns = row.columns
    let pin = columns.pin.isEmpty ? "" : InventoryWords[language].pin + " " + columns.pin
    let parts =
      columns.end.isEmpty
      ? [row.symbol + " " + row.text, row.suffix, columns.key, pin, row.mark]
      : [row.text, columns.role, columns.end, columns.left]
    return parts.map(PlainPage.bare).filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// What the pane shows of the selected row.
  private func addInfo(to page: inout PlainPage) {
    guard let slot = world.selectedSlot, !slot.isEmpty else {
      // Drawn on a sheet that is wide enough for each line.
      var sheet = Frame(size: Size(width: Self.plainWidth, height: 40))
      drawWaiting(&sheet, Rect(sheet.size))
      page.add(sheet.lines)
      return
    }
    switch slot.card {
    case .empty: break
    case .reading: page.add([words.readingKey], title: slot.title)
    case .failed(let failure): page.add(plainFailure(failure), title: slot.title)
    case .key(let snapshot):
      guard snapshot.isComplete else {
        page.add([words.readingKey], title: slot.title)
        return
      }
      let view = world.selectedEntry
      let title = view.map { words.certificateInfo + " · " + words.role($0.entry.role) } ?? words.certificateInfo
      if view == nil, let failure = firstFailure(snapshot) {
        page.add(plainFailure(failure), title: title)
        return
      }
      var builder = InfoBuilder(width: Self.plainWidth, maxLines: 1)
      addMain(view, snapshot, to: &builder, ownerLines: 1)
      page.add((builder.lines + extraLines(view, snapshot, width: Self.plainWidth)).map(plain), title: title)
    }
  }
}

extension Picture {
  /// What happened, what to do, and the numbers.
  func plainFailure(_ failure: Failure) -> [String] {
    let text = failure.words(language)
    let context = failure.context.map { [displaySafe($0)] } ?? []
    return [Symbol.error.before(text.title), plain(words.whatToDo, text.remedy), failure.reference] + context
      + failure.causes.prefix(3).map { "← " + $0.reference }
  }
}
