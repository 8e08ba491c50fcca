import Base
import CertificateKit
import DiagnosisKit
import Failures
import Glibc
import RenewalKit
import Synchronization
import TokenKit
import UnlockKit
import Wording

/// Carries out effects, each on a thread of its own; what comes of them is posted as an event.
final class EffectRunner: Sendable {
  private let source: any KeyEventSource
  private let operations: any KeyOperations
  private let verify: @Sendable (Certificate) -> ChainVerdict
  private let trust: @Sendable () -> TrustDirectory?
  fileprivate let post: @Sendable (Event) -> Void
  let diagnosis: DiagnosisService?
  let keyService: ManagerService?
  private let list: @Sendable ([TokenSnapshot], CertificatePlace?, ListForm) -> String
  /// The walk under way.
  let current = Mutex<Diagnosis?>(nil)

  init(
    source: any KeyEventSource, operations: any KeyOperations,
    verify: @escaping @Sendable (Certificate) -> ChainVerdict, diagnosis: DiagnosisService? = nil,
    keyService: ManagerService? = nil, trust: @escaping @Sendable () -> TrustDirectory? = { nil },
    list: @escaping @Sendable ([TokenSnapshot], CertificatePlace?, ListForm) -> String = { _, _, _ in "" },
    post: @escaping @Sendable (Event) -> Void
  ) {
    self.source = source
    self.operations = operations
    self.verify = verify
    self.trust = trust
    self.list = list
    self.post = post
    self.diagnosis = diagnosis
    self.keyService = keyService
  }

  private func diagnose(walk number: Int, _ post: @escaping @Sendable (ScreenReply) -> Void) {
    guard let diagnosis else { return }
    let walk = diagnosis.make()
    current.withLock { old in
      old?.cancel()
      old = walk
    }
    _ = WorkerThread.start { walk.run { post(.diagnosis(.walked(walk: number, $0))) } }
  }

  fileprivate static let noThread = Failure(.internalError, function: "pthread_create")

  /// Begins an effect and returns at once. The terminal's own effects are not its business.
  func run(_ request: Request) {
    let post: @Sendable (ScreenReply) -> Void = { [post] in post(.answer(to: request.from, $0)) }
    switch request.effect {
    case .suspend, .redraw: break
    case .retryService:
      _ = WorkerThread.start { [source] in source.retry() }
    case .reread(let place):
      _ = WorkerThread.start { [source] in source.reread(place) }
    case .export(let job):
      begin(post, otherwise: .export(.exported(.failed(Self.noThread)))) { .export(.exported(writeExport(job))) }
    case .exportMany(let job):
      begin(post, otherwise: .export(.exported(.failed(Self.noThread)))) { [list] in
        .export(.exported(job.carryOut(list: list)))
      }
    case .describe(let certificate):
      _ = WorkerThread.start { post(.detail(.described(CertificateDescription(certificate)))) }
    case .verify(let certificate):
      _ = WorkerThread.start { [verify] in post(.detail(.verdict(verify(certificate)))) }
    case .fingerprint(let certificate):
      _ = WorkerThread.start {
        let description = CertificateDescription.fingerprint(certificate, .sha256)
        post(.copy(.fingerprint(description)))
      }
    case .copy(let text):
      _ = WorkerThread.start { Clipboard.copy(text) }
    case .diagnose(let walk): diagnose(walk: walk, post)
    case .cancelDiagnosis: current.withLock { $0?.cancel() }
    case .saveReport(let document, let language, let path):
      guard let diagnosis else { break }
      _ = WorkerThread.start { post(.diagnosis(.saved(diagnosis.save(document, language, path)))) }
    case .repair(let fix):
      guard let diagnosis else { break }
      _ = WorkerThread.start { post(.diagnosis(.repaired(diagnosis.repair(fix)))) }
    case .abandon(let source): operations.abandon(source)
    case .preparePIN(let query):
      begin(post, otherwise: .pin(.prepared(query, .ended(.notSent(.failure(Self.noThread)))))) { [operations] in
        .pin(.prepared(query, operations.prepare(query)))
      }
    case .prepareLogin(let query, let subject):
      begin(post, otherwise: .pin(.prepared(query, .ended(.notSent(.failure(Self.noThread)))))) { [operations] in
        .pin(.prepared(query, operations.prepare(query, subject)))
      }
    case .changePIN(let job):
      operate(
        job.query, job.pins, job.padLimit, post, otherwise: .pin(.changed(job.query, .notSent(.failure(Self.noThread))))
      ) { [operations] in
        .pin(.changed(job.query, operations.changePIN(job)))
      }
    case .tryLogin(let job):
      operate(job.query, job.pins, job.padLimit, post, otherwise: .pin(.tried(job.query, .failed(Self.noThread)))) {
        [operations] in
        let trial = operations.tryLogin(job, chosen: { post(.pin(.chosen(job.query, $0))) }) {
          post(.pin(.login(job.query, $0)))
        }
        return .pin(.tried(job.query, trial))
      }
    case .loadApplicant(let serial, let onKey):
      _ = WorkerThread.start { post(.unlock(.found(UnlockFound(keySerial: serial, onKey: onKey)))) }
    case .makeRequest(let job):
      begin(post, otherwise: .unlock(.requested(.failed(Self.noThread)))) { [operations] in
        .unlock(.requested(operations.make(job)))
      }
    case .makeChallenge(let job):
      begin(post, otherwise: .unlock(.challenged(.failed(Self.noThread)))) { [operations] in
        .unlock(.challenged(operations.challenge(job)))
      }
    case .checkResponse(let session, let given):
      begin(post, otherwise: .unlock(.checked(.refused(Self.noThread)))) {
        .unlock(.checked(session.check(given)))
      }
    case .applyResponse(let job):
      operate(
        job.query, job.pins, nil, post,
        otherwise: .pin(.answered(job.query, .notSent(.failure(Self.noThread)), isHalf: false))
      ) {
        .pin(job.carryOut())
      }
    case .lookForRenewal(let query):
      begin(post, otherwise: .renewal(.looked(.refused(Self.noThread)))) { [operations] in
        .renewal(.looked(operations.look(query)))
      }
    case .readAnswer(let journal, let files):
      begin(post, otherwise: .renewal(.read(.refused(Self.noThread)))) { [trust] in
        .renewal(.read(journal.read(files, trust: trust())))
      }
    case .renew(let job):
      let failed = RenewalEnded(journal: job.journal, result: .failed(Self.noThread))
      operate(
        job.query, job.pins, job.padLimit, post, limit: RenewalJob.limit, otherwise: .pin(.renewed(job.query, failed))
      ) { [operations] in
        .pin(.renewed(job.query, operations.renew(job) { post(.pin(.step(job.query, $0))) }))
      }
    case .loadOrders:
      _ = WorkerThread.start {
        let orders = (try? StateDirectory.ofUser()).map { RenewalJournal.all(in: $0).journals } ?? []
        post(.orders(orders.filter { $0.stage != .closed }))
      }
    case .keyService(let effect): run(effect, post)
    case .watchResponse(let session, let request, let file, let expires):
      let watch = ResponseWatch(session: session, request: request, file: file, expires: expires)
      _ = WorkerThread.start { watch.run { post(.unlock(.seen($0))) } }
    case .completePath(let text, let ending):
      _ = WorkerThread.start { post(.path(PathReply(for: text, completePath(text, ending: ending)))) }
    case .openFile(let path):
      _ = WorkerThread.start { post(.file(Desktop.open(path))) }
    case .printFile(let path):
      _ = WorkerThread.start { post(.file(Desktop.print(path))) }
    case .release(let session):
      _ = WorkerThread.start { session.end() }
    }
  }
}

