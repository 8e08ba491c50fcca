package import LoginToken

/// When a page may make a prompt appear: one at a time, and not again at once after the holder cancelled one. Sites that were
/// never allowed count together too: one site has as many names as it likes.
package struct PromptGate: Sendable {
  /// Seconds an origin waits after its first prompt that was cancelled, and after each further one.
  package static let firstWait: Int64 = 30
  package static let furtherWait: Int64 = 300
  /// Sites in a row that were refused at their first contact, after which others have to wait.
  package static let strangers = 3
  /// Origins remembered; a page cannot make more of them than browsers show.
  private static let limit = 256

  private struct Cooling {
    var until: Int64
    var count: Int
  }

  private var isOpen = false
  private var cooling: [WebOrigin: Cooling] = [:]
  private var strangers = Cooling(until: .min, count: 0)

  package init() {}

  /// Opens the gate for one prompt, which ``end(_:isStranger:isUnwanted:now:)`` closes again.
  ///
  /// - Parameters:
  ///   - isStranger: the site has not been allowed anything.
  ///   - now: seconds of a clock that only goes forward.
  package mutating func begin(_ origin: WebOrigin, isStranger: Bool, now: Int64) throws(Refusal) {
    if isStranger, strangers.count >= Self.strangers, strangers.until > now {
      throw .coolingDown(seconds: Int(strangers.until - now))
    }
    if let wait = cooling[origin], wait.until > now { throw .coolingDown(seconds: Int(wait.until - now)) }
    guard !isOpen else { throw .promptBusy }
    isOpen = true
  }

  /// - Parameter isUnwanted: the holder cancelled it or let it run out.
  package mutating func end(_ origin: WebOrigin, isStranger: Bool, isUnwanted: Bool, now: Int64) {
    isOpen = false
    if isStranger {
      // Those of long ago are no row.
      let before = strangers.until > now ? strangers.count : 0
      strangers = Cooling(until: isUnwanted ? now + Self.furtherWait : .min, count: isUnwanted ? before + 1 : 0)
    }
    guard isUnwanted else {
      cooling[origin] = nil
      return
    }
    let count = (cooling[origin]?.count ?? 0) + 1
    if cooling.count >= Self.limit, cooling[origin] == nil {
      // The one that has waited longest goes.
      if let oldest = cooling.min(by: { $0.value.until < $1.value.until })?.key { cooling[oldest] = nil }
    }
    cooling[origin] = Cooling(until: now + (count == 1 ? Self.firstWait : Self.furtherWait), count: count)
  }
}
