import Base
import CertificateKit
import Failures
import Foundation
import SoftToken
import Testing
import TokenKit
import UnlockKit

@testable import RenewalKit

/// A renewal from the request to the certificate on the key, with everything that can stop it.
@Suite struct EngineTests {
  static let now = Int64(Date().timeIntervalSince1970)
  static let behaviours: [GMCardBehaviour] = [.aLM, .bLE]

  /// Holder and issuer of one renewal.
  struct Errand {
    let key: Key
    let scratch = Scratch()
    let desk: IssuingDesk
    let old: SigningKey

    init(_ behaviour: GMCardBehaviour) throws {
      key = try Key(behaviour)
      old = try key.old()
      let authority = try Self.authority.get()
      desk = IssuingDesk(issuer: .privateAuthority(authority), folder: scratch.path + "/answers")
    }

    private static let place = Scratch()
    private static let authority = Result {
      try PrivateAuthority.make(place.path + "/ca", name: "TEST", now: now, passphrase: try pin("correct horse"))
    }

    func begin() throws -> RenewalEngine {
      try RenewalEngine.begin(
        .renew, keySerial: "DEMO-GM-00412", application: key.application, old: old,
        offer: try key.insert().renewalOffer(), request: nil, in: scratch.state, now: now)
    }

    /// As another run of the program would find it.
    func resumed(_ engine: RenewalEngine) throws -> RenewalEngine {
      RenewalEngine(
        try RenewalJournal.find(engine.journal.numberText, in: scratch.state) { _ in true }, in: scratch.state)
    }

    func request(_ engine: inout RenewalEngine, _ rules: [FaultRule] = []) throws -> RenewalOrder {
      var next = engine
      let end = try key.insert(rules).renewing(key.user, pin: try pin("123456"), consent: .normal) {
        session throws(Failure) in try next.request(session, now: now)
      }
      engine = next
      return try value(end)
    }

    func answer(_ order: RenewalOrder) throws -> [UInt8] {
      let (parsed, document) = try RenewalOrder.parse(try order.sealed().bytes)
      #expect(parsed == order)
      return try desk.answer(parsed, document: document, now: now).bytes
    }

    func accept(_ bytes: [UInt8], _ engine: inout RenewalEngine) throws {
      var answer = IssuedAnswer()
      try answer.add(bytes)
      try engine.accept(try engine.journal.check(answer, trust: nil, now: now + 60))
    }

    func install(_ engine: inout RenewalEngine, _ rules: [FaultRule] = []) throws -> RenewalProof {
      var next = engine
      let end = try key.insert(rules).renewing(key.user, pin: try pin("123456"), consent: .normal) {
        session throws(Failure) in try next.install(session)
      }
      engine = next
      return try value(end)
    }

    /// The certificate on the key signs, and what it signs fits it.
    func signs(_ container: TokenName, _ certificate: Certificate) throws -> Bool {
      let message = Array("login".utf8)
      let made = SigningKey(application: key.application, container: container, certificate: certificate)
      guard
        case .signed(let signature) = try key.insert().sign(
          message, with: made, pin: try pin("123456"), consent: .normal)
      else { return false }
      return (try? certificate.verify(signature, of: message)) != nil
    }
  }

