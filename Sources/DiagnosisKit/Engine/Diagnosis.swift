internal import Base
import Failures
package import TokenKit

/// What a running diagnosis tells, in the order in which it happens.
package enum DiagnosisEvent: Sendable {
  case started(CheckID)
  case found(CheckID, Finding)
  /// Everything asked for has a finding, or time is up.
  case ended(DiagnosisResult)
}

/// Walks the chain: links that do not depend on one another run side by side, each on a thread of its own with its own
/// limit, so that one that fails or hangs hides nothing.
package final class Diagnosis: @unchecked Sendable {
  // Unchecked: `state` guards all that changes.
  private let context: Context
  private let wanted: Set<CheckID>
  private let state = Condition()
  private var findings: [CheckID: Finding] = [:]
  private var running: [CheckID: (began: Instant, deadline: Instant)] = [:]
  private var cancelled = false
  private var began = Instant.now

  package init(options: DiagnosisOptions, providers: [any TokenProvider]) {
    context = Context(options: options, providers: providers)
    if let only = options.only {
      wanted = Self.closure(of: only)
    } else {
      wanted = Set(CheckID.allCases)
    }
  }

  /// A link and everything that it needs or looks back at.
  static func closure(of id: CheckID) -> Set<CheckID> { closure(of: id) { $0.needs + $0.after } }

  /// A link and, link by link, what stands before it.
  static func closure(of id: CheckID, by before: (CheckID) -> [CheckID]) -> Set<CheckID> {
    var result: Set<CheckID> = [id]
    var open = [id]
    while let next = open.popLast() {
      for link in before(next) where result.insert(link).inserted { open.append(link) }
    }
    return result
  }

  /// Ends it: what is not found yet is `cancelled`. From any thread.
  package func cancel() {
    state.withLock {
      cancelled = true
      state.broadcast()
    }
  }

  /// Runs it on this thread until all is found or time is up. `deliver` is called on this thread only.
  @discardableResult
  package func run(_ deliver: (DiagnosisEvent) -> Void = { _ in }) -> DiagnosisResult {
    began = .now
    let end = began + (context.options.limit - closing)
    var delivered: Set<CheckID> = []
    while true {
      let started = startReady(end)
      for id in started { deliver(.started(id)) }
      let before = delivered.count
      for id in CheckID.allCases {
        guard let finding = state.withLock({ findings[id] }), delivered.insert(id).inserted else { continue }
        deliver(.found(id, finding))
      }
      let isDone = state.withLock { () -> Bool in
        if findings.count >= wanted.count { return delivered.count >= wanted.count }
        let now = Instant.now
        if cancelled || now >= end {
          finishAll(cancelled ? .cancelled : .timedOut, now)
          // A signature under way has sent a PIN: what came of it is told, and it has a limit of its own.
          if running.isEmpty { return false }
        }
        // Something new was delivered just now, or arrived since: links that waited for it are started first.
        if findings.count > before { return false }
        let next = now >= end ? nil : end
        _ = state.wait(until: (running.values.map(\.deadline) + (next.map { [$0] } ?? [])).min())
        overrun(.now)
        return false
      }
      if isDone { break }
    }
    let result = DiagnosisResult(
      findings: state.withLock { findings }, only: context.options.only, options: context.options,
      microseconds: (Instant.now - began).microseconds)
    deliver(.ended(result))
    return result
  }

  /// Kept back from the time for everything, for what is still said of links that hang.
  private var closing: Duration { min(.seconds(1), context.options.limit / 10) }

  /// Starts every link whose forerunners are found; those that cannot be looked at get their finding at once.
  private func startReady(_ end: Instant) -> [CheckID] {
    var started: [CheckID] = []
    while true {
      let ready: [CheckID] = state.withLock {
        CheckID.allCases.filter { id in
          wanted.contains(id) && findings[id] == nil && running[id] == nil
            && (id.needs + id.after).allSatisfy { !wanted.contains($0) || findings[$0] != nil }
        }
      }
      if ready.isEmpty { return started }
      for id in ready {
        let broken = state.withLock { id.needs.first { isBroken($0) } }
        if let broken {
          state.withLock { findings[id] = skipping(broken) }
          continue
        }
        // Without a thread now, one that ends makes room: the link is then tried again.
        guard start(id, end) else { return started }
        started.append(id)
      }
    }
  }

  /// Called in the lock. The links to the reader service do not break the chain where no key needs that service: the
  /// embedded token, a key behind its maker's library.
  private func isBroken(_ id: CheckID) -> Bool {
    guard let finding = findings[id], !finding.holds else { return false }
    guard id.isOnCardRoute else { return true }
    switch finding.cause {
    case .notNeeded, .notNeededDemo: return false
    case .notNeededVendorKey: return !context.libraries.hasShownKey
    default: return true
    }
  }

  /// The first cause of all: a link skipped because of a skipped one names the one that broke. Called in the lock.
  private func skipping(_ broken: CheckID) -> Finding {
    guard let finding = findings[broken] else { return .skipped(because: broken) }
    if finding.verdict == .skipped {
      if let because = finding.because { return .skipped(because: because) }
      return Finding(.skipped, finding.cause)
    }
    return .skipped(because: broken)
  }

  /// - Returns: `false` when there is no thread for it now, but will be.
  private func start(_ id: CheckID, _ end: Instant) -> Bool {
    let now = Instant.now
    // Whether there are threads at all cannot wait for one.
    if id == .limits {
      let finding = context.check(id)
      context.with { $0.findings[id] = finding }
      state.withLock { findings[id] = finding }
      return true
    }
    let limit = id == .login ? id.limit : context.options.scaled(id.limit)
    state.withLock { running[id] = (now, id == .login ? now + limit : min(end, now + limit)) }
    let begun = WorkerThread.start { [self, context] in
      var finding = context.check(id)
      if finding.verdict == .fault || finding.verdict == .unknown, id.isOnCardRoute,
        context.isVendorRoute(id) || (!context.hasCardKey && context.libraries.hasKey)
      {
        finding = Finding(.skipped, .notNeededVendorKey, finding.evidence)
      }
      finding.microseconds = (Instant.now - now).microseconds
      context.with { if $0.findings[id] == nil { $0.findings[id] = finding } }
      state.withLock {
        running[id] = nil
        if findings[id] == nil { findings[id] = finding }
        state.broadcast()
      }
    }
    if begun { return true }
    return state.withLock {
      running[id] = nil
      guard running.isEmpty else { return false }
      findings[id] = Finding(.unknown, .noThread)
      return true
    }
  }

  /// Called in the lock: links that hang get their finding; their thread is left behind and its answer dropped.
  private func overrun(_ now: Instant) {
    for (id, time) in running where time.deadline <= now { finish(id, .timedOut, now, time.began) }
  }

  private func finishAll(_ cause: Cause, _ now: Instant) {
    for id in wanted where findings[id] == nil {
      if id == .login, running[id] != nil, cause == .timedOut { continue }
      finish(id, cause, now, running[id]?.began ?? now)
    }
  }

  private func finish(_ id: CheckID, _ cause: Cause, _ now: Instant, _ began: Instant) {
    // Only a link that was under way can be said to hang; one that was never reached is merely not known.
    let hangs = cause == .timedOut && running[id] != nil
    running[id] = nil
    var finding = hangs ? hanging(id) : Finding(.unknown, cause)
    if hangs, id.isOnCardRoute, context.libraries.hasShownKey {
      finding = Finding(.skipped, .notNeededVendorKey, finding.evidence)
    }
    finding.microseconds = (now - began).microseconds
    finding.evidence.append(Evidence(.seconds, seconds(finding.microseconds)))
    findings[id] = finding
    context.with { $0.findings[id] = finding }
  }

  /// What a link that hangs means. What stands in it is looked for with a limit too: asking for the name of an account
  /// may wait for a server that is gone.
  private func hanging(_ id: CheckID) -> Finding {
    inTime(closing * 3 / 4) { [context] in id.hanging(context) } ?? id.whenHanging
  }
}

extension CheckID {
  /// What it means when this link hangs, where that has a meaning of its own.
  fileprivate var whenHanging: Finding {
    switch self {
    case .serviceAnswers: Finding(.fault, .serviceSilent)
    // A resolver that answers nobody for so long answers no browser either.
    case .platformName: Finding(.fault, .nameUnresolved)
    default: Finding(.unknown, .timedOut)
    }
  }

  /// The same with what can be seen of it.
  fileprivate func hanging(_ context: Context) -> Finding {
    if self == .cardFree { return context.judgeHanging([]) }
    var finding = whenHanging
    switch self {
    case .serviceAnswers: finding.evidence = context.listenerEvidence()
    case .platformName: finding = context.platformTrouble(.nameUnresolved, context.platformFacts)
    default: break
    }
    return finding
  }
}

/// `0.31` from microseconds.
package func seconds(_ microseconds: Int) -> String {
  let hundredths = microseconds / 10_000
  let rest = hundredths % 100
  return "\(hundredths / 100)." + (rest < 10 ? "0" : "") + "\(rest)"
}
