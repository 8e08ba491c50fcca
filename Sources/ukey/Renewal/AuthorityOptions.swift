import ArgumentParser
import CertificateKit
import Failures
import RenewalKit
import TokenKit
import Wording

/// How the key of a private authority is reached.
struct AuthorityKeyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Read the passphrase of the authority's key from this file descriptor.", valueName: "fd"))
  var passphraseFd: Int32?

  /// The passphrase of a key that there is.
  func ask(_ language: Language) throws(Failure) -> PIN {
    if let passphraseFd { return try PINPrompt.readSecret(fd: passphraseFd) }
    return try PINPrompt.dialogue { terminal throws(PromptEnd) in
      try PINPrompt.ask(RenewalWords[language].passphrase, on: terminal)
    }
  }

  /// The authority of a folder. Whoever mistypes the passphrase at the terminal is asked again, three times in all.
  func open(_ folder: String, _ language: Language) throws(Failure) -> PrivateAuthority {
    for _ in 0..<2 where passphraseFd == nil {
      do throws(Failure) {
        return try PrivateAuthority(folder: folder) { () throws(Failure) in try ask(language) }
      } catch {
        guard error.isPassphraseWrong else { throw error }
        Output.note(Symbol.error.before(error.words(language).title))
      }
    }
    return try PrivateAuthority(folder: folder) { () throws(Failure) in try ask(language) }
  }

  /// A passphrase for a new one, typed twice.
  func askNew(_ language: Language) throws(Failure) -> PIN {
    if let passphraseFd { return try PINPrompt.readSecret(fd: passphraseFd) }
    let words = RenewalWords[language]
    let minimum = PrivateAuthority.shortestPassphrase
    return try PINPrompt.dialogue { terminal throws(PromptEnd) in
      while true {
        let first = try PINPrompt.ask(words.newPassphrase, on: terminal)
        guard first.characterCount >= minimum else {
          terminal.write(PINWords[language].rule(.tooShort(minimum: minimum)) + "\n")
          continue
        }
        let second = try PINPrompt.ask(words.passphraseAgain, on: terminal)
        if PIN.isEqual(first, second) { return first }
        terminal.write(words.passphrasesDiffer + "\n")
      }
    }
  }
}

/// A private authority whose key is in a token.
struct AuthorityOnKey {
  var run: RenewalRun

  /// Makes the pair in a new container, certifies it, and puts the certificate beside it.
  ///
  /// - Throws: `UK-535` when the key makes no pairs; `UK-610` when the folder has an authority; what the key answered.
  func make(_ folder: String, name: String, now: Int64) throws(Failure) -> RenewalRun.Ended<PrivateAuthority> {
    let offer = try run.key.token.renewalOffer()
    guard let kind = offer.kinds.first else { throw Failure(.renewalNotOffered) }
    let container = RenewalJournal.containerName(try RenewalEngine.newNumber(), isNumber: offer.namesAreNumbers)
    let application = try run.key.snapshot.application(run.asking.application).name
    try PrivateAuthority.prepare(folder)
    return try run.session(application) { session throws(Failure) in
      try session.checkRoom(for: 4096)
      try session.createContainer(container)
      try session.generate(kind, in: container)
      guard let key = try session.publicKey(.signature, in: container) else {
        throw Failure(.renewalReadBack, function: "GenKeyPair")
      }
      return try PrivateAuthority.make(
        folder, name: name, now: now, key: key,
        sign: { bytes throws(Failure) in try session.sign(bytes, in: container, by: key) },
        keep: { certificate throws(Failure) in
          try session.importCertificate(certificate, .signature, in: container)
          guard try session.certificate(.signature, in: container) == certificate.der else {
            throw Failure(.renewalReadBack, function: "ImportCertificate")
          }
        })
    }
  }

  /// Runs `body` with a signature of the authority's key at hand.
  ///
  /// - Throws: `UK-542` when its certificate is not on this key.
  func signing<Value>(
    _ authority: PrivateAuthority, _ body: (PrivateAuthority.Sign) throws(Failure) -> Value
  ) throws(Failure) -> RenewalRun.Ended<Value> {
    guard let place = run.key.snapshot.places.first(where: { $0.certificate.value == authority.certificate }) else {
      throw Failure(
        .issuer, function: "certificate", context: displaySafe(run.key.snapshot.device.serial.value ?? ""))
    }
    let key = SigningKey(
      application: place.application.name, container: place.container.name, certificate: authority.certificate,
      keySerial: run.key.snapshot.device.serial.value)
    return try run.session(place.application.name) { session throws(Failure) in
      try body { bytes throws(Failure) in try session.sign(bytes, with: key) }
    }
  }
}
