import KeyService
import TerminalKit
import TokenKit
import Wording

// The pages on which a PIN is typed.

extension PINScreen {
  func plain(_ world: World) -> PlainPage {
    var screen = self
    // Seconds that run down are told now and then.
    screen.padLeft = padLeft.map { ($0 + 14) / 15 * 15 }
    return PINPicture(pin: screen, world: world).plainPage
  }
}

extension PINPicture {
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(title))
    page.add(
      pinRows(Self.plainWidth).map { row in
        switch row {
        case .blank, .field, .word: ""
        case .pieces(let label, let pieces): plain(label, pieces.map(\.text).joined())
        case .aside(let text): text
        }
      }, isGrowing: true)
    switch pin.mode {
    case .confirm, .guarding:
      page.fields = [PlainPage.Field(label: pinWords.confirmPrompt, submits: true)]
      page.asks = pinWords.confirmPrompt
    case .fields:
      let focus = pin.fields.firstIndex(of: pin.focus)
      page.fields = pin.fields.enumerated().map { index, field in
        PlainPage.Field(
          label: label(field), kind: .secret, keys: plainSteps(from: focus, to: index, of: pin.fields.count))
      }
      page.asks = label(pin.focus)
    case .busy, .pad, .weak, .again, .done, .locked: break
    }
    switch pin.phase {
    case .asking: page.isBusy = true
    // Once it is slow, or waits at a keypad, it can be left.
    case .running: page.isBusy = !pin.isSlow && pin.padLeft == nil
    case .guarding, .confirming, .lastTry, .editing, .pad, .weak, .ended, .tried: break
    }
    return page
  }
}

extension PromptScreen {
  func plain(_ world: World) -> PlainPage { PromptPicture(prompt: self, world: world).plainPage }
}

extension PromptPicture {
  fileprivate var plainPage: PlainPage {
    var page = PlainPage(title: plainTitle(own.promptTitle))
    let isChoosing = prompt.phase == .choosing
    // What may be chosen has numbers of its own.
    let choices = isChoosing ? prompt.choices.map(own.choice) : []
    page.add(
      rows(Self.plainWidth).map { row in
        switch row {
        case .blank, .field, .word: ""
        case .pair(let label, let text, _): plain(label, text)
        case .line(let text, _): choices.contains { text.hasSuffix($0) } ? "" : text
        }
      }, isGrowing: true)
    page.rows = choices.enumerated().map { index, text in
      PlainPage.Row(
        id: .place(index, in: 0), text: text, isSelected: index == prompt.choice,
        keys: plainKeys(from: prompt.choice, to: index))
    }
    let label: String
    switch prompt.phase {
    case .confirming:
      label = PINScreenWords[language].confirmPrompt
      page.fields = [PlainPage.Field(label: label, submits: true)]
    case .editing:
      label = own.pinField
      page.fields = [PlainPage.Field(label: label, kind: .secret)]
    case .running:
      page.isBusy = true
      return page
    case .announced, .choosing, .ended: return page
    }
    page.asks = label
    return page
  }
}
