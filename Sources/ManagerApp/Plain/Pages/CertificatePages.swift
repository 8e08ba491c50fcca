import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

// What is shown, copied and exported of a certificate.

extension DetailScreen {
  func plain(_ world: World) -> PlainPage { DetailPicture(detail: self, world: world).plainPage }
}

extension DetailPicture {
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(words.detailTitle + " · " + words.role(detail.view.entry.role)))
    let texts = lines.map { plain($0.label, $0.pieces.map(\.text).joined()) }
    let title = words.fullText + " (OpenSSL)"
    let end = texts.firstIndex(of: title) ?? texts.count
    page.add(Array(texts[..<end]))
    if end < texts.count { page.sections = [PlainPage.Section(title: title, lines: Array(texts[(end + 1)...]))] }
    // Both are asked when it is opened, and are there in a moment.
    page.isBusy = detail.description == nil || detail.verdict == nil
    return page
  }
}

extension CopyScreen {
  func plain(_ world: World) -> PlainPage { CopyPicture(copy: self, world: world).plainPage }
}

extension CopyPicture {
  fileprivate var plainPage: PlainPage {
    let own = CopyWords[language]
    var page = PlainPage(title: plainTitle(own.title))
    page.add(copy.items.map { plain($0.label, $0.text ?? own.reckoning) } + [own.hint])
    page.isBusy = copy.items.contains { $0.text == nil }
    return page
  }
}

extension ExportScreen {
  func plain(_ world: World) -> PlainPage { ExportPicture(export: self, world: world).plainPage }
}

extension ExportPicture {
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(words.exportTitle))
    page.add([
      plain(words.exportCertificate, words.role(export.role) + " · " + displaySafe(export.certificate.owner))
    ])
    page.add(phaseLines(Self.plainWidth).map(\.0))
    page.isBusy = export.phase == .writing
    guard export.mode == .fields else { return page }
    let (forms, scopes, focuses) = (ExportForm.allCases, ExportScope.allCases, ExportScreen.Focus.allCases)
    let focus = focuses.firstIndex(of: export.focus)
    func keys(_ field: ExportScreen.Focus) -> [Key] {
      plainSteps(from: focus, to: focuses.firstIndex(of: field) ?? 0, of: focuses.count)
    }
    page.fields = [
      PlainPage.Field(
        label: own.scope, kind: .choice(scopes.map(name), chosen: scopes.firstIndex(of: export.scope) ?? 0),
        keys: keys(.scope)),
      PlainPage.Field(
        label: words.exportFormat, kind: .choice(forms.map(\.rawValue), chosen: forms.firstIndex(of: export.form) ?? 0),
        keys: keys(.format)),
      PlainPage.Field(
        label: export.writesFolder ? own.folder : words.exportPath, value: export.path.text, keys: keys(.path)),
    ]
    return page
  }
}

extension CompareScreen {
  func plain(_ world: World) -> PlainPage { ComparePicture(compare: self, world: world).plainPage }
}

extension ComparePicture {
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(own.title))
    page.add(
      [summary]
        + lines.map { line in
          line.heading ?? plain(line.label, [line.left, line.differs ? "≠" : "=", line.right].joined(separator: " "))
        })
    return page
  }
}
