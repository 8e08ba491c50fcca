import Base
import Failures
import Glibc
import RenewalKit
import TokenKit
import UnlockKit
import Wording

/// A request to be made and written.
struct UnlockRequestJob: Sendable, Equatable {
  var source: TokenSource
  /// Of the key that was shown.
  var keySerial: TokenName?
  var application: TokenName
  /// The certificate that it is about, as it was shown; `nil` on a key without.
  var certificate: [UInt8]?
  var kind: UnlockKind
  var applicant: Applicant
  /// Where the request goes; the form beside it, with `.html` at the end.
  var file: String
  /// Files of these names may be replaced.
  var overwrites = false
  var remember: Bool
  /// A new pair is to be made on the key, for which an order is begun.
  var onKey: RenewalBeginning?
}

/// What an order begins with.
struct RenewalBeginning: Sendable, Equatable {
  var offer: RenewalOffer
  /// Though there is one that is not finished.
  var isNew = false
}

/// A challenge to be asked of a key, for a request that waits.
struct UnlockChallengeJob: Sendable, Equatable {
  var source: TokenSource
  var keySerial: TokenName?
  var application: TokenName
  /// Digest of the request.
  var request: [UInt8]
}

/// What is there before anything is typed.
struct UnlockFound: Sendable {
  /// The 经办人 remembered by an earlier request.
  var applicant: Applicant?
  /// A request that waits for its desk.
  var waiting: UnlockMade?
  /// A name for the request that no file has yet; `nil`: the usual one.
  var freeName: String?
  var canOpen = false
  var canPrint = false

  init(applicant: Applicant? = nil, waiting: UnlockMade? = nil, freeName: String? = nil) {
    self.applicant = applicant
    self.waiting = waiting
    self.freeName = freeName
  }

  /// What the user's state directory holds.
  ///
  /// - Parameter onKey: the files of an order will lie beside the request.
  init(keySerial: String, onKey: Bool) {
    canOpen = Desktop.canOpen
    canPrint = Desktop.canPrint
    freeName = RequestMaking.freeName(
      "~/" + RequestMaking.fileName(keySerial: keySerial), also: onKey ? RenewalOrder.endings : [])
    guard let directory = try? StateDirectory.ofUser() else { return }
    applicant = directory.rememberedApplicant()
    waiting = WaitingRequests(directory).newest(keySerial: keySerial).map {
      UnlockMade(
        $0.document, compact: CompactRequest($0.request, digest: $0.document.digest).text, $0.request, file: nil,
        form: nil)
    }
  }
}

/// What became of making a request.
enum UnlockRequested: Sendable {
  case made(UnlockMade)
  /// A file of the name is there; with one that is not.
  case taken(Failure, free: String?)
  case failed(Failure)
}

/// A request that was written, now or earlier.
struct UnlockMade: Sendable {
  /// `nil` for one that was made earlier.
  var file: String?
  var form: String?
  var digest: [UInt8]
  var checkCode: String
  var compact: String
  /// Seconds since 1970-01-01 UTC.
  var created: Int64
  /// Name of the application that it is for.
  var application: String
  /// A challenge can be made for it.
  var isAnswerable: Bool
  /// The order that was begun with it.
  var order: RenewalJournal?
  /// ``compact`` for a camera.
  let code: QRCode?

  init(
    file: String?, form: String?, digest: [UInt8], checkCode: String, compact: String, created: Int64,
    application: String, isAnswerable: Bool
  ) {
    self.file = file
    self.form = form
    self.digest = digest
    self.checkCode = checkCode
    self.compact = compact
    self.created = created
    self.application = application
    self.isAnswerable = isAnswerable
    code = QRCode(compact)
  }

  init(_ document: SealedDocument, compact: String, _ request: UnlockRequest, file: String?, form: String?) {
    self.init(
      file: file, form: form, digest: document.digest, checkCode: document.checkCode, compact: compact,
      created: request.created, application: request.application, isAnswerable: request.waitingKey != nil)
  }
}

/// What became of asking for a challenge.
enum UnlockChallenged: Sendable {
  case open(UnlockOpen)
  case failed(Failure)
}

/// A challenge that the key keeps as long as it is held.
struct UnlockOpen: Sendable {
  var line: String
  /// Seconds since 1970-01-01 UTC.
  var expires: Int64
  var session: UnlockSession
  /// ``line`` for a camera.
  let code: QRCode?

  init(line: String, expires: Int64, session: UnlockSession) {
    self.line = line
    self.expires = expires
    self.session = session
    code = QRCode(line)
  }
}

/// What became of checking a response.
enum UnlockChecked: Sendable {
  /// Nothing was sent, and another file may be tried.
  case refused(Failure)
  case good
}

extension KeyOperations {
  /// Reads the key afresh and writes request and form.
  func make(_ job: UnlockRequestJob) -> UnlockRequested {
    do throws(Failure) {
      return .made(try makeRequest(job))
    } catch {
      if error.code == .fileExists {
        let endings = job.onKey == nil ? [] : RenewalOrder.endings
        return .taken(error, free: RequestMaking.freeName(typedPath(job.file), also: endings))
      }
      return .failed(error)
    }
  }

  private func makeRequest(_ job: UnlockRequestJob) throws(Failure) -> UnlockMade {
    let directory = try StateDirectory.ofUser()
    let file = typedPath(job.file)
    let form = RequestMaking.formName(beside: file)
    var making = RequestMaking(
      kind: job.kind, application: job.application, certificate: job.certificate, applicant: job.applicant,
      file: file, form: form, overwrites: job.overwrites, remembers: job.remember)
    let order = RenewalOrder.fileName(beside: making.file)
    if job.onKey != nil { making.later = [order, RenewalOrder.csrName(beside: order)] }
    try making.checkNames()
    let token = try open(job.source)
    let snapshot = try token.read(ReadOptions(), progress: { _ in })
    guard snapshot.device.serial.value == job.keySerial else { throw Failure(.keyChanged) }
    let sealed = try making.seal(snapshot, by: token, now: Int64(time(nil)))
    let begun = try job.onKey.map { beginning throws(Failure) in
      try RenewalEngine.takeUp(
        job.kind, on: snapshot, application: job.application,
        old: job.certificate.flatMap { snapshot.subject(der: $0) },
        offer: beginning.offer, request: sealed.document.digest, file: order, isNew: beginning.isNew, in: directory,
        now: Int64(time(nil))
      ).engine.journal
    }
    _ = try sealed.write(keeping: directory) { UnlockForm(request: $0.request, document: $0.document).html }
    var made = UnlockMade(
      sealed.document, compact: sealed.compact, sealed.request, file: making.file, form: making.form)
    made.order = begun
    return made
  }

  /// Takes a challenge and announces it; the key is held from here on.
  func challenge(_ job: UnlockChallengeJob) -> UnlockChallenged {
    do throws(Failure) {
      let directory = try StateDirectory.ofUser()
      let waiting = try WaitingRequests(directory).find(job.request)
      let token = try open(job.source)
      let reference = PINReference(application: job.application, role: .admin, keySerial: job.keySerial)
      let ticket = try waiting.ticket(try token.unlockChallenge(reference), now: Int64(time(nil)))
      let held = try OpenChallenge(ticket).hold(in: directory)
      let session = UnlockSession(token: token, reference: reference, directory: directory, held: held)
      return .open(UnlockOpen(line: try ticket.text(), expires: ticket.expires, session: session))
    } catch {
      return .failed(error)
    }
  }
}