  @Test(arguments: behaviours) func wholeWay(_ behaviour: GMCardBehaviour) throws {
    let errand = try Errand(behaviour)
    let before = try errand.key.snapshot().places.count
    var engine = try errand.begin()
    let order = try errand.request(&engine)
    // Nobody signs it for a web page.
    #expect(isOwnStatement(try order.statement()))
    #expect(order.csr.subject == (try errand.old.certificate.subjectName()))
    try engine.wasRequested("/home/lisi/key.ukord")
    let bytes = try errand.answer(order)
    // Asked again, the desk gives the same.
    #expect(try errand.answer(order) == bytes)
    try errand.accept(bytes, &engine)
    let proof = try errand.install(&engine)
    #expect(proof == RenewalProof(encryptionPair: true, hasEncryptionPair: true))
    #expect(engine.journal.stage == .installed)

    let snapshot = try errand.key.snapshot()
    #expect(snapshot.places.count == before + 2)
    let new = snapshot.places.filter { $0.container.name == engine.journal.container }
    #expect(new.compactMap { $0.certificate.value?.der } == [engine.journal.signature, engine.journal.encryption])
    let certificate = try Certificate(der: try #require(engine.journal.signature))
    #expect(certificate.owner == errand.old.certificate.owner)
    #expect(certificate.uscc == errand.old.certificate.uscc)
    #expect(try errand.signs(engine.journal.container, certificate))
    #expect(try errand.signs(errand.old.container, errand.old.certificate))

    // Once more is nothing more.
    engine = try errand.resumed(engine)
    #expect(try errand.install(&engine).encryptionPair == true)
    #expect(try errand.key.snapshot().places.count == before + 2)

    // The old one goes when it is told to.
    var last = engine
    var unaware = engine.journal
    let state = errand.scratch.state
    try unaware.closeWhereOldIsGone(try errand.key.snapshot(), in: state)
    #expect(unaware.stage == .installed && !last.mayHaveRemoved)
    _ = try value(
      try errand.key.insert().renewing(errand.key.user, pin: try pin("123456"), consent: .normal) {
        session throws(Failure) in try last.removeOld(session)
      })
    #expect(last.journal.stage == .closed && last.mayHaveRemoved)
    // Whoever did not live to hear of it sees it on the key, on this one alone.
    try unaware.save(in: state)
    var elsewhere = unaware
    elsewhere.keySerial = "OTHER"
    try elsewhere.closeWhereOldIsGone(try errand.key.snapshot(), in: state)
    #expect(elsewhere.stage == .installed)
    try unaware.closeWhereOldIsGone(try errand.key.snapshot(), in: state)
    #expect(unaware.stage == .closed && RenewalJournal.all(in: state).journals.map(\.stage) == [.closed])
    #expect(try errand.key.snapshot().places.allSatisfy { $0.container.name != errand.old.container })
    #expect(try errand.signs(engine.journal.container, certificate))
  }

  /// The power is cut before and after every write of the card, in each part: afterwards the old certificate signs, and the
  /// next run comes to the end.
  @Test(arguments: behaviours, [false, true]) func powerCuts(_ behaviour: GMCardBehaviour, _ after: Bool) throws {
    var cuts = 0
    for part in ["request", "install"] {
      for number in 1... {
        let errand = try Errand(behaviour)
        var engine = try errand.begin()
        let rules = [FaultRule(.write(number), .remove, carriesOut: after)]
        var order = try? errand.request(&engine, part == "request" ? rules : [])
        var isCut = errand.key.card.power?.isOff == true
        if part == "request", !isCut { break }
        if order == nil {
          #expect(try errand.signs(errand.old.container, errand.old.certificate))
          engine = try errand.resumed(engine)
          order = try errand.request(&engine)
        }
        try errand.accept(try errand.answer(try #require(order)), &engine)
        if part == "install" {
          let proof = try? errand.install(&engine, rules)
          isCut = errand.key.card.power?.isOff == true
          if !isCut {
            #expect(proof != nil)
            break
          }
          #expect(try errand.signs(errand.old.container, errand.old.certificate))
          engine = try errand.resumed(engine)
        }
        #expect(try errand.install(&engine).encryptionPair == true, "\(part) \(number)")
        cuts += 1
        #expect(number < 40)
      }
    }
    #expect(cuts >= 5)
  }

  /// The card is taken out, answers wrong or is reset at the first command of each kind.
  @Test(arguments: behaviours) func everyCommand(_ behaviour: GMCardBehaviour) throws {
    // Gone before, gone after it was done, refused though it was done, reset by another program.
    let faults: [(FaultCard.Fault, Bool)] = [
      (.remove, false), (.removeAfter, true), (.status(0x6F00), true), (.reset, true),
    ]
    // Create, generate, sign, export key, names; import pair, certificate; export certificate, session key, encrypt.
    let instructions: [(UInt8, String)] =
      [0x40, 0x70, 0x74, 0x88, 0x46].map { ($0, "request") }
      + [0x72, 0x4C, 0x4E, 0x74, 0x88, 0xA0, 0xA4, 0xA6].map { ($0, "install") }
    for (instruction, part) in instructions {
      for (fault, carriesOut) in faults {
        let errand = try Errand(behaviour)
        var engine = try errand.begin()
        let rules = [FaultRule(.instruction(instruction), fault, carriesOut: carriesOut)]
        var order = try? errand.request(&engine, part == "request" ? rules : [])
        #expect(errand.key.card.rules.isEmpty, "\(part) \(instruction)")
        if order == nil {
          engine = try errand.resumed(engine)
          order = try errand.request(&engine)
        }
        try errand.accept(try errand.answer(try #require(order)), &engine)
        if part == "install" {
          _ = try? errand.install(&engine, rules)
          #expect(errand.key.card.rules.isEmpty, "\(part) \(instruction)")
          engine = try errand.resumed(engine)
        }
        let proof = try errand.install(&engine)
        #expect(proof.encryptionPair == true, "\(part) \(instruction) \(fault) \(carriesOut)")
        #expect(try errand.signs(errand.old.container, errand.old.certificate))
      }
    }
  }

  @Test func fullKeyIsRefusedBeforeAnythingIsWritten() throws {
    let memory = MemoryStore()
    let card = try GMCard.demo(.containers(32), behaviour: .aLM, store: memory)
    let provider = try CardTokenProvider(name: "demo", service: DemoReaders(cards: [("R", card)]))
    let token = try provider.open("R")
    let before = try memory.load()
    let end = token.renewing(
      PINReference(application: "SZCA-DEMO", role: .user), pin: try pin("123456"), consent: .normal
    ) { session throws(Failure) in
      try session.checkRoom(for: 4096)
    }
    guard case .failed(let failure) = end else {
      Issue.record("\(end)")
      return
    }
    #expect(failure.code == .renewalRoom)
    #expect(try memory.load() == before)
  }

  /// A pair that is there is never written over, whatever the card would do.
  @Test func nothingIsMadeOverAPair() throws {
    let errand = try Errand(.bLE)
    var engine = try errand.begin()
    _ = try errand.request(&engine)
    let made = try #require(engine.journal.pair)
    // As if the program had ended before it could note the pair.
    engine = try errand.begin()
    var first = engine
    _ = try errand.request(&first)
    let again = RenewalEngine(engine.journal, in: errand.scratch.state)
    var resumed = again
    let order = try errand.request(&resumed)
    #expect(order.csr.key == first.journal.pair)
    #expect(order.csr.key != made)
    #expect(errand.key.card.log.allSatisfy { $0.header.dropFirst().first != 0x70 })
  }

  @Test func oldStaysUntilTheNewOneIsThere() throws {
    let errand = try Errand(.aLM)
    var engine = try errand.begin()
    _ = try errand.request(&engine)
    var early = engine
    let end = try errand.key.insert().renewing(errand.key.user, pin: try pin("123456"), consent: .normal) {
      session throws(Failure) in try early.removeOld(session)
    }
    guard case .failed(let failure) = end else {
      Issue.record("removed")
      return
    }
    #expect(failure.code == .oldStillNeeded)
    #expect(try errand.signs(errand.old.container, errand.old.certificate))
  }

  @Test func othersAreRefusedByName() throws {
    let card = try PIVCard.demo(settings: PIVCardSettings(), directory: nil, now: Self.now)
    let provider = try CardTokenProvider(name: "demo", service: DemoReaders(cards: [("R", card)]))
    #expect(throws: Failure.self) { try provider.open("R").renewalOffer() }
    let strange = try GMCard.demo(.unknownMaker, behaviour: .aLM, store: MemoryStore())
    let other = try CardTokenProvider(name: "demo", service: DemoReaders(cards: [("R", strange)]))
    do {
      _ = try other.open("R").renewalOffer()
      Issue.record("offered")
    } catch {
      #expect(error.code == .renewalNotOffered)
    }
  }
}
