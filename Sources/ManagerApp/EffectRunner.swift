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
  private let post: @Sendable (Event) -> Void
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
    startThread { [post] in walk.run { post(.diagnosis(.walked(generation: generation, $0))) } }
  }

  private static let noThread = Failure(.internalError, function: "pthread_create")

  /// Begins an effect and returns at once. The terminal's own effects are not its business.
  func run(_ effect: Effect) {
    switch effect {
    case .suspend, .redraw: break
    case .retryService:
      startThread { [source] in source.retry() }
    case .reread(let place):
      startThread { [source] in source.reread(place) }
    case .export(let job):
      let isStarted = startThread { [post] in post(.exported(job, writeExport(job))) }
      if !isStarted { post(.exported(job, .failed(Self.noThread))) }
    case .verify(let certificate):
      startThread { [post, verify] in post(.verdict(certificate, verify(certificate))) }
    case .diagnose(let generation): diagnose(generation: generation)
    case .cancelDiagnosis: current.withLock { $0?.cancel() }
    case .saveReport(let document, let language):
      guard let diagnosis else { break }
      startThread { [post] in post(.diagnosis(.saved(diagnosis.save(document, language)))) }
    case .repair(let fix):
      guard let diagnosis else { break }
      startThread { [post] in post(.diagnosis(.repaired(diagnosis.repair(fix)))) }
    case .preparePIN(let query):
      let isStarted = startThread { [post, operations] in post(.preparedPIN(query, operations.prepare(query))) }
      if !isStarted { post(.preparedPIN(query, .ended(.notSent(.failure(Self.noThread))))) }
    case .changePIN(let job):
      let isOver = Flag()
      let isStarted = startThread { [post, operations] in
        let outcome = operations.carryOut(job)
        isOver.set()
        post(.changedPIN(job.query, outcome))
      }
      startThread { [post, query = job.query] in
        var time = timespec(tv_sec: PINChangeJob.limit, tv_nsec: 0)
        nanosleep(&time, nil)
        // The loop is not woken for nothing.
        if !isOver.isSet { post(.slowPIN(query)) }
      }
      if !isStarted {
        job.pins.wipe()
        post(.changedPIN(job.query, .notSent(.failure(Self.noThread))))
      }
    case .loadApplicant(let ticket):
      startThread { [post] in post(.applicant(ticket, (try? StateDirectory.ofUser())?.rememberedApplicant())) }
    case .makeRequest(let job):
      let isStarted = startThread { [post, operations] in post(.unlockRequested(job.ticket, operations.make(job))) }
      if !isStarted { post(.unlockRequested(job.ticket, .failed(Self.noThread))) }
    case .applyResponse(let job):
      let isStarted = startThread { [post] in
        post(.unlockApplied(job.ticket, job.session.apply(job.file, consent: job.consent)))
      }
      if !isStarted { post(.unlockApplied(job.ticket, .refused(Self.noThread))) }
    }
  }
}

/// Set once, by one thread for another.
private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}

/// Runs `body` on a new detached thread, which takes no signals but those of its own faults.
@discardableResult
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  let box = Unmanaged.passRetained(Box(body))
  var blocked = sigset_t()
  var before = sigset_t()
  sigfillset(&blocked)
  for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] { sigdelset(&blocked, number) }
  pthread_sigmask(SIG_SETMASK, &blocked, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  var thread = pthread_t()
  let result = pthread_create(
    &thread, &attributes,
    { argument in
      if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    }, box.toOpaque())
  if result != 0 { box.release() }
  return result == 0
}
