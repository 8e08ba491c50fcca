import Base
import CertificateKit
import Failures
import RenewalKit
import TerminalKit
import TokenKit
import Wording

/// One row of the list.
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
  /// What a table shows beside it.
  var columns = Columns()

  struct Columns: Equatable {
    var role = ""
    var end = ""
    var left = ""
    var pin = ""
    var key = ""
    var code = ""
    var issuer = ""
    var grade = Grade.none
    var pinGrade = Grade.none
  }
}

/// All that the rows of the list are made of.
struct RowOrigin: Equatable, Sendable {
  var keys: KeysVersion
  var filter: MainFilter
  var order: MainOrder
  var language: Language
  var isASCII: Bool
  var now: Int64
  var reminderDays: Int
  var orders: [RenewalJournal]
}

extension MainPicture {
  /// The list, top to bottom.
  var rows: [TreeRow] {
    main.madeRows.value(
      of: RowOrigin(
        keys: world.keysVersion, filter: main.filter, order: main.order, language: language, isASCII: world.isASCII,
        now: now, reminderDays: world.reminderDays, orders: world.orders)
    ) { orderedRows }
  }

  private var orderedRows: [TreeRow] {
    var titles: [String: Int] = [:]
    for slot in world.slots where slot.snapshot != nil { titles[slot.title, default: 0] += 1 }
    return ordered(world.shownSlots).flatMap { rows($0, isAmbiguous: (titles[$0.title] ?? 0) > 1) }
  }

  private func ordered(_ slots: [Slot]) -> [Slot] {
    func by<Value: Comparable>(_ value: (Slot) -> Value) -> [Slot] {
      slots.map { (value($0), $0) }.enumerated().sorted {
        $0.element.0 == $1.element.0 ? $0.offset < $1.offset : $0.element.0 < $1.element.0
      }.map(\.element.1)
    }
    switch main.order {
    case .asFound: return slots
    case .daysLeft: return by { $0.snapshot.map { $0.places.map(end).min() ?? .max } ?? .max }
    case .owner: return by { $0.snapshot?.places.compactMap { $0.certificate.value?.owner }.min() ?? "\u{10FFFF}" }
    case .key: return by { $0.snapshot?.device.serial.value?.text ?? "\u{10FFFF}" }
    case .reader: return by { $0.source.reader }
    }
  }

  private func end(_ place: CertificatePlace) -> Int64 {
    place.role == .authority ? .max : place.certificate.value?.validity.notAfter ?? .max
  }

  private func ordered(_ places: [CertificatePlace]) -> [CertificatePlace] {
    func by<Value: Comparable>(_ value: (CertificatePlace) -> Value) -> [CertificatePlace] {
      places.map { (value($0), $0) }.enumerated().sorted {
        $0.element.0 == $1.element.0 ? $0.offset < $1.offset : $0.element.0 < $1.element.0
      }.map(\.element.1)
    }
    switch main.order {
    case .daysLeft: return by(end)
    case .owner: return by { $0.certificate.value?.owner ?? "\u{10FFFF}" }
    case .asFound, .key, .reader: return places
    }
  }

  private func rows(_ slot: Slot, isAmbiguous: Bool) -> [TreeRow] {
    let id = RowID.slot(slot.source)
    let isKept = main.filter.fits([slot.title, slot.source.reader])
    switch slot.card {
    case .empty:
      if !main.filter.isEmpty { return [] }
      return [TreeRow(id: id, depth: 0, symbol: Symbol.absent.rawValue, text: slot.title, style: .dim)]
    case .reading:
      if !isKept { return [] }
      return [
        TreeRow(id: id, depth: 0, symbol: Symbol.present.rawValue, text: slot.title),
        TreeRow(id: .note(slot.source, 0), depth: 1, symbol: "", text: words.readingKey, style: .dim),
      ]
    case .failed(let failure):
      if !isKept { return [] }
      return [
        TreeRow(id: id, depth: 0, symbol: Symbol.present.rawValue, text: slot.title, mark: Grade.error.symbol),
        note(slot, 0, failure.words(language).title, .error),
      ]
    case .key(let snapshot): return rows(snapshot, slot, isAmbiguous)
    }
  }

  private func rows(_ snapshot: TokenSnapshot, _ slot: Slot, _ isAmbiguous: Bool) -> [TreeRow] {
    let keyGrade = keyGrade(snapshot)
    let isKeyMeant = main.filter.fits(snapshot.searchTexts) && (!main.filter.onlyProblems || keyGrade > .ok)
    let children = rows(snapshot, isWhole: isKeyMeant && !main.filter.onlyProblems)
    if children.isEmpty, !isKeyMeant { return [] }
    let serial = displaySafe(snapshot.device.serial.value?.text ?? slot.source.reader)
    let grade = worst(keyGrade, snapshot)
    var columns = TreeRow.Columns()
    columns.key = isAmbiguous ? "" : serial
    if let status = snapshot.applications.value?.first?.userPIN {
      columns.pin = pinText(status)
      columns.pinGrade = self.grade(status)
    }
    return [
      TreeRow(
        id: .slot(slot.source), depth: 0, symbol: Symbol.present.rawValue, text: slot.title,
        suffix: isAmbiguous ? serial : "", mark: grade > .ok ? grade.symbol : "", columns: columns)
    ] + children
  }

