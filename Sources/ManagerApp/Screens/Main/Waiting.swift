import Base
import Failures
import TerminalKit
import TokenKit
import Wording

extension MainPicture {
  /// The screen without a key: what it waits for, and which link of the chain is missing.
  func drawWaiting(_ frame: inout Frame, _ rect: Rect) {
    var y = rect.y
    func line(_ text: String, _ style: Style = .normal, indent: Int = 0) {
      for part in wrap(text, rect.width - indent) where y < rect.bottom {
        frame.text(part, x: rect.x + indent, y: y, style: style)
        y += 1
      }
    }
    if let slot = world.selectedSlot, world.slots.contains(where: { !$0.isEmpty }) {
      line(slot.title, .title)
      y += 1
      line(Symbol.absent.before(words.noKey), .warning)
      y += 1
      line(words.keySelectHint)
      return
    }
    let failure: Failure? = if case .down(let failure) = world.service { failure } else { nil }
    let title =
      !world.unreached.isEmpty
      ? words.cannotRead
      : failure != nil ? words.waitingForService : world.service == .starting ? words.connecting : words.waitingForKey
    line(title, .title)
    // Of a plugged-in key, more is to be said than of a service that it may not even need.
    let told = world.unreached.first ?? failure
    // With little room the blank lines go first, then the links behind the broken one.
    let isShort =
      told.map { wrap($0.words(language).remedy, rect.width).count + 4 + links.count + 3 > rect.height } ?? false
    if !isShort { y += 1 }

    let column = max(textWidth(words.service), textWidth(words.linkReader), textWidth(words.linkKey)) + 2
    for link in links where y < rect.bottom {
      frame.text(link.name, x: rect.x, y: y, style: .dim)
      frame.text(
        fit(link.symbol + " " + link.text, rect.width - column), x: rect.x + column, y: y, style: link.style)
      y += 1
    }
    if !isShort { y += 1 }
    if let told {
      drawFailure(told, &frame, Rect(x: rect.x, y: y, width: rect.width, height: rect.bottom - y))
    } else if world.service == .starting || (world.slots.isEmpty && !world.asking.isEmpty) {
      return
    } else if world.slots.isEmpty {
      line(words.plugIn)
      y += 1
      line(FailureCode.noReader.words(language).remedy, .dim)
    } else {
      line(words.insertCard)
    }
  }

  private struct Link {
    var name: String
    var symbol: String
    var text: String
    var style: Style
  }

  private var links: [Link] {
    let keys = world.slots.filter { !$0.isEmpty }.count
    let noKey =
      world.unreached.isEmpty
      ? Link(name: words.linkKey, symbol: Symbol.absent.rawValue, text: words.noKey, style: .warning)
      : Link(name: words.linkKey, symbol: Symbol.error.rawValue, text: words.keyNeedsLibrary, style: .error)
    let unknownKey =
      world.unreached.isEmpty ? Link(name: words.linkKey, symbol: "–", text: words.unknownYet, style: .dim) : noKey
    let unknown = { (name: String) in Link(name: name, symbol: "–", text: words.unknownYet, style: .dim) }
    let serviceLink: Link
    switch world.service {
    case .starting:
      return [
        Link(name: words.service, symbol: "◐", text: words.serviceStarting, style: .dim), unknown(words.linkReader),
        unknownKey,
      ]
    case .down(let failure):
      let text = failure.code == .serviceDenied ? words.serviceDenied : words.serviceDown
      return [
        Link(name: words.service, symbol: Symbol.error.rawValue, text: text, style: .error), unknown(words.linkReader),
        unknownKey,
      ]
    case .running:
      serviceLink = Link(name: words.service, symbol: Symbol.ok.rawValue, text: words.serviceRunning, style: .ok)
    case .notNeeded:
      serviceLink = Link(name: words.service, symbol: Symbol.ok.rawValue, text: words.serviceNotNeeded, style: .ok)
    case .embedded:
      serviceLink = Link(name: words.service, symbol: Symbol.ok.rawValue, text: words.serviceEmbedded, style: .ok)
    }
    if world.slots.isEmpty, !world.asking.isEmpty {
      let names = world.asking.map { displaySafe($0) }.joined(separator: ", ")
      return [
        serviceLink, Link(name: words.linkReader, symbol: "◐", text: words.asking(names), style: .dim),
        Link(name: words.linkKey, symbol: "–", text: words.unknownYet, style: .dim),
      ]
    }
    if world.slots.isEmpty {
      return [
        serviceLink, Link(name: words.linkReader, symbol: Symbol.error.rawValue, text: words.noReader, style: .error),
        unknownKey,
      ]
    }
    let readerLink = Link(
      name: words.linkReader, symbol: Symbol.ok.rawValue, text: words.readers(world.shownSlots.count), style: .ok)
    let keyLink =
      keys == 0 ? noKey : Link(name: words.linkKey, symbol: Symbol.ok.rawValue, text: words.readers(keys), style: .ok)
    return [serviceLink, readerLink, keyLink]
  }
}
