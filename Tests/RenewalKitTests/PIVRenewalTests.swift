import CertificateKit
import Failures
import Foundation
import SmartCard
import Testing
import TokenKit
import UnlockKit

@testable import RenewalKit
@testable import SoftToken

/// A renewal on a PIV card whose management key is behind the PIN: a new pair in a retired slot, the old one untouched.
@Suite struct PIVRenewalTests {
  /// Ciphers of the management key, with its length.
  static let ciphers: [(UInt8, Int)] = [(0x03, 24), (0x08, 16), (0x0A, 24), (0x0C, 32)]
  static let user = PINReference(application: "PIV", role: .user, keySerial: "1234567")

  /// A card as an issuer hands it out, put in as often as wanted.
  final class Card {
    let memory = MemoryStore()
    let settings: PIVCardSettings
    private(set) var fault: FaultCard

    /// - Parameter change: what is otherwise on this one.
    init(_ algorithm: UInt8 = 0x03, _ count: Int = 24, _ change: (PIVCard) -> Void = { _ in }) throws {
      var settings = PIVCardSettings()
      settings.metadata = true
      settings.yubicoVersion = [5, 4, 3]
      settings.yubicoSerial = 1_234_567
      self.settings = settings
      let key = (0..<count).map { UInt8($0 * 7 + 1) }
      let card = try PIVCard(settings: settings, store: memory) { card throws(Failure) in
        try card.personalizeDemo(now: EngineTests.now)
        try card.personalize(object: 0x5F_FF00, content: [0x80, 0x03, 0x81, 0x01, 0x03])
        try card.personalize(object: 0x5F_C109, content: PIVTLV.encode(0x88, PIVTLV.encode(0x89, key)))
        _ = card.change {
          $0.managementAlgorithm = algorithm
          $0.managementKey = key
        }
        change(card)
      }
      fault = FaultCard(card)
    }

    func insert(_ rules: [FaultRule] = []) throws -> any Token {
      let store = CuttingStore(memory)
      fault = FaultCard(try PIVCard(settings: settings, store: store))
      fault.rules = rules
      fault.power = store
      store.arm(rules)
      return try CardTokenProvider(name: "demo", service: DemoReaders(cards: [("R", fault)])).open("R")
    }

    func old(_ slot: TokenName) throws -> SigningKey {
      let snapshot = try insert().read(ReadOptions(), progress: { _ in })
      let place = try #require(snapshot.places.first { $0.container.name == slot })
      return try #require(place.signingKey)
    }

    func run<Value>(
      _ rules: [FaultRule] = [], _ body: (any RenewalSession) throws(Failure) -> Value
    ) throws -> Value {
      try value(
        try insert(rules).renewing(PIVRenewalTests.user, pin: try pin("123456"), consent: .normal, body))
    }

    func signs(_ key: SigningKey) throws -> Bool {
      let message = Array("login".utf8)
      guard case .signed(let made) = try insert().sign(message, with: key, pin: try pin("123456"), consent: .normal)
      else { return false }
      return (try? key.certificate.verify(made, of: message)) != nil
    }
  }

  private static let place = Scratch()
  private static let authority = Result {
    try PrivateAuthority.make(
      place.path + "/ca", name: "TEST", now: EngineTests.now, passphrase: try pin("correct horse"))
  }

  private func begin(_ card: Card, _ old: SigningKey, _ scratch: Scratch) throws -> RenewalEngine {
    try RenewalEngine.begin(
      .renew, keySerial: "1234567", application: "PIV", old: old, offer: try card.insert().renewalOffer(), request: nil,
      in: scratch.state, now: EngineTests.now)
  }

  private func answer(_ order: RenewalOrder, _ engine: inout RenewalEngine, _ scratch: Scratch) throws {
    let (parsed, document) = try RenewalOrder.parse(try order.sealed().bytes)
    let desk = IssuingDesk(
      issuer: .privateAuthority(try Self.authority.get()), folder: scratch.path + "/answers")
    var answer = IssuedAnswer()
    try answer.add(try desk.answer(parsed, document: document, now: EngineTests.now).bytes)
    try engine.accept(try engine.journal.check(answer, trust: nil, now: EngineTests.now + 60))
  }

  private func resumed(_ engine: RenewalEngine, _ scratch: Scratch) throws -> RenewalEngine {
    RenewalEngine(
      try RenewalJournal.find(engine.journal.numberText, in: scratch.state) { _ in true }, in: scratch.state)
  }