  private func note(_ slot: Slot, _ number: Int, _ text: String, _ style: Style) -> TreeRow {
    TreeRow(id: .note(slot.source, number), depth: 1, symbol: "", text: text, style: style)
  }

  /// - Parameter isWhole: the key itself is what was looked for.
  private func rows(_ snapshot: TokenSnapshot, isWhole: Bool) -> [TreeRow] {
    var result: [TreeRow] = []
    func note(_ text: String, _ style: Style) {
      result.append(
        TreeRow(id: .note(snapshot.source, result.count), depth: 1, symbol: "", text: text, style: style))
    }
    if let failure = snapshot.applications.failure { note(failure.words(language).title, .error) }
    for application in snapshot.applications.value ?? [] {
      if let failure = application.containers.failure { note(failure.words(language).title, .error) }
    }
    let places = snapshot.places
    // Owner and use tell certificates apart; where they do not, the end of the serial number does.
    var alike: [String: Int] = [:]
    func name(_ place: CertificatePlace) -> String {
      (place.certificate.value?.owner ?? "") + "\u{0}" + place.role.rawValue
    }
    for place in places { alike[name(place), default: 0] += 1 }
    for place in ordered(places) where isWhole || isKept(place) {
      // Where the terminal shows no Chinese, names are alike to the eye.
      result.append(row(place, snapshot, isAlone: alike[name(place)] == 1 && !world.isASCII))
    }
    if result.isEmpty, places.isEmpty, main.filter.isEmpty {
      note(snapshot.isComplete ? words.noCertificate : words.readingKey, snapshot.isComplete ? .warning : .dim)
    }
    for order in world.orders(of: snapshot) where isWhole {
      let text = RenewalScreenWords[language].note(order.stage)
      note(
        (order.isUnderWay ? Symbol.warning : .skipped).before(text), order.isUnderWay ? .warning : .dim)
    }
    return result
  }

  private func isKept(_ place: CertificatePlace) -> Bool {
    if main.filter.onlyProblems, place.role == .authority || grade(place.certificate) <= .ok { return false }
    return main.filter.fits(place.searchTexts)
  }

  private func row(_ place: CertificatePlace, _ snapshot: TokenSnapshot, isAlone: Bool) -> TreeRow {
    let id = RowID.entry(snapshot.source, place.path)
    let grade = grade(place.certificate)
    guard let certificate = place.certificate.value else {
      // Nothing tells whose it is: the container does where there are several.
      let isMissing = place.certificate == .absent || place.certificate == .notOffered
      return TreeRow(
        id: id, depth: 1, symbol: "", text: words.role(place.role), suffix: displaySafe(place.container.name),
        mark: isMissing ? "–" : grade > .ok ? grade.symbol : "", style: isMissing ? .dim : .normal)
    }
    let role = words.roleShort(place.role)
    // Four digits of the serial number.
    let tail = isAlone ? "" : " …" + String(certificate.serialText.filter { $0 != ":" }.suffix(4))
    var columns = TreeRow.Columns()
    columns.role = role + tail
    columns.end = LocalTime.date(certificate.validity.notAfter)
    columns.left = grade.symbol + " " + InventoryWords[language].days(certificate.validity.daysLeft(now: now))
    columns.grade = grade
    columns.code = certificate.uscc?.code ?? ""
    columns.issuer = displaySafe(certificate.issuer.displayName)
    return TreeRow(
      id: id, depth: 1, symbol: "", text: displaySafe(certificate.owner), suffix: role + tail,
      mark: grade > .ok ? grade.symbol : "", columns: columns)
  }

  private func pinText(_ pin: Reading<PINStatus>) -> String {
    guard let status = pin.value else { return "" }
    let mark = grade(pin) > .ok ? grade(pin).symbol + " " : ""
    if status.isLocked { return mark + words.locked }
    return status.triesLeft.map { left in mark + (status.triesMax.map { "\(left)/\($0)" } ?? "\(left)") } ?? ""
  }

  /// The worst of a key: its own grade, and those of its certificates.
  private func worst(_ keyGrade: Grade, _ snapshot: TokenSnapshot) -> Grade {
    var worst = keyGrade
    for entry in snapshot.entries where entry.role != .authority { worst = max(worst, grade(entry.certificate)) }
    return worst
  }

  /// The worst of its user PIN and of what could not be read.
  private func keyGrade(_ snapshot: TokenSnapshot) -> Grade {
    var worst = snapshot.applications.failure == nil ? Grade.none : .error
    for application in snapshot.applications.value ?? [] {
      worst = max(worst, application.containers.failure == nil ? .none : .error)
      worst = max(worst, grade(application.userPIN))
    }
    if snapshot.isComplete, snapshot.entries.isEmpty { worst = max(worst, .warning) }
    return worst
  }
}
