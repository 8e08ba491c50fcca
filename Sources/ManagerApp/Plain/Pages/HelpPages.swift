import TerminalKit
import Wording

// The help, and what happened.

extension HelpScreen {
  func plain(_ world: World) -> PlainPage { HelpPicture(help: self, world: world).plainPage }
}

extension HelpPicture {
  fileprivate var plainPage: PlainPage {
    if let question = help.question {
      var page = PlainPage(title: plainTitle(question.words(language).title))
      page.add(answerLines.map(\.text))
      page.hidesDigits = true
      return page
    }
    var page = PlainPage(title: plainTitle(words.help))
    let isSearched = !help.field.text.isEmpty
    if isSearched {
      page.add(rows.filter { !$0.isTitle }.map(text), title: InventoryWords[language].search + " " + help.field.text)
      page.hidesDigits = true
    } else {
      page.add([words.questionsTitle])
      page.sections = sections
    }
    if help.isTyping {
      let label = InventoryWords[language].search
      page.fields = [PlainPage.Field(label: label, value: help.field.text, submits: true)]
      page.asks = label
    }
    return page
  }

  private func text(_ row: Row) -> String {
    row.key + " " + row.text + (row.reason.isEmpty ? "" : "  " + row.reason)
  }

  /// The questions are choices; the keys of the screen under it and the symbols are read when they are wanted.
  private var sections: [PlainPage.Section] {
    var sections: [PlainPage.Section] = []
    for row in rows where row.question == nil {
      if row.isTitle {
        sections.append(PlainPage.Section(title: row.text, lines: []))
      } else if !row.text.isEmpty, !sections.isEmpty {
        sections[sections.count - 1].lines.append(text(row))
      }
    }
    return sections.filter { !$0.lines.isEmpty }
  }
}

extension LogScreen {
  func plain(_ world: World) -> PlainPage {
    let own = LogScreenWords[world.language]
    let picture = LogPicture(log: self, world: world)
    var page = PlainPage(title: picture.plainTitle(own.title))
    let lines = picture.lines.map(\.text)
    page.add(lines.isEmpty ? [own.nothing] : lines.suffix(Self.plainLines), isGrowing: true)
    if lines.count > Self.plainLines {
      page.sections = [PlainPage.Section(title: own.title, lines: lines)]
    }
    return page
  }

  /// The newest are told; all of them when they are asked for.
  private static let plainLines = 50
}
