import Base
import CertificateKit
import DiagnosisKit
import Failures
import Glibc
import Synchronization
import TokenKit
import UnlockKit

/// Carries out effects, each on a thread of its own; what comes of them is posted as an event.
final class EffectRunner: Sendable {
  private let source: any KeyEventSource
  private let operations: any KeyOperations
  private let verify: @Sendable (Certificate) -> ChainVerdict
  fileprivate let post: @Sendable (Event) -> Void
  let diagnosis: DiagnosisService?
  /// The walk under way.
  let current = Mutex<Diagnosis?>(nil)

  init(
    source: any KeyEventSource, operations: any KeyOperations,
    verify: @escaping @Sendable (Certificate) -> ChainVerdict, diagnosis: DiagnosisService? = nil,
    post: @escaping @Sendable (Event) -> Void
  ) {
    self.source = source
    self.operations = operations
    self.verify = verify
    self.post = post
    self.diagnosis = diagnosis
  }

  private func diagnose(generation: Int) {
    guard let diagnosis else { return }
    let walk = diagnosis.make()
    current.withLock { old in
      old?.cancel()
      old = walk
    }
    _ = WorkerThread.start { [post] in walk.run { post(.diagnosis(.walked(generation: generation, $0))) } }
  }

  fileprivate static let noThread = Failure(.internalError, function: "pthread_create")

  /// Begins an effect and returns at once. The terminal's own effects are not its business.
  func run(_ effect: Effect) {
    switch effect {
    case .suspend, .redraw: break
    case .retryService:
      _ = WorkerThread.start { [source] in source.retry() }
    case .reread(let place):
      _ = WorkerThread.start { [source] in source.reread(place) }
    case .export(let job):
      let isStarted = WorkerThread.start { [post] in post(.exported(job, writeExport(job))) }
      if !isStarted { post(.exported(job, .failed(Self.noThread))) }
    case .verify(let certificate):
      _ = WorkerThread.start { [post, verify] in post(.verdict(certificate, verify(certificate))) }
    case .diagnose(let generation): diagnose(generation: generation)
    case .cancelDiagnosis: current.withLock { $0?.cancel() }
    case .saveReport(let document, let language):
      guard let diagnosis else { break }
      _ = WorkerThread.start { [post] in post(.diagnosis(.saved(diagnosis.save(document, language)))) }
    case .repair(let fix):
      guard let diagnosis else { break }
      _ = WorkerThread.start { [post] in post(.diagnosis(.repaired(diagnosis.repair(fix)))) }
    case .preparePIN(let query):
      prepare(query) { [operations] in operations.prepare(query) }
    case .prepareLogin(let query, let test):
      prepare(query) { [operations] in operations.prepare(query, test) }
    case .changePIN(let job):
      operate(
        job.query, job.pins, otherwise: .changedPIN(job.query, .notSent(.failure(Self.noThread)))
      ) { [operations] in
        .changedPIN(job.query, operations.carryOut(job))
      }
    case .tryLogin(let job):
      operate(
        job.query, job.pins, otherwise: .triedLogin(job.query, .failed(Self.noThread))
      ) { [operations, post] in
        .triedLogin(job.query, operations.tryLogin(job) { post(.login(job.query, $0)) })
      }
    case .loadApplicant(let ticket):
      _ = WorkerThread.start { [post] in post(.applicant(ticket, (try? StateDirectory.ofUser())?.rememberedApplicant()))
      }
    case .makeRequest(let job):
      let isStarted = WorkerThread.start { [post, operations] in
        post(.unlockRequested(job.ticket, operations.make(job)))
      }
      if !isStarted { post(.unlockRequested(job.ticket, .failed(Self.noThread))) }
    case .applyResponse(let job):
      let isStarted = WorkerThread.start { [post] in
        post(.unlockApplied(job.ticket, job.session.apply(job.file, consent: job.consent)))
      }
      if !isStarted { post(.unlockApplied(job.ticket, .refused(Self.noThread))) }
    }
  }
}

extension EffectRunner {
  private func prepare(_ query: PINQuery, _ body: @escaping @Sendable () -> PINAnswer) {
    let isStarted = WorkerThread.start { [post] in post(.preparedPIN(query, body())) }
    if !isStarted { post(.preparedPIN(query, .ended(.notSent(.failure(Self.noThread))))) }
  }

  /// An operation that holds a PIN, and beside it a clock that tells when the key does not answer.
  ///
  /// - Parameter failure: what is posted when it cannot be begun; the PIN is then wiped.
  private func operate(
    _ query: PINQuery, _ pins: PINFields, otherwise failure: Event, _ body: @escaping @Sendable () -> Event
  ) {
    let isOver = Flag()
    let isStarted = WorkerThread.start { [post] in
      let event = body()
      isOver.set()
      post(event)
    }
    guard isStarted else {
      pins.wipe()
      post(failure)
      return
    }
    _ = WorkerThread.start { [post] in
      var time = timespec(tv_sec: PINChangeJob.limit, tv_nsec: 0)
      nanosleep(&time, nil)
      // The loop is not woken for nothing.
      if !isOver.isSet { post(.slowPIN(query)) }
    }
  }
}

/// Set once, by one thread for another.
private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}
