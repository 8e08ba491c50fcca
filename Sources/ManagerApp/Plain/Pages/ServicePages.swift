import DiagnosisKit
import Failures
import TerminalKit
import Wording

// The key service and the diagnosis.

extension ServiceScreen {
  func plain(_ world: World) -> PlainPage { ServicePicture(service: self, world: world).plainPage }
}

extension ServicePicture {
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(own.title))
    page.add(head.map { $0.map(\.text).joined() })
    page.isBusy = service.isStarting || (world.isKeyServiceThere && service.status == nil)
    if let asking = service.asking {
      page.add([question(asking)])
      return page
    }
    guard service.status != nil else { return page }
    let sites = service.sites.map { siteText($0.origin, $0.grants) }
    let log = service.entries.map { entryText($0).map(\.text).joined() }
    page.rows =
      rows(sites, own.sites, .sites, service.site) + rows(Array(log.prefix(20)), own.log, .log, service.entry)
    if sites.isEmpty { page.add([plain(own.sites, own.noSites)]) }
    if log.isEmpty { page.add([plain(own.log, own.noLog)]) }
    if log.count > 20 { page.sections = [PlainPage.Section(title: own.log, lines: log)] }
    return page
  }

  private func rows(
    _ texts: [String], _ title: String, _ list: ServiceScreen.List, _ selected: Int
  ) -> [PlainPage.Row] {
    let isHere = service.list == list
    return texts.enumerated().map { index, text in
      PlainPage.Row(
        id: .place(index, in: list == .sites ? 0 : 1), text: plain(title, PlainPage.bare(text)),
        isSelected: isHere && index == selected, keys: (isHere ? [] : [.tab]) + plainKeys(from: selected, to: index))
    }
  }
}

extension DiagnosisScreen {
  func plain(_ world: World) -> PlainPage { DiagnosisPicture(diagnosis: self, world: world).plainPage }
}

extension DiagnosisPicture {
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(words.diagnose))
    switch diagnosis.phase {
    case .preview(let lines, _):
      page.title = plainTitle(words.diagnose + " · " + words.reportPreview)
      page.add([phrases.redacted])
      page.sections = [PlainPage.Section(title: words.reportPreview, lines: lines)]
      return page
    case .destination(let field):
      page.fields = [PlainPage.Field(label: words.exportPath, value: field.text, submits: true)]
      page.asks = words.exportPath
      page.isBusy = diagnosis.isSaving
      return page
    case .repair(let fix):
      page.add([words.repairAsk, displaySafe(fix.command)])
      return page
    case .repairing:
      page.isBusy = true
      return page
    case .list: break
    }
    guard diagnosis.result != nil else {
      // Each link as it is found.
      page.add(
        [phrases.running] + CheckID.allCases.compactMap { id in diagnosis.found[id] == nil ? nil : line(id) },
        isGrowing: true)
      page.isBusy = true
      return page
    }
    page.add(conclusionLines(width: Self.plainWidth).map(\.text))
    page.add(
      factLines(diagnosis.selection, Self.plainWidth, isWhole: true).map(\.0),
      title: phrases.facts + " · " + diagnosis.selection.title(language) + " [" + diagnosis.selection.rawValue + "]")
    // Those that want a look can be selected; the whole chain is read when it is wanted.
    let order = diagnosis.order
    let selected = order.firstIndex(of: diagnosis.selection)
    page.rowsTitle = phrases.chain
    page.rows = order.enumerated().compactMap { index, id in
      guard let verdict = diagnosis.found[id]?.verdict, verdict != .ok, verdict != .skipped else { return nil }
      return PlainPage.Row(
        id: .link(id), text: line(id), isSelected: index == selected, keys: plainKeys(from: selected, to: index))
    }
    page.sections = [
      PlainPage.Section(
        title: phrases.chain,
        lines: order.flatMap { id in
          [line(id)] + factLines(id, Self.plainWidth, isWhole: true).map { "  " + $0.0 }
        })
    ]
    return page
  }

  private func line(_ id: CheckID) -> String {
    guard let finding = diagnosis.found[id] else { return id.title(language) }
    let reason = DiagnosisDocument.Row(id, finding).reason(language)
    return [finding.verdict.symbol, finding.verdict.title(language), id.title(language), reason]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }
}