  /// 9A is P-256, 9C RSA and wants the PIN just before each use.
  @Test(arguments: ciphers, ["9A", "9C"] as [TokenName]) func wholeWay(
    _ cipher: (UInt8, Int), _ slot: TokenName
  ) throws {
    let card = try Card(cipher.0, cipher.1)
    let old = try card.old(slot)
    let scratch = Scratch()
    var engine = try begin(card, old, scratch)
    #expect(engine.journal.container == "82")
    let order = try card.run { session throws(Failure) in try engine.request(session, now: EngineTests.now) }
    try answer(order, &engine, scratch)
    let proof = try card.run { session throws(Failure) in try engine.install(session) }
    #expect(proof == RenewalProof(encryptionPair: nil, hasEncryptionPair: false))
    let snapshot = try card.insert().read(ReadOptions(retiredSlots: true), progress: { _ in })
    let new = try #require(snapshot.places.first { $0.container.name == "82" })
    #expect(new.certificate.value?.der == engine.journal.signature)
    #expect(new.certificate.value?.publicKey == old.certificate.publicKey)
    #expect(try card.signs(old))
    // The next order gets another slot, and an order that has not used its own keeps it.
    let second = try begin(card, old, scratch)
    let third = try begin(card, old, scratch)
    #expect(second.journal.container == "83" && third.journal.container == "84")
    // The old pair cannot be removed on such a card.
    #expect(try card.insert().renewalOffer().removesOld == false)
    #expect(throws: Failure.self) { try card.run { session throws(Failure) in try engine.removeOld(session) } }
    #expect(try card.signs(old))
  }

  /// The power is cut before and after every write.
  @Test(arguments: [false, true]) func powerCuts(_ after: Bool) throws {
    var cuts = 0
    for part in ["request", "install"] {
      for number in 1... {
        let card = try Card()
        let old = try card.old("9A")
        let scratch = Scratch()
        var engine = try begin(card, old, scratch)
        let rules = [FaultRule(.write(number), .remove, carriesOut: after)]
        var first = engine
        var order = try? card.run(part == "request" ? rules : []) { session throws(Failure) in
          try first.request(session, now: EngineTests.now)
        }
        engine = try resumed(engine, scratch)
        var isCut = card.fault.power?.isOff == true
        if part == "request", !isCut { break }
        #expect(try card.signs(old))
        if order == nil {
          order = try card.run { session throws(Failure) in try engine.request(session, now: EngineTests.now) }
        }
        try answer(try #require(order), &engine, scratch)
        if part == "install" {
          var second = engine
          _ = try? card.run(rules) { session throws(Failure) in try second.install(session) }
          isCut = card.fault.power?.isOff == true
          engine = try resumed(engine, scratch)
          if !isCut { break }
          #expect(try card.signs(old))
        }
        _ = try card.run { session throws(Failure) in try engine.install(session) }
        #expect(engine.journal.stage == .installed)
        cuts += 1
        #expect(number < 20)
      }
    }
    #expect(cuts >= 2)
  }

  @Test func othersAreRefusedBeforeThePIN() throws {
    // No ADMIN DATA; a key derived from the PIN (a salt, no flag); the PUK blocked and no more.
    let contents: [[UInt8]?] = [
      nil, [0x80, 0x12, 0x82, 0x10] + [UInt8](repeating: 7, count: 16), [0x80, 0x03, 0x81, 0x01, 0x01], [0x80, 0x00],
    ]
    for content in contents {
      let card = try Card { card in _ = card.change { $0.objects[0x5F_FF00] = content } }
      let token = try card.insert()
      #expect(throws: Failure.self) { try token.renewalOffer() }
      #expect(card.fault.log.allSatisfy { $0.header.dropFirst().first != 0x20 || $0.commandLength <= 5 })
    }
    // A card of another make tells nothing of its slots.
    let plain = try PIVCard.demo(settings: PIVCardSettings(), directory: nil, now: EngineTests.now)
    let provider = try CardTokenProvider(name: "demo", service: DemoReaders(cards: [("R", plain)]))
    #expect(throws: Failure.self) { try provider.open("R").renewalOffer() }
  }

  /// ADMIN DATA may be older than the key: another one in PRINTED, or none. Nothing is tried twice.
  @Test(arguments: [[0x88, 0x1A, 0x89, 0x18] + [UInt8](repeating: 9, count: 24), [0x88, 0x02, 0x89, 0x00], []])
  func anotherManagementKey(_ printed: [UInt8]) throws {
    let card = try Card { card in _ = card.change { $0.objects[0x5F_C109] = printed.isEmpty ? nil : printed } }
    let old = try card.old("9A")
    let scratch = Scratch()
    var engine = try begin(card, old, scratch)
    do {
      _ = try card.run { session throws(Failure) in try engine.request(session, now: EngineTests.now) }
      Issue.record("made")
    } catch {
      #expect((error as? Failure)?.code == .renewalNotOffered)
    }
    #expect(card.fault.log.filter { $0.header.starts(with: [0x00, 0x47]) }.isEmpty)
    #expect(card.fault.log.filter { $0.header.starts(with: [0x00, 0x87]) && $0.header.last == 0x9B }.count <= 2)
    #expect(try card.signs(old))
  }

  @Test func aFullCardIsRefused() throws {
    let card = try Card { card in
      _ = card.change { state in
        for slot in PIVObject.retiredSlots { state.keys[slot] = state.keys[0x9A] }
      }
    }
    do {
      _ = try begin(card, try card.old("9A"), Scratch())
      Issue.record("begun")
    } catch {
      #expect((error as? Failure)?.code == .renewalRoom)
    }
  }
}
