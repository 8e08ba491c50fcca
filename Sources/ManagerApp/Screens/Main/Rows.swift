import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// One row of the tree on the left.
struct TreeRow: Equatable {
  var id: RowID
  var depth: Int
  var symbol: String
  var text: String
  /// What tells it from another of the same text; kept when the row is cut.
  var suffix: String = ""
  /// A symbol at the right edge; the words for it stand in the right pane.
  var mark: String = ""
  var style: Style = .normal
}

extension MainPicture {
  /// The tree, top to bottom.
  var rows: [TreeRow] {
    var titles: [String: Int] = [:]
    for slot in world.slots where slot.snapshot != nil { titles[slot.title, default: 0] += 1 }
    return world.shownSlots.flatMap { rows($0, isAmbiguous: (titles[$0.title] ?? 0) > 1) }
  }

  private func rows(_ slot: Slot, isAmbiguous: Bool) -> [TreeRow] {
    let id = RowID.slot(slot.source)
    switch slot.card {
    case .empty:
      return [TreeRow(id: id, depth: 0, symbol: Symbol.absent.rawValue, text: slot.title, style: .dim)]
    case .reading:
      return [
        TreeRow(id: id, depth: 0, symbol: Symbol.present.rawValue, text: slot.title),
        TreeRow(id: .note(slot.source, 0), depth: 1, symbol: "", text: words.readingKey, style: .dim),
      ]
    case .failed(let failure):
      return [
        TreeRow(id: id, depth: 0, symbol: Symbol.present.rawValue, text: slot.title, mark: Grade.error.symbol),
        note(slot, 0, failure.words(language).title, .error),
      ]
    case .key(let snapshot):
      let children = rows(snapshot)
      let suffix = isAmbiguous ? displaySafe(snapshot.device.serial.value?.text ?? slot.source.reader) : ""
      let grade = grade(snapshot)
      return [
        TreeRow(
          id: id, depth: 0, symbol: Symbol.present.rawValue, text: slot.title, suffix: suffix,
          mark: grade > .ok ? grade.symbol : "")
      ] + children
    }
  }

  private func note(_ slot: Slot, _ number: Int, _ text: String, _ style: Style) -> TreeRow {
    TreeRow(id: .note(slot.source, number), depth: 1, symbol: "", text: text, style: style)
  }

  private func rows(_ snapshot: TokenSnapshot) -> [TreeRow] {
    var result: [TreeRow] = []
    func note(_ text: String, _ style: Style) {
      result.append(
        TreeRow(id: .note(snapshot.source, result.count), depth: 1, symbol: "", text: text, style: style))
    }
    if let failure = snapshot.applications.failure { note(failure.words(language).title, .error) }
    for application in snapshot.applications.value ?? [] {
      if let failure = application.containers.failure { note(failure.words(language).title, .error) }
    }
    let entries = snapshot.places
    // With several pairs the container tells them apart.
    let containers = Set(entries.map { [$0.path.application, $0.path.container] }).count
    for view in entries {
      let grade = grade(view.entry.certificate)
      let isMissing = view.entry.certificate == .absent || view.entry.certificate == .notOffered
      // A narrow tree has no room for both the long role and what tells one container from another.
      let isNarrow = containers > 1 && MainLayout(size).tree.width < 24
      result.append(
        TreeRow(
          id: .entry(snapshot.source, view.path), depth: 1, symbol: "",
          text: isNarrow ? words.roleShort(view.entry.role) : words.role(view.entry.role),
          suffix: containers > 1 ? displaySafe(view.container.name) : "",
          mark: isMissing ? "–" : grade > .ok ? grade.symbol : "",
          style: isMissing ? .dim : .normal))
    }
    if result.isEmpty {
      note(snapshot.isComplete ? words.noCertificate : words.readingKey, snapshot.isComplete ? .warning : .dim)
    }
    return result
  }

  /// The worst of a key: its certificates, its user PIN, what could not be read.
  private func grade(_ snapshot: TokenSnapshot) -> Grade {
    var worst = snapshot.applications.failure == nil ? Grade.none : .error
    for application in snapshot.applications.value ?? [] {
      worst = max(worst, application.containers.failure == nil ? .none : .error)
      worst = max(worst, grade(application.userPIN))
    }
    for view in snapshot.places where view.role != .authority { worst = max(worst, grade(view.entry.certificate)) }
    if snapshot.isComplete, snapshot.places.isEmpty { worst = max(worst, .warning) }
    return worst
  }
}