extension EffectRunner {
  private func run(_ effect: KeyServiceEffect, _ post: @escaping @Sendable (ScreenReply) -> Void) {
    guard let keyService else { return }
    switch effect {
    case .say(let message): keyService.say(message)
    case .typed(let job): keyService.typed(job)
    case .start:
      begin(post, otherwise: .service(.started(Self.noThread))) { .service(.started(keyService.start())) }
    }
  }

  /// - Parameter failure: what is answered when it cannot be begun.
  private func begin(
    _ post: @escaping @Sendable (ScreenReply) -> Void, otherwise failure: ScreenReply,
    _ body: @escaping @Sendable () -> ScreenReply
  ) {
    let isStarted = WorkerThread.start { post(body()) }
    if !isStarted { post(failure) }
  }

  /// An operation that holds a PIN, and beside it a clock that tells how long a keypad still waits, or when the key does
  /// not answer.
  ///
  /// - Parameter failure: what is answered when it cannot be begun; the PIN is then wiped.
  private func operate(
    _ query: PINQuery, _ pins: PINFields, _ padLimit: Duration?, _ post: @escaping @Sendable (ScreenReply) -> Void,
    limit: Int = PINChangeJob.limit, otherwise failure: ScreenReply,
    _ body: @escaping @Sendable () -> ScreenReply
  ) {
    let isOver = Flag()
    let isStarted = WorkerThread.start {
      let answer = body()
      isOver.set()
      post(answer)
    }
    guard isStarted else {
      pins.wipe()
      post(failure)
      return
    }
    _ = WorkerThread.start {
      func sleep(_ seconds: Int) {
        var time = timespec(tv_sec: seconds, tv_nsec: 0)
        nanosleep(&time, nil)
      }
      if let padLimit {
        var left = Int(padLimit.components.seconds)
        while left > 0, !isOver.isSet {
          post(.pin(.pad(query, secondsLeft: left)))
          sleep(1)
          left -= 1
        }
      } else {
        // On a thread that nobody waits for: after so long the operation is called slow, and goes on.
        sleep(limit)
      }
      // The loop is not woken for nothing.
      if !isOver.isSet { post(.pin(.slow(query))) }
    }
  }
}

/// Set once, by one thread for another.
private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}
