internal import Base
package import Failures
internal import Glibc
package import TokenKit

/// How a request is made, for the window and the command: the names of its files are looked at before anything is written,
/// and either request and form are there in the end or neither. The key may be put away afterwards.
package struct RequestMaking: Sendable, Equatable {
  package var kind: UnlockKind
  /// Of the key; `nil` for the one that is meant, see ``TokenSnapshot/application(named:)``.
  package var application: TokenName?
  /// The certificate that the request is about, as it lies on the key; `nil`: the one that is meant in the application.
  package var certificate: [UInt8]?
  package var applicant: Applicant
  /// Where the request goes, and the form to print; `nil`: no form. As absolute paths.
  package let file: String
  package let form: String?
  /// Files that will be written later beside them, whose names must be free as well; absolute paths.
  package var later: [String] = []
  /// Files of these names may be replaced.
  package var overwrites: Bool
  /// Keep the applicant for the next request.
  package var remembers: Bool

  package init(
    kind: UnlockKind, application: TokenName?, certificate: [UInt8]? = nil, applicant: Applicant, file: String,
    form: String?, overwrites: Bool = false, remembers: Bool = false
  ) {
    self.kind = kind
    self.certificate = certificate
    self.application = application
    self.applicant = applicant
    self.file = absolutePath(file)
    self.form = form.map { absolutePath($0) }
    self.overwrites = overwrites
    self.remembers = remembers
  }

  /// The name of a request when none was given: the key's serial, as far as it is fit for a name.
  package static func fileName(keySerial: String?) -> String {
    let fit = (keySerial ?? "").unicodeScalars.filter {
      $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-")
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: fit.prefix(64))
    return (view.isEmpty ? "key" : String(view)) + ".ukreq"
  }

  /// The name itself, or with a number behind it, so that neither the request nor its form is there yet; `nil` after a
  /// hundred.
  ///
  /// - Parameter endings: of further files under the same name.
  package static func freeName(_ name: String, also endings: [String] = []) -> String? {
    let stem = name.hasSuffix(".ukreq") ? String(name.dropLast(6)) : name
    for number in 1...100 {
      let free = number == 1 ? stem : "\(stem)-\(number)"
      var status = stat()
      let isTaken = ([".ukreq", ".html"] + endings).contains { lstat(absolutePath(free + $0), &status) == 0 }
      if !isTaken { return free + ".ukreq" }
    }
    return nil
  }

  /// The form beside a request: its name with `.html` at the end.
  package static func formName(beside file: String) -> String {
    (file.hasSuffix(".ukreq") ? String(file.dropLast(6)) : file) + ".html"
  }

  /// Looks whether both files can be written.
  ///
  /// - Throws: `UK-610` when a name is taken, or both are the same; `UK-611` when there is no such folder.
  package func checkNames() throws(Failure) {
    guard file != form else { throw Failure(.fileExists, context: displaySafe(file)) }
    for path in [file, form].compactMap({ $0 }) + later {
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "/"
      _ = try Failure.mapping(.fileWrite, try OutputFolder(folder))
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        throw Failure(.fileWrite, function: "open", number: .errno(EISDIR), context: displaySafe(path))
      }
      if !overwrites { throw Failure(.fileExists, context: displaySafe(path)) }
    }
  }

  /// Seals the request; writes nothing. Where the key has challenges, which is tried, with the public half of a new key for
  /// the answer.
  ///
  /// - Throws: as ``checkNames()``; `UK-210` when there is no such application; `UK-305` when the certificate is not on the
  ///   key, or in another application; `UK-303` when it is too large for a request; what the key says to being asked.
  package func seal(_ snapshot: TokenSnapshot, by token: any Token, now: Int64) throws(Failure) -> SealedRequest {
    try checkNames()
    let serial = snapshot.device.serial.value
    let about = try about(snapshot)
    let name = try snapshot.application(named: about?.application.name ?? application).name
    var key: SM2Key?
    if kind == .unlock, serial?.isEmpty == false {
      do throws(Failure) {
        _ = try token.unlockChallenge(PINReference(application: name, role: .admin, keySerial: serial))
        key = try SM2Key.generate()
      } catch {
        guard error.code == .unlockNotRemote else { throw error }
      }
    }
    let request = try UnlockRequest(
      kind: kind, snapshot: snapshot, application: name, about: about, waitingKey: try key?.point(),
      applicant: applicant,
      program: ProgramVersion.text, now: now)
    return SealedRequest(making: self, request: request, document: try request.sealed(), key: key)
  }
}

extension RequestMaking {
  private func about(_ snapshot: TokenSnapshot) throws(Failure) -> CertificatePlace? {
    guard let certificate else { return nil }
    guard let found = snapshot.subject(der: certificate), application == nil || found.application.name == application
    else { throw Failure(.certificateUnmatched) }
    return found
  }
}

/// A request that is made but not written.
package struct SealedRequest: Sendable {
  let making: RequestMaking
  package let request: UnlockRequest
  package let document: SealedDocument
  let key: SM2Key?

  /// The request in one line, for a QR code.
  package var compact: String { CompactRequest(request, digest: document.digest).text }

  /// Keeps the request as a waiting one and writes request and form, both or neither.
  ///
  /// - Parameter form: the text of the form, asked for only where one is to be written.
  /// - Returns: what waits; `nil` for a request that is not answered by file.
  /// - Throws: `UK-610` when a name is taken by now, `UK-611`.
  package func write(
    keeping directory: StateDirectory, form text: (SealedRequest) -> String
  ) throws(Failure) -> WaitingRequest? {
    let requests = WaitingRequests(directory)
    if let key {
      requests.prune(now: request.created)
      try requests.keep(document, key)
    }
    do throws(Failure) {
      try writeFiles(directory, text)
    } catch {
      requests.forget(document.digest)
      throw error
    }
    return key.map { WaitingRequest(request: request, document: document, key: $0) }
  }

  private func writeFiles(_ directory: StateDirectory, _ text: (SealedRequest) -> String) throws(Failure) {
    if making.remembers { try directory.remember(making.applicant) }
    try write(document.bytes, making.file)
    if let form = making.form {
      do throws(Failure) {
        try write(Array(text(self).utf8), form)
      } catch {
        unlink(making.file)
        throw error
      }
    }
  }

  private func write(_ bytes: [UInt8], _ path: String) throws(Failure) {
    switch writeFile(bytes, to: path, overwrite: making.overwrites, mode: 0o600) {
    case .written: return
    case .exists: throw Failure(.fileExists, context: displaySafe(path))
    case .failed(let error): throw Failure(.fileWrite, error)
    }
  }
}
