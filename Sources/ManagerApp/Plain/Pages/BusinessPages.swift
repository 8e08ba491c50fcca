import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

// What is to be done with the authority, and its forms.

extension BusinessScreen {
  func plain(_ world: World) -> PlainPage { BusinessPicture(business: self, world: world).plainPage }
}

extension BusinessPicture {
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(words.business))
    var subject = [keyText ?? words.businessWithoutKey]
    if keyText != nil, let certificate = world.selectedSubject?.certificate.value {
      let days = words.days(certificate.validity, now: now, reminderDays: world.reminderDays)
      subject.append(displaySafe(certificate.owner) + "  " + grade(certificate.validity).symbol + " " + days)
    }
    page.add(subject)
    page.add(lines.map(plain), title: business.selected.page(language).title)
    return page
  }
}

extension UnlockScreen {
  func plain(_ world: World) -> PlainPage { UnlockPicture(unlock: self, world: world).plainPage }
}

extension UnlockPicture {
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(unlockWords.title + " · " + unlockWords.kind(unlock.kind)))
    switch unlock.mode {
    case .fields:
      page.add([unlock.keyTitle] + (unlock.certificate.map { [displaySafe($0.owner)] } ?? []))
      page.add(notes.map(\.text), isGrowing: true)
      page.fields = fields
    case .waiting:
      page.add(texts(Self.plainWidth).map(\.text), isGrowing: true)
      page.fields = [
        PlainPage.Field(label: unlockWords.responseFile, value: unlock.response.text, submits: true)
      ]
      page.asks = unlockWords.responseFile
    case .review, .taken, .busy, .made, .handIn, .done:
      page.add(texts(Self.plainWidth).map(\.text), isGrowing: true)
      page.isBusy = unlock.mode == .busy
    }
    return page
  }

  private var fields: [PlainPage.Field] {
    let all = unlock.fields
    let focus = all.firstIndex(of: unlock.focus)
    return all.enumerated().map { index, field in
      let keys = plainSteps(from: focus, to: index, of: all.count)
      if field == .certificate {
        let options = unlock.subjects.map { subject in
          [
            subject.certificate.value.map { displaySafe($0.owner) },
            subject.certificate.value.map { LocalTime.date($0.validity.notAfter) },
            subject.certificate.value.map { fitStart($0.serialText, 6) },
          ].compactMap { $0 }.joined(separator: " · ")
        }
        return PlainPage.Field(label: label(field), kind: .choice(options, chosen: unlock.chosen), keys: keys)
      }
      guard field.isChoice else {
        return PlainPage.Field(label: label(field), value: unlock.texts[field]?.text ?? "", keys: keys)
      }
      let options = choices(field)
      return PlainPage.Field(
        label: label(field),
        kind: .choice(options.map(\.text), chosen: options.firstIndex(where: \.isChosen) ?? 0), keys: keys)
    }
  }
}

extension RenewalScreen {
  func plain(_ world: World) -> PlainPage { RenewalPicture(renewal: self, world: world).plainPage }
}

extension RenewalPicture {
  /// Wide enough that nothing is folded, the certificates one after the other.
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(title))
    page.add([renewal.keyTitle])
    page.add(plainLines, isGrowing: true)
    page.isBusy = renewal.mode == .busy
    if renewal.asksForAnswer || renewal.phase == .removing {
      let value = renewal.phase == .removing ? "" : renewal.field.text
      page.fields = [PlainPage.Field(label: fieldLabel, value: value, submits: true)]
      page.asks = fieldLabel
    }
    return page
  }
}
